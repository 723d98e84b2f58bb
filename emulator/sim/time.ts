/**
 * Simulated time. One tick is one picosecond, an integer held in a double: exact up to 2^53 − 1 ps,
 * which is 2.5 hours. Everything that is called a time or a delay in this project is in picoseconds
 * unless its name says otherwise.
 */

export const PICOSECOND = 1;
export const NANOSECOND = 1_000;
export const MICROSECOND = 1_000_000;
export const MILLISECOND = 1_000_000_000;
export const SECOND = 1_000_000_000_000;

/** The last moment the clock can hold. */
export const END_OF_TIME = Number.MAX_SAFE_INTEGER;

/** Simulated seconds of a time in picoseconds, for reports. */
export function seconds(time: number): number {
  return time / SECOND;
}

/** A clock: what one period lasts and where we know it from. */
export interface ClockDomain {
  readonly name: string;
  /** picoseconds */
  readonly period: number;
  readonly source: string;
}
