/** The shapes of an IOP3xx DMA descriptor (reference/hw-iop3xx 3.1). */
import type { RegisterLayout } from '../registers/layout';
import { dcr, DMA_DESCRIPTOR_REGISTERS } from './registers';
import type { DescriptorForm, DescriptorFormat } from '../registers/descriptor-format';
import { CONTROL, COUNT, MISALIGNED_CRC, NEXT, plain } from '../registers/descriptor-format';

/** Word 6, which no register shows. */
const DMA_CRC_WORD = {
  name: 'CRC address',
  offset: 0,
  title: 'address of CRC seed and result',
  source: 'hw-iop3xx 3.1',
  fields: { ADDRESS: { bits: [31, 0], access: 'ro', says: 'seed and result of the CRC-32C' } },
} as const satisfies RegisterLayout;

const DMA_CONTROL = 5;

function dmaForm(words: ArrayLike<number>): DescriptorForm {
  const control = words[DMA_CONTROL];
  const local = (control & dcr.MEMORY_TO_MEMORY.mask) !== 0;
  const crc = (control & dcr.CRC.mask) !== 0;
  const [low, high, other] = local
    ? ['source, bits 31:0', 'source, bits 63:32', 'destination']
    : ['PCI address, bits 31:0', 'PCI address, bits 63:32', 'local address'];
  return {
    name: `${local ? 'copy' : 'PCI transfer'}${crc ? ' with CRC-32C' : ''}`,
    source: 'hw-iop3xx 3.1',
    queues: ['result', ''],
    roles: [
      NEXT,
      plain(low),
      plain(high),
      plain(other),
      COUNT,
      CONTROL,
      ...(crc ? [plain('address of CRC seed and result')] : []),
    ],
  };
}

/** The descriptors of this kind of unit. */
export const DMA_FORMAT: DescriptorFormat = {
  register: (word) => DMA_DESCRIPTOR_REGISTERS[word] ?? DMA_CRC_WORD,
  control: DMA_CONTROL,
  count: 4,
  countExcess: 0xff00_0000,
  form: dmaForm,
  dependent: [
    {
      name: 'CRC_SEED_DISABLE',
      mask: dcr.CRC_SEED_DISABLE.mask,
      needs: 'CRC',
      needsMask: dcr.CRC.mask,
      source: 'hw-iop3xx 3.1',
    },
  ],
  oddities: (words) => (words[DMA_CONTROL] & dcr.CRC.mask && words[6] & 3 ? [MISALIGNED_CRC] : []),
  examples: [[0x4e], [0x14e]],
};
