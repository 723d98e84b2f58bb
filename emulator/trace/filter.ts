/** Which points are recorded: globs over their names. */
import type { TraceWriter } from './trace';

/** Whether a name is wanted: by the last glob that fits it, `!` before one negates it. */
export type NameFilter = (name: string) => boolean;

/**
 * A filter from globs like `engine.*,!engine.read`: `*` is any text, `?` one character. A list that begins with a negation
 * begins with everything.
 */
export function nameFilter(globs: readonly string[]): NameFilter {
  const rules = globs.map((glob) => {
    const wanted = !glob.startsWith('!');
    return { wanted, pattern: globPattern(wanted ? glob : glob.slice(1)) };
  });
  const otherwise = rules.length === 0 || !rules[0].wanted;
  const known = new Map<string, boolean>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const wanted = rules.findLast(({ pattern }) => pattern.test(name))?.wanted ?? otherwise;
    known.set(name, wanted);
    return wanted;
  };
}

/** A glob as a pattern for the whole name. */
export function globPattern(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`);
}

/** Lets only wanted points through. */
export function filteredWriter(filter: NameFilter, writer: TraceWriter): TraceWriter {
  return (record) => {
    if (filter(record.point)) writer(record);
  };
}
