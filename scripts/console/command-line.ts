/** The words with which a user repeats a run. */

/** A command line for a POSIX shell: how this program was started, then the given words, quoted where needed. */
export function commandLine(words: readonly string[]): string {
  const script = process.argv[1] ?? '';
  const start = script.endsWith('.ts') ? ['npm', 'run', '-s', 'adma', '--'] : ['adma'];
  return [...start, ...words].map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
