/** What makes a chain-walking unit an IOP3xx DMA channel (reference/hw-iop3xx 2.1, 3.1, 4). */
import { Fold } from '../chain/operation';
import type { Operation } from '../chain/operation';
import type { ChainPersonality, Note } from '../chain/personality';
import { Route } from '../memory/bus';
import { IOP321_TIMING } from '../memory/timing';
import { fieldMasks } from '../registers/layout';
import { CCR, CSR, DAR, dcr, DMA_REGISTERS, NDAR } from './registers';

const COUNT_MASK = 0x00ff_ffff;
/** Word numbers by meaning; a CRC descriptor has one word more. */
const Word = { source: 1, sourceHigh: 2, destination: 3, count: 4, control: 5, crc: 6 } as const;
const WORDS = 6;

const ccr = fieldMasks(CCR);
const csr = fieldMasks(CSR);

/** Whether CRC-32C exists: on 33x it does, on 32x it does not (0.4). */
export function dmaPersonality(hasCrc: boolean): ChainPersonality {
  return {
    reference: 'hw-iop3xx',
    windowBytes: 0x40,
    registers: DMA_REGISTERS,
    control: CCR,
    enable: ccr.ENABLE.mask,
    resume: ccr.RESUME.mask,
    status: CSR,
    active: csr.ACTIVE.mask,
    endOfTransfer: csr.END_OF_TRANSFER.mask,
    endOfChain: csr.END_OF_CHAIN.mask,
    errors: csr.SPLIT_ERROR.mask | csr.PCI_TARGET_ABORT.mask | csr.PCI_MASTER_ABORT.mask | csr.MASTER_ABORT.mask,
    faultFlags: {
      'master-abort': csr.MASTER_ABORT.mask,
      'target-abort': csr.MASTER_ABORT.mask,
      'mcu-abort': csr.MASTER_ABORT.mask,
      parity: csr.MASTER_ABORT.mask,
    },
    checkFlag: undefined,
    signalsBeforeReread: true,
    suspendsAfter: 'descriptor',
    current: DAR,
    next: NDAR,
    countWord: Word.count,
    descriptorWords: (dram, address) =>
      hasCrc && dram.contains(address, 4 * (WORDS + 1)) && dram.word(address + 4 * Word.control) & dcr.CRC.mask
        ? WORDS + 1
        : WORDS,
    blockBytes: () => IOP321_TIMING.BLOCK.value,
    decode: (words, operation, note) => decode(words, operation, note, hasCrc),
  };
}

function decode(words: Uint32Array, operation: Operation, note: Note, hasCrc: boolean): void {
  const control = words[Word.control];
  operation.count = words[Word.count] & COUNT_MASK;
  operation.interrupt = (control & dcr.INT_EN.mask) !== 0;
  operation.readRoute = Route.internal;
  operation.writeRoute = Route.internal;
  if (!(control & dcr.MEMORY_TO_MEMORY.mask))
    note('unmodelled', '3.1', 'a transfer to or from PCI runs as a local one');
  operation.addSource(words[Word.source] + words[Word.sourceHigh] * 0x1_0000_0000, Fold.load);
  operation.addDestination(words[Word.destination], 0);
  if (!(control & dcr.CRC.mask)) return;
  if (!hasCrc) {
    note('unmodelled', '0.4', 'this part has no CRC-32C; the data are copied');
    return;
  }
  operation.crcAddress = (words[Word.crc] & ~3) >>> 0;
  operation.crcContinues = (control & dcr.CRC_SEED_DISABLE.mask) !== 0;
  operation.statusWord = Word.control;
  operation.complete = dcr.CRC_COMPLETE.mask;
}
