import type { Actor } from '../../../emulator/sim/actor';
import { SeededChooser } from '../../../emulator/sim/choice';
import { ClockExhausted, Simulator } from '../../../emulator/sim/simulator';
import { seconds } from '../../../emulator/sim/time';

const actor: Actor = { name: 'test', priority: 0 };
const footprint = { reads: [], writes: [] };

function world(): { sim: Simulator; fired: [string, number][]; at: (delay: number, label: string) => number } {
  const sim = new Simulator(new SeededChooser(0));
  const fired: [string, number][] = [];
  const at = (delay: number, label: string): number =>
    sim.schedule(actor, delay, footprint, () => fired.push([label, sim.now]));
  return { sim, fired, at };
}

it('fires everything up to and including the moment it is advanced to, each at its own time', () => {
  const { sim, fired, at } = world();
  at(10, 'a');
  at(20, 'b');
  at(21, 'c');
  sim.advanceTo(20);
  expect(fired).toEqual([
    ['a', 10],
    ['b', 20],
  ]);
  expect(sim.now).toBe(20);
  expect(sim.nextTime).toBe(21);
  expect(sim.fired).toBe(2);
});

it('fires what handlers schedule while it advances, if it still falls into the stretch', () => {
  const { sim, fired, at } = world();
  sim.schedule(actor, 5, footprint, () => {
    at(0, 'at once');
    at(5, 'within');
    at(6, 'beyond');
  });
  sim.advanceTo(10);
  expect(fired).toEqual([
    ['at once', 5],
    ['within', 10],
  ]);
  expect(sim.pendingEvents()).toHaveLength(1);
});

it('skips idle time in one step', () => {
  const { sim, fired, at } = world();
  at(3_600_000_000_000_000, 'an hour later');
  expect(sim.step()).toBe(true);
  expect(fired).toEqual([['an hour later', 3_600_000_000_000_000]]);
  expect(sim.step()).toBe(false);
  expect(sim.now).toBe(3_600_000_000_000_000);
});

it('never goes back', () => {
  const { sim } = world();
  sim.advanceTo(100);
  sim.advanceTo(50);
  expect(sim.now).toBe(100);
  expect(() => sim.skipTo(99)).toThrow(ClockExhausted);
});

it('does not skip over an event that is still to fire', () => {
  const { sim, at } = world();
  at(10, 'a');
  expect(() => sim.skipTo(11)).toThrow(ClockExhausted);
  sim.skipTo(10);
  expect(sim.now).toBe(10);
});

it.each([-1, NaN, Infinity, 2 ** 53])('refuses a delay of %d picoseconds', (delay) => {
  const { sim } = world();
  expect(() => sim.schedule(actor, delay, footprint, () => undefined)).toThrow(ClockExhausted);
});

it('refuses to run past what the clock can hold, and not a picosecond earlier', () => {
  const { sim } = world();
  sim.advanceTo(2 ** 53 - 1);
  expect(sim.now).toBe(9_007_199_254_740_991);
  expect(() => sim.advanceTo(2 ** 53)).toThrow(ClockExhausted);
  expect(() => sim.schedule(actor, 1, footprint, () => undefined)).toThrow(ClockExhausted);
});

it('takes events back', () => {
  const { sim, fired, at } = world();
  const handle = at(10, 'a');
  expect(sim.pending(handle)).toBe(true);
  expect(sim.cancel(handle)).toBe(true);
  sim.advanceTo(20);
  expect(fired).toEqual([]);
  expect(sim.cancel(handle)).toBe(false);
});

it('has a second of 10^12 picoseconds', () => {
  expect(seconds(500_000_000_000)).toBe(0.5);
});
