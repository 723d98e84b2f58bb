import { scramble } from '../../emulator/sim/random';
import type { Step } from './timeline';

/**
 * A number for the steps of a run and the order among them that matters, the same for equivalent runs. 53 bits: among a
 * million orders two share one by accident once in ten thousand explorations.
 */
export class OrderKey {
  private high = 0;
  private low = 0;

  /** Adds a step. Which of two steps in no order was added first does not matter. */
  add({ actor, clock }: Step): void {
    let a = scramble(actor + 1);
    let b = scramble(a ^ 0x9e3779b9);
    for (let other = 0; other < clock.length; other++) {
      if (clock[other] === 0) continue;
      a = scramble(a ^ (clock[other] * 64 + other));
      b = scramble(Math.imul(b, 31) ^ a);
    }
    this.high = (this.high + a) >>> 0;
    this.low = (this.low + b) >>> 0;
  }

  /** Adds an answer that ordered nothing. */
  addAnswer(position: number, answer: number): void {
    this.high = (this.high + scramble(position * 64 + answer)) >>> 0;
  }

  get value(): number {
    return this.valueWith(0);
  }

  /** The number of these steps together with something else. */
  valueWith(other: number): number {
    return ((this.high + scramble(other)) >>> 0) * 2 ** 21 + (this.low >>> 11);
  }
}
