/** Lines of a table: the first column left, all others right aligned. */
export function table(rows: readonly (readonly string[])[]): string[] {
  return aligned(rows, (cell, i, width) => (i === 0 ? cell.padEnd(width) : cell.padStart(width)));
}

/** Lines of a table of words: all columns left aligned. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  return aligned(rows, (cell, _, width) => cell.padEnd(width));
}

function aligned(
  rows: readonly (readonly string[])[],
  pad: (cell: string, column: number, width: number) => string,
): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, i) => Math.max(cell.length, widest[i] ?? 0)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, i) => pad(cell, i, widths[i]))
      .join('  ')
      .trimEnd(),
  );
}
