/** What a descriptor asks of its unit, in words: decoded by the unit's own personality. */
import { Fold, Operation } from '../chain/operation';
import type { Note } from '../chain/personality';
import { Dram } from '../memory/dram';
import type { ExplainedField } from '../registers/explain';
import { explainRegister, hex } from '../registers/explain';
import type { DescriptorForm, DescriptorFormat } from '../registers/descriptor-format';
import { DESCRIPTOR_FORMATS } from './descriptor-forms';
import type { EngineRecord } from './platform';

/** One word of an explained descriptor. */
export interface ExplainedWord {
  readonly word: number;
  /** The register it is loaded into. */
  readonly register: string;
  readonly value: number;
  readonly says: string;
  /** Fields that are not zero or carry a name; empty where the word is one number. */
  readonly fields: readonly ExplainedField[];
}

/** A descriptor in words. */
export interface ExplainedDescriptor {
  readonly unit: EngineRecord['kind'];
  readonly operation: string;
  readonly source: string;
  /** bytes of every source and destination */
  readonly bytes: number;
  readonly words: readonly ExplainedWord[];
  /** What is read, in order, and what it does to the store queues; `address` is null for a pattern. */
  readonly reads: readonly {
    readonly address: number | null;
    readonly effect: string;
    readonly multiplier: number | null;
  }[];
  readonly writes: readonly { readonly address: number; readonly what: string }[];
  /** What else happens. */
  readonly effects: readonly string[];
  readonly warnings: readonly string[];
}

/** Most words of any descriptor. */
const MOST_WORDS = 39;
const SCRATCH_BYTES = 65_536;

/**
 * Words of the descriptor that starts with these words; what is missing of them counts as zero.
 * @param control the unit's control register
 */
export function descriptorLength(engine: EngineRecord, words: readonly number[], control: number): number {
  const dram = new Dram(0, SCRATCH_BYTES);
  words.slice(0, MOST_WORDS).forEach((word, index) => dram.setWord(4 * index, word));
  const fetched = engine.personality.descriptorWords(dram, 0, control);
  return Math.max(fetched, DESCRIPTOR_FORMATS[engine.kind].form(padded(words), control).roles.length);
}

/**
 * Explains the descriptor that starts with these words; `descriptorLength` says how many it has.
 * @param control the unit's control register
 */
export function explainDescriptor(
  engine: EngineRecord,
  words: readonly number[],
  control: number,
): ExplainedDescriptor {
  const format = DESCRIPTOR_FORMATS[engine.kind];
  const values = padded(words);
  const form = format.form(values, control);
  const operation = new Operation();
  const notes: string[] = [];
  const { reference } = engine.personality;
  const note: Note = (kind, section, text) => {
    notes.push(`${kind === 'rule' ? 'broken rule' : 'unmodelled'} (${reference} ${section}): ${text}`);
  };
  engine.personality.decode(values, operation, note, control);
  const length = descriptorLength(engine, words, control);
  const explained = Array.from({ length }, (_, word) => explainWord(format, form, word, values[word]));
  return {
    unit: engine.kind,
    operation: form.name,
    source: form.source,
    bytes: operation.count,
    words: explained.map(({ word }) => word),
    reads: reads(operation, form),
    writes: Array.from({ length: operation.count === 0 ? 0 : operation.destinationCount }, (_, i) => ({
      address: operation.destinations[i],
      what: operation.fill ? `the pattern ${hex(operation.pattern)}` : form.queues[operation.destinationQueues[i]],
    })),
    effects: effects(operation, values),
    warnings: [
      ...notes,
      ...explained.flatMap(({ warnings }) => warnings),
      ...formatWarnings(format, values, operation),
      ...(words.length > length
        ? [`${words.length - length} more words were given; they are no part of this descriptor`]
        : []),
    ],
  };
}

function padded(words: readonly number[]): Uint32Array {
  const values = new Uint32Array(MOST_WORDS);
  values.set(words.slice(0, MOST_WORDS));
  return values;
}

function explainWord(
  format: DescriptorFormat,
  form: DescriptorForm,
  word: number,
  value: number,
): { readonly word: ExplainedWord; readonly warnings: readonly string[] } {
  const layout = format.register(word);
  const role = form.roles[word] ?? { says: 'fetched, not used', fields: false };
  const { fields, warnings } = explainRegister(layout, value);
  const shown = fields.length > 1 ? fields.filter((field) => field.value !== 0) : [];
  return {
    word: { word, register: layout.name, value, says: role.says, fields: role.fields ? shown : [] },
    warnings: role.fields ? warnings.map((warning) => `word ${word} ${layout.name}, ${warning}`) : [],
  };
}

function reads(operation: Operation, { queues }: DescriptorForm): ExplainedDescriptor['reads'] {
  const [first, second] = queues;
  if (operation.count === 0) return [];
  return Array.from({ length: operation.sourceCount }, (_, i) => {
    const multiplier = operation.multipliers[i];
    const times = multiplier === 1 ? '' : `0x${multiplier.toString(16).padStart(2, '0')} ⊗ `;
    const both = (sign: string): string => (first === '' ? '' : `${first} ${sign} source, `);
    const effect: Record<Fold, string> = {
      [Fold.skip]: 'not read',
      [Fold.load]: `${first} = source`,
      [Fold.xor]: `${first} ^= source`,
      [Fold.loadPq]: `${both('=')}${second} = ${times}source`,
      [Fold.xorPq]: `${both('^=')}${second} ^= ${times}source`,
      [Fold.xorSecond]: `${second} ^= source`,
      [Fold.pattern]: `${first} = the pattern ${hex(operation.sources[i] >>> 0)}`,
    };
    const fold = operation.folds[i] as Fold;
    const weighted = fold === Fold.loadPq || fold === Fold.xorPq;
    return {
      address: fold === Fold.pattern ? null : operation.sources[i],
      effect: effect[fold],
      multiplier: weighted ? multiplier : null,
    };
  });
}

function effects(operation: Operation, values: Uint32Array): string[] {
  const next = (values[0] & ~31) >>> 0;
  const list: string[] = [];
  if (operation.count === 0) list.push('byte count 0: no data move, the descriptor completes at once');
  if (operation.swap) list.push('the bytes of each 32-bit word are swapped on the way');
  if (operation.checkFirst || operation.checkSecond) {
    list.push('the result is checked for zero');
  }
  if (operation.crcAddress >= 0 && operation.count > 0) {
    const seed = operation.crcContinues ? 'goes on from the finished CRC' : 'starts from the seed';
    list.push(`CRC-32C ${seed} at ${hex(operation.crcAddress)}, and the result is written there`);
  }
  if (operation.statusWord >= 0) {
    const bits = [
      `complete ${hex(operation.complete)}`,
      ...(operation.checkFirst ? [`not zero ${hex(operation.notZeroFirst)}`] : []),
      ...(operation.checkSecond ? [`Q not zero ${hex(operation.notZeroSecond)}`] : []),
    ];
    list.push(`status is written back to word ${operation.statusWord}: ${bits.join(', ')}`);
  }
  list.push(
    next === 0
      ? `the chain ends here${operation.interrupt ? ': end-of-chain interrupt' : ', no interrupt'}`
      : `next descriptor at ${hex(next)}${operation.interrupt ? ', after an end-of-transfer interrupt' : ''}`,
  );
  return list;
}

/** What the unit lets pass silently and a driver did not mean. */
function formatWarnings(format: DescriptorFormat, values: Uint32Array, operation: Operation): string[] {
  const control = values[format.control];
  const count = values[format.count];
  const list = format.dependent
    .filter(({ mask, needsMask }) => control & mask && !(control & needsMask))
    .map(({ name, needs, source }) => `${name} means nothing without ${needs}: ignored (${source})`);
  if (count & format.countExcess) {
    list.push(`the byte count does not fit its 24 bits: ${hex(count)} moves ${operation.count} bytes`);
  }
  return [...list, ...format.oddities(values)];
}
