import * as fc from 'fast-check';
import type { Actor } from '../../../emulator/sim/actor';
import { EventQueue, NO_EVENT } from '../../../emulator/sim/event-queue';

const footprint = { reads: [], writes: [] };
const actor = (priority: number, name = `p${priority}`): Actor => ({ name, priority });

/** A queue whose events write their label into `fired`. */
function world(): {
  queue: EventQueue;
  fired: string[];
  add: (time: number, label: string, priority?: number) => number;
} {
  const queue = new EventQueue();
  const fired: string[] = [];
  const add = (time: number, label: string, priority = 0): number =>
    queue.add(time, actor(priority), footprint, () => fired.push(label));
  return { queue, fired, add };
}

function drain(queue: EventQueue): void {
  while (queue.size > 0) queue.takeFirst()();
}

describe('order', () => {
  it('fires equal times first in, first out', () => {
    const { queue, fired, add } = world();
    const labels = Array.from({ length: 500 }, (_, i) => String(i));
    for (const label of labels) add(7, label);
    drain(queue);
    expect(fired).toEqual(labels);
  });

  it('keeps first in, first out across events taken out in between', () => {
    const { queue, fired, add } = world();
    add(5, 'a');
    const b = add(5, 'b');
    add(5, 'c');
    add(1, 'early');
    queue.cancel(b);
    queue.takeFirst()();
    add(5, 'd');
    drain(queue);
    expect(fired).toEqual(['early', 'a', 'c', 'd']);
  });

  it('puts time before priority and priority before order of adding', () => {
    const { queue, fired, add } = world();
    add(2, 'late urgent', 0);
    add(1, 'slow', 3);
    add(1, 'quick', 1);
    add(1, 'quick too', 1);
    add(1, 'quickest', -5);
    drain(queue);
    expect(fired).toEqual(['quickest', 'quick', 'quick too', 'slow', 'late urgent']);
  });

  it('tells times apart that differ by one picosecond far from zero', () => {
    const { queue, fired, add } = world();
    add(Number.MAX_SAFE_INTEGER, 'last');
    add(Number.MAX_SAFE_INTEGER - 1, 'last but one');
    expect(queue.nextTime).toBe(Number.MAX_SAFE_INTEGER - 1);
    drain(queue);
    expect(fired).toEqual(['last but one', 'last']);
  });

  it('lists what is pending, earliest first', () => {
    const { queue } = world();
    queue.add(3, actor(0, 'c'), footprint, () => undefined);
    queue.add(1, actor(2, 'b'), footprint, () => undefined);
    queue.add(1, actor(1, 'a'), footprint, () => undefined);
    expect(queue.pendingEvents().map(({ time, actor: { name } }) => [time, name])).toEqual([
      [1, 'a'],
      [1, 'b'],
      [3, 'c'],
    ]);
    expect(queue.size).toBe(3);
  });
});

describe('handles', () => {
  it('cancel once, and never after the event has fired', () => {
    const { queue, fired, add } = world();
    const a = add(1, 'a');
    const b = add(2, 'b');
    expect(queue.cancel(b)).toBe(true);
    expect(queue.cancel(b)).toBe(false);
    drain(queue);
    expect(queue.cancel(a)).toBe(false);
    expect(fired).toEqual(['a']);
  });

  it('that are stale never cancel the event that took over their slot', () => {
    const { queue, fired, add } = world();
    const stale: number[] = [];
    for (let round = 0; round < 300; round++) {
      stale.push(add(round, String(round)));
      queue.takeFirst();
    }
    const alive = add(1000, 'alive');
    for (const handle of stale) {
      expect(queue.pending(handle)).toBe(false);
      expect(queue.cancel(handle)).toBe(false);
    }
    expect(queue.pending(alive)).toBe(true);
    drain(queue);
    expect(fired).toEqual(['alive']);
  });

  it('are all different while the queue lives', () => {
    const { queue, add } = world();
    const seen = new Set<number>();
    for (let i = 0; i < 1000; i++) {
      seen.add(add(i, 'x'));
      if (i % 3 === 0) queue.takeFirst();
    }
    expect(seen.size).toBe(1000);
    expect(seen.has(NO_EVENT)).toBe(false);
  });

  it('include one that refers to nothing', () => {
    const { queue, add } = world();
    add(1, 'a');
    expect(queue.pending(NO_EVENT)).toBe(false);
    expect(queue.cancel(NO_EVENT)).toBe(false);
    expect(queue.size).toBe(1);
  });
});

describe('size', () => {
  it('grows past its first arrays without losing or reordering anything', () => {
    const { queue, fired, add } = world();
    const times = Array.from({ length: 5000 }, (_, i) => (i * 7919) % 5003);
    const handles = times.map((time) => add(time, String(time)));
    expect(queue.size).toBe(5000);
    const cancelled = new Set(handles.filter((_, i) => i % 5 === 0));
    for (const handle of cancelled) expect(queue.cancel(handle)).toBe(true);
    drain(queue);
    const expected = times.filter((_, i) => i % 5 !== 0).sort((a, b) => a - b);
    expect(fired.map(Number)).toEqual(expected);
    expect(queue.nextTime).toBe(Infinity);
  });

  it('has an end that is told, not reached in silence', () => {
    const { queue, add } = world();
    for (let i = 0; i < 65_536; i++) add(i, 'x');
    expect(() => add(0, 'one too many')).toThrow(RangeError);
    expect(queue.size).toBe(65_536);
  });
});

type Action =
  | { readonly do: 'add'; readonly time: number; readonly priority: number }
  | { readonly do: 'cancel'; readonly pick: number }
  | { readonly do: 'fire' };

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('add' as const), time: fc.nat(20), priority: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), pick: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('fire' as const) }) },
);

it('behaves like a plain sorted array under any mix of add, cancel and fire', () => {
  fc.assert(
    fc.property(fc.array(action, { minLength: 1, maxLength: 400 }), (actions) => {
      const queue = new EventQueue();
      const fired: number[] = [];
      const handles: number[] = [];
      let model: { id: number; time: number; priority: number }[] = [];
      const expected: number[] = [];
      for (const step of actions) {
        const id = handles.length;
        if (step.do === 'add') {
          handles.push(queue.add(step.time, actor(step.priority), footprint, () => fired.push(id)));
          model.push({ id, time: step.time, priority: step.priority });
          model.sort((a, b) => a.time - b.time || a.priority - b.priority || a.id - b.id);
        } else if (step.do === 'cancel' && id > 0) {
          const victim = step.pick % id;
          expect(queue.cancel(handles[victim])).toBe(model.some((event) => event.id === victim));
          model = model.filter((event) => event.id !== victim);
        } else if (step.do === 'fire' && model.length > 0) {
          queue.takeFirst()();
          expected.push(model.shift()!.id);
        }
        expect(queue.size).toBe(model.length);
        expect(queue.nextTime).toBe(model[0]?.time ?? Infinity);
        handles.forEach((handle, i) => expect(queue.pending(handle)).toBe(model.some((event) => event.id === i)));
      }
      drain(queue);
      expect(fired).toEqual([...expected, ...model.map(({ id }) => id)]);
    }),
    { numRuns: 40 },
  );
});
