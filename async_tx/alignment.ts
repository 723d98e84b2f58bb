import type { SpanList } from './spans';

/** Whether no bit below 2^align is set in the union of offsets and length (CF-07). */
export function isAligned(align: number, union: number): boolean {
  return (union & ((1 << align) - 1)) === 0;
}

/** The union of a length and the offset of every span, for `isAligned`; holes have none. */
export function unionOf(len: number, spans: SpanList): number {
  let union = len;
  for (const span of spans) if (span !== undefined) union |= span.offset;
  return union;
}
