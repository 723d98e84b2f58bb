import type { Target } from 'iop-adma';

/** Registers of ADMA channel 0. */
const ACCR = 0xffd80000; // control: bit 0 enables
const ANDAR = 0xffd80024; // address of the next descriptor

/** Starts a copy on channel 0 and does not wait for its end. All addresses are physical. */
export function copy(target: Target, descriptor: number, destination: number, source: number, bytes: number): void {
  const words = new Uint32Array(target.wasmMemory.buffer);
  const at = descriptor / 4;
  words[at + 0] = 0; // next: the chain ends here
  words[at + 1] = 0x7; // interrupt at the end, local memory on both sides
  words[at + 3] = bytes;
  words[at + 4] = destination;
  words[at + 6] = source;
  target.write32(ANDAR, descriptor);
  target.write32(ACCR, 1);
}
