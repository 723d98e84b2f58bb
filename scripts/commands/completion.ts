/** `adma completion`: a script that teaches a shell the commands, made from their table. */
import { bashCompletion } from '../completion/bash';
import { fishCompletion } from '../completion/fish';
import { placesOf } from '../completion/places';
import { zshCompletion } from '../completion/zsh';
import { ExitCode } from '../console/exit-code';
import { forOption, oneOf } from '../input/fields';
import type { CommandSection } from '../program/spec';

/** Shells, and who writes for them. */
const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;
type Shell = keyof typeof SHELLS;

/**
 * Prints the script.
 * @throws OptionError for a shell that is not known
 */
export function completion(shell: string, commands: readonly CommandSection[]): ExitCode {
  const name = forOption('SHELL', () => oneOf(Object.keys(SHELLS) as Shell[]).parse(shell));
  process.stdout.write(SHELLS[name](placesOf(commands)));
  return ExitCode.done;
}
