import { arrivalTime, checkDuration } from '../../../raid5/workload/arrival';
import type { TraceRequest } from '../../../raid5/workload/msr-trace';

function at(ticks: number, line = 1): TraceRequest {
  return { ticks, kind: 'read', offset: 0, length: 512, line };
}

const TWO_HOURS = 7200 * 1e7;

it('turns ticks of 100 ns into picoseconds, exactly at recorded speed', () => {
  expect(arrivalTime(at(1), 1)).toBe(100_000);
  expect(arrivalTime(at(18_615_874_951), 1)).toBe(1_861_587_495_100_000);
});

it('compresses by the speed', () => {
  expect(arrivalTime(at(10), 4)).toBe(250_000);
  expect(arrivalTime(at(1), 3)).toBe(33_333);
  expect(arrivalTime(at(10), 0.5)).toBe(2_000_000);
});

it('accepts what arrives within two hours', () => {
  expect(() => checkDuration([at(0), at(TWO_HOURS)], 1, 't.csv')).not.toThrow();
  expect(() => checkDuration([at(0), at(TWO_HOURS * 10)], 10, 't.csv')).not.toThrow();
});

it('refuses a longer trace and names a speed that suffices', () => {
  const week = [at(0), at(7 * 24 * 3600 * 1e7, 9)];
  const problem = 't.csv:9:1: the trace lasts 604800.0 s of simulated time';
  expect(() => checkDuration(week, 1, 't.csv')).toThrow(
    new Error(`${problem}, expected at most 7200 s: --speed 84 compresses it enough`),
  );
  expect(() => checkDuration(week, 83.9, 't.csv')).toThrow('--speed 84');
  expect(() => checkDuration(week, 84, 't.csv')).not.toThrow();
});

it('refuses the longest trace that can be parsed without losing its way', () => {
  expect(() => checkDuration([at(0), at(2 ** 53 - 1)], 1, 't.csv')).toThrow('--speed 125100 compresses it enough');
});
