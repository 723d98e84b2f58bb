/** Published speeds of resync and rebuild: P2, P4 and P5 of reference/oracle 3. */
import type { Generation } from '../../async_tx/generation';
import { MODERN } from '../../async_tx/generation';
import { GENERATION_2_6_26 } from '../../async_tx/legacy/generations';
import type { PlatformName } from '../../emulator/platforms';
import { DISK_MODELS } from '../../raid5/disks/models';
import { COSTS } from '../../emulator/kernel/costs';
import { seconds } from '../../emulator/sim/time';
import { SECTOR } from '../../raid5/geometry';
import type { ArrayRecord } from './array-world';
import { ArrayWorld } from './array-world';
import type { PublishedFigure } from './published';
import { compared } from './published';
import { workqueueSteps } from './workqueue-steps';

/** Sectors of each member that are gone over. */
const MEMBER_SECTORS = 16_384;
/** Members, as many as P5 names; P2 and P4 name no number. */
const DISKS = 4;
/**
 * Stripe heads with which a resync by engines takes one tick of the clock for each round through the cache, as the 50 MB/s
 * of P2 and P4 do: 128 × 4 KiB in 10 ms.
 */
const CACHE = 128;

const CACHE_SAYS = `a stripe cache of ${CACHE} heads, fitted to P2 and P4: the kernel’s default is 256, the publications name none`;
const DRIVE = `drives: ${DISK_MODELS['hdd-7200'].title}, assumed; sequential reads never wait for the platter`;
const XOR = `processor xor ${COSTS.xor.value} ps a source byte: ${COSTS.xor.source}`;
const HANDLER = `a pass of the stripe handler ${COSTS.handleStripe.value} ns, a bio ${COSTS.bio.value} ns: ${COSTS.handleStripe.source}`;
const ASSUMED = `a command of a disk ${COSTS.diskCommand.value} ns, assumed`;
const NOT_FITTED =
  'not fitted: a command of at most 128 pages, a tick of 10 ms, the tick that a resync waits when the cache has run out, cache maintenance by the line';

/** What a pass came to. */
interface Speed {
  /** bytes a second of each member */
  readonly rate: number;
  /** share of time that the processor is busy */
  readonly share: number;
}

function record(platform: PlatformName, disks: number, cache = CACHE): ArrayRecord {
  const model = DISK_MODELS['hdd-7200'];
  return { platform, level: 5, layout: 'left-symmetric', disks, chunk: 65_536, cache, model };
}

/** The speed of a resync, or of the rebuild of one member. */
export function syncSpeed(what: ArrayRecord, action: 'resync' | 'recover'): Speed {
  const world = new ArrayWorld(what);
  const { kernel, array } = world;
  if (action === 'recover') world.replace(1);
  else array.recoveryCp = 0;
  const begin = kernel.now;
  const busy = world.busyTime;
  world.sync(action, MEMBER_SECTORS);
  const time = kernel.now - begin;
  return { rate: (MEMBER_SECTORS * SECTOR) / seconds(time), share: (world.busyTime - busy) / time };
}

function both(what: ArrayRecord, action: 'resync' | 'recover'): [Speed, Speed] {
  return [syncSpeed({ ...what, engines: false }, action), syncSpeed(what, action)];
}

function text({ rate, share }: Speed): string {
  return `${(rate / 1e6).toFixed(1)} MB/s at ${(100 * share).toFixed(0)} %`;
}

function line({ disks, cache }: ArrayRecord, [software, engines]: readonly [Speed, Speed]): string {
  const work = software.share / software.rate / (engines.share / engines.rate);
  return (
    `${disks} members, ${cache} stripes: software ${text(software)}, engines ${text(engines)}: ` +
    `${work.toFixed(2)} times less processor time a byte`
  );
}

/** The first one is compared, the others say how far it depends on what was not published. */
const RESYNCS = [
  record('iop342', DISKS),
  record('iop342', 5),
  record('iop342', 8),
  record('iop342', DISKS, 256),
  record('iop342', 8, 256),
];

/** P2: the speed of a resync. */
export function p2(): PublishedFigure {
  const rows = RESYNCS.map((what) => ({ what, pair: both(what, 'resync') }));
  const [software, engines] = rows[0].pair;
  return compared({
    id: 'P2',
    published: 'commit 9bc89cd82d6 (2007): on an iop342 resync goes from about 25 to about 50 MB/s',
    what: `resync of RAID-5 over ${DISKS} members on iop342, engines against software`,
    expected: 2,
    measured: engines.rate / software.rate,
    accepted: [1.5, Infinity],
    details: rows.map(({ what, pair }) => line(what, pair)),
    fitted: [
      `${DISKS} members; the publication does not say how many`,
      CACHE_SAYS,
      XOR,
      HANDLER,
      ASSUMED,
      NOT_FITTED,
      DRIVE,
    ],
  });
}

/** P2: the processor's share of it. */
export function p2Share(): PublishedFigure {
  const [what] = RESYNCS;
  const pair = both(what, 'resync');
  const [software, engines] = pair;
  return compared({
    id: 'P2',
    published: 'the same: the processor goes from about 50 % to about 15 %',
    what: 'the processor’s share with engines against that in software, each at its own speed',
    expected: 0.3,
    measured: engines.share / software.share,
    accepted: [0, 0.5],
    details: [line(what, pair)],
    fitted: ['as above'],
  });
}

/**
 * The kernel of June 2007 where P4 depends on it: a driver without free slots only schedules its soft half and refuses
 * (IA-11), and what is refused the processor does (XR-13).
 */
const OF_2007: Generation = {
  ...MODERN,
  prep: GENERATION_2_6_26.prep,
  driver: { ...MODERN.driver, reclaim: GENERATION_2_6_26.driver.reclaim },
};

/** P4: callbacks from a workqueue. */
export function p4(): PublishedFigure {
  const speeds = (what: ArrayRecord, generation: Generation): [Speed, Speed] => [
    syncSpeed({ ...what, generation }, 'resync'),
    syncSpeed({ ...what, generation: { ...generation, driver: workqueueSteps(generation.driver) } }, 'resync'),
  ];
  const plain = record('iop342', DISKS);
  const rows = [
    { name: `${DISKS} members, ${CACHE} stripes`, pair: speeds(plain, OF_2007) },
    ...[112, 120, 136, 256].map((cache) => ({
      name: `${DISKS} members, ${cache} stripes`,
      pair: speeds({ ...plain, cache }, OF_2007),
    })),
    ...[3, 5, 8].map((disks) => ({
      name: `${disks} members, ${CACHE} stripes`,
      pair: speeds({ ...plain, disks }, OF_2007),
    })),
    { name: `${DISKS} members, ${CACHE} stripes, today’s driver`, pair: speeds(plain, MODERN) },
  ];
  const [tasklet, workqueue] = rows[0].pair;
  return compared({
    id: 'P4',
    published: 'commit c211092313b (2007): resync 50 MB/s with callbacks in a tasklet, 30 MB/s in a workqueue',
    what: `resync of RAID-5 over ${DISKS} members on iop342, workqueue against tasklet, the refusals of 2007`,
    expected: 0.6,
    measured: workqueue.rate / tasklet.rate,
    accepted: [0.5, 0.7],
    details: [
      ...rows.map(({ name, pair: [a, b] }) => `${name}: tasklet ${text(a)}, workqueue ${text(b)}`),
      'why: the worker gets no turn while raid5d goes through a burst of stripes, so slots run out and the processor does the rest; where the longer round misses a tick of the clock it costs half the speed, elsewhere only processor time',
    ],
    fitted: [
      `${DISKS} members; the publication does not say how many`,
      CACHE_SAYS,
      `a workqueue hop of ${COSTS.workqueueHop.value} ns and a thread switch of ${COSTS.threadSwitch.value} ns, assumed`,
      XOR,
      HANDLER,
      ASSUMED,
      NOT_FITTED,
      DRIVE,
    ],
  });
}

/** P5: rebuild. */
export function p5(): PublishedFigure {
  const what = record('iop321', DISKS);
  const pair = both(what, 'recover');
  const wide = record('iop321', DISKS, 256);
  const [software, engines] = pair;
  return compared({
    id: 'P5',
    published: 'Dan Williams, LKML, 14 September 2006: on an iop321 with 4 disks a rebuild is about 40 % faster',
    what: `rebuild of one of ${DISKS} members of a RAID-5 on iop321, engines against software`,
    expected: 1.4,
    measured: engines.rate / software.rate,
    accepted: [1.4, Infinity],
    details: [line(what, pair), line(wide, both(wide, 'recover'))],
    fitted: ['the cost table of the iop321: its xor row is fitted to P11, the others are scaled', CACHE_SAYS, DRIVE],
  });
}
