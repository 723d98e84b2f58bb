/**
 * The interrupt controllers of the IOP321 (32 sources) and the IOP33x (64 sources, vectors, priorities): one
 * set of registers, seen through coprocessor 6 (CRm 0) and memory mapped (reference/hw-iop3xx 1.3, 1.4).
 */
import type { IntcConfig, IntcRegister } from './intc';

const PMMR = 0xffff_e000;

/** 80321: 0x7D0 – 0x7DC; coprocessor 6 c0, c4, c8, c9. Linux takes the highest pending bit. */
export const IOP321_INTC: IntcConfig = {
  source: 'hw-iop3xx 1.4',
  words: 1,
  base: PMMR + 0x7d0,
  first: 'highest',
  registers: [
    { name: 'INTCTL', word: 0, crn: 0, crm: 0 },
    { name: 'INTSTR', word: 0, crn: 4, crm: 0 },
    { name: 'IINTSRC', word: 0, crn: 8, crm: 0 },
    { name: 'FINTSRC', word: 0, crn: 9, crm: 0 },
  ],
};

const IOP331_ORDER: readonly (readonly [IntcRegister['name'], number])[] = [
  ['INTCTL', 0],
  ['INTCTL', 1],
  ['INTSTR', 0],
  ['INTSTR', 1],
  ['IINTSRC', 0],
  ['IINTSRC', 1],
  ['FINTSRC', 0],
  ['FINTSRC', 1],
  ['IPR', 0],
  ['IPR', 1],
  ['IPR', 2],
  ['IPR', 3],
  ['INTBASE', 0],
  ['INTSIZE', 0],
  ['IINTVEC', 0],
  ['FINTVEC', 0],
];

/** 80331: 0x790 – 0x7CC, the same order as coprocessor 6 c0 … c15. */
export const IOP331_INTC: IntcConfig = {
  source: 'hw-iop3xx 1.4',
  words: 2,
  base: PMMR + 0x790,
  first: 'highest',
  registers: IOP331_ORDER.map(([name, word], crn) => ({ name, word, crn, crm: 0 })),
};
