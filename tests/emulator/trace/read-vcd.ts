/** Reads a value change dump after IEEE 1364, clause 18, and minds what it forbids. */

/** A dump: what every variable holds from which time on. */
export interface Dump {
  readonly end: number;
  /** Paths like `machine.adma0.ACSR.ACTIVE`, with their width. */
  readonly widths: ReadonlyMap<string, number>;
  /** The lowest bit that a field has in its register. */
  readonly lowest: ReadonlyMap<string, number>;
  /** What a variable holds at the end of a moment. */
  at(path: string, time: number): number;
  /** Times at which it changes. */
  changes(path: string): readonly number[];
}

/** @throws whatever is no dump, or tells a time or a value twice */
export function readVcd(text: string): Dump {
  const end = text.indexOf('$enddefinitions $end');
  const header = text
    .slice(0, end)
    .split('$end')
    .map((part) => part.trim());
  if (!header.includes('$timescale 1ps')) throw new Error('no timescale of 1 ps');
  const scopes: string[] = [];
  const widths = new Map<string, number>();
  const paths = new Map<string, string>();
  const lowest = new Map<string, number>();
  for (const part of header) {
    const [keyword, kind, ...rest] = part.split(/\s+/);
    if (keyword === '$scope') scopes.push(rest[0]);
    if (keyword === '$upscope') scopes.pop();
    if (keyword !== '$var') continue;
    const [width, id, name, range] = rest;
    if (kind !== 'wire' || paths.has(id) || !/^[!-~]+$/.test(id)) throw new Error(`variable ${part}`);
    const path = [...scopes, name].join('.');
    if (widths.has(path)) throw new Error(`${path} is declared twice`);
    paths.set(id, path);
    widths.set(path, Number(width));
    if (range === undefined) continue;
    const [high, low = high] = range.slice(1, -1).split(':').map(Number);
    if (high - low + 1 !== Number(width)) throw new Error(`${path} has ${width} bits at ${range}`);
    lowest.set(path, low);
  }
  if (scopes.length > 0) throw new Error(`scope ${scopes.join('.')} has no end`);
  const history = new Map<string, { time: number; value: number }[]>();
  let time = -1;
  for (const line of text.slice(end).split('\n').slice(1)) {
    if (line.startsWith('#')) {
      const next = Number(line.slice(1));
      if (!(next > time)) throw new Error(`time ${next} after ${time}`);
      time = next;
    } else if (line !== '' && !line.startsWith('$')) {
      const [bits, id] = line.startsWith('b') ? line.slice(1).split(' ') : [line[0], line.slice(1)];
      const path = paths.get(id);
      if (path === undefined || !/^[01]+$/.test(bits) || bits.length > widths.get(path)!) throw new Error(line);
      const list = history.get(path) ?? [];
      history.set(path, list);
      const value = parseInt(bits, 2);
      if (list.at(-1)?.value === value) throw new Error(`${path} at ${time} is ${value} still`);
      list.push({ time, value });
    }
  }
  return {
    end: time,
    widths,
    lowest,
    at: (path, when) => history.get(path)!.findLast((change) => change.time <= when)!.value,
    changes: (path) =>
      history
        .get(path)!
        .slice(1)
        .map((change) => change.time),
  };
}
