/** The runs of raid6test: the kernel's, and those that its one stripe after the other leaves out. */
import { DmaCapability } from '../dmaengine/capability';
import type { DmaChan } from '../dmaengine/device';
import type { DmaEngine } from '../dmaengine/engine';
import type { SeededRandom } from '../emulator/sim/random';
import { AsyncTx } from './async-tx';
import { capableChannels, PlacedAsyncTx } from './placed-async-tx';
import { PrepFault } from './prep-fault';
import type { Raid6Result, Raid6Shape } from './raid6test';
import { Raid6Test } from './raid6test';

/** Members of DDF arrays, and the entries they are spread over. */
const DDF: readonly Raid6Shape[] = [
  { disks: 6, holes: [1, 2] },
  { disks: 6, holes: [0, 3] },
  { disks: 7, holes: [0, 3] },
  { disks: 7, holes: [2, 4] },
];
/** Every form of recovery: two special ones and the general one. */
const FORMS: readonly Raid6Shape[] = [4, 5, 11, 12].map((disks) => ({ disks, holes: [] }));

/** One stripe, and how it is tested. */
export interface Raid6Case {
  readonly shape: Raid6Shape;
  /**
   * kernel: as raid6test does it; ddf: the same with holes; failing-prep: each pair a second time, and one prep drawn
   * at random grants nothing; apart: copies, XOR and P+Q each on a channel of its own
   */
  readonly kind: 'kernel' | 'ddf' | 'failing-prep' | 'apart';
  /** `testing the 4-disk case` */
  readonly title: string;
}

/** The kernel's cases, and with `extended` the others that this machine allows. */
export function raid6Cases(dma: DmaEngine, disks: readonly number[], extended: boolean): Raid6Case[] {
  const kernel = disks.map((count): Raid6Case => {
    return { kind: 'kernel', shape: { disks: count, holes: [] }, title: `testing the ${count}-disk case` };
  });
  if (!extended) return kernel;
  const ddf = DDF.map((shape): Raid6Case => {
    const members = shape.disks - shape.holes.length;
    const title = `testing the ${members}-disk case in ${shape.disks} DDF entries, holes at ${shape.holes.join(' and ')}`;
    return { kind: 'ddf', shape, title };
  });
  const failing = FORMS.map((shape): Raid6Case => {
    return { kind: 'failing-prep', shape, title: `testing the ${shape.disks}-disk case with one failing prep` };
  });
  const apart = FORMS.map((shape): Raid6Case => {
    return {
      kind: 'apart',
      shape,
      title: `testing the ${shape.disks}-disk case with copy, xor and pq on three channels`,
    };
  });
  return [
    ...kernel,
    ...ddf,
    ...(dma.devices.length > 0 ? failing : []),
    ...(threeChannels(dma) === undefined ? [] : apart),
  ];
}

/** Runs one case in a thread. */
export function* runRaid6Case(
  dma: DmaEngine,
  { kind, shape }: Raid6Case,
  random: SeededRandom,
): Generator<void, Raid6Result, void> {
  const fault = kind === 'failing-prep' ? new PrepFault(dma) : undefined;
  const places = kind === 'apart' ? threeChannels(dma) : undefined;
  const api = places === undefined ? new AsyncTx(dma) : new PlacedAsyncTx(dma, (capability) => places.get(capability));
  const test = new Raid6Test(api, random, fault === undefined ? undefined : (run) => twice(fault, random, run));
  const result = yield* test.run(shape);
  test.free();
  fault?.remove();
  return result;
}

/** Once to see how many preps it takes, once with one of them failing. */
function* twice(
  fault: PrepFault,
  random: SeededRandom,
  run: () => Generator<void, void, void>,
): Generator<void, void, void> {
  fault.arm(-1);
  yield* run();
  if (fault.count > 0) fault.arm(random.below(fault.count));
  yield* run();
  fault.arm(-1);
}

/** A channel for P+Q, another that copies and a third that combines; undefined on a machine without three such. */
function threeChannels(dma: DmaEngine): ReadonlyMap<DmaCapability, DmaChan> | undefined {
  const taken = new Set<DmaChan>();
  const places = new Map<DmaCapability, DmaChan>();
  for (const capability of [DmaCapability.PQ, DmaCapability.MEMCPY, DmaCapability.XOR]) {
    const chan = capableChannels(dma, capability).find((each) => !taken.has(each));
    if (chan === undefined) return undefined;
    taken.add(chan);
    places.set(capability, chan);
  }
  return places;
}
