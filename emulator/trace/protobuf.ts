/** The wire format of protocol buffers, as far as it takes to write messages (protobuf.dev, "Encoding"). */

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;

/** A message that is being put together; used again after `clear`. */
export class ProtobufMessage {
  private bytes = new Uint8Array(256);
  private length = 0;

  /** What has been written; valid until the next write. */
  get content(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  clear(): this {
    this.length = 0;
    return this;
  }

  /** A non-negative whole number below 2^53. */
  number(field: number, value: number): this {
    this.varint(field * 8 + VARINT);
    this.varint(value);
    return this;
  }

  /** A whole number as `int64`; a negative one is its two's complement in ten bytes. */
  integer(field: number, value: number): this {
    if (value >= 0) return this.number(field, value);
    this.varint(field * 8 + VARINT);
    this.reserve(10);
    let rest = BigInt.asUintN(64, BigInt(value));
    for (let i = 0; i < 9; i++, rest >>= 7n) this.bytes[this.length++] = Number(rest & 0x7fn) | 0x80;
    this.bytes[this.length++] = Number(rest);
    return this;
  }

  /** A whole number below 2^53 in eight bytes. */
  fixed64(field: number, value: number): this {
    this.varint(field * 8 + FIXED64);
    this.reserve(8);
    for (let i = 0, rest = value; i < 8; i++, rest = Math.floor(rest / 256)) this.bytes[this.length++] = rest % 256;
    return this;
  }

  /** Text in UTF-8: one of few. */
  text(field: number, value: string): this {
    return this.message(field, encoded(value));
  }

  /** A message in a message, or bytes. */
  message(field: number, content: Uint8Array): this {
    this.varint(field * 8 + LENGTH_DELIMITED);
    this.varint(content.length);
    this.reserve(content.length);
    // Most are a few bytes long, and setting them one by one is faster.
    if (content.length > 32) this.bytes.set(content, this.length);
    else for (let i = 0; i < content.length; i++) this.bytes[this.length + i] = content[i];
    this.length += content.length;
    return this;
  }

  private varint(value: number): void {
    this.reserve(8);
    let rest = value;
    while (rest > 0x7f) {
      this.bytes[this.length++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.length++] = rest;
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.bytes.length) return;
    const larger = new Uint8Array(2 * (this.length + bytes));
    larger.set(this.content);
    this.bytes = larger;
  }
}

const encoder = new TextEncoder();
const known = new Map<string, Uint8Array>();

function encoded(text: string): Uint8Array {
  let bytes = known.get(text);
  if (bytes === undefined) {
    bytes = encoder.encode(text);
    known.set(text, bytes);
  }
  return bytes;
}
