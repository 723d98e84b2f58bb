/** Measures things several times and keeps the median: single figures on shared machines say little. */
import { appendFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** One figure of a benchmark. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
}

/** What one execution of a benchmark did: amounts by unit, divided by the seconds it took. */
export type Amounts = Readonly<Record<string, number>>;

/** A benchmark: `run` does its work once and says how much it was. */
export interface Benchmark {
  readonly name: string;
  /** Done before each execution, not measured. */
  run(): { readonly seconds: number; readonly amounts: Amounts };
}

/** Executes once for warming up, then `times` times; amounts a second, medians. */
export function measure(benchmark: Benchmark, times: number): Figure[] {
  benchmark.run();
  const samples = Array.from({ length: times }, () => benchmark.run());
  return Object.keys(samples[0].amounts).map((unit) => ({
    name: benchmark.name,
    unit: `${unit}/s`,
    value: median(samples.map(({ seconds, amounts }) => amounts[unit] / seconds)),
  }));
}

/** Host seconds of a piece of work. */
export function timed(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

/** The machine a figure was measured on, in one line. */
export function machineName(): string {
  const list = cpus();
  return `${list.length} × ${list[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}`;
}

/** Adds one line of JSON to the history file. */
export function keep(file: string, figures: readonly Figure[]): void {
  appendFileSync(file, `${JSON.stringify({ when: new Date().toISOString(), machine: machineName(), figures })}\n`);
}

/** The middle one; the greater of two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
