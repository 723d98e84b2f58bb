/**
 * The registers of the IOP3xx application accelerator (reference/hw-iop3xx 2.2). From ANDAR on they stand in
 * the order of the descriptor's words (3.2), so they are one literal with them.
 */
import type { FieldLayout, RegisterLayout } from '../registers/layout';
import { fieldMasks } from '../registers/layout';

const address = (says: string) => ({ ADDRESS: { bits: [31, 0], access: 'ro', says } }) as const;

export const ACR = {
  name: 'ACR',
  offset: 0x00,
  title: 'accelerator control',
  source: 'hw-iop3xx 2.2',
  fields: {
    ENABLE: { bit: 0, access: 'rw', says: 'accelerator enable; 0 → 1 starts the chain at ANDAR' },
    RESUME: {
      bit: 1,
      access: 'set',
      says: 're-read the next pointer of the current descriptor; cleared when examined',
    },
    SMALL_QUEUE: { bit: 2, access: 'rw', says: '512-byte store queue instead of 1 KiB' },
    PQ_ENABLE: { bit: 3, access: 'rw', says: 'descriptors carry multipliers (33x D-step; place inferred)' },
    RESERVED: { bits: [31, 4], access: 'reserved', says: 'reads 0' },
  },
} as const satisfies RegisterLayout;

export const ASR = {
  name: 'ASR',
  offset: 0x04,
  title: 'accelerator status',
  source: 'hw-iop3xx 2.2',
  fields: {
    RESERVED_LOW: { bits: [4, 0], access: 'reserved', says: 'reads 0' },
    MASTER_ABORT: { bit: 5, access: 'w1c', says: 'nobody claimed an address on the internal bus', line: 'error' },
    RESERVED_7_6: { bits: [7, 6], access: 'reserved', says: 'reads 0' },
    END_OF_CHAIN: { bit: 8, access: 'w1c', says: 'the last descriptor finished', line: 'eoc' },
    END_OF_TRANSFER: { bit: 9, access: 'w1c', says: 'a descriptor with interrupt enable finished', line: 'eot' },
    ACTIVE: { bit: 10, access: 'ro', says: 'a chain is executing' },
    RESERVED_HIGH: { bits: [31, 11], access: 'reserved', says: 'reads 0' },
  },
} as const satisfies RegisterLayout;

export const ADAR = {
  name: 'ADAR',
  offset: 0x08,
  title: 'address of the current descriptor',
  source: 'hw-iop3xx 2.2',
  fields: address('stays at the last executed descriptor'),
} as const satisfies RegisterLayout;

/** What a block command can be (3.3). */
export const BlockCommand = { null: 0, xor: 1, fill: 2, directFill: 7 } as const;

const commandValues = { 0: 'null', 1: 'XOR', 2: 'memory block fill', 7: 'direct fill' } as const;

/** The command fields of eight blocks, bits 3:1 … 24:22. */
function blockCommands(first: number): Record<string, FieldLayout> {
  return Object.fromEntries(
    Array.from({ length: 8 }, (_, i) => [
      `B${first + i}`,
      { bits: [3 * i + 3, 3 * i + 1], access: 'ro', says: `command of block ${first + i}`, values: commandValues },
    ]),
  );
}

/** Word 7: what the descriptor does. */
export const ADCR_FIELDS = {
  INT_EN: { bit: 0, access: 'ro', says: 'interrupt at completion' },
  SUPPLEMENT: {
    bits: [26, 25],
    access: 'ro',
    says: 'how many sources the descriptor holds',
    values: { 0: '4', 1: '8', 2: '16', 3: '32' },
  },
  DUAL_XOR: { bit: 27, access: 'ro', says: 'horizontal and diagonal XOR (33x D-step)' },
  COMPLETE: { bit: 28, access: 'ro', says: 'transfer complete, set by write-back' },
  NOT_ZERO: { bit: 29, access: 'ro', says: 'the result is not zero, set by write-back' },
  ZERO_RESULT: { bit: 30, access: 'ro', says: 'check that the result is zero' },
  WRITE_ENABLE: { bit: 31, access: 'ro', says: 'the store queue is written to the destination' },
} as const satisfies Record<string, FieldLayout>;

interface DescriptorWord {
  readonly name: string;
  readonly title: string;
  readonly fields: Readonly<Record<string, FieldLayout>>;
}

const source = (number: number): DescriptorWord => ({
  name: `SAR${number}`,
  title: `source ${number}`,
  fields: address(number === 1 ? 'source address, or the pattern of a block fill' : 'source address'),
});

const extended = (index: number): DescriptorWord => ({
  name: `EDCR${index}`,
  title: `commands of blocks ${9 + 8 * index} to ${16 + 8 * index}`,
  fields: blockCommands(9 + 8 * index),
});

const sources = (first: number, count: number): DescriptorWord[] =>
  Array.from({ length: count }, (_, i) => source(first + i));

/** Words 0 … 38 under the names of the registers they are loaded into (3.2). */
export const AAU_DESCRIPTOR_WORDS: readonly DescriptorWord[] = [
  {
    name: 'ANDAR',
    title: 'address of the next descriptor',
    fields: {
      ALIGNMENT: { bits: [4, 0], access: 'ro', says: 'descriptors are 32-byte aligned' },
      ADDRESS: { bits: [31, 5], access: 'rw', says: 'next descriptor; 0 ends the chain' },
    },
  },
  ...sources(1, 4),
  { name: 'DAR', title: 'destination', fields: address('destination address') },
  {
    name: 'ABCR',
    title: 'byte count',
    fields: {
      COUNT: { bits: [23, 0], access: 'ro', says: 'bytes of every block' },
      RESERVED: { bits: [31, 24], access: 'ro', says: 'reserved' },
    },
  },
  { name: 'ADCR', title: 'descriptor control', fields: { ...blockCommands(1), ...ADCR_FIELDS } },
  ...sources(5, 4),
  extended(0),
  ...sources(9, 8),
  extended(1),
  ...sources(17, 8),
  extended(2),
  ...sources(25, 8),
];

/** Bytes from the unit's base to the register of descriptor word 0. */
export const AAU_FIRST_WORD_OFFSET = 0x0c;

/** The register that descriptor word `word` is loaded into. */
export function aauWordRegister(word: number): RegisterLayout {
  const { name, title, fields } = AAU_DESCRIPTOR_WORDS[word];
  return { name, offset: AAU_FIRST_WORD_OFFSET + 4 * word, title, source: 'hw-iop3xx 3.2', fields };
}

/** Every register of the unit, by offset. */
export const AAU_REGISTERS: readonly RegisterLayout[] = [
  ACR,
  ASR,
  ADAR,
  ...AAU_DESCRIPTOR_WORDS.map((_, word) => aauWordRegister(word)),
];

/** Word numbers by meaning; sources of a descriptor are `AAU_SOURCE_WORDS`. */
export const AauWord = { next: 0, destination: 5, count: 6, control: 7 } as const;

/** The word of source i, i = 0 … 31: everything that is neither fixed nor an extended control word. */
export const AAU_SOURCE_WORDS: readonly number[] = AAU_DESCRIPTOR_WORDS.flatMap(({ name }, word) =>
  name.startsWith('SAR') ? [word] : [],
);

/** The words that hold the commands of blocks 9 to 16, 17 to 24 and 25 to 32. */
export const AAU_EXTENDED_WORDS: readonly number[] = AAU_DESCRIPTOR_WORDS.flatMap(({ name }, word) =>
  name.startsWith('EDCR') ? [word] : [],
);

/** Words of a descriptor by the value of ADCR.SUPPLEMENT, and how many sources it holds. */
export const AAU_FORMATS = [
  { sources: 4, words: 8 },
  { sources: 8, words: 12 },
  { sources: 16, words: 21 },
  { sources: 32, words: 39 },
] as const;

/** Where source i of a P+Q descriptor stands, and the byte of which word multiplies it (3.5, inferred). */
export interface PqPlace {
  readonly source: number;
  readonly multiplier: number;
  readonly byte: number;
}

/** Three sources share a word of multipliers; the sixteenth takes the byte its group has left. */
export const AAU_PQ_PLACES: readonly PqPlace[] = [
  ...pqGroup(1, 4),
  ...pqGroup(8, 11),
  ...pqGroup(13, 16),
  ...pqGroup(17, 20),
  ...pqGroup(22, 25),
  { source: 26, multiplier: 25, byte: 3 },
];

/** Words of a P+Q descriptor by the value of ADCR.SUPPLEMENT, and how many sources it holds (inferred). */
export const AAU_PQ_FORMATS = [
  { sources: 3, words: 8 },
  { sources: 6, words: 12 },
  { sources: 12, words: 21 },
  { sources: 16, words: 27 },
] as const;

function pqGroup(first: number, multiplier: number): PqPlace[] {
  return [0, 1, 2].map((i) => ({ source: first + i, multiplier, byte: i }));
}

export const aauAdcr = fieldMasks({ ...aauWordRegister(AauWord.control), fields: ADCR_FIELDS });
