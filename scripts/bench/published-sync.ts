/** Published speeds of resync and rebuild: P2, P4 and P5 of reference/oracle 3. */
import { MODERN } from '../../async_tx/generation';
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
/** Members at which the processor alone is as fast as P2 says: about 25 MB/s. */
const P2_DISKS = 10;
const P4_DISKS = 4;
const P5_DISKS = 4;

const DRIVE = `drives: ${DISK_MODELS['hdd-7200'].title}, assumed; sequential reads never wait for the platter`;

/** What a pass came to. */
interface Speed {
  /** bytes a second of each member */
  readonly rate: number;
  /** share of time that the processor is busy */
  readonly share: number;
}

function record(platform: PlatformName, disks: number): ArrayRecord {
  const model = DISK_MODELS['hdd-7200'];
  return { platform, level: 5, layout: 'left-symmetric', disks, chunk: 65_536, cache: 256, model };
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

function both(platform: PlatformName, disks: number, action: 'resync' | 'recover'): [Speed, Speed] {
  const what = record(platform, disks);
  return [syncSpeed({ ...what, engines: false }, action), syncSpeed(what, action)];
}

function line(disks: number, [software, engines]: readonly [Speed, Speed]): string {
  const text = ({ rate, share }: Speed): string => `${(rate / 1e6).toFixed(1)} MB/s at ${(100 * share).toFixed(0)} %`;
  const work = software.share / software.rate / (engines.share / engines.rate);
  return `${disks} members: software ${text(software)}, engines ${text(engines)}: ${work.toFixed(2)} times less processor time a byte`;
}

const resyncs = [4, 5, 8, P2_DISKS];

/** P2: the speed of a resync. */
export function p2(): PublishedFigure {
  const rows = resyncs.map((disks) => ({ disks, pair: both('iop342', disks, 'resync') }));
  const [software, engines] = rows[rows.length - 1].pair;
  return compared({
    id: 'P2',
    published: 'commit 9bc89cd82d6 (2007): on an iop342 resync goes from about 25 to about 50 MB/s',
    what: `resync of RAID-5 over ${P2_DISKS} members on iop342, engines against software`,
    expected: 2,
    measured: engines.rate / software.rate,
    accepted: [1.5, Infinity],
    details: rows.map(({ disks, pair }) => line(disks, pair)),
    fitted: [
      `${P2_DISKS} members, so that software comes to about 25 MB/s; the publication does not say how many`,
      `processor xor ${COSTS.xor.value} ps a source byte, ${COSTS.xor.source}`,
      DRIVE,
    ],
  });
}

/** P2: the processor's share of it. */
export function p2Share(): PublishedFigure {
  const pair = both('iop342', P2_DISKS, 'resync');
  const [software, engines] = pair;
  return compared({
    id: 'P2',
    published: 'the same: the processor goes from about 50 % to about 15 %',
    what: 'the processor’s share with engines against that in software, each at its own speed',
    expected: 0.3,
    measured: engines.share / software.share,
    accepted: [0, 0.5],
    details: [
      line(P2_DISKS, pair),
      'the array in software takes all of the processor here; what engines leave to it is mostly requests, interrupts and cache maintenance',
    ],
    fitted: [`${P2_DISKS} members, as above`, DRIVE],
  });
}

/** P4: callbacks from a workqueue. */
export function p4(): PublishedFigure {
  const speeds = (what: ArrayRecord): [Speed, Speed] => [
    syncSpeed(what, 'resync'),
    syncSpeed({ ...what, generation: { ...MODERN, driver: workqueueSteps() } }, 'resync'),
  ];
  const plain = record('iop342', P4_DISKS);
  const rows = [
    { name: 'hard disks, 256 stripes', pair: speeds(plain) },
    { name: 'RAM disks, 256 stripes', pair: speeds({ ...plain, model: DISK_MODELS.ram }) },
    { name: 'RAM disks, 4 stripes', pair: speeds({ ...plain, model: DISK_MODELS.ram, cache: 4 }) },
  ];
  const [tasklet, workqueue] = rows[0].pair;
  return compared({
    id: 'P4',
    published: 'commit c211092313b (2007): resync 50 MB/s with callbacks in a tasklet, 30 MB/s in a workqueue',
    what: `resync of RAID-5 over ${P4_DISKS} members on iop342, workqueue against tasklet`,
    expected: 0.6,
    measured: workqueue.rate / tasklet.rate,
    accepted: [0.5, 0.7],
    details: rows.map(
      ({ name, pair: [a, b] }) =>
        `${name}: tasklet ${(a.rate / 1e6).toFixed(1)} MB/s at ${(100 * a.share).toFixed(0)} %, ` +
        `workqueue ${(b.rate / 1e6).toFixed(1)} MB/s at ${(100 * b.share).toFixed(0)} %`,
    ),
    fitted: [
      `${P4_DISKS} members; the publication does not say how many`,
      `a workqueue hop of ${COSTS.workqueueHop.value} ns and a thread switch of ${COSTS.threadSwitch.value} ns, assumed`,
      DRIVE,
    ],
  });
}

/** P5: rebuild. */
export function p5(): PublishedFigure {
  const pair = both('iop321', P5_DISKS, 'recover');
  const [software, engines] = pair;
  return compared({
    id: 'P5',
    published: 'Dan Williams, LKML, 14 September 2006: on an iop321 with 4 disks a rebuild is about 40 % faster',
    what: `rebuild of one of ${P5_DISKS} members of a RAID-5 on iop321, engines against software`,
    expected: 1.4,
    measured: engines.rate / software.rate,
    accepted: [1.4, Infinity],
    details: [line(P5_DISKS, pair)],
    fitted: ['the cost table of the iop321: its xor row is fitted to P11, the others are scaled', DRIVE],
  });
}
