/** Latencies of finished requests, in picoseconds. */
export class LatencyRecord {
  private samples = new Float64Array(1024);
  private count = 0;

  add(picoseconds: number): void {
    if (this.count === this.samples.length) {
      const wider = new Float64Array(2 * this.count);
      wider.set(this.samples);
      this.samples = wider;
    }
    this.samples[this.count++] = picoseconds;
  }

  /** Nearest-rank percentiles, mean and extremes; undefined without samples. */
  summary(): LatencySummary | undefined {
    if (this.count === 0) return undefined;
    const sorted = this.samples.slice(0, this.count).sort();
    const rank = (p: number): number => sorted[Math.max(0, Math.ceil((p / 100) * this.count) - 1)];
    return {
      count: this.count,
      mean: sorted.reduce((sum, value) => sum + value, 0) / this.count,
      p50: rank(50),
      p90: rank(90),
      p99: rank(99),
      p999: rank(99.9),
      max: sorted[this.count - 1],
    };
  }
}

/** All in picoseconds but `count`. */
export interface LatencySummary {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}
