import fc from 'fast-check';
import type { AsyncTxResult } from '../../async_tx/async-tx';
import { asyncMemcpy } from '../../async_tx/memcpy';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import { asyncTriggerCallback } from '../../async_tx/trigger-callback';
import { asyncXor } from '../../async_tx/xor';
import { DmaCapability } from '../../dmaengine/capability';
import { asyncTxAck } from '../../dmaengine/descriptor';
import type { Page } from '../../emulator/kernel/pages';
import { PLATFORMS } from '../../emulator/platforms';
import type { PlatformRecord } from '../../emulator/platforms/platform';
import { AsyncWorld, expectBytes, withSlots, xorModel } from './world';

const { ACK, XOR_ZERO_DST } = AsyncTxFlags;
const BYTES = 96;
const SALTS = 20;

const WHAT = {
  copy: 5,
  xor: 5,
  /** More sources than one descriptor has. */
  batches: 1,
  trigger: 1,
  flush: 1,
  /** Waits for the end of the chain. */
  wait: 1,
  /** Lets the engines come to an end, the chain not acknowledged. */
  pause: 2,
  /** Lets the engines work a little. */
  work: 2,
  /** Acknowledges the end of the chain and begins another one. */
  cut: 1,
} as const;
type What = keyof typeof WHAT;

/** What a channel must be able to do for a step to run there. */
const NEEDS: Readonly<Record<What, DmaCapability>> = {
  copy: DmaCapability.MEMCPY,
  xor: DmaCapability.XOR,
  batches: DmaCapability.XOR,
  trigger: DmaCapability.INTERRUPT,
  flush: DmaCapability.INTERRUPT,
  wait: DmaCapability.INTERRUPT,
  pause: DmaCapability.INTERRUPT,
  work: DmaCapability.INTERRUPT,
  cut: DmaCapability.INTERRUPT,
};

/** One step of the client on one of its chains. */
interface Step {
  readonly chain: number;
  /** engine channel; undefined, or one that cannot: async_tx chooses */
  readonly channel: number | undefined;
  readonly what: What;
}

function stepsOn(chains: number, most: number): fc.Arbitrary<readonly Step[]> {
  const weighted = Object.entries(WHAT).map(([what, weight]) => ({ weight, arbitrary: fc.constant(what as What) }));
  const step = fc.record({
    chain: fc.nat(chains - 1),
    channel: fc.option(fc.nat(2), { nil: undefined, freq: 8 }),
    what: fc.oneof(...weighted),
  });
  return fc.array(step, { minLength: 1, maxLength: most });
}

/** A page and what must be in it in the end. */
interface Modelled {
  readonly page: Page;
  model: Uint8Array;
}

/** Operations in a row, each of which reads what the one before wrote: executed otherwise, the data are wrong. */
class ClientChain {
  from: Modelled;
  to: Modelled;
  tail: AsyncTxResult = null;
  started = 0;
  readonly finished: number[] = [];

  constructor(
    private readonly world: AsyncWorld,
    private readonly salts: readonly Page[],
    seed: number,
  ) {
    this.from = this.fresh(2 * seed);
    this.to = this.fresh(2 * seed + 1);
  }

  step({ what, channel }: Step): void {
    const { world } = this;
    const chan = channel === undefined ? undefined : world.chans[channel];
    world.api.channel = chan?.device.capMask.has(NEEDS[what]) ? chan : undefined;
    switch (what) {
      case 'copy':
        return this.copy();
      case 'xor':
        return this.xor(this.salts.slice(0, 1));
      case 'batches':
        return this.xor(this.salts);
      case 'trigger':
        this.tail = asyncTriggerCallback(world.api, this.next(0));
        return;
      case 'flush':
        return world.api.issuePendingAll();
      case 'work':
        return world.kernel.spend(3_000_000);
      case 'pause':
        world.api.issuePendingAll();
        return world.kernel.spend(200_000_000);
      case 'wait':
        this.tail = world.api.quiesceTx(this.tail);
        expect(this.finished).toHaveLength(this.started);
        return;
      case 'cut':
        return this.end();
    }
  }

  end(): void {
    if (this.tail !== null) asyncTxAck(this.tail);
    this.tail = null;
  }

  /** Each operation and its callback happened once, in order, on the data of the one before. */
  expectDone(): void {
    expect(this.finished).toEqual(Array.from({ length: this.started }, (_, i) => i));
    for (const { page, model } of [this.from, this.to]) expectBytes(this.world.bytes(page, BYTES), model);
  }

  private fresh(seed: number): Modelled {
    const page = this.world.noise(1000 + seed);
    return { page, model: this.world.bytes(page, BYTES).slice() };
  }

  private next(flags: number) {
    const number = this.started++;
    return initAsyncSubmit(flags, this.tail, () => this.finished.push(number));
  }

  /** Shifted by one byte, so that one copy too many or too few shows. */
  private copy(): void {
    const { api } = this.world;
    this.tail = asyncMemcpy(api, this.to.page, this.from.page, 1, 0, BYTES - 1, this.next(0));
    this.turn(Uint8Array.of(this.to.model[0], ...this.from.model.subarray(0, BYTES - 1)));
  }

  private xor(salts: readonly Page[]): void {
    const sources = [this.from.page, ...salts];
    this.tail = asyncXor(this.world.api, this.to.page, sources, 0, BYTES, this.next(XOR_ZERO_DST));
    this.turn(xorModel([this.from.model, ...salts.map((page) => this.world.bytes(page, BYTES))]));
  }

  private turn(written: Uint8Array): void {
    [this.from, this.to] = [{ page: this.to.page, model: written }, this.from];
  }
}

/** Runs the steps on `chains` chains, and checks everything that must hold in the end. */
function runSteps(platform: PlatformRecord, slots: number, chains: number, steps: readonly Step[]): void {
  const world = new AsyncWorld(withSlots(platform, slots));
  const salts = Array.from({ length: SALTS }, (_, i) => world.noise(i));
  const begun = Array.from({ length: chains }, (_, i) => new ClientChain(world, salts, i));
  const current = [...begun];
  const { cookies } = world;
  world.call(() => {
    for (const step of steps) {
      current[step.chain].step(step);
      if (step.what === 'cut') begun.push((current[step.chain] = new ClientChain(world, salts, begun.length)));
    }
    for (const chain of begun) chain.end();
  });
  world.finish();
  for (const chain of begun) chain.expectDone();
  expect(world.kernel.dma.live).toBe(0);
  expect(world.rules()).toEqual([]);

  // What async_tx submitted and nothing else took a cookie, so nothing was submitted twice (AX-41).
  const { engine, channelSwitches } = world.api.statistics;
  expect(world.cookies - cookies).toBeGreaterThanOrEqual(engine);
  expect(world.cookies - cookies).toBeLessThanOrEqual(engine + channelSwitches);

  // One more operation a channel, and everything acknowledged leaves: the newest stays (IA-42).
  for (const chan of world.chans) {
    world.api.channel = chan;
    world.call(() => {
      if (chan.device.capMask.has(DmaCapability.MEMCPY)) {
        asyncMemcpy(world.api, salts[0], salts[1], 0, 0, 64, initAsyncSubmit(ACK));
      } else {
        asyncXor(world.api, salts[0], salts.slice(1, 3), 0, 64, initAsyncSubmit(ACK | XOR_ZERO_DST));
      }
    });
  }
  world.finish();
  expect(world.chans.map(({ pool }) => pool!.free)).toEqual(new Array(3).fill(slots - 1));
  expect(world.kernel.dma.live).toBe(0);
}

describe.each([
  ['iop342', 16],
  // 21 sources are 8 slots here, and twice that many and one more must fit (IA-13).
  ['iop321', 32],
  ['iop331', 32],
] as const)('any chains of dependent operations over the three channels of %s', (name, few) => {
  const platform = PLATFORMS[name];

  it('execute in order, once, and leave nothing behind (AX-30 … AX-42, UM-08)', () => {
    fc.assert(
      fc.property(stepsOn(4, 50), (steps) => runSteps(platform, 128, 4, steps)),
      { numRuns: 40 },
    );
  });

  it('do so when descriptors run out all the time (XR-12, AX-36, X-07)', () => {
    fc.assert(
      fc.property(stepsOn(1, 120), (steps) => runSteps(platform, few, 1, steps)),
      { numRuns: 25 },
    );
  });
});
