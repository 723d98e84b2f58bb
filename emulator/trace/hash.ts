/** What the rolling hash is fed with. */
export const HashEvent = { interrupt: 1, descriptor: 2, request: 3 } as const;
export type HashEvent = (typeof HashEvent)[keyof typeof HashEvent];

/**
 * A rolling hash over what the outside can see: interrupts, descriptor completions and request completions,
 * each with its time. Always on and independent of tracing: same scenario, same seed, same hash, anywhere.
 */
export class TraceHash {
  private high = 0x9dc5811c;
  private low = 0x01000193;

  /** Feeds one event: its kind, what it concerns, and when (picoseconds). */
  add(kind: HashEvent, subject: number, time: number): void {
    this.mix(kind);
    this.mix(subject);
    this.mix((time % 0x1_0000_0000) | 0);
    this.mix((time / 0x1_0000_0000) | 0);
  }

  /** 16 hexadecimal digits. */
  get value(): string {
    return hex(this.high) + hex(this.low);
  }

  private mix(word: number): void {
    this.low = Math.imul(this.low ^ word, 0x85ebca6b);
    this.low ^= this.low >>> 13;
    this.high = Math.imul(this.high ^ this.low, 0xc2b2ae35);
    this.high ^= this.high >>> 16;
  }
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
