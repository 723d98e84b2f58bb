import { GuestPanic } from '../../../emulator/findings';
import { US } from '../board';
import { boot, LINE_A, runThread } from './world';

it('taking a spinlock twice is a guest panic that names both takers', () => {
  const { kernel } = boot();
  const lock = kernel.spinLock('chan->lock');
  lock.lock('prep');
  let caught: unknown;
  try {
    lock.lock('submit');
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(GuestPanic);
  expect(caught).toMatchObject({ rule: 'KS-02', where: 'submit' });
  expect((caught as Error).message).toMatch(/chan->lock.*submit.*prep/);
});

it('a handler that takes a lock its thread holds is that deadlock too; with interrupts off it is not', () => {
  const { kernel, pull, handle } = boot();
  const lock = kernel.spinLock('l');
  handle(LINE_A, () => {
    lock.lock('handler');
    lock.unlock();
  });
  lock.lockIrq('thread');
  pull(LINE_A, US);
  kernel.spend(2 * US);
  lock.unlockIrq();
  expect(lock.held).toBe(false);

  lock.lock('thread');
  pull(LINE_A, US);
  expect(() => kernel.spend(2 * US)).toThrow(/deadlock/);
});

it('a tasklet that takes a lock held with plain spin_lock deadlocks; held with the bh form it waits', () => {
  const { kernel, pull, handle } = boot();
  const lock = kernel.spinLock('l');
  let ran = 0;
  const tasklet = kernel.tasklets.create('t', () => {
    lock.lock('tasklet');
    ran++;
    lock.unlock();
  });
  handle(LINE_A, () => kernel.tasklets.schedule(tasklet));
  lock.lockBh('thread');
  pull(LINE_A, US);
  kernel.spend(3 * US);
  expect(ran).toBe(0);
  lock.unlockBh();
  expect(ran).toBe(1);

  lock.lock('thread');
  pull(LINE_A, US);
  expect(() => kernel.spend(3 * US)).toThrow(GuestPanic);
});

it('releasing what nobody holds is a finding', () => {
  const { kernel } = boot();
  kernel.spinLock('l').unlock();
  expect(kernel.findings.all()).toEqual([expect.objectContaining({ kind: 'rule', rule: 'KS-03', where: 'l' })]);
});

describe('blocking', () => {
  it.each(['lock', 'lockBh', 'lockIrq'] as const)('with a lock taken by %s is a finding', (how) => {
    const { kernel } = boot();
    const lock = kernel.spinLock('l');
    runThread(kernel, function* () {
      lock[how]('test');
      yield* kernel.scheduler.sleep(US);
      if (how === 'lock') lock.unlock();
      else if (how === 'lockBh') lock.unlockBh();
      else lock.unlockIrq();
    });
    expect(kernel.findings.all()).toEqual([expect.objectContaining({ kind: 'rule', rule: 'KS-01' })]);
  });

  it('after every lock is released is none', () => {
    const { kernel } = boot();
    const lock = kernel.spinLock('l');
    runThread(kernel, function* () {
      lock.lock('test');
      lock.unlock();
      lock.lockBh('test');
      lock.unlockBh();
      lock.lockIrq('test');
      lock.unlockIrq();
      yield* kernel.scheduler.sleep(US);
    });
    expect(kernel.findings.all()).toEqual([]);
  });

  it('outside any thread is a panic', () => {
    const { kernel } = boot();
    expect(() =>
      kernel
        .waitQueue()
        .wait(() => false)
        .next(),
    ).toThrow(expect.objectContaining({ rule: 'KS-01' }));
  });
});
