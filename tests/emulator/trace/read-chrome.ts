/** Reads the JSON form as its specification says ("Trace Event Format"). */
import type { Picture } from './picture';

interface Event {
  readonly ph: 'M' | 'X' | 'i' | 'C' | 's' | 't' | 'f';
  readonly pid: number;
  readonly tid: number;
  readonly name: string;
  readonly ts?: number;
  readonly dur?: number;
  readonly id?: number;
  readonly bp?: string;
  readonly args?: Record<string, unknown>;
}

/** @throws whatever is no trace */
export function readChrome(text: string): Picture {
  const { displayTimeUnit, traceEvents } = JSON.parse(text) as { displayTimeUnit: string; traceEvents: Event[] };
  if (displayTimeUnit !== 'ns') throw new Error(`displayTimeUnit ${displayTimeUnit}`);
  const names = new Map<string, string>();
  const picture: Picture = { slices: [], instants: [], counters: [], flows: [] };
  const flowStarted = new Map<number, number>();
  const track = ({ pid, tid }: Event): string => {
    const [process, thread] = [names.get(`process ${pid}`), names.get(`thread ${pid} ${tid}`)];
    if (process === undefined || thread === undefined) throw new Error(`no names for ${pid} ${tid}`);
    return `${process}/${thread}`;
  };
  // A step names a time before its slice is in the file only if the slice is written when it ends: two passes.
  for (const event of traceEvents) {
    const { ph, name, pid, tid, args = {} } = event;
    if (ph !== 'M') continue;
    if (name === 'process_name') names.set(`process ${pid}`, args['name'] as string);
    if (name === 'thread_name') names.set(`thread ${pid} ${tid}`, args['name'] as string);
  }
  for (const event of traceEvents) {
    const { ph, name, pid, id = 0, args = {} } = event;
    if (ph === 'M') continue;
    const time = nanoseconds(event.ts);
    if (ph === 'X')
      picture.slices.push({ track: track(event), name, start: time, end: time + nanoseconds(event.dur), args });
    if (ph === 'i') picture.instants.push({ track: track(event), name, time });
    if (ph === 'C') {
      picture.counters.push({ track: `${names.get(`process ${pid}`)}/${name}`, time, value: args['value'] as number });
    }
    if (ph !== 's' && ph !== 't' && ph !== 'f') continue;
    if (ph === 's') {
      if (flowStarted.has(id)) throw new Error(`flow ${id} starts twice`);
      flowStarted.set(id, time);
    }
    if (ph === 'f' && event.bp !== 'e') throw new Error('a flow ends at what follows it');
    picture.flows.push({ id, track: track(event), time, ends: ph === 'f' });
  }
  for (const { id, time } of picture.flows) {
    if (!(flowStarted.get(id)! <= time)) throw new Error(`flow ${id} is at ${time} before its start`);
  }
  return picture;
}

function nanoseconds(microseconds: number | undefined): number {
  const ns = (microseconds ?? NaN) * 1000;
  if (Math.abs(ns - Math.round(ns)) > 1e-3) throw new Error(`${microseconds} µs are no whole nanoseconds`);
  return Math.round(ns);
}
