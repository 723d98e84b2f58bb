/**
 * The interrupt controller of the IOP13xx: 128 sources behind coprocessor 6 registers (reference/hw-iop13xx 1.4).
 * CRm is the page, CRn the register.
 */
import type { IntcConfig, IntcRegister } from './intc';

const WORDS = 4;
const PRIORITY_WORDS = 8;

const numbered = (name: IntcRegister['name'], crm: number, count: number): IntcRegister[] =>
  Array.from({ length: count }, (_, word) => ({ name, word, crn: word, crm }));

export const IOP13XX_INTC: IntcConfig = {
  source: 'hw-iop13xx 1.4',
  words: WORDS,
  base: undefined,
  first: 'lowest',
  registers: [
    { name: 'INTBASE', word: 0, crn: 0, crm: 2 },
    { name: 'INTSIZE', word: 0, crn: 2, crm: 2 },
    { name: 'IINTVEC', word: 0, crn: 3, crm: 2 },
    { name: 'FINTVEC', word: 0, crn: 4, crm: 2 },
    { name: 'IPIPNDR', word: 0, crn: 8, crm: 2 },
    ...numbered('INTPND', 3, WORDS),
    ...numbered('INTCTL', 4, WORDS),
    ...numbered('INTSTR', 5, WORDS),
    ...numbered('IINTSRC', 6, WORDS),
    ...numbered('FINTSRC', 7, WORDS),
    ...numbered('IPR', 8, PRIORITY_WORDS),
  ],
};
