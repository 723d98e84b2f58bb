import { Direction, descriptorWords, FIRST_WORD_OFFSET, Word } from '../../emulator/adma/descriptor';
import { abcr, ACCR, accr, ACSR, acsr, ADAR, adcr } from '../../emulator/adma/registers';
import { bugOn } from '../../emulator/kernel/bug';
import type { Kernel } from '../../emulator/kernel/kernel';
import { SumCheck } from '../flags';
import type { IopAdmaHardware } from './hardware';
import { SLOT_BYTES } from './slots';

const MAX_SOURCES = 16;
/** Where a source's upper word holds its coefficient. */
const DMLT_SHIFT = 24;
const MAX_BYTES = 16 * 1024 * 1024;

/** Linux moves everything as local → internal bus (hw-iop13xx 3.2). */
const TO_INTERNAL = Direction.localToInternal << adcr.DIRECTION.shift;
const INT_EN = adcr.INT_EN.mask;
const FILL = TO_INTERNAL | adcr.FILL.mask;
const PQ = TO_INTERNAL | adcr.PQ.mask;
const CHECK = TO_INTERNAL | adcr.ZERO_RESULT.mask | adcr.STATUS_WRITE_BACK.mask;

/** Slots by source count: 1, 2, 2, 2, 2, 3, … 5 from one source on (IA-21). */
export const IOP13XX_XOR_SLOTS: readonly number[] = Array.from({ length: MAX_SOURCES + 1 }, (_, sources) =>
  sources === 0 ? 0 : Math.ceil((4 * descriptorWords(sources)) / SLOT_BYTES),
);

function store(kernel: Kernel, phys: number, word: number, value: number): void {
  kernel.store32(phys + 4 * word, value);
}

/** The words every descriptor has, and its destination. */
function storeFront(kernel: Kernel, phys: number, control: number, data: number, len: number, dest: number): void {
  store(kernel, phys, Word.control, control);
  store(kernel, phys, Word.data, data);
  store(kernel, phys, Word.count, len);
  store(kernel, phys, Word.destinationLow, dest);
  store(kernel, phys, Word.destinationUpper, 0);
}

function storeSource(kernel: Kernel, phys: number, index: number, address: number): void {
  store(kernel, phys, Word.sources + 2 * index, address);
  store(kernel, phys, Word.sources + 2 * index + 1, 0);
}

/** Sources whose upper word carries the coefficient (hw-iop13xx 3.1); one without a coefficient gets 0. */
function storeWeighted(kernel: Kernel, phys: number, srcs: readonly number[], scf: readonly number[]): void {
  srcs.forEach((address, i) => {
    store(kernel, phys, Word.sources + 2 * i, address);
    store(kernel, phys, Word.sources + 2 * i + 1, ((scf[i] ?? 0) << DMLT_SHIFT) >>> 0);
  });
}

function sourceSelect(srcCnt: number): number {
  return (srcCnt - 1) << adcr.SOURCE_SELECT.shift;
}

function writeMemcpy(kernel: Kernel, phys: number, dest: number, src: number, len: number, interrupt: boolean): void {
  storeFront(kernel, phys, TO_INTERNAL | (interrupt ? INT_EN : 0), 0, len, dest);
  storeSource(kernel, phys, 0, src);
}

function writeXor(
  kernel: Kernel,
  phys: number,
  dest: number,
  srcs: readonly number[],
  srcCnt: number,
  len: number,
  interrupt: boolean,
): void {
  storeFront(kernel, phys, TO_INTERNAL | sourceSelect(srcCnt) | (interrupt ? INT_EN : 0), 0, len, dest);
  for (let i = 0; i < srcCnt; i++) storeSource(kernel, phys, i, srcs[i]);
}

/** The IOP13xx ADMA channel as its driver sees it (`mach-iop13xx/include/mach/adma.h`). */
export const IOP13XX: IopAdmaHardware = {
  name: 'iop13xx',
  registers: { control: ACCR.offset, status: ACSR.offset, current: ADAR.offset, next: FIRST_WORD_OFFSET },
  enable: accr.ENABLE.mask,
  resume: accr.RESUME.mask,
  active: acsr.ACTIVE.mask,
  endOfTransfer: acsr.END_OF_TRANSFER.mask,
  endOfChain: acsr.END_OF_CHAIN.mask,
  errors: [
    [acsr.PARITY.mask, 'int_parity'],
    [acsr.MCU_ABORT.mask, 'mcu_abort'],
    [acsr.TARGET_ABORT.mask, 'int_tabort'],
    [acsr.MASTER_ABORT.mask, 'int_mabort'],
    [acsr.ERROR_2.mask, 'error_2'],
    [acsr.ERROR_1.mask, 'error_1'],
  ],
  nextPointer: 4 * Word.next,
  byteCount: 4 * Word.count,
  maxBytes: MAX_BYTES,
  maxCheckBytes: MAX_BYTES,
  maxXor: MAX_SOURCES,
  maxPq: MAX_SOURCES,
  aligned: () => true,
  plainSlots: 1,
  xorSlots: IOP13XX_XOR_SLOTS,

  writeMemcpy,
  writeXor,

  writeXorVal: (kernel, phys, srcs, srcCnt, done, len, interrupt) => {
    store(kernel, phys, Word.control, CHECK | sourceSelect(srcCnt) | (interrupt ? INT_EN : 0));
    store(kernel, phys, Word.data, 0);
    store(kernel, phys, Word.count, len);
    for (let i = 0; i < srcCnt; i++) storeSource(kernel, phys, i, srcs[i] + done);
  },

  writePq: (kernel, phys, [p, q], srcs, scf, len, withP, interrupt) => {
    const control = PQ | (withP ? 0 : adcr.P_DISABLE.mask) | (interrupt ? INT_EN : 0);
    storeFront(kernel, phys, control | sourceSelect(srcs.length), q, len, p);
    storeWeighted(kernel, phys, srcs, scf);
  },

  writePqVal: (kernel, phys, srcs, scf, len, withP, interrupt) => {
    const control = CHECK | adcr.PQ.mask | (withP ? 0 : adcr.P_DISABLE.mask) | (interrupt ? INT_EN : 0);
    store(kernel, phys, Word.control, control | sourceSelect(srcs.length));
    store(kernel, phys, Word.data, 0);
    store(kernel, phys, Word.count, len);
    storeWeighted(kernel, phys, srcs, scf);
  },

  writeMemset: (kernel, phys, dest, pattern, len, interrupt) => {
    storeFront(kernel, phys, FILL | (interrupt ? INT_EN : 0), pattern, len, dest);
  },

  writeInterrupt: (kernel, phys) => writeMemcpy(kernel, phys, 0, 0, 0, true),
  writeNullXor: (kernel, phys, interrupt) => writeXor(kernel, phys, 0, [0, 0], 2, 0, interrupt),

  readZeroResult: (kernel, phys) => {
    const status = kernel.load32(phys + 4 * Word.count);
    bugOn((status & abcr.COMPLETE.mask) === 0, 'hw-iop13xx 4.6', 'a check is over and not complete', 'zero_result');
    const p = status & abcr.NOT_ZERO.mask ? SumCheck.P_RESULT : 0;
    const q = status & abcr.Q_NOT_ZERO.mask ? SumCheck.Q_RESULT : 0;
    return p | q;
  },
};
