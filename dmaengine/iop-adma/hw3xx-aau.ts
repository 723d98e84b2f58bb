import {
  AAU_EXTENDED_WORDS,
  AAU_FIRST_WORD_OFFSET,
  AAU_FORMATS,
  AAU_SOURCE_WORDS,
  aauAdcr,
  AauWord,
  ACR,
  ADAR,
  ASR,
  BlockCommand,
} from '../../emulator/aau/registers';
import { bugOn } from '../../emulator/kernel/bug';
import type { Kernel } from '../../emulator/kernel/kernel';
import { fieldMasks } from '../../emulator/registers/layout';
import { SumCheck } from '../flags';
import type { IopAdmaHardware } from './hardware';
import { absent, MAX_BYTES, naturallyAligned } from './hw3xx';

const NAME = 'iop3xx-aau';
const MAX_SOURCES = 32;
/** `IOP_ADMA_ZERO_SUM_MAX_BYTE_COUNT` (IA-22): the store queue. */
const MAX_CHECK_BYTES = 1024;
const BLOCKS_PER_WORD = 8;

const acr = fieldMasks(ACR);
const asr = fieldMasks(ASR);

/** Slots of each descriptor format: its words, up to the next power of two, so that it lies on its own size. */
const FORMAT_SLOTS = [1, 2, 4, 8] as const;

/** Which format holds so many sources: the value of ADCR.SUPPLEMENT. */
function formatOf(srcCnt: number): number {
  return AAU_FORMATS.findIndex(({ sources }) => srcCnt <= sources);
}

/** Slots by source count: 1..4 → 1, 5..8 → 2, 9..16 → 4, 17..32 → 8 (IA-20). */
export const IOP3XX_XOR_SLOTS: readonly number[] = Array.from({ length: MAX_SOURCES + 1 }, (_, sources) =>
  sources === 0 ? 0 : FORMAT_SLOTS[formatOf(sources)],
);

function store(kernel: Kernel, phys: number, word: number, value: number): void {
  kernel.store32(phys + 4 * word, value);
}

function command(block: number, value: number): number {
  return value << (3 * (block % BLOCKS_PER_WORD) + 1);
}

/** Commands of the eight blocks from `first` on: block 0 loads the queue, the others fold in, unused ones are null. */
function commands(first: number, srcCnt: number): number {
  let word = 0;
  for (let block = first; block < Math.min(first + BLOCKS_PER_WORD, srcCnt); block++) {
    word |= command(block, block === 0 ? BlockCommand.directFill : BlockCommand.xor);
  }
  return word;
}

/**
 * Sources and what is done with them. A recycled slot holds whatever was there before, so every extended
 * word of the format is written.
 *
 * Linux up to 6.1 stores the extended words at descriptor words 16, 25 and 34, register indices taken for
 * array indices, where they belong to 12, 21 and 30 (hw-iop3xx 3.7): its sums of more than 8 sources are
 * wrong. Here they stand where the accelerator reads them (3.2); the fault is one for the museum.
 */
function storeBlocks(
  kernel: Kernel,
  phys: number,
  control: number,
  srcs: readonly number[],
  srcCnt: number,
  done: number,
  len: number,
): void {
  const format = formatOf(srcCnt);
  for (let i = 0; i < srcCnt; i++) store(kernel, phys, AAU_SOURCE_WORDS[i], srcs[i] + done);
  AAU_EXTENDED_WORDS.forEach((word, i) => {
    if (word < AAU_FORMATS[format].words) store(kernel, phys, word, commands(BLOCKS_PER_WORD * (i + 1), srcCnt));
  });
  store(kernel, phys, AauWord.count, len);
  store(kernel, phys, AauWord.control, control | commands(0, srcCnt) | (format << aauAdcr.SUPPLEMENT.shift));
}

function interruptBit(interrupt: boolean): number {
  return interrupt ? aauAdcr.INT_EN.mask : 0;
}

/** `iop_desc_init_null_xor` of two sources: no commands, no write, no bytes (hw-iop3xx 3.4). */
function writeNullXor(kernel: Kernel, phys: number, interrupt: boolean): void {
  for (let i = 0; i < 2; i++) store(kernel, phys, AAU_SOURCE_WORDS[i], 0);
  store(kernel, phys, AauWord.destination, 0);
  store(kernel, phys, AauWord.count, 0);
  store(kernel, phys, AauWord.control, interruptBit(interrupt));
}

/** The IOP3xx application accelerator as its driver sees it (`iop3xx_desc_aau`): it combines and fills. */
export const IOP3XX_AAU: IopAdmaHardware = {
  name: NAME,
  registers: { control: ACR.offset, status: ASR.offset, current: ADAR.offset, next: AAU_FIRST_WORD_OFFSET },
  enable: acr.ENABLE.mask,
  resume: acr.RESUME.mask,
  active: asr.ACTIVE.mask,
  endOfTransfer: asr.END_OF_TRANSFER.mask,
  endOfChain: asr.END_OF_CHAIN.mask,
  errors: [[asr.MASTER_ABORT.mask, 'int_mabort']],
  nextPointer: 4 * AauWord.next,
  byteCount: 4 * AauWord.count,
  maxBytes: MAX_BYTES,
  maxCheckBytes: MAX_CHECK_BYTES,
  maxXor: MAX_SOURCES,
  maxPq: 0,
  aligned: naturallyAligned,
  plainSlots: 1,
  xorSlots: IOP3XX_XOR_SLOTS,

  writeMemcpy: absent(NAME, 'copy'),

  writeXor: (kernel, phys, dest, srcs, srcCnt, len, interrupt) => {
    store(kernel, phys, AauWord.destination, dest);
    storeBlocks(kernel, phys, aauAdcr.WRITE_ENABLE.mask | interruptBit(interrupt), srcs, srcCnt, 0, len);
  },

  writeXorVal: (kernel, phys, srcs, srcCnt, done, len, interrupt) => {
    storeBlocks(kernel, phys, aauAdcr.ZERO_RESULT.mask | interruptBit(interrupt), srcs, srcCnt, done, len);
  },

  writePq: absent(NAME, 'pq'),
  writePqVal: absent(NAME, 'pq_val'),

  writeMemset: (kernel, phys, dest, pattern, len, interrupt) => {
    store(kernel, phys, AAU_SOURCE_WORDS[0], pattern);
    store(kernel, phys, AauWord.destination, dest);
    store(kernel, phys, AauWord.count, len);
    const fill = command(0, BlockCommand.fill) | aauAdcr.WRITE_ENABLE.mask;
    store(kernel, phys, AauWord.control, fill | interruptBit(interrupt));
  },

  writeInterrupt: (kernel, phys) => writeNullXor(kernel, phys, true),
  writeNullXor,

  readZeroResult: (kernel, phys) => {
    const status = kernel.load32(phys + 4 * AauWord.control);
    bugOn((status & aauAdcr.COMPLETE.mask) === 0, 'hw-iop3xx 5', 'a check is over and not complete', 'zero_result');
    return status & aauAdcr.NOT_ZERO.mask ? SumCheck.P_RESULT : 0;
  },
};
