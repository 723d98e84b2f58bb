/**
 * The shapes a descriptor takes: what each of its words means for the operation that its control word selects
 * (reference/hw-iop13xx 3.1 – 3.4, hw-iop3xx 3.1 – 3.5). Bits and fields of the words stand in the literals of the units.
 */
import {
  AAU_DESCRIPTOR_WORDS,
  AAU_FORMATS,
  AAU_PQ_FORMATS,
  AAU_PQ_PLACES,
  AauWord,
  aauAdcr,
  aauWordRegister,
  ACR,
  BlockCommand,
} from '../aau/registers';
import { descriptorWords, Word, wordRegister } from '../adma/descriptor';
import { adcr } from '../adma/registers';
import { dcr, DMA_DESCRIPTOR_REGISTERS } from '../dma/registers';
import { explainRegister } from '../registers/explain';
import type { RegisterLayout } from '../registers/layout';
import { fieldMasks } from '../registers/layout';
import type { EngineRecord } from './platform';

/** What one word means in a form. */
export interface WordRole {
  readonly says: string;
  /** Whether the fields of the word's register apply. */
  readonly fields: boolean;
}

/** One shape. */
export interface DescriptorForm {
  /** `P+Q of 4 sources` */
  readonly name: string;
  readonly source: string;
  /** What the two store queues hold. */
  readonly queues: readonly [string, string];
  /** From word 0 on. */
  readonly roles: readonly WordRole[];
}

/** A bit that only means something with another one. */
interface DependentBit {
  readonly name: string;
  readonly mask: number;
  readonly needs: string;
  readonly needsMask: number;
  readonly source: string;
}

/** The descriptors of one kind of unit. */
export interface DescriptorFormat {
  /** The register whose literal describes word `word`. */
  register(word: number): RegisterLayout;
  /** Word numbers of control word and byte count. */
  readonly control: number;
  readonly count: number;
  /** Bits above the 24 of the count that software leaves 0. */
  readonly countExcess: number;
  /** The shape these words have. @param control the unit's control register */
  form(words: ArrayLike<number>, control: number): DescriptorForm;
  readonly dependent: readonly DependentBit[];
  /** Other things that the unit lets pass and the reference warns of. */
  oddities(words: ArrayLike<number>): string[];
  /** For the reference pages, every shape: its control word, and the unit's control register. */
  readonly examples: readonly (readonly [word: number, control?: number])[];
}

const acr = fieldMasks(ACR);

const plain = (says: string): WordRole => ({ says, fields: false });
const detailed = (says: string): WordRole => ({ says, fields: true });
const UNUSED = plain('unused');
const NEXT = detailed('address of the next descriptor; 0 ends the chain');
const CONTROL = detailed('descriptor control');
const COUNT = detailed('byte count');

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const plural = (count: number): string => `${count} source${count === 1 ? '' : 's'}`;

const MISALIGNED_CRC = 'the CRC address is no multiple of 4: its low bits are ignored';

// --- IOP13xx ADMA ----------------------------------------------------------------------------------------------

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

const ADMA_FORMAT: DescriptorFormat = {
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

// --- IOP3xx AAU ------------------------------------------------------------------------------------------------

/** What a block command does with its source; none for a reserved command. */
const COMMANDS: Readonly<Record<number, string>> = {
  [BlockCommand.null]: 'ignored',
  [BlockCommand.xor]: 'XOR',
  [BlockCommand.fill]: 'the pattern',
  [BlockCommand.directFill]: 'loads the queue',
};

/** The commands of the blocks a descriptor holds, as its control words give them. */
function blockCommands(words: ArrayLike<number>, blocks: number): number[] {
  const commands = AAU_DESCRIPTOR_WORDS.flatMap(({ name }, word) =>
    name === 'ADCR' || name.startsWith('EDCR')
      ? explainRegister(aauWordRegister(word), words[word] ?? 0).fields.filter((field) => /^B\d+$/.test(field.name))
      : [],
  );
  return range(blocks).map((i) => commands.find(({ name }) => name === `B${i + 1}`)?.value ?? 0);
}

function aauName(commands: readonly number[], control: number): string {
  const used = commands.filter((command) => command === BlockCommand.xor || command === BlockCommand.directFill).length;
  if (control & aauAdcr.ZERO_RESULT.mask) return `zero-result check of ${plural(used)}`;
  if (used === 0) return commands.includes(BlockCommand.fill) ? 'memory block fill' : 'null';
  if (used === 1 && commands.includes(BlockCommand.directFill)) return 'copy';
  const onto =
    commands.includes(BlockCommand.directFill) || commands.includes(BlockCommand.fill)
      ? ''
      : ' and what the store queue holds';
  return `XOR of ${plural(used)}${onto}`;
}

function supplementOf(control: number): number {
  return (control & aauAdcr.SUPPLEMENT.mask) >>> aauAdcr.SUPPLEMENT.shift;
}

function aauForm(words: ArrayLike<number>): DescriptorForm {
  const control = words[AauWord.control];
  const format = AAU_FORMATS[supplementOf(control)];
  const commands = blockCommands(words, format.sources);
  const written = (control & aauAdcr.WRITE_ENABLE.mask) !== 0;
  const roles = AAU_DESCRIPTOR_WORDS.slice(0, format.words).map(({ name, title }, word): WordRole => {
    if (word === AauWord.next) return NEXT;
    if (word === AauWord.destination) return plain(written ? 'destination' : 'destination (not written)');
    if (word === AauWord.count) return COUNT;
    if (word === AauWord.control) return CONTROL;
    if (!name.startsWith('SAR')) return detailed(title);
    return plain(`${title}: ${COMMANDS[commands[Number(name.slice(3)) - 1]] ?? 'ignored, reserved command'}`);
  });
  return { name: aauName(commands, control), source: 'hw-iop3xx 3.2 – 3.4', queues: ['result', ''], roles };
}

/** One sum of sources with multipliers; the unit's control register turns it on. */
function aauPqForm(words: ArrayLike<number>): DescriptorForm {
  const control = words[AauWord.control];
  const { sources, words: length } = AAU_PQ_FORMATS[supplementOf(control)];
  const commands = blockCommands(words, sources);
  const places = AAU_PQ_PLACES.slice(0, sources);
  const roles = range(length).map((word): WordRole => {
    const index = places.findIndex(({ source }) => source === word);
    if (index >= 0) return plain(`source ${index + 1}: ${COMMANDS[commands[index]] ?? 'ignored, reserved command'}`);
    const multiplied = range(sources).filter((i) => places[i].multiplier === word);
    if (multiplied.length > 0) {
      const bytes = multiplied.map((i) => `${8 * places[i].byte + 7}:${8 * places[i].byte} of source ${i + 1}`);
      return plain(`multipliers: ${bytes.join(', ')}`);
    }
    if (word === AauWord.next) return NEXT;
    if (word === AauWord.destination) return plain('destination');
    if (word === AauWord.count) return COUNT;
    if (word === AauWord.control) return CONTROL;
    return AAU_DESCRIPTOR_WORDS[word].name.startsWith('EDCR') ? detailed(AAU_DESCRIPTOR_WORDS[word].title) : UNUSED;
  });
  const used = commands.filter((command) => command !== BlockCommand.null).length;
  const check = control & aauAdcr.ZERO_RESULT.mask ? 'zero-result check of the ' : '';
  return {
    name: `${check}P or Q of ${plural(used)}`,
    source: 'hw-iop3xx 3.5 (inferred)',
    queues: ['', 'result'],
    roles,
  };
}

const AAU_DUAL_XOR: DescriptorForm = {
  name: 'dual XOR',
  source: 'hw-iop3xx 3.5 (inferred)',
  queues: ['H', 'D'],
  roles: [
    NEXT,
    ...['source 1', 'source 2', 'horizontal source', 'diagonal source', 'horizontal destination'].map(plain),
    COUNT,
    CONTROL,
    plain('diagonal destination'),
  ],
};

const AAU_FORMAT: DescriptorFormat = {
  register: aauWordRegister,
  control: AauWord.control,
  count: AauWord.count,
  countExcess: 0xff00_0000,
  form(words, control) {
    if (words[AauWord.control] & aauAdcr.DUAL_XOR.mask) return AAU_DUAL_XOR;
    return control & acr.PQ_ENABLE.mask ? aauPqForm(words) : aauForm(words);
  },
  dependent: [],
  oddities: () => [],
  examples: [
    [0x8000_049e],
    [0x8200_249e],
    [0x8000_0004],
    [0x4000_049e],
    [0x8800_0000],
    [0x8200_249e, acr.PQ_ENABLE.mask],
  ],
};

// --- IOP3xx DMA ------------------------------------------------------------------------------------------------

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

const DMA_FORMAT: DescriptorFormat = {
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

/** The descriptors of every kind of unit. */
export const DESCRIPTOR_FORMATS: Readonly<Record<EngineRecord['kind'], DescriptorFormat>> = {
  adma: ADMA_FORMAT,
  aau: AAU_FORMAT,
  dma: DMA_FORMAT,
};
