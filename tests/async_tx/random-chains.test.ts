import fc from 'fast-check';
import { asyncMemcpy } from '../../async_tx/memcpy';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import { asyncXor } from '../../async_tx/xor';
import { DmaCapability } from '../../dmaengine/capability';
import { PLATFORMS } from '../../emulator/platforms';
import type { PlatformRecord } from '../../emulator/platforms/platform';
import type { Kind } from './traced';
import { KINDS, TracedChain, TracedWorld } from './traced';
import { withSlots } from './world';

const { ACK, XOR_ZERO_DST } = AsyncTxFlags;

const WHAT = {
  copy: 4,
  fill: 1,
  xor: 4,
  many: 1,
  pq: 2,
  trigger: 1,
  flush: 1,
  /** Waits for the end of the chain. */
  wait: 1,
  /** Lets the engines come to an end, the chain not acknowledged. */
  pause: 2,
  /** Lets the engines work a little. */
  work: 2,
  /** Ends the chain and begins another one. */
  cut: 1,
} as const;
type What = keyof typeof WHAT;

/** One step of the client on one of its chains. */
interface Step {
  readonly chain: number;
  /** engine channel; undefined, or one that cannot: async_tx chooses */
  readonly channel: number | undefined;
  readonly what: What;
  /** whether the operation has a callback of its own */
  readonly calls: boolean;
}

function stepsOn(chains: number, most: number): fc.Arbitrary<readonly Step[]> {
  const weighted = Object.entries(WHAT).map(([what, weight]) => ({ weight, arbitrary: fc.constant(what as What) }));
  const step = fc.record({
    chain: fc.nat(chains - 1),
    channel: fc.option(fc.nat(2), { nil: undefined, freq: 8 }),
    what: fc.oneof(...weighted),
    calls: fc.boolean(),
  });
  return fc.array(step, { minLength: 1, maxLength: most });
}

function isKind(what: What): what is What & Kind {
  return what in KINDS;
}

function take(world: TracedWorld, chain: TracedChain, { what, channel, calls }: Step): void {
  const { api, kernel } = world;
  const chan = channel === undefined ? undefined : world.chans[channel];
  const needs = isKind(what) ? KINDS[what] : DmaCapability.INTERRUPT;
  api.channel = chan?.device.capMask.has(needs) ? chan : undefined;
  if (isKind(what)) return chain.add(what, calls);
  if (what === 'trigger') return chain.trigger();
  if (what === 'cut') return chain.end();
  if (what === 'wait') {
    chain.tail = api.quiesceTx(chain.tail);
    return chain.expectDone();
  }
  if (what !== 'work') api.issuePendingAll();
  if (what !== 'flush') kernel.spend(what === 'work' ? 3_000_000 : 200_000_000);
}

/** Runs the steps on `chains` chains, and checks everything that must hold in the end. */
function runSteps(
  platform: PlatformRecord,
  slots: number,
  salts: number,
  chains: number,
  steps: readonly Step[],
): void {
  const world = new TracedWorld(withSlots(platform, slots), salts);
  const begun = Array.from({ length: chains }, (_, i) => new TracedChain(world, i));
  const current = [...begun];
  const { cookies } = world;
  world.call(() => {
    for (const step of steps) {
      take(world, current[step.chain], step);
      if (step.what === 'cut') begun.push((current[step.chain] = new TracedChain(world, begun.length)));
    }
    for (const chain of current) chain.end();
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
  const [a, b, c] = [1, 2, 3].map((seed) => world.noise(seed));
  for (const chan of world.chans) {
    world.api.channel = chan;
    world.call(() => {
      if (chan.device.capMask.has(DmaCapability.MEMCPY)) {
        asyncMemcpy(world.api, a, b, 0, 0, 64, initAsyncSubmit(ACK));
      } else {
        asyncXor(world.api, a, [b, c], 0, 64, initAsyncSubmit(ACK | XOR_ZERO_DST));
      }
    });
  }
  world.finish();
  expect(world.chans.map(({ pool }) => pool!.free)).toEqual(new Array(3).fill(slots - 1));
  expect(world.kernel.dma.live).toBe(0);
}

describe.each([
  // An operation of k slots beside one that stays needs up to 3k - 1 of them (IA-05, IA-13): here 5 slots at most.
  ['iop342', 20],
  // One of 32 sources has 8 slots there.
  ['iop321', 32],
  ['iop331', 32],
] as const)('any chains of dependent operations over the three channels of %s', (name, few) => {
  const platform = PLATFORMS[name];

  it('execute in order, once, and leave nothing behind (AX-30 … AX-33, AX-35 … AX-37, AX-40 … AX-42, AX-51, UM-08)', () => {
    fc.assert(
      fc.property(stepsOn(4, 50), (steps) => runSteps(platform, 128, 40, 4, steps)),
      { numRuns: 40 },
    );
  });

  it('do so when descriptors run out all the time (XR-12, AX-36, X-07)', () => {
    fc.assert(
      fc.property(stepsOn(1, 120), (steps) => runSteps(platform, few, 20, 1, steps)),
      { numRuns: 25 },
    );
  });
});
