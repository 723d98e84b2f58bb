/**
 * The registers of one IOP13xx ADMA channel (reference/hw-iop13xx section 2). 0x24 … 0xB8 are the words of
 * the current descriptor and are derived from the descriptor's own literals.
 */
import { fieldMasks } from '../registers/layout';
import type { RegisterLayout } from '../registers/layout';
import { ABCR_FIELDS, ADCR_FIELDS, DESCRIPTOR_WORDS, wordRegister } from './descriptor';

export const ACCR = {
  name: 'ACCR',
  offset: 0x00,
  title: 'channel control',
  source: 'hw-iop13xx 2.1',
  fields: {
    ENABLE: { bit: 0, access: 'rw', says: 'channel enable; 0 → 1 starts the chain at ANDAR' },
    RESUME: {
      bit: 1,
      access: 'set',
      says: 're-read the next pointer of the current descriptor; cleared when examined',
    },
    UNKNOWN_LOW: { bits: [28, 2], access: 'unknown', says: 'not documented' },
    HOST_PCIE: { bit: 29, access: 'rw', says: 'the host interface is PCI-E (0: PCI-X)' },
    UNKNOWN_HIGH: { bits: [31, 30], access: 'unknown', says: 'not documented' },
  },
} as const satisfies RegisterLayout;

export const ACSR = {
  name: 'ACSR',
  offset: 0x04,
  title: 'channel status',
  source: 'hw-iop13xx 2.2',
  fields: {
    UNKNOWN_0: { bit: 0, access: 'unknown', says: 'not documented' },
    ERROR_1: { bit: 1, access: 'w1c', says: "in Intel's error mask, name unknown", line: 'error' },
    ERROR_2: { bit: 2, access: 'w1c', says: "in Intel's error mask, name unknown", line: 'error' },
    MASTER_ABORT: { bit: 3, access: 'w1c', says: 'nobody claimed an address on the internal bus', line: 'error' },
    TARGET_ABORT: { bit: 4, access: 'w1c', says: 'the addressed unit refused', line: 'error' },
    MCU_ABORT: { bit: 5, access: 'w1c', says: 'DRAM refused a read or write', line: 'error' },
    UNKNOWN_8_6: { bits: [8, 6], access: 'unknown', says: 'not documented' },
    PARITY: { bit: 9, access: 'w1c', says: 'internal interface parity error', line: 'error' },
    UNKNOWN_10: { bit: 10, access: 'unknown', says: 'not documented' },
    END_OF_CHAIN: { bit: 11, access: 'w1c', says: 'the last descriptor finished', line: 'eoc' },
    END_OF_TRANSFER: { bit: 12, access: 'w1c', says: 'a descriptor with INT_EN finished', line: 'eot' },
    ACTIVE: { bit: 13, access: 'ro', says: 'a chain is executing' },
    RESERVED: { bits: [31, 14], access: 'reserved', says: 'reads 0' },
  },
} as const satisfies RegisterLayout;

export const ADAR = {
  name: 'ADAR',
  offset: 0x08,
  title: 'address of the current descriptor',
  source: 'hw-iop13xx 2.3',
  fields: { ADDRESS: { bits: [31, 0], access: 'ro', says: 'stays at the last executed descriptor' } },
} as const satisfies RegisterLayout;

export const IIPCR = {
  name: 'IIPCR',
  offset: 0x18,
  title: 'internal interface parity control',
  source: 'hw-iop13xx 2.4',
  fields: { VALUE: { bits: [31, 0], access: 'rw', says: 'storage; fields unknown' } },
} as const satisfies RegisterLayout;

export const IIPAR = {
  name: 'IIPAR',
  offset: 0x1c,
  title: 'internal interface parity error address, low',
  source: 'hw-iop13xx 2.4',
  fields: { ADDRESS: { bits: [31, 0], access: 'ro', says: 'where the parity error was' } },
} as const satisfies RegisterLayout;

export const IIPUAR = {
  name: 'IIPUAR',
  offset: 0x20,
  title: 'internal interface parity error address, high',
  source: 'hw-iop13xx 2.4',
  fields: { ADDRESS: { bits: [31, 0], access: 'ro', says: 'bits 35:32 of the address' } },
} as const satisfies RegisterLayout;

export const TPDIK = {
  name: 'TPDIK',
  offset: 0x1fc,
  title: 'named by eCos only',
  source: 'hw-iop13xx 2',
  fields: { VALUE: { bits: [31, 0], access: 'rw', says: 'storage; meaning unknown' } },
} as const satisfies RegisterLayout;

/** Every register of a channel, by offset. */
export const ADMA_REGISTERS: readonly RegisterLayout[] = [
  ACCR,
  ACSR,
  ADAR,
  IIPCR,
  IIPAR,
  IIPUAR,
  ...DESCRIPTOR_WORDS.map((_, word) => wordRegister(word)),
  TPDIK,
];

/** Bytes of a channel's register window. */
export const ADMA_WINDOW_BYTES = 0x200;

export const accr = fieldMasks(ACCR);
export const acsr = fieldMasks(ACSR);

/** ACSR bits that drive the error line. */
export const ERROR_BITS = Object.values(ACSR.fields).reduce(
  (mask, field) => ('line' in field && field.line === 'error' ? mask | (1 << field.bit) : mask),
  0,
);

/** Masks of the descriptor control word. */
export const adcr = fieldMasks({ ...wordRegister(1), fields: ADCR_FIELDS });
/** Masks of the byte count word. */
export const abcr = fieldMasks({ ...wordRegister(3), fields: ABCR_FIELDS });
