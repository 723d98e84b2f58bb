import type { AsyncTxResult } from '../../async_tx/async-tx';
import { asyncMemcpy } from '../../async_tx/memcpy';
import { asyncMemset } from '../../async_tx/memset';
import type { AsyncSubmit } from '../../async_tx/submit';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import { asyncXorVal } from '../../async_tx/xor-val';
import { asyncXor } from '../../async_tx/xor';
import { asyncTriggerCallback } from '../../async_tx/trigger-callback';
import { PLATFORMS } from '../../emulator/platforms';
import { AsyncWorld, BOTH, expectBytes, nothingLeft, queued } from './world';

const { ACK, XOR_ZERO_DST } = AsyncTxFlags;

/** Runs one operation to its end: how often its callback ran, in which context, before it returned or after. */
function runOne(world: AsyncWorld, operation: (submit: AsyncSubmit) => AsyncTxResult, flags: number = ACK) {
  const contexts: string[] = [];
  let early = 0;
  const tx = world.call(() => {
    const result = operation(initAsyncSubmit(flags, null, () => contexts.push(world.kernel.processor.context)));
    early = contexts.length;
    return result;
  });
  world.finish();
  return { tx, contexts, early };
}

describe.each(BOTH)('%s', (where, platform) => {
  const engines = platform.engines.length;

  it.each([
    [0, 0, 4096],
    [0, 0, 1],
    [512, 2048, 1024],
    [3, 17, 1000],
  ])('memcpy to offset %i from offset %i moves %i bytes and no other (MC-01)', (to, from, length) => {
    const world = new AsyncWorld(platform);
    const src = world.noise(1);
    const dest = world.noise(2);
    const expected = world.bytes(dest).slice();
    expected.set(world.bytes(src).subarray(from, from + length), to);
    const { contexts } = runOne(world, (submit) => asyncMemcpy(world.api, dest, src, to, from, length, submit));
    expectBytes(world.bytes(dest), expected);
    expect(contexts).toHaveLength(1);
    expect(world.leftovers()).toEqual(nothingLeft(engines));
    expect(world.rules()).toEqual([]);
  });

  it.each([0x00, 0xff, 0x5a, 0x1a5])(
    'memset, which Linux has no more, fills with the low byte of %i (MC-04, DX-08)',
    (value) => {
      const world = new AsyncWorld(platform);
      const dest = world.noise(3);
      const expected = world.bytes(dest).slice().fill(value, 100, 1100);
      const { contexts } = runOne(world, (submit) => asyncMemset(world.api, dest, value, 100, 1000, submit));
      expectBytes(world.bytes(dest), expected);
      expect(contexts).toHaveLength(1);
      expect(world.leftovers()).toEqual(nothingLeft(engines));
      expect(world.rules()).toEqual([]);
    },
  );

  it('says by its return value whether an operation was queued (AX-03)', () => {
    const world = new AsyncWorld(platform);
    const [a, b] = [world.noise(1), world.noise(2)];
    const operations: ((submit: AsyncSubmit) => AsyncTxResult)[] = [
      (submit) => asyncMemcpy(world.api, a, b, 0, 0, 64, submit),
      (submit) => asyncMemset(world.api, a, 7, 0, 64, submit),
      (submit) => asyncXor(world.api, a, [b, b], 0, 64, { ...submit, flags: ACK | XOR_ZERO_DST }),
      (submit) => asyncXorVal(world.api, a, [a, b], 0, 64, { value: 0 }, submit),
    ];
    for (const operation of operations) expect(runOne(world, operation).tx !== null).toBe(engines > 0);
    // The check of the software path is an xor and a look at the sum (XV-04).
    const { engine, software } = world.api.statistics;
    expect({ engine, software }).toEqual(engines > 0 ? { engine: 4, software: 0 } : { engine: 0, software: 5 });
  });

  it('calls back once: from a soft interrupt, or from the caller before the function returns (AX-04, AX-54, SW-13)', () => {
    const world = new AsyncWorld(platform);
    const [a, b] = [world.noise(1), world.noise(2)];
    const { contexts, early } = runOne(world, (submit) => asyncMemcpy(world.api, a, b, 0, 0, 4096, submit));
    expect({ where, contexts, early }).toEqual(
      engines > 0 ? { where, contexts: ['softirq'], early: 0 } : { where, contexts: ['thread'], early: 1 },
    );
  });

  it('trigger_callback without a dependency calls back at once, in the caller (AX-52)', () => {
    const world = new AsyncWorld(platform);
    const { tx, contexts, early } = runOne(world, (submit) => asyncTriggerCallback(world.api, submit));
    expect({ tx, contexts, early }).toEqual({ tx: null, contexts: ['thread'], early: 1 });
  });

  it('finds an operation in interrupt context (AX-11)', () => {
    const world = new AsyncWorld(platform);
    const { interrupts, machine } = world.kernel;
    const [a, b] = [world.noise(1), world.noise(2)];
    const source = 90;
    world.call(() => {
      interrupts.request(source, 'test', () => {
        machine.intc.setLine(source, false);
        asyncMemcpy(world.api, a, b, 0, 0, 64, initAsyncSubmit(ACK));
      });
      machine.intc.setLine(source, true);
      world.kernel.spend(1000);
    });
    expect(machine.findings.all().map(({ rule }) => rule)).toContain('AX-11');
  });

  it('finds an operation that a completion callback calls (AX-11)', () => {
    const world = new AsyncWorld(platform);
    const [a, b] = [world.page(), world.page()];
    world.call(() => {
      const again = (): void => {
        // Another channel: on its own the lock would be taken twice.
        world.api.channel = world.chans[1];
        asyncMemcpy(world.api, a, b, 0, 0, 64, initAsyncSubmit(ACK));
      };
      asyncMemcpy(world.api, b, a, 0, 0, 64, initAsyncSubmit(ACK, null, again));
      world.api.issuePendingAll();
    });
    world.finish();
    expect(world.rules()).toContain('AX-11: a completion callback calls an operation');
  });

  it('has nothing against an operation in a tasklet, or with bottom halves off (AX-11)', () => {
    const world = new AsyncWorld(platform);
    const { tasklets, processor } = world.kernel;
    const pages = [1, 2, 3].map((seed) => world.noise(seed));
    const contexts: string[] = [];
    const copy = (i: number): void => {
      contexts.push(processor.context);
      asyncMemcpy(world.api, pages[i], pages[i - 1], 0, 0, 4096, initAsyncSubmit(ACK));
    };
    world.call(() => {
      tasklets.disable();
      copy(1);
      tasklets.schedule(tasklets.create('test', () => copy(2)));
      tasklets.enable();
    });
    world.finish();
    expect(contexts).toEqual(['thread', 'softirq']);
    for (const page of pages) expectBytes(world.bytes(page), world.bytes(pages[0]));
    expect(world.rules()).toEqual([]);
  });
});

it('a callback that submits, which it must not, recurses where the processor does the work (AX-04)', () => {
  const world = new AsyncWorld(PLATFORMS.none);
  const [a, b] = [world.noise(1), world.noise(2)];
  const order: string[] = [];
  const copy = (depth: number): void => {
    order.push(`enters ${depth}`);
    asyncMemcpy(
      world.api,
      a,
      b,
      0,
      0,
      64,
      initAsyncSubmit(ACK, null, () => {
        if (depth < 3) copy(depth + 1);
      }),
    );
    order.push(`leaves ${depth}`);
  };
  world.call(() => copy(1));
  expect(order).toEqual(['enters 1', 'enters 2', 'enters 3', 'leaves 3', 'leaves 2', 'leaves 1']);
});

it('the flags of a submit record have the values of the header (AX-02)', () => {
  expect(AsyncTxFlags).toEqual({ XOR_ZERO_DST: 1, XOR_DROP_DST: 2, ACK: 4, FENCE: 8, PQ_XOR_DST: 16 });
  expect(initAsyncSubmit(ACK)).toEqual({ flags: 4, dependTx: null, callback: undefined });
});

describe('on engines', () => {
  it('a copy asks for an interrupt with a callback and for a fence with FENCE (MC-02, AX-09, AX-10)', () => {
    const world = new AsyncWorld();
    const [a, b] = [world.noise(1), world.noise(2)];
    const prep = world.dma.devices.map((device) => jest.spyOn(device, 'devicePrepDmaMemcpy'));
    const { FENCE } = AsyncTxFlags;
    const callback = (): void => undefined;
    world.call(() => {
      for (const [flags, call] of [
        [ACK, undefined],
        [ACK, callback],
        [ACK | FENCE, undefined],
        [ACK | FENCE, callback],
      ] as const) {
        asyncMemcpy(world.api, a, b, 0, 0, 64, initAsyncSubmit(flags, null, call));
      }
    });
    world.finish();
    // PREP_INTERRUPT is bit 0, PREP_FENCE bit 5.
    const flags = prep.flatMap(({ mock }) => mock.calls.map((call) => call.at(-1)));
    expect(flags).toEqual([0, 0x01, 0x20, 0x21]);
  });

  it('an operation interrupts exactly when it carries a callback (AX-10)', () => {
    const world = new AsyncWorld();
    const [a, b] = [world.noise(1), world.noise(2)];
    const interruptsOf = (callback?: () => void): number => {
      const before = world.kernel.interrupts.total;
      world.call(() => asyncMemcpy(world.api, a, b, 0, 0, 4096, initAsyncSubmit(ACK, null, callback)));
      world.finish();
      return world.kernel.interrupts.total - before;
    };
    expect([interruptsOf(), interruptsOf(() => undefined), interruptsOf()]).toEqual([0, 1, 0]);
  });

  it('nothing starts below the threshold until somebody flushes (AX-12)', () => {
    const world = new AsyncWorld();
    const [a, b] = [world.noise(1), world.noise(2)];
    let called = 0;
    const tx = world.call(() =>
      asyncMemcpy(
        world.api,
        a,
        b,
        0,
        0,
        64,
        initAsyncSubmit(ACK, null, () => called++),
      ),
    );
    world.settle();
    expect(called).toBe(0);
    world.call(() => world.api.issuePending(tx));
    world.settle();
    expect(called).toBe(1);
  });

  it('issue_pending_all flushes every channel (AX-12, CH-14)', () => {
    const world = new AsyncWorld();
    const pages = [1, 2, 3, 4].map((seed) => world.noise(seed));
    const called: number[] = [];
    world.call(() => {
      world.chans.forEach((chan, i) => {
        world.api.channel = chan;
        asyncMemcpy(
          world.api,
          pages[i],
          pages[3],
          0,
          0,
          64,
          initAsyncSubmit(ACK, null, () => called.push(i)),
        );
      });
      world.api.issuePendingAll();
    });
    world.settle();
    expect(called.sort()).toEqual([0, 1, 2]);
  });

  it('an operation prefers the channel of what it depends on, if that can do it (AX-20)', () => {
    const world = new AsyncWorld();
    const [a, b] = [world.noise(1), world.noise(2)];
    const [, , last] = world.chans;
    world.call(() => {
      world.api.channel = last;
      const first = asyncMemset(world.api, a, 1, 0, 64, initAsyncSubmit(0));
      world.api.channel = undefined;
      const second = asyncMemcpy(world.api, b, a, 0, 0, 64, initAsyncSubmit(ACK, first));
      expect(queued(second).chan).toBe(last);
    });
    world.finish();
    expectBytes(world.bytes(b, 64), new Uint8Array(64).fill(1));
  });

  it('what is not aligned as the channel needs it is done by the processor (CF-07, MC-01, XR-05, XV-02)', () => {
    const world = new AsyncWorld();
    for (const device of world.dma.devices) Object.assign(device, { copyAlign: 3, fillAlign: 3, xorAlign: 3 });
    const [a, b] = [world.noise(1), world.noise(2)];
    const copies = [
      [8, 16, 64, true],
      [4, 16, 64, false],
      [8, 12, 64, false],
      [8, 16, 60, false],
    ] as const;
    for (const [to, from, length, onEngine] of copies) {
      const expected = world.bytes(b).slice(from, from + length);
      const { tx } = runOne(world, (submit) => asyncMemcpy(world.api, a, b, to, from, length, submit));
      expect(tx !== null).toBe(onEngine);
      expectBytes(world.bytes(a).slice(to, to + length), expected);
    }
    for (const [offset, length, onEngine] of [
      [8, 8, true],
      [9, 8, false],
      [8, 9, false],
    ] as const) {
      expect(runOne(world, (submit) => asyncMemset(world.api, a, 3, offset, length, submit)).tx !== null).toBe(
        onEngine,
      );
      const flags = ACK | XOR_ZERO_DST;
      const xor = runOne(world, (submit) => asyncXor(world.api, a, [b, b], offset, length, submit), flags);
      expect(xor.tx !== null).toBe(onEngine);
      const check = runOne(world, (submit) => asyncXorVal(world.api, a, [a, b], offset, length, { value: 0 }, submit));
      expect(check.tx !== null).toBe(onEngine);
    }
    expect(world.rules()).toEqual([]);
    expect(world.leftovers()).toEqual(nothingLeft(3));
  });
});

describe('a board with one engine that only combines', () => {
  it('copies by the processor, after what the copy depends on, which is acked (AX-05, MC-03)', () => {
    const world = new AsyncWorld({
      ...PLATFORMS.iop342,
      engines: [{ ...PLATFORMS.iop342.engines[0], capabilities: ['xor'] }],
    });
    const [a, b, sum, copy] = [1, 2, 3, 4].map((seed) => world.noise(seed));
    const expected = world.bytes(a).map((byte, i) => byte ^ world.bytes(b)[i]);
    world.call(() => {
      const first = asyncXor(world.api, sum, [a, b], 0, 4096, initAsyncSubmit(XOR_ZERO_DST));
      const submit = initAsyncSubmit(ACK, queued(first));
      expect(asyncMemcpy(world.api, copy, sum, 0, 0, 4096, submit)).toBeNull();
      expect(submit.dependTx).toBeNull();
      expectBytes(world.bytes(copy), expected);
    });
    world.finish();
    expect(world.leftovers()).toEqual(nothingLeft(1));
    expect(world.rules()).toEqual([]);
  });
});
