/** The two random generators of fio's `random_generator`. Their seeding is ours, so offsets are not fio's own. */
import { scramble } from '../../../emulator/sim/random';

const TWO_32 = 2 ** 32;

/** Combined Tausworthe generator, period 2^88 (L'Ecuyer 1996, "taus88"). */
export class Tausworthe {
  private readonly s: Uint32Array;

  constructor(seed: number) {
    // The three parts need seeds of at least 2, 8 and 16.
    this.s = Uint32Array.of(scramble(seed + 1) | 16, scramble(seed + 2) | 16, scramble(seed + 3) | 16);
  }

  /** The next unsigned 32-bit integer. */
  next(): number {
    const { s } = this;
    s[0] = ((s[0] & 0xffff_fffe) << 12) ^ (((s[0] << 13) ^ s[0]) >>> 19);
    s[1] = ((s[1] & 0xffff_fff8) << 4) ^ (((s[1] << 2) ^ s[1]) >>> 25);
    s[2] = ((s[2] & 0xffff_fff0) << 17) ^ (((s[2] << 3) ^ s[2]) >>> 11);
    return (s[0] ^ s[1] ^ s[2]) >>> 0;
  }

  /** An integer in [0, bound), bound up to 2^53, scaled as fio does; beyond 2^32 two draws make one of 53 bits. */
  below(bound: number): number {
    if (bound <= TWO_32) return Math.floor((this.next() / TWO_32) * bound);
    const high = this.next();
    return Math.floor(((high * 2 ** 21 + (this.next() >>> 11)) / 2 ** 53) * bound);
  }
}

/** Feedback taps of a maximal-length register of n bits, n = 2 … 32, from n downwards (Xilinx XAPP 052). */
const TAPS: Readonly<Record<number, readonly number[]>> = {
  ...{ 2: [2, 1], 3: [3, 2], 4: [4, 3], 5: [5, 3], 6: [6, 5], 7: [7, 6], 8: [8, 6, 5, 4], 9: [9, 5], 10: [10, 7] },
  ...{ 11: [11, 9], 12: [12, 6, 4, 1], 13: [13, 4, 3, 1], 14: [14, 5, 3, 1], 15: [15, 14], 16: [16, 15, 13, 4] },
  ...{ 17: [17, 14], 18: [18, 11], 19: [19, 6, 2, 1], 20: [20, 17], 21: [21, 19], 22: [22, 21], 23: [23, 18] },
  ...{ 24: [24, 23, 22, 17], 25: [25, 22], 26: [26, 6, 2, 1], 27: [27, 5, 2, 1], 28: [28, 25], 29: [29, 27] },
  ...{ 30: [30, 6, 4, 1], 31: [31, 28], 32: [32, 22, 2, 1] },
};

/** A linear feedback shift register (Galois form) that visits 0 … count − 1 each once, then again in the same order. */
export class Lfsr {
  private readonly mask: number;
  private state: number;

  /** @param count 1 … 2^32 − 1 */
  constructor(
    private readonly count: number,
    seed: number,
  ) {
    const bits = Math.max(2, 32 - Math.clz32(count));
    this.mask = TAPS[bits].reduce((mask, tap) => mask | (1 << (tap - 1)), 0) >>> 0;
    this.state = 1 + (scramble(seed) % (2 ** bits - 1));
  }

  /** The next number. */
  next(): number {
    for (;;) {
      const value = this.state - 1;
      this.state = ((this.state & 1 ? this.mask : 0) ^ (this.state >>> 1)) >>> 0;
      if (value < this.count) return value;
    }
  }
}
