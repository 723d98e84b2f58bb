import type { Target } from 'iop-adma';

/** Registers of ADMA channel 0. */
const ACCR = 0xffd80000; // control: bit 0 enables
const ANDAR = 0xffd80024; // address of the next descriptor

const DESCRIPTOR_BYTES = 32;
/** Control words: local memory to local memory, and the same with an interrupt. */
const COPY = 0x6;
const COPY_AND_TELL = 0x7;

export interface Move {
  destination: number;
  source: number;
  bytes: number;
}

/** Starts all moves on channel 0, the descriptors one behind the other from `first` on, and does not wait. */
export function chain(target: Target, first: number, moves: readonly Move[]): void {
  const words = new Uint32Array(target.wasmMemory.buffer);
  moves.forEach(({ destination, source, bytes }, i) => {
    const address = first + i * DESCRIPTOR_BYTES;
    const at = address / 4;
    const last = i === moves.length - 1;
    words[at + 0] = last ? 0 : address + DESCRIPTOR_BYTES; // next
    words[at + 1] = last ? COPY_AND_TELL : COPY;
    words[at + 3] = bytes;
    words[at + 4] = destination;
    words[at + 6] = source;
  });
  target.write32(ANDAR, first);
  target.write32(ACCR, 1);
}

/** Your predictions for a chain at 0x1000, 0x1020, 0x1040 while the first descriptor is executed; null is no answer. */
export const predictions = {
  /** What does ANDAR read? */
  andar: 0x1020 as number | null,
  /** You store another source address into the second descriptor. Which one is used, the 'old' or the 'new'? */
  sourceOfSecond: 'new' as 'old' | 'new' | null,
  /** You store 0x1040 into `next` of the first descriptor. Which one is followed, the 'old' or the 'new'? */
  nextOfFirst: 'old' as 'old' | 'new' | null,
};
