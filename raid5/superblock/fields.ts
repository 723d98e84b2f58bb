/**
 * The description language of on-disk structures: a structure is one literal, `as const satisfies StructLayout`, and
 * reading and writing are derived from it. Everything is little-endian.
 */

interface FieldText {
  /** bytes from the start of the structure */
  readonly offset: number;
  /** The kernel's name and one clause in plain words. */
  readonly says: string;
  /** Where the facts come from. */
  readonly source: string;
}

/** A number, or raw bytes of a length. Sixty-four bits are a bigint, so that all ones stay exact. */
export type StructField = FieldText &
  ({ readonly type: 'u8' | 'u16' | 'u32' | 's32' | 'u64' } | { readonly type: 'bytes'; readonly length: number });

export type StructLayout = Readonly<Record<string, StructField>>;

/** What a structure reads as, under the fields' own names. */
export type StructOf<L extends StructLayout> = {
  readonly [K in keyof L]: L[K]['type'] extends 'u64' ? bigint : L[K]['type'] extends 'bytes' ? Uint8Array : number;
};

type Value = number | bigint | Uint8Array;

/** Reads every field; byte fields are copies. */
export function readStruct<L extends StructLayout>(layout: L, from: Uint8Array): StructOf<L> {
  const view = new DataView(from.buffer, from.byteOffset, from.byteLength);
  const values = Object.entries(layout).map(([name, field]) => [name, readField(view, field)] as const);
  return Object.fromEntries(values) as StructOf<L>;
}

/** Writes every field; bytes that belong to none stay as they are. */
export function writeStruct<L extends StructLayout>(layout: L, values: StructOf<L>, into: Uint8Array): void {
  const view = new DataView(into.buffer, into.byteOffset, into.byteLength);
  for (const [name, field] of Object.entries(layout)) writeField(view, field, values[name]);
}

function readField(view: DataView, field: StructField): Value {
  switch (field.type) {
    case 'u8':
      return view.getUint8(field.offset);
    case 'u16':
      return view.getUint16(field.offset, true);
    case 'u32':
      return view.getUint32(field.offset, true);
    case 's32':
      return view.getInt32(field.offset, true);
    case 'u64':
      return view.getBigUint64(field.offset, true);
    case 'bytes':
      return new Uint8Array(view.buffer, view.byteOffset + field.offset, field.length).slice();
  }
}

function writeField(view: DataView, field: StructField, value: Value): void {
  switch (field.type) {
    case 'u8':
      return view.setUint8(field.offset, value as number);
    case 'u16':
      return view.setUint16(field.offset, value as number, true);
    case 'u32':
      return view.setUint32(field.offset, value as number, true);
    case 's32':
      return view.setInt32(field.offset, value as number, true);
    case 'u64':
      return view.setBigUint64(field.offset, value as bigint, true);
    case 'bytes':
      return new Uint8Array(view.buffer, view.byteOffset + field.offset, field.length).set(value as Uint8Array);
  }
}
