import { CCR, CSR, DAR, dcr, DMA_DESCRIPTOR_REGISTERS, NDAR } from '../../emulator/dma/registers';
import type { Kernel } from '../../emulator/kernel/kernel';
import { fieldMasks } from '../../emulator/registers/layout';
import type { IopAdmaHardware } from './hardware';
import { absent, MAX_BYTES, naturallyAligned } from './hw3xx';

const NAME = 'iop3xx-dma';

const ccr = fieldMasks(CCR);
const csr = fieldMasks(CSR);

/** The descriptor word that is loaded into a register. */
const wordOf = (register: string): number => DMA_DESCRIPTOR_REGISTERS.findIndex(({ name }) => name === register);
const Word = {
  next: wordOf('NDAR'),
  source: wordOf('PADR'),
  sourceHigh: wordOf('PUADR'),
  destination: wordOf('LADR'),
  count: wordOf('BCR'),
  control: wordOf('DCR'),
} as const;

/** PCI command "memory read line", which Linux gives although no PCI is involved. */
const READ_LINE = 0xe << dcr.COMMAND.shift;
/** 0x4E, with the interrupt 0x5E (hw-iop3xx 3.1). */
const COPY = READ_LINE | dcr.MEMORY_TO_MEMORY.mask;

function writeMemcpy(kernel: Kernel, phys: number, dest: number, src: number, len: number, interrupt: boolean): void {
  kernel.store32(phys + 4 * Word.source, src);
  kernel.store32(phys + 4 * Word.sourceHigh, 0);
  kernel.store32(phys + 4 * Word.destination, dest);
  kernel.store32(phys + 4 * Word.count, len);
  kernel.store32(phys + 4 * Word.control, COPY | (interrupt ? dcr.INT_EN.mask : 0));
}

/** An IOP3xx DMA channel as its driver sees it (`iop3xx_desc_dma`): it copies, and nothing else. */
export const IOP3XX_DMA: IopAdmaHardware = {
  name: NAME,
  registers: { control: CCR.offset, status: CSR.offset, current: DAR.offset, next: NDAR.offset },
  enable: ccr.ENABLE.mask,
  resume: ccr.RESUME.mask,
  active: csr.ACTIVE.mask,
  endOfTransfer: csr.END_OF_TRANSFER.mask,
  endOfChain: csr.END_OF_CHAIN.mask,
  errors: [
    [csr.MASTER_ABORT.mask, 'int_mabort'],
    [csr.PCI_TARGET_ABORT.mask, 'pci_tabort'],
    [csr.PCI_MASTER_ABORT.mask, 'pci_mabort'],
    [csr.SPLIT_ERROR.mask, 'split_tx'],
  ],
  nextPointer: 4 * Word.next,
  byteCount: 4 * Word.count,
  maxBytes: MAX_BYTES,
  maxCheckBytes: 0,
  maxXor: 0,
  maxPq: 0,
  aligned: naturallyAligned,
  plainSlots: 1,
  xorSlots: [],

  writeMemcpy,
  writeXor: absent(NAME, 'xor'),
  writeXorVal: absent(NAME, 'xor_val'),
  writePq: absent(NAME, 'pq'),
  writePqVal: absent(NAME, 'pq_val'),
  writeMemset: absent(NAME, 'memset'),
  writeInterrupt: (kernel, phys) => writeMemcpy(kernel, phys, 0, 0, 0, true),
  writeNullXor: absent(NAME, 'xor'),
  readZeroResult: absent(NAME, 'xor_val'),
};
