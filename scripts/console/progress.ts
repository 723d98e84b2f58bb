/** A progress bar with the time that is left, on a terminal only, and only for what takes long enough to wonder. */
import { clock } from './units';

const WIDTH = 32;
/** Columns around the bar: label, percentage, time left. */
const AROUND = 36;
/** Columns of a terminal that does not say, or says 0. */
const COLUMNS = 80;
/** Milliseconds before the first bar, between two of them, and before a phase is long enough to foretell its end. */
const QUIET = 500;
const REDRAW = 100;
const FORETELL = 1000;

/** What the bar draws on: stderr. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export class ProgressBar {
  private readonly created: number;
  private lastDraw = -Infinity;
  private drawn = false;
  /** The phase that is shown: what it is called, when it began and how much was done then. */
  private phase = { label: '', begin: 0, done: 0 };

  /** @param now milliseconds of some steady clock */
  constructor(
    private readonly stream: ProgressStream,
    private readonly now: () => number,
  ) {
    this.created = now();
  }

  /** Shows that `done` of `total` steps of a phase are over; cheap when called often. */
  update(label: string, done: number, total: number): void {
    if (this.stream.isTTY !== true) return;
    const now = this.now();
    if (label !== this.phase.label) this.phase = { label, begin: now, done };
    if (now - this.created < QUIET || now - this.lastDraw < REDRAW) return;
    this.lastDraw = now;
    this.drawn = true;
    const part = total === 0 ? 0 : Math.min(1, done / total);
    const width = Math.max(0, Math.min(WIDTH, (this.stream.columns || COLUMNS) - AROUND));
    const full = Math.round(part * width);
    const bar = '█'.repeat(full) + '░'.repeat(width - full);
    const percent = `${String(Math.floor(part * 100)).padStart(3)} %`;
    this.stream.write(`\r\x1b[K${label.padEnd(10)} ${bar} ${percent}${this.left(now, done, total)}`);
  }

  /** Takes the bar away. */
  clear(): void {
    if (this.drawn) this.stream.write('\r\x1b[K');
    this.drawn = false;
  }

  /** `, 1:05 left`: as fast as this phase went until now. */
  private left(now: number, done: number, total: number): string {
    const { begin, done: before } = this.phase;
    if (now - begin < FORETELL || done <= before || done >= total) return '';
    return `, ${clock(((now - begin) / 1000) * ((total - done) / (done - before)))} left`;
  }
}
