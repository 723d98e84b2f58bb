/** A progress bar on a terminal, nothing anywhere else. */

const WIDTH = 32;
const REDRAW_MS = 100;

/** What the bar draws on: stderr. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export class ProgressBar {
  private lastDraw = -Infinity;
  private drawn = false;

  /** @param now milliseconds of some steady clock */
  constructor(
    private readonly stream: ProgressStream,
    private readonly now: () => number,
  ) {}

  /** Shows that `done` of `total` steps of a phase are over; cheap when called often. */
  update(label: string, done: number, total: number): void {
    if (this.stream.isTTY !== true) return;
    const now = this.now();
    if (now - this.lastDraw < REDRAW_MS) return;
    this.lastDraw = now;
    this.drawn = true;
    const part = total === 0 ? 0 : Math.min(1, done / total);
    const full = Math.round(part * WIDTH);
    const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full);
    this.stream.write(`\r\x1b[K${label.padEnd(10)} ${bar} ${String(Math.floor(part * 100)).padStart(3)} %`);
  }

  /** Takes the bar away. */
  clear(): void {
    if (this.drawn) this.stream.write('\r\x1b[K');
    this.drawn = false;
  }
}
