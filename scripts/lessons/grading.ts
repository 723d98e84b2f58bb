/** What graders have in common. */
import type { Exports } from '../conformance/load-module';
import type { TraceRecord } from '../../emulator/trace/trace';
import { textTraceWriter } from '../../emulator/trace/text';
import type { Check } from './lesson';

/** Collects checks. */
export class Checks {
  readonly all: Check[] = [];

  /** Notes whether something is as it should be. @param found what is instead */
  that(ok: boolean, says: string, found: string): void {
    this.all.push({ says, ok, found: ok ? '' : found });
  }

  /** The same for a value that should be another one. */
  equal(actual: unknown, expected: unknown, says: string): void {
    this.that(actual === expected, says, `it is ${show(actual)}, not ${show(expected)}`);
  }

  /** A prediction: null is no answer yet. */
  predicted(answer: unknown, truth: unknown, question: string): void {
    const found = answer === null || answer === undefined ? 'not answered yet: predict before you run' : 'it is not so';
    this.that(answer === truth, question, found);
  }
}

/** What the exercise exports under this name. Throws a plain sentence when it is no function. */
export function functionOf<F extends (...given: never[]) => unknown>(exercise: Exports, name: string): F {
  const value = exercise[name];
  if (typeof value !== 'function') throw new Error(`the exercise exports no function ${name}`);
  return value as F;
}

/** Lines for a timeline out of trace records: nanoseconds, point, fields. */
export function timelineOf(records: readonly TraceRecord[]): string[] {
  const lines: string[] = [];
  const write = textTraceWriter((line) => lines.push(line));
  records.forEach(write);
  return lines.map((line) => {
    const [time, point, ...fields] = line.trim().split(/\s+/);
    return `${(Number(time) / 1000).toFixed(1).padStart(8)} ns  ${point} ${fields.join(' ')}`;
  });
}

function show(value: unknown): string {
  return typeof value === 'number' ? `${value} (0x${(value >>> 0).toString(16)})` : String(value);
}
