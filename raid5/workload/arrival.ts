/** From the ticks of a trace to simulated time. */
import { SECOND, seconds } from '../../emulator/sim/time';
import { InputError } from './input-error';
import type { TraceRequest } from './msr-trace';

/** One tick of a trace, 100 ns, in picoseconds. */
export const TRACE_TICK = 100_000;

/**
 * The latest arrival that a run accepts, in picoseconds: two hours. The clock holds 2.5; the rest is left for the array
 * to finish what has arrived.
 */
export const LAST_ARRIVAL = 7200 * SECOND;

/**
 * When a request arrives, in picoseconds after the earliest one.
 * @param speed how many times faster than recorded, > 0
 */
export function arrivalTime(request: TraceRequest, speed: number): number {
  // Dividing first keeps long traces below 2^53, and at speed 1 every step is exact.
  return Math.round((request.ticks / speed) * TRACE_TICK);
}

/**
 * Refuses, before a run, a trace that the clock cannot hold at this speed.
 * @param requests as `parseMsrTrace` returns them: not empty, by ascending time
 * @throws InputError at the last request; its message names `--speed` and a value that suffices
 */
export function checkDuration(requests: readonly TraceRequest[], speed: number, file: string): void {
  const last = requests[requests.length - 1];
  const duration = arrivalTime(last, speed);
  if (duration <= LAST_ARRIVAL) return;
  const enough = Math.ceil(arrivalTime(last, 1) / LAST_ARRIVAL);
  throw new InputError(
    file,
    last.line,
    1,
    `the trace lasts ${seconds(duration).toFixed(1)} s of simulated time`,
    `at most ${seconds(LAST_ARRIVAL)} s: --speed ${enough} compresses it enough`,
  );
}
