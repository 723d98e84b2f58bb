/** Whether no bit below 2^align is set in the union of offsets and length (CF-07). */
export function isAligned(align: number, union: number): boolean {
  return (union & ((1 << align) - 1)) === 0;
}
