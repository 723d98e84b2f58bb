/**
 * Whole operations get their sources as a list in silicon storage: `count` addresses of 32 bits. Frequent counts have
 * their own kernel, which keeps the addresses in locals.
 */
import { add, get, i32, range, repeatWhile, set } from './wat';

/** Numbers of sources with a kernel of their own. */
export const SPECIAL_COUNTS = [2, 3, 4, 5, 6, 7, 8];

export const sourceLocals = (count: number): string[] => range(count).map((i) => `source${i}`);

/** Loads the addresses of the sources from the list into their locals. */
export const takeSources = (count: number): string =>
  sourceLocals(count)
    .map((source, i) => set(source, `(i32.load offset=${4 * i} ${get('list')})`))
    .join('\n');

/** Calls the kernel named after the count if there is one, `other` if not. */
export const chooseByCount = (prefix: string, params: readonly string[], other: string): string =>
  [
    ...SPECIAL_COUNTS.map(
      (count) =>
        `(if (i32.eq ${get('count')} ${i32(count)}) ` +
        `(then (return (call $${prefix}${count} ${params.map(get).join(' ')}))))`,
    ),
    other,
  ].join('\n');

/**
 * Executes the body for each source, from the first or from the last, `source` being its address and `entry` where
 * the list names it. Uses the locals `entry` and `last`.
 */
export function listLoop(order: 'up' | 'down', ...body: readonly string[]): string {
  const first = get('list');
  const behind = add(get('list'), `(i32.shl ${get('count')} ${i32(2)})`);
  const next = add(get('entry'), i32(4));
  const source = set('source', `(i32.load ${get('entry')})`);
  const before = set('entry', add(get('entry'), i32(-4)));
  return order === 'up'
    ? [
        set('entry', first),
        set('last', behind),
        repeatWhile('sources', `(i32.ne ${get('entry')} ${get('last')})`, source, ...body, set('entry', next)),
      ].join('\n')
    : [set('entry', behind), repeatWhile('sources', `(i32.ne ${get('entry')} ${first})`, before, source, ...body)].join(
        '\n',
      );
}
