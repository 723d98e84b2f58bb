import { IOP_ADMA_STEPS, IOP_ADMA_STEPS_OF_LINUX } from '../../../dmaengine/iop-adma/steps';
import { GuestPanic } from '../../../emulator/findings';
import { ACK, granted, INT, submit, World } from './world';

/** ACSR bits, retyped from hw-iop13xx 2.2. */
const EOT = 1 << 12;
const EOC = 1 << 11;

describe('the handlers of end of transfer and end of chain', () => {
  it('schedule the tasklet, then clear their own bit and no other (IA-71)', () => {
    const world = new World();
    const chan = world.channel();
    const order: string[] = [];
    jest.spyOn(world.kernel, 'readl').mockReturnValue(EOT | EOC | 0x2000);
    jest.spyOn(world.kernel, 'writel').mockImplementation((address, value) => {
      order.push(`0x${(address - world.engine.unit.base).toString(16)} := 0x${value.toString(16)}`);
    });
    jest.spyOn(world.kernel.tasklets, 'schedule').mockImplementation(() => order.push('schedule'));
    chan.steps.eot(chan);
    chan.steps.eoc(chan);
    expect(order).toEqual(['schedule', '0x4 := 0x1000', 'schedule', '0x4 := 0x800']);
  });

  it('lose no interrupt of the other kind: both bits stand, both lines are served', () => {
    const world = new World();
    const chan = world.channel();
    const calls = jest.fn();
    world.call(() => {
      // Interrupts off, so that the first completes as a transfer and the last as a chain meanwhile.
      world.kernel.processor.irqsOff++;
      for (let i = 0; i < 2; i++) {
        const tx = granted(chan.device.devicePrepDmaMemcpy!(chan, 0x8000, 0x9000, 64, ACK | INT));
        tx.callback = calls;
        submit(tx);
      }
      chan.device.deviceIssuePending!(chan);
      world.kernel.spend(1e8);
      expect(world.machine.intc.asserted()).toEqual([0, 1]);
      world.kernel.processor.irqsOff--;
      world.kernel.spend(0);
    });
    expect(world.machine.intc.asserted()).toEqual([]);
    expect(calls).toHaveBeenCalledTimes(2);
  });

  it('that come for nothing change nothing (IA-75)', () => {
    const world = new World();
    const chan = world.channel();
    const state = (): unknown[] => [
      chan.chain.length,
      chan.pool!.free,
      chan.completedCookie,
      chan.cookie,
      chan.pending,
    ];
    const before = state();
    world.call(() => {
      chan.steps.eot(chan);
      chan.steps.eoc(chan);
      world.kernel.tasklets.runAtIrqExit();
    });
    expect(state()).toEqual(before);
    expect(world.rules()).toEqual([]);
  });

  it('that come after the resources are gone change nothing (O-13)', () => {
    const world = new World();
    const chan = world.channel();
    world.call(() => {
      chan.device.deviceFreeChanResources!(chan);
      chan.steps.eot(chan);
      world.kernel.tasklets.runAtIrqExit();
    });
    expect(world.rules()).toEqual([]);
  });
});

describe('callbacks', () => {
  it('run in soft interrupt context with the channel locked (SW-13, IA-64, IA-73)', () => {
    const world = new World();
    const chan = world.channel();
    let seen: readonly unknown[] = [];
    world.call(() => {
      const tx = granted(chan.device.devicePrepDmaMemcpy!(chan, 0x8000, 0x9000, 64, ACK | INT));
      tx.callback = () => (seen = [world.kernel.processor.context, chan.lock.held]);
      submit(tx);
      chan.device.deviceIssuePending!(chan);
    });
    world.settle();
    expect(seen).toEqual(['softirq', true]);
  });

  it("run in the caller's context when the caller polls (IA-70, DX-06)", () => {
    const world = new World();
    const chan = world.channel();
    let seen: readonly unknown[] = [];
    world.call(() => {
      const tx = granted(chan.device.devicePrepDmaMemcpy!(chan, 0x8000, 0x9000, 64, ACK));
      tx.callback = () => (seen = [world.kernel.processor.context, chan.lock.held]);
      const cookie = submit(tx);
      chan.device.deviceIssuePending!(chan);
      expect(chan.device.deviceTxStatus!(chan, cookie)).toBe('in_progress');
      world.kernel.spend(1e8);
      expect(seen).toEqual([]);
      expect(chan.device.deviceTxStatus!(chan, cookie)).toBe('complete');
    });
    expect(seen).toEqual(['thread', true]);
  });
});

describe('status', () => {
  it('does not touch the hardware when the cookie reads complete (IA-70)', () => {
    const world = new World();
    const chan = world.channel();
    const reads = jest.spyOn(world.kernel, 'readl');
    world.call(() => expect(chan.device.deviceTxStatus!(chan, chan.completedCookie)).toBe('complete'));
    expect(reads).not.toHaveBeenCalled();
  });

  it('reports the last cookies and residue 0 (CK-13)', () => {
    const world = new World();
    const chan = world.channel();
    const state = { last: 0, used: 0, residue: 7 };
    world.call(() => {
      submit(chan.device.devicePrepDmaInterrupt!(chan, ACK));
      chan.device.deviceTxStatus!(chan, chan.cookie, state);
    });
    expect(state).toEqual({ last: chan.completedCookie, used: chan.cookie, residue: 0 });
  });
});

describe('hard interrupt context', () => {
  it.each(['prep', 'submit', 'cleanup'])('is no place for %s (IA-78)', (what) => {
    const world = new World();
    let armed = false;
    const chan = world.channel({
      steps: {
        ...IOP_ADMA_STEPS,
        eoc: (on) => {
          IOP_ADMA_STEPS.eoc(on);
          if (!armed) return;
          armed = false;
          if (what === 'prep') on.device.devicePrepDmaInterrupt!(on, ACK);
          else if (what === 'submit') submit(spare);
          else on.steps.cleanup(on);
        },
      },
    });
    const spare = world.call(() => granted(chan.device.devicePrepDmaInterrupt!(chan, ACK)));
    armed = true;
    world.call(() => {
      submit(chan.device.devicePrepDmaInterrupt!(chan, ACK));
      chan.device.deviceIssuePending!(chan);
    });
    world.settle();
    expect(world.rules().filter((text) => text.startsWith('IA-78'))).toHaveLength(1);
  });
});

describe('an error interrupt', () => {
  it.each([
    ['mcu-abort', 'mcu_abort'],
    ['master-abort', 'int_mabort'],
    ['target-abort', 'int_tabort'],
    ['parity', 'int_parity'],
  ] as const)('names %s, clears it and stops the machine of the driver of Linux (IA-72)', (kind, name) => {
    const world = new World();
    const chan = world.channel({ steps: IOP_ADMA_STEPS_OF_LINUX });
    world.machine.faults.inject({ kind, address: 0x9000, length: 64, access: 'read', times: 1 });
    world.call(() => {
      submit(chan.device.devicePrepDmaMemcpy!(chan, 0x8000, 0x9000, 64, ACK));
      chan.device.deviceIssuePending!(chan);
    });
    let panic: unknown;
    try {
      world.settle();
    } catch (error) {
      panic = error;
    }
    expect(panic).toBeInstanceOf(GuestPanic);
    expect((panic as GuestPanic).rule).toBe('IA-72');
    expect(world.kernel.log.at(-1)?.text).toBe(`iop-adma.0: error ( ${name} )`);
    world.machine.sim.advanceTo(world.kernel.now + 1e6);
    expect(world.machine.intc.asserted()).toEqual([]);
  });
});
