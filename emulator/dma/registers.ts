/**
 * The registers of an IOP3xx DMA channel and the words of its descriptor (reference/hw-iop3xx 2.1, 3.1).
 * The channel loads descriptor word n into the register that `DMA_DESCRIPTOR_REGISTERS` names.
 */
import type { RegisterLayout } from '../registers/layout';
import { fieldMasks } from '../registers/layout';

const address = (says: string) => ({ ADDRESS: { bits: [31, 0], access: 'ro', says } }) as const;

export const CCR = {
  name: 'CCR',
  offset: 0x00,
  title: 'channel control',
  source: 'hw-iop3xx 2.1',
  fields: {
    ENABLE: { bit: 0, access: 'rw', says: 'channel enable; 0 → 1 starts the chain at NDAR' },
    RESUME: {
      bit: 1,
      access: 'set',
      says: 're-read the next pointer of the current descriptor; cleared when examined',
    },
    RESERVED: { bits: [31, 2], access: 'reserved', says: 'reads 0' },
  },
} as const satisfies RegisterLayout;

export const CSR = {
  name: 'CSR',
  offset: 0x04,
  title: 'channel status',
  source: 'hw-iop3xx 2.1',
  fields: {
    RESERVED_0: { bit: 0, access: 'reserved', says: 'reads 0' },
    SPLIT_ERROR: { bit: 1, access: 'w1c', says: 'PCI-X split transaction error', line: 'error' },
    PCI_TARGET_ABORT: { bit: 2, access: 'w1c', says: 'PCI target abort', line: 'error' },
    PCI_MASTER_ABORT: { bit: 3, access: 'w1c', says: 'PCI master abort', line: 'error' },
    RESERVED_4: { bit: 4, access: 'reserved', says: 'reads 0' },
    MASTER_ABORT: { bit: 5, access: 'w1c', says: 'nobody claimed an address on the internal bus', line: 'error' },
    RESERVED_7_6: { bits: [7, 6], access: 'reserved', says: 'reads 0' },
    END_OF_CHAIN: { bit: 8, access: 'w1c', says: 'the last descriptor finished', line: 'eoc' },
    END_OF_TRANSFER: { bit: 9, access: 'w1c', says: 'a descriptor with interrupt enable finished', line: 'eot' },
    ACTIVE: { bit: 10, access: 'ro', says: 'a chain is executing' },
    RESERVED_HIGH: { bits: [31, 11], access: 'reserved', says: 'reads 0' },
  },
} as const satisfies RegisterLayout;

export const DAR = {
  name: 'DAR',
  offset: 0x0c,
  title: 'address of the current descriptor',
  source: 'hw-iop3xx 2.1',
  fields: address('stays at the last executed descriptor'),
} as const satisfies RegisterLayout;

/** Word 5: what the descriptor does. */
export const DCR = {
  name: 'DCR',
  offset: 0x24,
  title: 'descriptor control',
  source: 'hw-iop3xx 3.1',
  fields: {
    COMMAND: {
      bits: [3, 0],
      access: 'ro',
      says: 'PCI command',
      values: { 6: 'memory read', 7: 'memory write', 12: 'read multiple', 14: 'read line', 15: 'write and invalidate' },
    },
    INT_EN: { bit: 4, access: 'ro', says: 'interrupt when this descriptor completes' },
    DUAL_ADDRESS: { bit: 5, access: 'ro', says: 'PCI dual address cycle' },
    MEMORY_TO_MEMORY: { bit: 6, access: 'ro', says: 'both addresses are local memory' },
    CRC_TRANSFER: { bit: 7, access: 'ro', says: 'CRC data transfer (effect unknown; data move either way)' },
    CRC: { bit: 8, access: 'ro', says: 'CRC-32C of the data (33x)' },
    CRC_SEED_DISABLE: { bit: 9, access: 'ro', says: 'the value at the CRC address is a finished CRC to go on from' },
    RESERVED: { bits: [30, 10], access: 'ro', says: 'reserved' },
    CRC_COMPLETE: { bit: 31, access: 'ro', says: 'CRC written, set by write-back' },
  },
} as const satisfies RegisterLayout;

export const NDAR = {
  name: 'NDAR',
  offset: 0x10,
  title: 'address of the next descriptor',
  source: 'hw-iop3xx 2.1',
  fields: {
    ALIGNMENT: { bits: [4, 0], access: 'ro', says: 'descriptors are 32-byte aligned' },
    ADDRESS: { bits: [31, 5], access: 'rw', says: 'next descriptor; 0 ends the chain' },
  },
} as const satisfies RegisterLayout;

/** Descriptor words 0 … 5 under the names of the registers they are loaded into. */
export const DMA_DESCRIPTOR_REGISTERS: readonly RegisterLayout[] = [
  NDAR,
  {
    name: 'PADR',
    offset: 0x14,
    title: 'PCI address low; source in memory to memory',
    source: 'hw-iop3xx 3.1',
    fields: address('address 31:0'),
  },
  { name: 'PUADR', offset: 0x18, title: 'PCI address high', source: 'hw-iop3xx 3.1', fields: address('address 63:32') },
  {
    name: 'LADR',
    offset: 0x1c,
    title: 'local address; destination in memory to memory',
    source: 'hw-iop3xx 3.1',
    fields: address('address 31:0'),
  },
  {
    name: 'BCR',
    offset: 0x20,
    title: 'byte count',
    source: 'hw-iop3xx 3.1',
    fields: {
      COUNT: { bits: [23, 0], access: 'ro', says: 'bytes to move' },
      RESERVED: { bits: [31, 24], access: 'ro', says: 'reserved' },
    },
  },
  DCR,
];

/** Every register of a channel, by offset. */
export const DMA_REGISTERS: readonly RegisterLayout[] = [CCR, CSR, DAR, ...DMA_DESCRIPTOR_REGISTERS];

export const dcr = fieldMasks(DCR);
