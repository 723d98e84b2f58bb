/** Published speeds of random writes: P12 of reference/oracle 3. */
import { SeededRandom } from '../../emulator/sim/random';
import { seconds } from '../../emulator/sim/time';
import { DISK_MODELS } from '../../raid5/disks/models';
import { SECTOR } from '../../raid5/geometry';
import type { RmwLevel } from '../../raid5/handler/state';
import { ArrayWorld } from './array-world';
import type { PublishedFigure } from './published';
import { compared } from './published';

const DISKS = 10;
const KIB = 1024;
/** Where writes fall, in bytes of the array. */
const SPAN = 800e9;
/** Requests of each size, enough for a mean seek. */
const REQUESTS = 200;
const THREADS = 8;

const PUBLISHED = 'commit 584acdd49cd2 (2015): RAID-6 of 10 disks with 7200 rpm, 64K chunk, random writes of 8 threads';

const FITTED = [
  `drives: ${DISK_MODELS['hdd-7200'].title}, assumed; writes fall on ${SPAN / 1e9} GB`,
  'the processor of `none` in place of a Xeon: it is idle almost all the time',
  `${REQUESTS} requests of each size in place of 300 s`,
];

/** Bytes a simulated second of random writes of one size. */
export function randomWrites(bytes: number, rmwLevel: RmwLevel): number {
  const model = DISK_MODELS['hdd-7200'];
  const layout = 'left-symmetric';
  const world = new ArrayWorld({ platform: 'none', level: 6, layout, disks: DISKS, chunk: 65_536, cache: 256, model });
  world.array.rmwLevel = rmwLevel;
  const random = new SeededRandom(1);
  const sectors = bytes / SECTOR;
  const places = Math.floor(SPAN / bytes);
  const begin = world.kernel.now;
  world.play({ write: true, requests: REQUESTS, sectors, depth: THREADS, place: () => random.below(places) * sectors });
  return (REQUESTS * bytes) / seconds(world.kernel.now - begin);
}

interface Row {
  readonly kib: number;
  readonly on: number;
  readonly off: number;
}

function rows(sizes: readonly number[]): Row[] {
  return sizes.map((kib) => ({ kib, on: randomWrites(kib * KIB, 1), off: randomWrites(kib * KIB, 0) }));
}

function line({ kib, on, off }: Row): string {
  return `${kib}K: with ${(on / KIB).toFixed(0)}, without ${(off / KIB).toFixed(0)} KB/s, ${(on / off).toFixed(2)} times`;
}

/** P12: writes of up to a chunk. */
export function p12Gain(): PublishedFigure {
  const table = rows([4, 8, 16, 32, 64]);
  return compared({
    id: 'P12',
    published: `${PUBLISHED}: of 4K … 64K 1.16 to 1.20 times as fast with read-modify-write`,
    what: 'mean gain over writes of 4K … 64K',
    expected: 1.18,
    measured: table.reduce((sum, { on, off }) => sum + on / off, 0) / table.length,
    accepted: [1.05, 1.3],
    details: table.map(line),
    fitted: FITTED,
  });
}

/** P12: writes of half a stripe and more. */
export function p12Parity(): PublishedFigure {
  const table = rows([128, 256, 512]);
  const { on, off } = table[1];
  return compared({
    id: 'P12',
    published: 'the same: 1.06 times at 128K, no difference from 256K on',
    what: 'gain of writes of 256K',
    expected: 0.99,
    measured: on / off,
    accepted: [0.95, 1.05],
    details: table.map(line),
    fitted: FITTED,
  });
}
