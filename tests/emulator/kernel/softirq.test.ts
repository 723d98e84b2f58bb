import { US } from '../board';
import { boot, LINE_A, LINE_B, runThread } from './world';

it('a tasklet raised by a handler runs at the exit of the handler, interrupts on', () => {
  const { kernel, pull, handle } = boot();
  const order: string[] = [];
  const tasklet = kernel.tasklets.create('t', () => {
    order.push(`${kernel.processor.context} ${kernel.processor.irqsOff}`);
  });
  handle(LINE_A, () => {
    kernel.tasklets.schedule(tasklet);
    order.push('handler');
  });
  pull(LINE_A, US);
  kernel.spend(2 * US);
  order.push(kernel.processor.context);
  expect(order).toEqual(['handler', 'softirq 0', 'idle']);
});

it('scheduled many times before it runs, a tasklet runs once; scheduled while it runs, once more', () => {
  const { kernel } = boot();
  let runs = 0;
  const tasklet = kernel.tasklets.create('t', () => {
    if (++runs === 1) kernel.tasklets.schedule(tasklet);
  });
  kernel.tasklets.disable();
  for (let i = 0; i < 5; i++) kernel.tasklets.schedule(tasklet);
  expect(runs).toBe(0);
  kernel.tasklets.enable();
  expect(runs).toBe(2);
  kernel.tasklets.schedule(tasklet);
  kernel.tasklets.runAtIrqExit();
  expect(runs).toBe(3);
});

it('tasklets run in the order they were raised', () => {
  const { kernel } = boot();
  const order: string[] = [];
  const tasklets = ['a', 'b', 'c'].map((name) => kernel.tasklets.create(name, () => order.push(name)));
  kernel.tasklets.disable();
  for (const i of [2, 0, 1, 2]) kernel.tasklets.schedule(tasklets[i]);
  kernel.tasklets.enable();
  expect(order).toEqual(['c', 'a', 'b']);
});

it('an interrupt inside a tasklet does not start another tasklet on top of it', () => {
  const { kernel, pull, handle } = boot();
  const order: string[] = [];
  const second = kernel.tasklets.create('second', () => order.push('second'));
  const first = kernel.tasklets.create('first', () => {
    order.push('first in');
    kernel.spend(10 * US);
    order.push('first out');
  });
  handle(LINE_A, () => kernel.tasklets.schedule(first));
  handle(LINE_B, () => {
    order.push('handler b');
    kernel.tasklets.schedule(second);
  });
  pull(LINE_A, 1 * US);
  pull(LINE_B, 6 * US);
  kernel.spend(20 * US);
  expect(order).toEqual(['first in', 'handler b', 'first out', 'second']);
});

it('with bottom halves off handlers run and tasklets wait for the outermost enable', () => {
  const { kernel, pull, handle } = boot();
  const order: string[] = [];
  const tasklet = kernel.tasklets.create('t', () => order.push('tasklet'));
  const [outer, inner] = [kernel.spinLock('outer'), kernel.spinLock('inner')];
  handle(LINE_A, () => {
    order.push('handler');
    kernel.tasklets.schedule(tasklet);
  });
  runThread(kernel, function* () {
    outer.lockBh('test');
    inner.lockBh('test');
    pull(LINE_A, US);
    kernel.spend(3 * US);
    order.push('inner');
    inner.unlockBh();
    kernel.spend(3 * US);
    order.push('outer');
    outer.unlockBh();
    order.push('after');
  });
  expect(order).toEqual(['handler', 'inner', 'outer', 'tasklet', 'after']);
});

it('a tasklet raised in a handler inside an interrupts-off section runs when that ends', () => {
  const { kernel } = boot();
  const lock = kernel.spinLock('l');
  let ran = false;
  const tasklet = kernel.tasklets.create('t', () => (ran = true));
  lock.lockIrq('test');
  kernel.tasklets.schedule(tasklet);
  kernel.tasklets.disable();
  kernel.tasklets.enable();
  expect(ran).toBe(false);
  lock.unlockIrq();
  expect(ran).toBe(true);
});

it('a killed tasklet does not run, and can be scheduled again', () => {
  const { kernel } = boot();
  let runs = 0;
  const tasklet = kernel.tasklets.create('t', () => runs++);
  kernel.tasklets.disable();
  kernel.tasklets.schedule(tasklet);
  kernel.tasklets.kill(tasklet);
  kernel.tasklets.enable();
  expect(runs).toBe(0);
  kernel.tasklets.schedule(tasklet);
  kernel.tasklets.runAtIrqExit();
  expect(runs).toBe(1);
});
