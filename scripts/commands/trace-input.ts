/** The trace of a run: read, checked against clock and array before anything is built. */
import { checkDuration } from '../../raid5/workload/arrival';
import { InputError } from '../../raid5/workload/input-error';
import { isIolog, parseIolog } from '../../raid5/workload/iolog';
import type { TraceRequest } from '../../raid5/workload/msr-trace';
import { extent, parseMsrTrace } from '../../raid5/workload/msr-trace';
import { readInput } from '../input/read-input';

export interface TraceInput {
  readonly requests: readonly TraceRequest[];
  /** bytes the array offers */
  readonly arrayBytes: number;
}

/**
 * Reads a trace file: an iolog when its first line says so, else MSR Cambridge CSV.
 * @param size bytes the array shall have; undefined: what the trace needs
 * @throws InputError for a bad file, a trace longer than the clock, or an array too small for it
 */
export function loadTrace(file: string, pace: 'trace' | 'asap', speed: number, size: number | undefined): TraceInput {
  const text = readInput(file);
  const requests = isIolog(text) ? parseIolog(text, file) : parseMsrTrace(text, file);
  if (pace === 'trace') checkDuration(requests, speed, file);
  const { end } = extent(requests);
  if (size === undefined || size >= end) return { requests, arrayBytes: size ?? end };
  const outside = requests.find(({ offset, length }) => offset + length > size);
  throw new InputError(
    file,
    outside?.line ?? 1,
    1,
    `the request ends at byte ${end}`,
    `an array of ${size} bytes to cover it`,
  );
}
