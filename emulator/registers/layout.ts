/**
 * The description language of registers. A register is one literal, `as const satisfies RegisterLayout`;
 * masks, decoding, explanations and tests of access kinds are all derived from it.
 */

/**
 * What a software access does to a field.
 * - `ro` writes change nothing
 * - `rw` holds what is written
 * - `w1c` writing one clears
 * - `set` writing one sets, only hardware clears
 * - `reserved` reads 0; writing ones is a guest error
 * - `unknown` documented nowhere; reads 0, writing ones is recorded as unmodelled
 */
export type Access = 'ro' | 'rw' | 'w1c' | 'set' | 'reserved' | 'unknown';

interface FieldText {
  readonly access: Access;
  /** One clause in plain words. */
  readonly says: string;
  /** Names of the field's values where the manual names them. */
  readonly values?: Readonly<Record<number, string>>;
  /** The interrupt line this flag drives. */
  readonly line?: string;
}

/** A field of a register: one bit or a range [high, low], both inclusive. */
export type FieldLayout = FieldText & ({ readonly bit: number } | { readonly bits: readonly [number, number] });

/** A 32-bit register. */
export interface RegisterLayout {
  /** The manual's name, in capitals. */
  readonly name: string;
  /** bytes from the unit's base */
  readonly offset: number;
  readonly title: string;
  /** Where the facts come from. */
  readonly source: string;
  /** Value after reset; 0 unless given. */
  readonly reset?: number;
  readonly fields: Readonly<Record<string, FieldLayout>>;
}

/** Position of a field: `(value & mask) >>> shift`. */
export interface FieldMask {
  readonly mask: number;
  readonly shift: number;
}

/** The masks of every field, under the field's own name. */
export type FieldMasks<L extends RegisterLayout> = { readonly [K in keyof L['fields']]: FieldMask };

/** High and low bit of a field. */
export function bitRange(field: FieldLayout): readonly [number, number] {
  return 'bit' in field ? [field.bit, field.bit] : field.bits;
}

/** The masks of a register's fields. Throws when fields overlap or leave 32 bits. */
export function fieldMasks<L extends RegisterLayout>(layout: L): FieldMasks<L> {
  let taken = 0;
  const masks = Object.entries(layout.fields).map(([name, field]) => {
    const [high, low] = bitRange(field);
    if (high > 31 || low < 0 || high < low) throw new RangeError(`${layout.name}.${name}: bits ${high}:${low}`);
    const mask = fieldMask([high, low]);
    if (taken & mask) throw new RangeError(`${layout.name}.${name} overlaps another field`);
    taken |= mask;
    return [name, { mask, shift: low }] as const;
  });
  return Object.fromEntries(masks) as FieldMasks<L>;
}

/** The union of the masks of all fields with this access. */
export function accessMask(layout: RegisterLayout, access: Access): number {
  return Object.values(layout.fields)
    .filter((field) => field.access === access)
    .reduce((mask, field) => (mask | fieldMask(bitRange(field))) >>> 0, 0);
}

/** The mask of a bit range. */
export function fieldMask([high, low]: readonly [number, number]): number {
  return ((high === 31 ? 0xffff_ffff : (1 << (high + 1)) - 1) & ~((1 << low) - 1)) >>> 0;
}
