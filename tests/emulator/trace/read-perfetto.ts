/**
 * Reads the protobuf form: a decoder of the wire format, and the field numbers of perfetto's public .proto files, typed here
 * once more.
 */
import type { Picture, PictureSlice } from './picture';

type Value = number | bigint | Uint8Array;
type Message = Map<number, Value[]>;

/** Every field of a message, by its number. @throws for anything that is no message */
export function decode(bytes: Uint8Array): Message {
  const message: Message = new Map();
  let at = 0;
  const varint = (): number | bigint => {
    let value = 0;
    for (let i = 0; i < 7; i++) {
      const byte = next();
      value += (byte & 0x7f) * 128 ** i;
      if (byte < 0x80) return value;
    }
    let large = BigInt(value);
    for (let shift = 49n; shift < 70n; shift += 7n) {
      const byte = next();
      large |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return large;
    }
    throw new Error(`a varint has no end at ${at}`);
  };
  const next = (): number => {
    if (at >= bytes.length) throw new Error('a varint passes the end');
    return bytes[at++];
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new Error(`a field of ${length} bytes at ${at} passes the end`);
    return bytes.subarray(at, (at += length));
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const values = message.get(key >>> 3) ?? [];
    message.set(key >>> 3, values);
    const wire = key & 7;
    if (wire === 0) values.push(varint());
    else if (wire === 1) values.push(take(8).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n));
    else if (wire === 2) values.push(take(Number(varint())));
    else throw new Error(`wire type ${wire} at ${at}`);
  }
  return message;
}

const number = (message: Message, field: number): number | undefined => {
  const value = message.get(field)?.at(-1);
  return value === undefined ? undefined : Number(value);
};
const text = (message: Message, field: number): string =>
  new TextDecoder().decode(message.get(field)?.[0] as Uint8Array);
const messages = (message: Message, field: number): Message[] => {
  return (message.get(field) ?? []).map((value) => decode(value as Uint8Array));
};

/** @throws whatever is no trace */
export function readPerfetto(bytes: Uint8Array): Picture {
  const names = new Map<number, string>();
  const annotations = new Map<number, string>();
  const tracks = new Map<number, { readonly name: string; readonly counter: boolean }>();
  const processes = new Map<number, string>();
  const open = new Map<number, { slice: Omit<PictureSlice, 'end'>; index: number }[]>();
  const picture: Picture = { slices: [], instants: [], counters: [], flows: [] };
  messages(new Map([[1, decode(bytes).get(1)!]]), 1).forEach((packet, index) => {
    if (number(packet, 10) !== 1) throw new Error('a packet of another sequence');
    const flags = number(packet, 13) ?? 0;
    if ((index === 0) !== ((flags & 1) !== 0)) throw new Error(`packet ${index} has flags ${flags}`);
    for (const interned of messages(packet, 12)) {
      for (const entry of messages(interned, 2)) names.set(number(entry, 1)!, text(entry, 2));
      for (const entry of messages(interned, 3)) annotations.set(number(entry, 1)!, text(entry, 2));
    }
    for (const descriptor of messages(packet, 60)) {
      const uuid = number(descriptor, 1)!;
      if (tracks.has(uuid) || processes.has(uuid)) throw new Error(`track ${uuid} is described twice`);
      if (descriptor.has(3)) {
        processes.set(uuid, text(messages(descriptor, 3)[0], 6));
        continue;
      }
      const parent = processes.get(number(descriptor, 5)!);
      if (parent === undefined) throw new Error(`track ${uuid} has no parent`);
      tracks.set(uuid, { name: `${parent}/${text(descriptor, 2)}`, counter: descriptor.has(8) });
    }
    for (const event of messages(packet, 11)) {
      const time = number(packet, 8)!;
      const uuid = number(event, 11)!;
      const { name: track, counter } = tracks.get(uuid)!;
      const type = number(event, 9);
      if ((type === 4) !== counter) throw new Error(`event of type ${type} on ${track}`);
      const name = names.get(number(event, 10) ?? 0) ?? '';
      for (const [field, ends] of [
        [47, false],
        [48, true],
      ] as const) {
        for (const id of event.get(field) ?? []) picture.flows.push({ id: Number(id), track, time, ends });
      }
      const stack = open.get(uuid) ?? [];
      open.set(uuid, stack);
      if (type === 1) {
        const args = Object.fromEntries(
          messages(event, 4).map((annotation) => [annotations.get(number(annotation, 1)!)!, valueOf(annotation)]),
        );
        stack.push({ slice: { track, name, start: time, args }, index: picture.slices.length });
        picture.slices.push({ track, name, start: time, end: NaN, args });
      } else if (type === 2) {
        const { slice, index } = stack.pop()!;
        picture.slices[index] = { ...slice, end: time };
      } else if (type === 3) {
        if (name !== 'flow') picture.instants.push({ track, name, time });
      } else if (type === 4) {
        picture.counters.push({ track, time, value: number(event, 30)! });
      } else {
        throw new Error(`event type ${type}`);
      }
    }
  });
  for (const stack of open.values()) if (stack.length > 0) throw new Error(`${stack[0].slice.name} has no end`);
  return picture;
}

function valueOf(annotation: Message): unknown {
  if (annotation.has(2)) return Number(annotation.get(2)![0]) === 1;
  if (annotation.has(4)) return Number(BigInt.asIntN(64, BigInt(annotation.get(4)![0] as number)));
  if (annotation.has(6)) return text(annotation, 6);
  if (annotation.has(7)) return `0x${(annotation.get(7)![0] as number).toString(16)}`;
  throw new Error('an annotation without a value');
}
