import { GuestHang } from '../../../emulator/findings';
import { Kernel } from '../../../emulator/kernel/kernel';
import { PLATFORMS } from '../../../emulator/platforms';
import { Machine } from '../../../emulator/platforms/machine';
import { US } from '../board';
import { boot, LINE_A, runThread } from './world';

it('threads run first come first served and only give way where they block', () => {
  const { kernel } = boot();
  const order: string[] = [];
  let left = 2;
  for (const name of ['a', 'b']) {
    kernel.scheduler.spawn(
      name,
      (function* () {
        order.push(`${name}1`);
        kernel.spend(100 * US);
        order.push(`${name}2`);
        yield* kernel.scheduler.yieldProcessor();
        order.push(`${name}3`);
        left--;
      })(),
    );
  }
  kernel.scheduler.run(() => left === 0);
  expect(order).toEqual(['a1', 'a2', 'b1', 'b2', 'a3', 'b3']);
});

it('a sleeper wakes after its time, and the processor is idle meanwhile', () => {
  const { kernel } = boot();
  let slept = 0;
  runThread(kernel, function* () {
    const before = kernel.now;
    yield* kernel.scheduler.sleep(500 * US);
    slept = kernel.now - before;
  });
  expect(slept).toBeGreaterThanOrEqual(500 * US);
  expect(slept).toBeLessThan(510 * US);
  expect(kernel.processor.time.idle).toBeGreaterThanOrEqual(500 * US);
});

it('sleepers wake in the order of their times', () => {
  const { kernel } = boot();
  const order: number[] = [];
  for (const time of [30, 10, 20, 10]) {
    kernel.scheduler.spawn(
      String(time),
      (function* () {
        yield* kernel.scheduler.sleep(time * 100 * US);
        order.push(time);
      })(),
    );
  }
  kernel.scheduler.run(() => order.length === 4);
  expect(order).toEqual([10, 10, 20, 30]);
});

describe('a completion', () => {
  it('wakes the thread that waits, from a handler', () => {
    const { kernel, pull, handle } = boot();
    const completion = kernel.completion();
    handle(LINE_A, () => completion.complete());
    const before = kernel.now;
    runThread(kernel, function* () {
      pull(LINE_A, 300 * US);
      yield* completion.wait();
    });
    expect(kernel.now).toBeGreaterThanOrEqual(before + 300 * US);
  });

  it('done before the wait lets it pass at once, once for each', () => {
    const { kernel } = boot();
    const completion = kernel.completion();
    completion.complete();
    completion.complete();
    let passed = 0;
    expect(() =>
      runThread(kernel, function* () {
        for (; passed < 3; passed++) yield* completion.wait();
      }),
    ).toThrow(GuestHang);
    expect(passed).toBe(2);
  });

  it('done once lets one of two waiters pass', () => {
    const { kernel, later } = boot();
    const completion = kernel.completion();
    const passed: string[] = [];
    for (const name of ['a', 'b']) {
      kernel.scheduler.spawn(
        name,
        (function* () {
          yield* completion.wait();
          passed.push(name);
        })(),
      );
    }
    let asked = 0;
    later(100 * US, () => asked++);
    kernel.scheduler.spawn(
      'completer',
      (function* () {
        yield* kernel.scheduler.sleep(50 * US);
        completion.complete();
      })(),
    );
    expect(() => kernel.scheduler.run(() => passed.length === 2)).toThrow(GuestHang);
    expect(passed).toEqual(['a']);
    expect(asked).toBe(1);
  });
});

describe('a wait queue', () => {
  it('lets a thread pass whose condition holds', () => {
    const { kernel } = boot();
    const queue = kernel.waitQueue();
    runThread(kernel, () => queue.wait(() => true));
    expect(queue.active).toBe(false);
  });

  it('wakes all; those whose condition does not hold sleep on', () => {
    const { kernel } = boot();
    const queue = kernel.waitQueue();
    let level = 0;
    const passed: number[] = [];
    for (const need of [1, 2, 1]) {
      kernel.scheduler.spawn(
        `needs ${need}`,
        (function* () {
          yield* queue.wait(() => level >= need);
          passed.push(need);
        })(),
      );
    }
    kernel.scheduler.spawn(
      'waker',
      (function* () {
        for (level = 1; level <= 2; level++) {
          yield* kernel.scheduler.sleep(100 * US);
          queue.wake();
          yield* kernel.scheduler.yieldProcessor();
        }
      })(),
    );
    kernel.scheduler.run(() => passed.length === 3);
    expect(passed).toEqual([1, 1, 2]);
  });

  it('misses no wake-up that comes while the condition is being looked at', () => {
    const { kernel, pull, handle } = boot();
    const queue = kernel.waitQueue();
    let ready = false;
    handle(LINE_A, () => {
      ready = true;
      queue.wake();
    });
    runThread(kernel, function* () {
      pull(LINE_A, US);
      // A condition that takes time to look at, as one that reads a register does.
      yield* queue.wait(() => {
        const seen = ready;
        kernel.spend(5 * US);
        return seen;
      });
    });
    expect(ready).toBe(true);
    expect(queue.active).toBe(false);
  });
});

describe('a hang', () => {
  it('is found when every thread is blocked and nothing is pending', () => {
    const { kernel } = boot();
    expect(() => runThread(kernel, () => kernel.completion().wait())).toThrow(
      expect.objectContaining({ name: 'GuestHang', rule: 'KS-08' }),
    );
  });

  it('is not cried while an event is pending that may wake somebody', () => {
    const { kernel, later } = boot();
    const completion = kernel.completion();
    later(1_000_000 * US, () =>
      kernel.scheduler.spawn(
        'late',
        completerOf(() => completion.complete()),
      ),
    );
    runThread(kernel, () => completion.wait());
    expect(kernel.now).toBeGreaterThan(1_000_000 * US);
  });

  function* completerOf(action: () => void): Generator<void, void, void> {
    action();
  }
});

it('an engine in an endless chain is a hang of the guest after ten simulated seconds, not of the host (KS-08)', () => {
  const machine = new Machine(PLATFORMS.iop342, { dramBytes: 32 << 20, phases: 'coarse' });
  const kernel = new Kernel(machine);
  // a fill of 15 MiB that names itself as the next descriptor
  const words = [0x1000, 0x106, 0, 15 << 20, 1 << 20, 0];
  words.forEach((word, i) => machine.dram.setWord(0x1000 + 4 * i, word));
  kernel.scheduler.spawn('waits', kernel.completion().wait());
  kernel.writel(0xffd80024, 0x1000);
  kernel.writel(0xffd80000, 1);
  expect(() => kernel.scheduler.run(() => false)).toThrow(GuestHang);
  expect(machine.findings.all()).toEqual([expect.objectContaining({ kind: 'rule', rule: 'hw-iop13xx 4.1' })]);
});
