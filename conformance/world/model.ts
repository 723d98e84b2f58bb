/** What operations mean, byte by byte: written from the formulas, shared with nothing that is under test. */

/** The product in GF(2^8) over 0x11d (PQ-01), bit by bit. */
export function gfProduct(a: number, b: number): number {
  let product = 0;
  for (let bit = 0; bit < 8; bit++) {
    if (b & (1 << bit)) product ^= a << bit;
  }
  for (let bit = 15; bit >= 8; bit--) {
    if (product & (1 << bit)) product ^= 0x11d << (bit - 8);
  }
  return product;
}

/** The sum of the sources. */
export function xorOf(sources: readonly Uint8Array[], len: number): Uint8Array {
  return Uint8Array.from({ length: len }, (_, i) => sources.reduce((sum, source) => sum ^ source[i], 0));
}

/** The sum of coefficient times source. */
export function weightedSumOf(
  sources: readonly Uint8Array[],
  coefficients: readonly number[],
  len: number,
): Uint8Array {
  const tables = coefficients.map((c) => Uint8Array.from({ length: 256 }, (_, value) => gfProduct(c, value)));
  return Uint8Array.from({ length: len }, (_, i) => sources.reduce((sum, source, n) => sum ^ tables[n][source[i]], 0));
}
