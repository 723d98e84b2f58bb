/**
 * The descriptor of an IOP13xx ADMA channel (reference/hw-iop13xx section 3): 6 + 2n little-endian words at
 * a multiple of 32 bytes. The channel loads it into its registers 0x24 + 4·word.
 */
import type { FieldLayout, RegisterLayout } from '../registers/layout';

/** Word 1: what the descriptor does. */
export const ADCR_FIELDS = {
  INT_EN: { bit: 0, access: 'ro', says: 'interrupt when this descriptor completes' },
  DIRECTION: {
    bits: [2, 1],
    access: 'ro',
    says: 'transfer direction',
    values: { 0: 'host → local', 1: 'local → host', 2: 'internal bus → local', 3: 'local → internal bus' },
  },
  SOURCE_SELECT: { bits: [6, 3], access: 'ro', says: 'number of sources − 1' },
  ZERO_RESULT: { bit: 7, access: 'ro', says: 'check that the result is zero, write nothing' },
  FILL: { bit: 8, access: 'ro', says: 'fill the destination with word 2' },
  CRC: { bit: 9, access: 'ro', says: 'CRC-32C of the data' },
  CRC_NO_TRANSFER: { bit: 10, access: 'ro', says: 'compute the CRC, do not move the data' },
  CRC_SEED_DISABLE: { bit: 11, access: 'ro', says: 'the value at the CRC address is a finished CRC to go on from' },
  STATUS_WRITE_BACK: { bit: 12, access: 'ro', says: 'write word 3 back on completion' },
  ENDIAN_SWAP: { bit: 13, access: 'ro', says: 'swap bytes on the way' },
  RESERVED_15_14: { bits: [15, 14], access: 'ro', says: 'reserved' },
  PQ_UPDATE: { bit: 16, access: 'ro', says: 'update P and Q from old and new data' },
  DUAL_XOR: { bit: 17, access: 'ro', says: 'horizontal and diagonal XOR' },
  PQ: { bit: 18, access: 'ro', says: 'P and Q of up to 16 sources' },
  P_DISABLE: { bit: 19, access: 'ro', says: 'leave P out' },
  RESERVED_29_20: { bits: [29, 20], access: 'ro', says: 'reserved' },
  RELAXED: { bit: 30, access: 'ro', says: 'PCI relaxed ordering' },
  NO_SNOOP: { bit: 31, access: 'ro', says: 'PCI no snoop' },
} as const satisfies Record<string, FieldLayout>;

/** Word 3: how much, and how it went. */
export const ABCR_FIELDS = {
  BYTE_COUNT: { bits: [23, 0], access: 'ro', says: 'bytes to move or to combine' },
  HOST_INTERFACE: { bits: [26, 24], access: 'ro', says: 'host interface; encoding unknown' },
  RESERVED: { bits: [28, 27], access: 'ro', says: 'reserved' },
  Q_NOT_ZERO: { bit: 29, access: 'ro', says: 'the Q result is not zero' },
  NOT_ZERO: { bit: 30, access: 'ro', says: 'the result (or P result) is not zero' },
  COMPLETE: { bit: 31, access: 'ro', says: 'the transfer is complete' },
} as const satisfies Record<string, FieldLayout>;

interface DescriptorWord {
  readonly register: string;
  readonly title: string;
  readonly fields: Readonly<Record<string, FieldLayout>>;
}

const address = (says: string): Record<string, FieldLayout> => ({ ADDRESS: { bits: [31, 0], access: 'ro', says } });

/** Words 0 … 37 under the names of the registers they are loaded into. */
export const DESCRIPTOR_WORDS: readonly DescriptorWord[] = [
  {
    register: 'ANDAR',
    title: 'address of the next descriptor',
    fields: {
      ADDRESS: { bits: [31, 5], access: 'rw', says: 'next descriptor; 0 ends the chain' },
      ALIGNMENT: { bits: [4, 0], access: 'ro', says: 'descriptors are 32-byte aligned' },
    },
  },
  { register: 'ADCR', title: 'descriptor control', fields: ADCR_FIELDS },
  {
    register: 'CARMD',
    title: 'CRC address, fill data or Q destination',
    fields: address('CRC address, fill data or Q destination'),
  },
  { register: 'ABCR', title: 'byte count and status', fields: ABCR_FIELDS },
  { register: 'DLADR', title: 'destination, low', fields: address('destination address 31:0') },
  { register: 'DUADR', title: 'destination, upper', fields: address('destination address 63:32') },
  ...Array.from({ length: 16 }, (_, i): DescriptorWord[] => [
    { register: `SLAR${i}`, title: `source ${i}, low`, fields: address('source address 31:0') },
    {
      register: `SUAR${i}`,
      title: `source ${i}, upper`,
      fields: {
        ADDRESS: { bits: [23, 0], access: 'ro', says: 'source address 55:32' },
        DMLT: { bits: [31, 24], access: 'ro', says: 'GF(2^8) multiplier of this source (P+Q)' },
      },
    },
  ]).flat(),
];

/** Bytes from the channel's base to the register of descriptor word 0. */
export const FIRST_WORD_OFFSET = 0x24;

/** The register that descriptor word `word` is loaded into. */
export function wordRegister(word: number): RegisterLayout {
  const { register, title, fields } = DESCRIPTOR_WORDS[word];
  return { name: register, offset: FIRST_WORD_OFFSET + 4 * word, title, source: 'hw-iop13xx 3.1', fields };
}

/** Words of a descriptor with n sources. */
export function descriptorWords(sources: number): number {
  return 6 + 2 * sources;
}

/** Word numbers by meaning. */
export const Word = {
  next: 0,
  control: 1,
  data: 2,
  count: 3,
  destinationLow: 4,
  destinationUpper: 5,
  sources: 6,
} as const;

/** Descriptor control directions (hw-iop13xx 3.2). */
export const Direction = { hostToLocal: 0, localToHost: 1, internalToLocal: 2, localToInternal: 3 } as const;
