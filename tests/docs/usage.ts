/** Command lines that a document names without running them. */
import { CALLED } from '../scripts/program/command-lines';
import { isGroup } from '../../scripts/program/spec';

/** Of every command, and a few more options that each has. */
const KNOWN_TO_ALL = ['--help', '--version'];

/** A line of a block without its comment. */
export function withoutComment(line: string): string {
  return line.replace(/\s+# .*$/, '').trim();
}

/** Whether a line leaves something for its reader to fill in: `adma md read|write DIR`, `adma regs [UNIT]`. */
export function leavesOpen(line: string): boolean {
  return line.split(/\s+/).some((word) => /^[A-Z]+(\.\w+)?$|[|[\]<>…]/.test(word));
}

/** Which commands and options of a line do not exist; none when it can be typed once its gaps are filled in. */
export function misnamed(line: string): string[] {
  const words = line.split(/[\s[\]]+/).slice(1);
  const end = words.findIndex((word) => /^[|>&;<]/.test(word));
  return named([''], end < 0 ? words : words.slice(0, end));
}

/** @param paths the commands that the words before may have meant: `md read|write` means two */
function named(paths: readonly string[], words: readonly string[]): string[] {
  const [first = '', ...rest] = words;
  const specs = CALLED.filter(({ path }) => paths.includes(path)).map(({ spec }) => spec);
  if (specs.every(isGroup) && /^[a-z]/.test(first)) {
    const longer = paths.flatMap((path) => first.split('|').map((name) => `${path} ${name}`.trim()));
    const unknown = longer.filter((name) => !CALLED.some(({ path }) => path === name));
    return unknown.length > 0 ? unknown : named(longer, rest);
  }
  const known = [
    ...specs.flatMap(({ options = [] }) => options.map(({ name }) => name.split(' ')[0])),
    ...KNOWN_TO_ALL,
  ];
  const options = words.filter((word) => word.startsWith('--')).flatMap((word) => word.split('=')[0].split('|'));
  return options.filter((name) => !known.includes(name));
}
