/** What the value of a register says, field by field, derived from the register's own literal. */
import type { Access, FieldLayout, RegisterLayout } from './layout';
import { bitRange, fieldMask } from './layout';

/** One field of an explained value. */
export interface ExplainedField {
  readonly name: string;
  /** high and low bit, both inclusive */
  readonly bits: readonly [number, number];
  readonly value: number;
  /** What the manual calls this value; null where values have no names. */
  readonly named: string | null;
  readonly says: string;
  readonly access: Access;
  /** The interrupt line the field drives; null for none. */
  readonly line: string | null;
}

/** A register with a value in it. */
export interface ExplainedRegister {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  readonly reset: number;
  readonly value: number;
  /** Highest bit first. */
  readonly fields: readonly ExplainedField[];
  /** Bits and values that should not be there. */
  readonly warnings: readonly string[];
}

/** Fields whose bits ought to be zero, by the first word of their name, and what to say when they are not. */
const SILENT: Readonly<Record<string, string>> = {
  RESERVED: 'reserved bits are set',
  UNKNOWN: 'bits that are documented nowhere are set',
  ALIGNMENT: 'low bits are set that the unit ignores',
};

/** Fields narrower than this name all their values; wider ones only some that are special. */
const ENUMERATION_BITS = 8;

/** Explains a 32-bit value of a register. */
export function explainRegister(layout: RegisterLayout, value: number): ExplainedRegister {
  const word = value >>> 0;
  const fields = Object.entries(layout.fields)
    .map(([name, field]) => explainField(name, field, word))
    .sort((a, b) => b.bits[1] - a.bits[1]);
  const named = fields.reduce((mask, { bits }) => mask | fieldMask(bits), 0);
  const stray = (word & ~named) >>> 0;
  return {
    name: layout.name,
    title: layout.title,
    source: layout.source,
    reset: layout.reset ?? 0,
    value: word,
    fields,
    warnings: [
      ...fields.flatMap((field) => fieldWarnings(field, layout.fields[field.name])),
      ...(stray === 0 ? [] : [`bits that belong to no field are set: ${hex(stray)}`]),
    ],
  };
}

/** `0x0000001f` */
export function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}

/** `31:14`, or `13` for one bit. */
export function bitsText([high, low]: readonly [number, number]): string {
  return high === low ? `${high}` : `${high}:${low}`;
}

function explainField(name: string, field: FieldLayout, word: number): ExplainedField {
  const bits = bitRange(field);
  const value = (word & fieldMask(bits)) >>> bits[1];
  const { says, access, line = null } = field;
  return { name, bits, value, named: field.values?.[value] ?? null, says, access, line };
}

function fieldWarnings({ name, bits, value, named }: ExplainedField, layout: FieldLayout): string[] {
  const silent = SILENT[name.split('_', 1)[0]];
  if (silent !== undefined && value !== 0)
    return [`${name} (${bitsText(bits)}): ${silent}: ${hex(value * 2 ** bits[1])}`];
  if (layout.values !== undefined && named === null && bits[0] - bits[1] < ENUMERATION_BITS)
    return [`${name} (${bitsText(bits)}): ${value} is none of the values that the reference names`];
  return [];
}
