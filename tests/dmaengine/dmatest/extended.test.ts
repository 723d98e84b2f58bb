import type { DmaChan, DmaDevice } from '../../../dmaengine/device';
import { asyncTxTestAck } from '../../../dmaengine/descriptor';
import { extendedTestsOf } from '../../../dmaengine/dmatest/extended';
import type { DmaTestParameters } from '../../../dmaengine/dmatest/parameters';
import { DMATEST_DEFAULTS } from '../../../dmaengine/dmatest/parameters';
import type { DmaTestSummary } from '../../../dmaengine/dmatest/thread';
import { DmaEngine } from '../../../dmaengine/engine';
import { DmaCtrl } from '../../../dmaengine/flags';
import { iopAdmaProbe } from '../../../dmaengine/iop-adma/probe';
import type { IopAdmaSteps } from '../../../dmaengine/iop-adma/steps';
import { IOP_ADMA_STEPS } from '../../../dmaengine/iop-adma/steps';
import type { IopAdmaSlot } from '../../../dmaengine/iop-adma/slots';
import { Kernel } from '../../../emulator/kernel/kernel';
import type { PlatformName } from '../../../emulator/platforms';
import { PLATFORMS } from '../../../emulator/platforms';
import { Machine } from '../../../emulator/platforms/machine';
import { SeededRandom } from '../../../emulator/sim/random';

/** Steps that misbehave only once `armed` is set, after the self-tests. */
interface Switch {
  armed: boolean;
}

interface Setup {
  readonly platform?: PlatformName;
  readonly engine?: number;
  readonly parameters?: Partial<DmaTestParameters>;
  readonly steps?: (when: Switch) => Partial<IopAdmaSteps>;
  readonly spoil?: (device: DmaDevice, bytes: Uint8Array) => void;
}

/** One extended test on one channel, the last of an iop342 unless told. */
function run(test: string, setup: Setup = {}): { summary: DmaTestSummary; kernel: Kernel; classes: string[] } {
  const { platform = 'iop342', engine = 2, parameters = {}, steps, spoil } = setup;
  const kernel = new Kernel(new Machine(PLATFORMS[platform]));
  const when: Switch = { armed: false };
  let summary: DmaTestSummary | undefined;
  kernel.scheduler.spawn(
    'test',
    (function* () {
      const dma = new DmaEngine(kernel);
      const record = PLATFORMS[platform].engines[engine];
      const device = (yield* iopAdmaProbe(kernel, record, 'iop-adma.0', {
        steps: { ...IOP_ADMA_STEPS, ...steps?.(when) },
      }))!;
      dma.registerDevice(device);
      dma.get();
      when.armed = true;
      spoil?.(device, kernel.machine.dram.bytes);
      const all = { ...DMATEST_DEFAULTS, iterations: 12, bufSize: 4096, ...parameters };
      const { make } = extendedTestsOf(device.channel).find(({ name }) => name === test)!;
      summary = yield* make(dma, all, new SeededRandom(5), test).run();
    })(),
  );
  kernel.scheduler.run(() => summary !== undefined);
  const classes = summary!.messages.flatMap((message) => /result #\d+: '([^']+)'/.exec(message)?.[1] ?? []);
  return { summary: summary!, kernel, classes: [...new Set(classes)] };
}

type Preps = Required<
  Pick<DmaDevice, 'devicePrepDmaXor' | 'devicePrepDmaPq' | 'devicePrepDmaMemcpy' | 'deviceTxStatus'>
>;

/** Puts a routine in place of the device's own, which it is given. */
function replace<K extends keyof Preps>(name: K, make: (good: Preps[K]) => Preps[K]): (device: DmaDevice) => void {
  return (device) => Object.assign(device, { [name]: make((device as Preps)[name]) });
}

const WHERE: readonly (readonly [PlatformName, number, readonly string[]])[] = [
  ['iop342', 2, ['xor-data', 'pq-data', 'pq-single', 'pq-continue', 'xor-val', 'pq-val', 'late-ack', 'exhaustion']],
  ['iop342', 0, ['xor-data', 'xor-val', 'late-ack', 'exhaustion']],
  ['iop331', 2, ['xor-data', 'xor-val', 'late-ack', 'exhaustion']],
  ['iop321', 0, ['late-ack', 'exhaustion']],
];
const EACH = WHERE.flatMap(([platform, engine, tests]) => tests.map((test) => [test, platform, engine] as const));

describe('what the kernel’s dmatest leaves out', () => {
  it.each(EACH)('passes a good driver: %s on %s, engine %i, by interrupt and polled', (test, platform, engine) => {
    for (const polled of [false, true]) {
      const { summary, kernel } = run(test, { platform, engine, parameters: { polled } });
      expect(summary).toMatchObject({ tests: 12, failures: 0, messages: [] });
      expect(summary.bytes).toBeGreaterThan(12);
      expect(kernel.dma.live).toBe(0);
      expect(kernel.findings.all()).toEqual([]);
    }
  });

  it('asks no channel for what it cannot do', () => {
    const chan = { device: { capMask: new Set() } } as unknown as DmaChan;
    expect(extendedTestsOf(chan)).toEqual([]);
  });
});

describe('sums of own data', () => {
  it('find a source that is left out, whose bytes dmatest would not miss in an even number', () => {
    const { summary, classes } = run('xor-data', {
      spoil: replace('devicePrepDmaXor', (good) => (chan, dest, srcs, count, len, flags) => {
        return good(chan, dest, srcs.slice(1), count - 1, len, flags);
      }),
    });
    expect(classes).toEqual(['data error']);
    expect(summary.failures).toBe(12);
    expect(summary.messages[0]).toMatch(/^xor-data: P\[0x[0-9a-f]+\] wrong! Expected/);
  });

  it('find coefficients that are all taken for 1 (PQ-01)', () => {
    const { summary, classes } = run('pq-data', {
      spoil: replace('devicePrepDmaPq', (good) => (chan, dst, srcs, count, scf, len, flags) => {
        const ones = scf.map(() => 1);
        return good(chan, dst, srcs, count, ones, len, flags);
      }),
    });
    expect(classes).toEqual(['data error']);
    expect(summary.messages[0]).toMatch(/Q\[0x[0-9a-f]+\] wrong!/);
    expect(summary.messages.some((message) => message.includes('P['))).toBe(false);
  });

  it('find bytes written behind the region', () => {
    const { summary } = run('pq-data', {
      parameters: { transferSize: 512 },
      spoil: replace('devicePrepDmaPq', (good) => (chan, dst, srcs, count, scf, len, flags) => {
        return good(chan, dst, srcs, count, scf, len + 1, flags);
      }),
    });
    expect(summary.messages.some((message) => message.includes('written outside its region!'))).toBe(true);
  });

  it('find a P that is written though nobody wants it (PQ-05)', () => {
    const { summary } = run('pq-single', {
      spoil: replace('devicePrepDmaPq', (good) => (chan, [p, q], srcs, count, scf, len, flags) => {
        // The buffer of P lies right before that of Q.
        const wanted = flags & DmaCtrl.PREP_PQ_DISABLE_P ? q - 4096 : p;
        return good(chan, [wanted, q], srcs, count, scf, len, flags & ~DmaCtrl.PREP_PQ_DISABLE_P);
      }),
    });
    expect(summary.messages.some((message) => message.includes('] written though disabled!'))).toBe(true);
  });

  it('find a continuation that starts anew (IA-28)', () => {
    const { classes } = run('pq-continue', {
      spoil: replace('devicePrepDmaPq', (good) => (chan, dst, srcs, count, scf, len, flags) => {
        return good(chan, dst, srcs, count, scf, len, flags & ~DmaCtrl.PREP_CONTINUE);
      }),
    });
    expect(classes).toEqual(['data error']);
  });

  it('find a source that is overwritten', () => {
    let source = 0;
    const { summary } = run('xor-data', {
      spoil: (device, bytes) => {
        replace('devicePrepDmaXor', (good) => (chan, dest, srcs, ...more) => {
          [source] = srcs;
          return good(chan, dest, srcs, ...more);
        })(device);
        replace('deviceTxStatus', (good) => (chan, cookie, state) => {
          bytes[source] ^= 1;
          return good(chan, cookie, state);
        })(device);
      },
    });
    expect(summary.messages[0]).toMatch(/srcbuf0\[0x[0-9a-f]+\] overwritten!/);
  });

  it('say so when no descriptor can be had', () => {
    for (const test of ['xor-data', 'pq-continue']) {
      const { classes } = run(test, {
        spoil: (device) => {
          Object.assign(device, { devicePrepDmaXor: () => null, devicePrepDmaPq: () => null });
        },
      });
      expect(classes).toEqual(['prep error']);
    }
  });
});

describe('check operations', () => {
  const storing =
    (value: (right: number) => number) =>
    (when: Switch): Partial<IopAdmaSteps> => ({
      collectResult: (chan, slot) => {
        IOP_ADMA_STEPS.collectResult(chan, slot);
        if (when.armed && slot.checkResult !== undefined) slot.checkResult.value = value(slot.checkResult.value);
      },
    });

  it.each(['xor-val', 'pq-val'])('of wrong data must not pass: %s (XV-01, PV-02)', (test) => {
    expect(run(test, { steps: storing(() => 0) }).classes).toEqual(['check passed wrong data']);
  });

  it.each(['xor-val', 'pq-val'])('of right data must pass: %s (XV-01, PV-02)', (test) => {
    expect(run(test, { steps: storing((right) => right || 1) }).classes).toEqual(['check refused right data']);
  });

  it('must blame the sum that is wrong (CF-06)', () => {
    const swapped = (right: number): number => ((right & 1) << 1) | (right >> 1);
    const { classes } = run('pq-val', { steps: storing(swapped), parameters: { iterations: 40 } });
    expect(classes).toEqual(['check blamed the wrong sum']);
  });

  it.each(['xor-val', 'pq-val'])('must leave a result: %s (XV-06, IA-56)', (test) => {
    const { classes } = run(test, { steps: (when) => (when.armed ? {} : { collectResult: collectUntil(when) }) });
    expect(classes).toEqual(['check left no result']);
  });

  it('must leave memory alone (PV-04)', () => {
    const { summary } = run('pq-val', {
      spoil: (device, bytes) => {
        const routines = device as Required<Pick<DmaDevice, 'devicePrepDmaPqVal'>>;
        const good = routines.devicePrepDmaPqVal;
        let first = 0;
        routines.devicePrepDmaPqVal = (chan, pq, srcs, ...more) => {
          [first] = srcs;
          return good(chan, pq, srcs, ...more);
        };
        replace('deviceTxStatus', (status) => (chan, cookie, state) => {
          bytes[first] ^= 1;
          return status(chan, cookie, state);
        })(device);
      },
    });
    expect(summary.messages[0]).toMatch(/operand 0\[0x[0-9a-f]+\] overwritten by a check!/);
  });
});

/** Collects results as it should until the switch is set, then none. */
function collectUntil(when: Switch): IopAdmaSteps['collectResult'] {
  return (chan, slot) => {
    if (!when.armed) IOP_ADMA_STEPS.collectResult(chan, slot);
  };
}

describe('the descriptor pool', () => {
  const parameters = { iterations: 2, timeout: 50 };

  it('must not recycle what is not acked (IA-59)', () => {
    const steps = (when: Switch): Partial<IopAdmaSteps> => ({
      cleanSlot: (chan, slot) => {
        if (when.armed) slot.flags |= DmaCtrl.CTRL_ACK;
        return IOP_ADMA_STEPS.cleanSlot(chan, slot);
      },
    });
    expect(run('late-ack', { steps, parameters }).classes).toContain('recycled before its ack');
  });

  it('must recycle what is acked late (IA-59, IA-60)', () => {
    const seen = new WeakSet<IopAdmaSlot>();
    const steps = (when: Switch): Partial<IopAdmaSteps> => ({
      cleanSlot: (chan, slot) => {
        if (when.armed && !asyncTxTestAck(slot)) seen.add(slot);
        return seen.has(slot) ? false : IOP_ADMA_STEPS.cleanSlot(chan, slot);
      },
    });
    expect(run('late-ack', { steps, parameters }).classes).toContain('not recycled after its ack');
  });

  it('must complete an operation once, however long it waits for its ack (AX-41, IA-57)', () => {
    const steps = (when: Switch): Partial<IopAdmaSteps> => ({
      complete: (chan, slot, newest, result) => {
        const { callback } = slot;
        const before = slot.cookie;
        const cookie = IOP_ADMA_STEPS.complete(chan, slot, newest, result);
        if (when.armed && before === 0) callback?.();
        return cookie;
      },
    });
    expect(run('late-ack', { steps, parameters }).classes).toContain('callback repeated');
  });

  it('must complete every operation (AX-41)', () => {
    const losing = (when: Switch): Partial<IopAdmaSteps> => {
      let count = 0;
      return {
        complete: (chan, slot, newest, result) => {
          if (when.armed && slot.cookie > 0 && ++count % 50 === 0) slot.callback = undefined;
          return IOP_ADMA_STEPS.complete(chan, slot, newest, result);
        },
      };
    };
    const { classes } = run('exhaustion', { steps: losing, parameters });
    expect(classes).toEqual(expect.arrayContaining(['test timed out', 'callback lost']));
  });

  it('must complete operations in the order of submission (IA-50)', () => {
    const swapping = (when: Switch): Partial<IopAdmaSteps> => {
      let late: (() => void) | undefined;
      return {
        complete: (chan, slot, newest, result) => {
          const { callback } = slot;
          if (when.armed && slot.cookie > 0 && callback !== undefined) {
            const first = late;
            late = first === undefined ? callback : undefined;
            slot.callback = first === undefined ? undefined : () => (callback(), first());
          }
          return IOP_ADMA_STEPS.complete(chan, slot, newest, result);
        },
      };
    };
    expect(run('exhaustion', { steps: swapping, parameters }).classes).toContain('callbacks out of order');
  });

  it('must have all its descriptors at the start of every test (IA-12, IA-42)', () => {
    const leaking = (when: Switch): Partial<IopAdmaSteps> => ({
      cleanSlot: (chan, slot) => (when.armed && slot.index === 77 ? false : IOP_ADMA_STEPS.cleanSlot(chan, slot)),
    });
    const { summary, classes } = run('exhaustion', { steps: leaking, parameters });
    expect(classes).toContain('descriptors lost');
    expect(summary.messages[0]).toMatch(/with \d+ of 128 descriptors/);
  });

  it('must yield descriptors again after it was empty (IA-11, XR-12)', () => {
    const keeping = (when: Switch): Partial<IopAdmaSteps> => ({
      cleanSlot: (chan, slot) => (when.armed ? false : IOP_ADMA_STEPS.cleanSlot(chan, slot)),
    });
    expect(run('exhaustion', { steps: keeping, parameters }).classes).toContain('no descriptor');
  });

  it('must come to an end (IA-11)', () => {
    const endless = replace('devicePrepDmaMemcpy', (good) => {
      let last: ReturnType<typeof good> = null;
      return (...call) => (last = good(...call) ?? last);
    });
    expect(run('exhaustion', { spoil: endless, parameters: { ...parameters, iterations: 1 } }).classes).toContain(
      'pool never ran out',
    );
  });

  it('must move the right bytes', () => {
    const shifted = replace('devicePrepDmaMemcpy', (good) => (chan, dest, src, len, flags) => {
      return good(chan, dest, src + 1, len - 1, flags);
    });
    expect(run('exhaustion', { spoil: shifted, parameters }).classes).toEqual(['data error']);
  });
});
