/** What the driver records: the life of its descriptors, from prep to the slot pool. */
import type { Drawings } from '../../emulator/trace/timeline';
import type { TracePointName } from '../../emulator/trace/trace';

declare module '../../emulator/trace/trace' {
  interface TracePoints {
    /** A group of descriptors is written to memory, from `head` to `descriptor`, the one the client has. */
    'driver.prep': { chan: string; call: string; descriptor: number; head: number; slots: number; used: number };
    /** It is on the chain. `depth`: descriptors on the chain; `since`: when the channel was locked for it. */
    'driver.submit': { chan: string; descriptor: number; cookie: number; depth: number; since: number };
    /** The engine is told to look at the chain again. */
    'driver.append': { chan: string };
    /** What a clean-up found: the engine's current descriptor, and whether it was busy. */
    'driver.cleanup': { chan: string; current: number; busy: boolean };
    /** The descriptor is seen to be complete; until `driver.complete-end` callback, unmapping and dependants. */
    'driver.complete': { chan: string; descriptor: number; cookie: number; outcome: string };
    'driver.callback': { chan: string; descriptor: number };
    'driver.complete-end': { chan: string; descriptor: number };
    /** Its slots are free again. `used`: slots that are not; `depth`: descriptors left on the chain. */
    'driver.recycle': { chan: string; descriptor: number; used: number; depth: number };
  }
}

type DriverPointName = Extract<TracePointName, `driver.${string}`>;

/** How the driver's points are drawn: one flow for each group of descriptors, from prep to completion. */
export const DRIVER_DRAWINGS: Drawings<DriverPointName> = {
  'driver.prep': (pen, { chan, call, descriptor, head, used }) => {
    const flow = pen.newFlow(descriptor);
    pen.bind(head, flow);
    pen.touchCaller(flow);
    pen.instant('driver', `${chan} prepared`, call);
    pen.counter(`${chan} slots used`, used);
  },
  'driver.submit': (pen, { chan, descriptor, depth, since }) => {
    pen.slice('driver', `${chan} submit`, 'submit', since, pen.now, pen.flowsOf(descriptor));
    pen.counter(`${chan} queue`, depth);
  },
  'driver.append': (pen, { chan }) => pen.instant('driver', `${chan} events`, 'append'),
  'driver.cleanup': (pen, { chan }) => pen.instant('driver', `${chan} events`, 'cleanup'),
  'driver.complete': (pen, { chan, descriptor, outcome }) => {
    const line = `${chan} completion`;
    pen.begin('driver', line, outcome);
    for (const flow of pen.flowsOf(descriptor)) pen.endFlow('driver', line, flow);
  },
  'driver.callback': (pen, { chan }) => pen.instant('driver', `${chan} callbacks`, 'callback'),
  'driver.complete-end': (pen, { chan }) => pen.end('driver', `${chan} completion`),
  'driver.recycle': (pen, { chan, descriptor, used, depth }) => {
    pen.unbind(descriptor);
    pen.counter(`${chan} slots used`, used);
    pen.counter(`${chan} queue`, depth);
  },
};
