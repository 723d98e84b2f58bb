/** a · b in GF(2^8) modulo 0x11d. */
export function times(a: number, b: number): number {
  return (a * b) & 0xff;
}

/** 1 / a, for a from 1 to 255: the byte that gives 1. Right as soon as `times` is. */
export function inverse(a: number): number {
  for (let b = 1; b < 256; b++) if (times(a, b) === 1) return b;
  return 0;
}

/** The coefficient in Q of the data block in this slot, from 0. */
export function weight(slot: number): number {
  return slot + 1;
}

/** A and B for the lost slots a < b: Db = A · P′ + B · Q′. */
export function ofTwo(a: number, b: number): readonly [number, number] {
  void [a, b];
  return [1, 1];
}

/** Your predictions; null is no answer. */
export const predictions = {
  /** What is 2 · 0xc0? */
  twiceC0: null as number | null,
  /** Weights repeat: which is the first slot after 0 whose weight is 1 again? */
  slotOfWeightOne: null as number | null,
};
