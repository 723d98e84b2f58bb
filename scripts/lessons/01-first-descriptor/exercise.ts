import type { Target } from 'iop-adma';

/** Registers of ADMA channel 0. */
const ACCR = 0xffd80000; // control: bit 0 enables
const ANDAR = 0xffd80024; // address of the next descriptor

/** Starts a copy on channel 0 and does not wait for its end. All addresses are physical. */
export function copy(target: Target, descriptor: number, destination: number, source: number, bytes: number): void {
  const words = new Uint32Array(target.wasmMemory.buffer);
  const at = descriptor / 4;
  words[at + 0] = 0; // next: the chain ends here
  // Fill in control (word 1), byte count (word 3), destination (word 4) and source (word 6) …
  // … then tell the channel where the descriptor is, and let it go.
  void [ACCR, ANDAR, destination, source, bytes];
}
