/** Pieces of Markdown. */

/** First lines of a page: its title, and where it comes from. */
export function pageHead(title: string, from: string): string[] {
  return [`<!-- Generated from ${from}; npm run docs writes it anew. -->`, '', `# ${title}`, ''];
}

/** A table. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const row = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;
  return [row(head), `|${head.map(() => '---|').join('')}`, ...rows.map(row), ''];
}

/** `0x1f` */
export function hexOf(value: number, digits = 2): string {
  return `0x${value.toString(16).padStart(digits, '0')}`;
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
