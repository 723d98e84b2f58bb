/**
 * The registers of the interrupt controllers (reference/hw-iop13xx 1.4, hw-iop3xx 1.4). Both families use the same
 * names; one literal is one pattern, and a register of it is told by its word.
 */
import type { Access, FieldLayout, RegisterLayout } from '../registers/layout';

/** Registers that hold one or two bits of every source. */
interface SourcePattern {
  readonly title: string;
  readonly access: Access;
  readonly says: string;
  readonly bits: 1 | 2;
  readonly values?: Readonly<Record<number, string>>;
}

/** Registers with bits for sources: word w holds the sources from w · 32 / bits on, lowest bit first. */
export const SOURCE_PATTERNS = {
  INTPND: {
    title: 'raw pending',
    access: 'ro',
    says: 'the source is active, whatever its enable',
    bits: 1,
    values: { 0: 'idle', 1: 'active' },
  },
  INTCTL: {
    title: 'interrupt enable',
    access: 'rw',
    says: 'lets the source through',
    bits: 1,
    values: { 0: 'masked', 1: 'enabled' },
  },
  INTSTR: {
    title: 'interrupt steering',
    access: 'rw',
    says: 'which input of the core the source drives',
    bits: 1,
    values: { 0: 'IRQ', 1: 'FIQ' },
  },
  IINTSRC: {
    title: 'IRQ sources',
    access: 'ro',
    says: 'active, enabled and steered to IRQ',
    bits: 1,
    values: { 0: 'no', 1: 'asserts IRQ' },
  },
  FINTSRC: {
    title: 'FIQ sources',
    access: 'ro',
    says: 'active, enabled and steered to FIQ',
    bits: 1,
    values: { 0: 'no', 1: 'asserts FIQ' },
  },
  IPR: {
    title: 'interrupt priorities',
    access: 'rw',
    says: 'priority of the source; 0 is the highest (assumed)',
    bits: 2,
  },
} as const satisfies Record<string, SourcePattern>;

export type SourcePatternName = keyof typeof SOURCE_PATTERNS;

type VectorRegister = Pick<RegisterLayout, 'title' | 'fields'>;

const NONE_PENDING = { 0xffff_ffff: 'none pending' } as const;

/** The registers that make a vector of the source to serve. */
export const VECTOR_REGISTERS = {
  INTBASE: {
    title: 'vector base',
    fields: { BASE: { bits: [31, 0], access: 'rw', says: 'vector of source 0' } },
  },
  INTSIZE: {
    title: 'vector step',
    fields: {
      STEP: {
        bits: [31, 0],
        access: 'rw',
        says: 'a code s puts vectors 2^(s + 1) bytes apart (1 is 4 bytes; others assumed)',
      },
    },
  },
  IINTVEC: {
    title: 'IRQ vector',
    fields: { VECTOR: { bits: [31, 0], access: 'ro', says: 'INTBASE + step · source to serve', values: NONE_PENDING } },
  },
  FINTVEC: {
    title: 'FIQ vector',
    fields: { VECTOR: { bits: [31, 0], access: 'ro', says: 'INTBASE + step · source to serve', values: NONE_PENDING } },
  },
  IPIPNDR: {
    title: 'inter-processor pending',
    fields: { PENDING: { bits: [31, 0], access: 'ro', says: 'reads 0: there is one core' } },
  },
} as const satisfies Record<string, VectorRegister>;

export type VectorRegisterName = keyof typeof VECTOR_REGISTERS;

/** Where a register of a controller stands and which sources it has bits for. */
export interface IntcRegisterPlace {
  readonly name: SourcePatternName | VectorRegisterName;
  readonly word: number;
  /** bytes from the first register of its view, or of its page of coprocessor 6 */
  readonly offset: number;
  /** The manual reference. */
  readonly source: string;
  /** Whether the manual numbers the register although there is only one. */
  readonly numbered: boolean;
}

/**
 * One register as a layout.
 * @param wiring what drives a source; undefined for nothing in this model
 */
export function intcRegister(place: IntcRegisterPlace, wiring: (source: number) => string | undefined): RegisterLayout {
  const { name, word, offset, source, numbered } = place;
  if (name in VECTOR_REGISTERS) {
    return { name, offset, source, ...VECTOR_REGISTERS[name as VectorRegisterName] };
  }
  const pattern = SOURCE_PATTERNS[name as SourcePatternName];
  return {
    name: numbered ? `${name}${word}` : name,
    offset,
    title: pattern.title,
    source,
    fields: sourceFields(pattern, word, wiring),
  };
}

/** A field for every source that something drives; neighbours that nothing drives share one. */
function sourceFields(
  { access, bits, values, says }: SourcePattern,
  word: number,
  wiring: (source: number) => string | undefined,
): Record<string, FieldLayout> {
  const fields: Record<string, FieldLayout> = {};
  const count = 32 / bits;
  const first = word * count;
  for (let at = 0; at < count;) {
    const driver = wiring(first + at);
    let end = at + 1;
    if (driver === undefined) while (end < count && wiring(first + end) === undefined) end++;
    const range = [end * bits - 1, at * bits] as const;
    if (driver === undefined) {
      const name = end === at + 1 ? `SOURCE_${first + at}` : `SOURCES_${first + end - 1}_${first + at}`;
      fields[name] = { bits: range, access, says: 'nothing in this model drives them' };
    } else {
      const named = values === undefined ? {} : { values };
      fields[`SOURCE_${first + at}`] = { bits: range, access, says: `${driver}: ${says}`, ...named };
    }
    at = end;
  }
  return fields;
}
