import { Simulator } from './simulator';

/** A simulator that says when a moment is over: all that happens at a time has happened, and time moves on. */
export class WatchedSimulator extends Simulator {
  private over: (time: number) => void = () => undefined;

  /** Calls `over` with the moment that is over, each time before time moves on. */
  watch(over: (time: number) => void): void {
    this.over = over;
  }

  protected override moveTo(time: number): void {
    if (time > this.now) this.over(this.now);
    super.moveTo(time);
  }
}
