/**
 * How the points of hardware and processor are drawn. The flow of an operation is bound to the address of its
 * descriptor; from there it goes to the unit that executes it, and by the interrupt line to the tasklet.
 */
import type { Drawings, Timeline } from './timeline';
import type { TracePointName } from './trace';

type EmulatorPointName = Extract<TracePointName, `${'machine' | 'engine' | 'bus' | 'intc' | 'cpu'}.${string}`>;

/** Sources are called by what drives them, once that is known. */
function lineOf(pen: Timeline, source: number): string {
  return pen.named(`source ${source}`);
}

export const EMULATOR_DRAWINGS: Drawings<EmulatorPointName> = {
  'machine.power-on': (pen) => pen.cutOff(),

  'engine.start': (pen, { unit }) => pen.begin('engines', `${unit} active`, 'active'),
  'engine.idle': (pen, { unit }) => pen.end('engines', `${unit} active`),
  'engine.fetch': (pen, { unit, descriptor, since }) => {
    const flows = pen.flowsOf(descriptor);
    pen.begin('engines', `${unit} descriptor`, 'descriptor', flows, since);
    pen.slice('engines', `${unit} fetch`, 'fetch', since, pen.now);
    if (flows.length > 0) pen.bind(unit, flows[0]);
    else pen.release(unit);
  },
  'engine.read': (pen, { unit, since }) => pen.slice('engines', `${unit} read`, 'read', since, pen.now),
  'engine.write': (pen, { unit, since }) => pen.slice('engines', `${unit} write`, 'write', since, pen.now),
  'engine.complete': (pen, { unit }) => {
    pen.end('engines', `${unit} descriptor`);
    pen.release(unit);
  },
  'engine.reread': (pen, { unit }) => pen.instant('engines', `${unit} events`, 're-read'),
  'engine.error': (pen, { unit, kind }) => {
    pen.instant('engines', `${unit} events`, kind);
    pen.end('engines', `${unit} descriptor`);
    pen.release(unit);
  },
  'engine.interrupt': (pen, { unit, descriptor, source, line }) => {
    pen.instant('engines', `${unit} events`, line);
    pen.alias(`source ${source}`, `${unit} ${line}`);
    pen.alias(`driver of ${source}`, unit);
    pen.leave(`line ${source}`, pen.flowsOf(descriptor));
  },

  'bus.grant': (pen, { master, address, write, start, end }) => {
    // A fetch carries what its descriptor does; it is not the unit's current one yet.
    const fetches = pen.flowsOf(address);
    pen.slice(
      'buses',
      'memory',
      write ? 'write' : 'read',
      start,
      end,
      fetches.length > 0 ? fetches : pen.flowsOf(master),
    );
  },
  'bus.transfer': (pen, { start, end }) => pen.slice('buses', 'memory', 'transfer', start, end),

  'intc.line': (pen, { source, asserted }) => {
    const line = lineOf(pen, source);
    if (asserted) pen.begin('interrupts', line, 'asserted', pen.left(`line ${source}`));
    else pen.end('interrupts', line);
  },

  'cpu.irq': (pen, { source }) => {
    const flows = pen.take(`line ${source}`);
    pen.begin('processor', `irq ${lineOf(pen, source)}`, 'irq', flows);
    pen.leave(`tasklet ${pen.named(`driver of ${source}`)}`, flows);
  },
  'cpu.irq-end': (pen, { source }) => pen.end('processor', `irq ${lineOf(pen, source)}`),
  'cpu.tasklet': (pen, { name }) => {
    pen.begin('processor', `tasklet ${name}`, 'tasklet', pen.take(`tasklet ${name}`));
  },
  'cpu.tasklet-end': (pen, { name }) => pen.end('processor', `tasklet ${name}`),
  'cpu.thread': (pen, { name }) => pen.begin('processor', `thread ${name}`, name),
  'cpu.thread-end': (pen, { name }) => pen.end('processor', `thread ${name}`),
};
