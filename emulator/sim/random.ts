/**
 * A small seeded generator (xoshiro128**, Blackman and Vigna 2018; seeded through splitmix32), the same
 * sequence on every machine.
 */
export class SeededRandom {
  private readonly state = new Uint32Array(4);

  /** @param seed any unsigned 32-bit integer */
  constructor(readonly seed: number) {
    let x = seed >>> 0;
    for (let i = 0; i < 4; i++) {
      x = (x + 0x9e3779b9) >>> 0;
      this.state[i] = scramble(x);
    }
  }

  /** The next unsigned 32-bit integer. */
  next(): number {
    const s = this.state;
    const times5 = Math.imul(s[1], 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  /** An integer in [0, bound), without the bias of a plain remainder. */
  below(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > 0x1_0000_0000) throw new RangeError(`bound ${bound}`);
    const limit = 0x1_0000_0000 - (0x1_0000_0000 % bound);
    let value = this.next();
    while (value >= limit) value = this.next();
    return value % bound;
  }
}

/** Avalanches a 32-bit value (the finaliser of splitmix32): equal inputs, equal outputs, no state. */
export function scramble(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
