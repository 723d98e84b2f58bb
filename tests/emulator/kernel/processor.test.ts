import { GuestHang } from '../../../emulator/findings';
import { KIB, NS, US } from '../board';
import { boot, LINE_A, LINE_B, runThread } from './world';

describe('time', () => {
  it('passes exactly as long as is spent when nothing interrupts', () => {
    const { kernel } = boot();
    const before = kernel.now;
    kernel.spend(123_457);
    kernel.spend(0);
    expect(kernel.now).toBe(before + 123_457);
  });

  it('is lengthened by what a handler takes, not absorbed', () => {
    const { kernel, pull, handle } = boot();
    let inHandler = 0;
    handle(LINE_A, () => {
      const entered = kernel.now;
      kernel.spend(7 * US);
      inHandler = kernel.now - entered;
    });
    const before = kernel.now;
    const irqBefore = kernel.processor.time.hardirq;
    pull(LINE_A, 3 * US);
    kernel.spend(10 * US);
    const handlers = kernel.processor.time.hardirq - irqBefore;
    expect(inHandler).toBe(7 * US);
    expect(handlers).toBeGreaterThan(7 * US);
    expect(kernel.now).toBe(before + 10 * US + handlers);
  });

  it('is lengthened by handlers of two sources and the tasklet they raise', () => {
    const { kernel, pull, handle } = boot();
    const order: string[] = [];
    const tasklet = kernel.tasklets.create('t', () => {
      order.push('tasklet');
      kernel.spend(4 * US);
    });
    handle(LINE_A, () => {
      order.push('a');
      kernel.tasklets.schedule(tasklet);
      kernel.spend(2 * US);
    });
    handle(LINE_B, () => {
      order.push('b');
      kernel.spend(1 * US);
    });
    const before = { now: kernel.now, ...kernel.processor.time };
    pull(LINE_A, 1 * US);
    // Falls into the handler of A: taken when that ends, before the tasklet or nested in it.
    pull(LINE_B, 3 * US);
    kernel.spend(5 * US);
    const { hardirq, softirq } = kernel.processor.time;
    expect(order.sort()).toEqual(['a', 'b', 'tasklet']);
    expect(kernel.now - before.now).toBe(5 * US + (hardirq - before.hardirq) + (softirq - before.softirq));
    expect(softirq - before.softirq).toBeGreaterThan(4 * US);
    expect(hardirq - before.hardirq).toBeGreaterThan(3 * US);
  });

  it('is accounted to one context or another to the last picosecond', () => {
    const { machine, kernel, pull, handle, later } = boot();
    handle(LINE_A, () => kernel.spend(2 * US));
    const completion = kernel.completion();
    handle(LINE_B, () => completion.complete());
    pull(LINE_A, 20 * US);
    pull(LINE_B, 90 * US);
    later(70 * US, () => undefined);
    runThread(kernel, function* () {
      kernel.spend(30 * US);
      kernel.readl(0xffd8_0004);
      kernel.writel(0xffd8_0018, 1);
      kernel.store32(0x100, 1);
      kernel.load32(0x100);
      yield* completion.wait();
      yield* kernel.scheduler.sleep(12 * US);
      kernel.processor.relax('KS-08', 'test', kernel.now + US);
    });
    const sum = Object.values(kernel.processor.time).reduce((total, part) => total + part, 0);
    expect(sum).toBe(machine.sim.now);
  });
});

describe('an interrupt', () => {
  it('is taken at the moment its line goes up, in the middle of what is being spent', () => {
    const { kernel, pull, handle } = boot();
    const before = kernel.now;
    let entered = 0;
    handle(LINE_A, () => (entered = kernel.now));
    const asked = kernel.now;
    pull(LINE_A, 3 * US);
    kernel.spend(1000 * US);
    expect(entered).toBeGreaterThanOrEqual(asked + 3 * US);
    expect(entered).toBeLessThan(asked + 4 * US);
    expect(before).toBeLessThan(asked + 1);
    expect(kernel.interrupts.counts.get(LINE_A)).toBe(1);
    expect(kernel.interrupts.total).toBe(1);
  });

  it('runs in hard interrupt context and leaves the interrupted one as it was', () => {
    const { kernel, pull, handle } = boot();
    const seen: string[] = [];
    handle(LINE_A, () => seen.push(kernel.processor.context, String(kernel.inIrq), String(kernel.atomic)));
    runThread(kernel, function* () {
      pull(LINE_A, 1 * US);
      kernel.spend(2 * US);
      seen.push(kernel.processor.context, String(kernel.inIrq), String(kernel.atomic));
    });
    expect(seen).toEqual(['hardirq', 'true', 'true', 'thread', 'false', 'false']);
  });

  it('waits as long as interrupts are off', () => {
    const { kernel, pull, handle } = boot();
    const lock = kernel.spinLock('l');
    const order: string[] = [];
    handle(LINE_A, () => order.push('handler'));
    pull(LINE_A, 1 * US);
    lock.lockIrq('test');
    kernel.spend(10 * US);
    order.push('unlock');
    lock.unlockIrq();
    order.push('after');
    expect(order).toEqual(['unlock', 'handler', 'after']);
  });

  it('waits until the outermost of nested sections turns interrupts on', () => {
    const { kernel, pull, handle } = boot();
    const [outer, inner] = [kernel.spinLock('outer'), kernel.spinLock('inner')];
    let taken = 0;
    handle(LINE_A, () => taken++);
    pull(LINE_A, 0);
    outer.lockIrq('test');
    inner.lockIrq('test');
    inner.unlockIrq();
    kernel.spend(US);
    expect(taken).toBe(0);
    outer.unlockIrq();
    expect(taken).toBe(1);
  });

  it('does not nest in another handler; it follows it', () => {
    const { kernel, pull, handle } = boot();
    const order: string[] = [];
    handle(LINE_A, () => {
      order.push('a in');
      kernel.spend(5 * US);
      order.push('a out');
    });
    handle(LINE_B, () => order.push('b'));
    pull(LINE_A, 1 * US);
    pull(LINE_B, 3 * US);
    kernel.spend(10 * US);
    expect(order).toEqual(['a in', 'a out', 'b']);
  });

  it('is not taken while the core is stalled on a register read, but right after it', () => {
    const { machine, kernel, handle, pull } = boot();
    let at = 0;
    handle(LINE_A, () => (at = kernel.now));
    const before = kernel.now;
    pull(LINE_A, 10 * NS);
    kernel.readl(0xffd8_0004);
    expect(at).toBeGreaterThanOrEqual(before + machine.timing.MMIO_RD);
  });

  it('without a handler is masked, with a finding', () => {
    const { machine, kernel, pull } = boot();
    kernel.processor.writeCp6(0, 4, 1 << LINE_A);
    pull(LINE_A, 0);
    kernel.spend(100 * US);
    expect(kernel.findings.all()).toEqual([expect.objectContaining({ kind: 'rule', rule: 'KS-07' })]);
    expect(machine.intc.irqAsserted).toBe(false);
  });

  it('whose handler never quietens its source is a hang, not an endless loop of ours', () => {
    const { kernel, pull } = boot();
    kernel.interrupts.request(LINE_A, 'deaf', () => undefined);
    pull(LINE_A, 0);
    expect(() => kernel.spend(US)).toThrow(GuestHang);
  });

  it('no longer comes after its handler is freed', () => {
    const { kernel, pull, handle } = boot();
    let taken = 0;
    handle(LINE_A, () => taken++);
    kernel.interrupts.free(LINE_A);
    pull(LINE_A, 0);
    kernel.spend(US);
    expect(taken).toBe(0);
    expect(kernel.findings.all()).toEqual([]);
  });
});

describe('registers', () => {
  it('are written behind the back of the core: a read is sampled half way through its stall', () => {
    const { machine, kernel } = boot();
    const before = kernel.now;
    kernel.writel(0xffd8_0018, 0x55);
    expect(kernel.now - before).toBeLessThan(machine.timing.MMIO_WR);
    expect(machine.sampleRegister(0xffd8_0018)).toBe(0);
    expect(kernel.readl(0xffd8_0018)).toBe(0x55);
  });

  it('see writes in the order they were made', () => {
    const { kernel } = boot();
    for (let i = 1; i <= 5; i++) kernel.writel(0xffd8_0018, i);
    kernel.spend(US);
    expect(kernel.readl(0xffd8_0018)).toBe(5);
  });
});

describe('a spin', () => {
  it('jumps from event to event and takes interrupts', () => {
    const { kernel, pull, handle } = boot();
    let flag = false;
    handle(LINE_A, () => (flag = true));
    const before = kernel.now;
    pull(LINE_A, 50 * US);
    while (!flag) kernel.processor.relax('KS-08', 'test');
    expect(kernel.now).toBeGreaterThanOrEqual(before + 50 * US);
    expect(kernel.now).toBeLessThan(before + 52 * US);
  });

  it('looks again before it jumps when something happened while it looked', () => {
    const { kernel, pull, handle } = boot();
    const before = kernel.now;
    let [flag, seen] = [false, false];
    handle(LINE_A, () => (flag = true));
    handle(LINE_B, () => undefined);
    pull(LINE_A, 5 * US);
    pull(LINE_B, 9000 * US);
    // What is looked at is old by the time the look is over, for the line goes up in between.
    while (!seen) {
      seen = flag;
      kernel.spend(10 * US);
      if (!seen) kernel.processor.relax('KS-08', 'test', before + 5000 * US);
    }
    expect(kernel.now).toBeLessThan(before + 50 * US);
  });

  it('that nothing can end is a hang under the rule of the spinner', () => {
    const { kernel } = boot();
    expect(() => kernel.processor.relax('SW-01', 'dma_sync_wait')).toThrow(
      expect.objectContaining({ name: 'GuestHang', rule: 'SW-01', where: 'dma_sync_wait' }),
    );
  });

  it('with interrupts off does not count on an interrupt', () => {
    const { kernel, pull, handle } = boot();
    handle(LINE_A, () => undefined);
    pull(LINE_A, 0);
    kernel.processor.irqsOff++;
    kernel.processor.relax('KS-08', 'test');
    expect(() => kernel.processor.relax('KS-08', 'test')).toThrow(GuestHang);
  });
});

it('starts no thread and has no finding after boot', () => {
  const { kernel } = boot({ dramBytes: 64 * KIB });
  expect(kernel.findings.all()).toEqual([]);
  expect(kernel.log).toEqual([]);
  kernel.printk('hello');
  expect(kernel.log).toEqual([{ time: kernel.now, text: 'hello' }]);
});
