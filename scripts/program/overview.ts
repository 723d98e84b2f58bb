/** What `adma --help` prints: every command on a screen of 24 lines and 80 columns. */
import type { CommandSection } from './spec';

const NAME = 14;

/** The text. */
export function overview(sections: readonly CommandSection[]): string {
  const line = (name: string, says: string): string => `  ${name.padEnd(NAME - 2)}${says}`;
  return [
    'Usage: adma COMMAND …           adma COMMAND --help: its options and examples',
    'The RAID engines of Intel’s XScale I/O processors, emulated, and Linux md on top',
    ...sections.flatMap(({ heading, commands }) => [
      `${heading}:`,
      ...commands.map(({ name, says }) => line(name, says)),
    ]),
    'adma --version: which this is',
    '',
  ].join('\n');
}
