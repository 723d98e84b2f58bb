/** The shapes of an ADMA descriptor (reference/hw-iop13xx 3.1 – 3.4). */
import { descriptorWords, Word, wordRegister } from './descriptor';
import { adcr } from './registers';
import type { DescriptorForm, DescriptorFormat } from '../registers/descriptor-format';
import {
  CONTROL,
  COUNT,
  detailed,
  MISALIGNED_CRC,
  NEXT,
  plain,
  plural,
  range,
  UNUSED,
} from '../registers/descriptor-format';

interface AdmaShape {
  readonly name: string;
  readonly queues?: readonly [string, string];
  readonly data?: string;
  readonly destination?: string | undefined;
  readonly upper?: string;
  /** Pairs of words from word 6 on; the second text says what the upper word holds beside the address. */
  readonly sources: readonly (readonly [name: string, multiplier?: string])[];
}

function admaForm(shape: AdmaShape): DescriptorForm {
  const { name, queues = ['result', ''], data, destination, sources } = shape;
  const upper = shape.upper ?? destination;
  return {
    name,
    source: 'hw-iop13xx 3.4',
    queues,
    roles: [
      NEXT,
      CONTROL,
      data === undefined ? UNUSED : plain(data),
      COUNT,
      destination === undefined ? UNUSED : plain(`${destination}, bits 31:0`),
      upper === undefined ? UNUSED : plain(`${upper}, bits 63:32`),
      ...sources.flatMap(([source, multiplier]) =>
        multiplier === undefined
          ? [plain(`${source}, bits 31:0`), plain(`${source}, bits 63:32`)]
          : [plain(`${source}, bits 31:0`), detailed(`${source}, bits 55:32; ${multiplier}`)],
      ),
    ],
  };
}

/** Selectors in the order in which they win when software sets more than one (hw-iop13xx 4.10). */
const ADMA_SHAPES: readonly { readonly mask: number; readonly shape: (control: number) => AdmaShape }[] = [
  {
    mask: adcr.FILL.mask,
    shape: (control) => ({
      name: 'memory fill',
      data: 'fill pattern',
      destination: 'destination',
      sources: range(sourcesOf(control)).map(() => ['ignored'] as const),
    }),
  },
  {
    mask: adcr.DUAL_XOR.mask,
    shape: () => ({
      name: 'dual XOR',
      queues: ['H', 'D'],
      destination: 'horizontal destination',
      sources: [['source 0'], ['source 1'], ['horizontal source'], ['diagonal source'], ['diagonal destination']],
    }),
  },
  {
    mask: adcr.PQ_UPDATE.mask,
    shape: () => ({
      name: 'P+Q update',
      queues: ['P', 'Q'],
      destination: 'P destination',
      sources: [
        ['source 0'],
        ['source 1'],
        ['P source'],
        ['Q source', 'the multiplier of sources 0 and 1'],
        ['Q destination'],
      ],
    }),
  },
  {
    mask: adcr.PQ.mask,
    shape: (control) => (control & adcr.ZERO_RESULT.mask ? pqCheck(control) : pqGenerate(control)),
  },
  {
    mask: adcr.CRC.mask,
    shape: (control) => ({
      name: control & adcr.CRC_NO_TRANSFER.mask ? 'CRC-32C without moving the data' : 'copy with CRC-32C',
      data: 'address of CRC seed and result',
      destination: control & adcr.CRC_NO_TRANSFER.mask ? undefined : 'destination',
      sources: [['source']],
    }),
  },
  { mask: 0, shape: (control) => plainShape(control) },
];

function sourcesOf(control: number): number {
  return ((control & adcr.SOURCE_SELECT.mask) >>> adcr.SOURCE_SELECT.shift) + 1;
}

function plainShape(control: number): AdmaShape {
  const count = sourcesOf(control);
  const sources = range(count).map((i) => [count === 1 ? 'source' : `source ${i}`] as const);
  if (control & adcr.ZERO_RESULT.mask) return { name: `zero-result check of ${plural(count)}`, sources };
  return { name: count === 1 ? 'copy' : `XOR of ${plural(count)}`, destination: 'destination', sources };
}

function pqGenerate(control: number): AdmaShape {
  const count = sourcesOf(control);
  const withoutP = (control & adcr.P_DISABLE.mask) !== 0;
  return {
    name: `${withoutP ? 'Q' : 'P+Q'} of ${plural(count)}`,
    queues: ['P', 'Q'],
    data: 'Q destination, bits 31:0',
    destination: withoutP ? 'P destination (not written)' : 'P destination',
    upper: 'P and Q destination',
    sources: range(count).map((i) => [`source ${i}`, 'its multiplier for Q'] as const),
  };
}

function pqCheck(control: number): AdmaShape {
  const count = sourcesOf(control);
  const data = Math.max(count - 2, 0);
  return {
    name: `${control & adcr.P_DISABLE.mask ? 'Q' : 'P+Q'} zero-result check of ${plural(count)}`,
    queues: ['P', 'Q'],
    sources: [
      ...range(data).map((i) => [`source ${i}`, 'its multiplier for Q'] as const),
      ...(['P', 'Q'] as const).map((name) => [`the ${name} to check`, 'a multiplier that is ignored'] as const),
    ].slice(0, Math.max(count, 2)),
  };
}

/** The descriptors of this kind of unit. */
export const ADMA_FORMAT: DescriptorFormat = {
  register: (word) => wordRegister(word),
  control: Word.control,
  count: Word.count,
  countExcess: 0x0700_0000,
  form(words) {
    const control = words[Word.control];
    const { shape } = ADMA_SHAPES.find(({ mask }) => mask === 0 || (control & mask) !== 0)!;
    const form = admaForm(shape(control));
    const missing = descriptorWords(sourcesOf(control)) - form.roles.length;
    return missing <= 0 ? form : { ...form, roles: [...form.roles, ...range(missing).map(() => UNUSED)] };
  },
  dependent: [
    { name: 'P_DISABLE', mask: adcr.P_DISABLE.mask, needs: 'PQ', needsMask: adcr.PQ.mask },
    { name: 'CRC_NO_TRANSFER', mask: adcr.CRC_NO_TRANSFER.mask, needs: 'CRC', needsMask: adcr.CRC.mask },
    { name: 'CRC_SEED_DISABLE', mask: adcr.CRC_SEED_DISABLE.mask, needs: 'CRC', needsMask: adcr.CRC.mask },
  ].map((bit) => ({ ...bit, source: 'hw-iop13xx 4.10' })),
  oddities(words) {
    const control = words[Word.control];
    const { name } = this.form(words, 0);
    const four = (control & (adcr.DUAL_XOR.mask | adcr.PQ_UPDATE.mask)) !== 0;
    return [
      ...(four && sourcesOf(control) !== 4
        ? [`${name} with source select ${sourcesOf(control) - 1}; the manual sets 3 (hw-iop13xx 3.2)`]
        : []),
      ...((control & adcr.CRC.mask) !== 0 && (words[Word.data] & 3) !== 0 ? [MISALIGNED_CRC] : []),
    ];
  },
  examples: [
    [0x0000_0006],
    [0x0000_000e],
    [adcr.FILL.mask | 6],
    [adcr.ZERO_RESULT.mask | adcr.STATUS_WRITE_BACK.mask | 0x0e],
    [adcr.PQ.mask | 0x1e],
    [adcr.PQ.mask | adcr.ZERO_RESULT.mask | adcr.STATUS_WRITE_BACK.mask | 0x1e],
    [adcr.PQ_UPDATE.mask | 0x1e],
    [adcr.DUAL_XOR.mask | 0x1e],
    [adcr.CRC.mask | adcr.STATUS_WRITE_BACK.mask | 6],
  ],
};
