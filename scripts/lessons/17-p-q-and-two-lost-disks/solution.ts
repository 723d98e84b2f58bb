/** a · b in GF(2^8) modulo 0x11d. */
export function times(a: number, b: number): number {
  let sum = 0;
  for (let power = a, left = b; left > 0; power = double(power), left >>= 1) if (left & 1) sum ^= power;
  return sum;
}

function double(a: number): number {
  const shifted = a << 1;
  return shifted > 0xff ? shifted ^ 0x11d : shifted;
}

/** 1 / a, for a from 1 to 255: the byte that gives 1. Right as soon as `times` is. */
export function inverse(a: number): number {
  for (let b = 1; b < 256; b++) if (times(a, b) === 1) return b;
  return 0;
}

/** The coefficient in Q of the data block in this slot, from 0. */
export function weight(slot: number): number {
  let power = 1;
  for (let i = 0; i < slot; i++) power = double(power);
  return power;
}

/** A and B for the lost slots a < b: Db = A · P′ + B · Q′. */
export function ofTwo(a: number, b: number): readonly [number, number] {
  const [ga, gb] = [weight(a), weight(b)];
  const i = inverse(ga ^ gb);
  return [times(ga, i), i];
}

/** Your predictions; null is no answer. */
export const predictions = {
  /** What is 2 · 0xc0? */
  twiceC0: 0x9d as number | null,
  /** Weights repeat: which is the first slot after 0 whose weight is 1 again? */
  slotOfWeightOne: 255 as number | null,
};
