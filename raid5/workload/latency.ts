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

  /** Takes in the samples of another record. */
  addAll(other: LatencyRecord): void {
    for (let i = 0; i < other.count; i++) this.add(other.samples[i]);
  }

  /** All samples, ascending. */
  sorted(): Float64Array {
    return this.samples.slice(0, this.count).sort();
  }

  /** Nearest-rank percentiles, mean and extremes; undefined without samples. */
  summary(): LatencySummary | undefined {
    if (this.count === 0) return undefined;
    const sorted = this.sorted();
    // In thousandths, so that a rank that is whole stays whole.
    const rank = (thousandths: number): number => sorted[Math.ceil((thousandths * this.count) / 1000) - 1];
    return {
      count: this.count,
      mean: sorted.reduce((sum, value) => sum + value, 0) / this.count,
      p50: rank(500),
      p90: rank(900),
      p99: rank(990),
      p999: rank(999),
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
