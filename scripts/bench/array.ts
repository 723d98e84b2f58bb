/**
 * md RAID-5 on five disks with chunks of 64 KiB, from the request to the engines' phases: what it does a host second.
 * The disks are RAM, so that simulated time is the stack's.
 */
import type { PlatformName } from '../../emulator/platforms';
import { SeededRandom } from '../../emulator/sim/random';
import { DISK_MODELS } from '../../raid5/disks/models';
import { SECTOR, STRIPE_SECTORS, STRIPE_SIZE } from '../../raid5/geometry';
import type { Load } from './array-world';
import { ArrayWorld } from './array-world';
import type { Amounts, Benchmark } from './harness';
import { timed } from './harness';

const DISKS = 5;
/** Sectors of each member that are worked on. */
const MEMBER_SECTORS = 32_768;
const ARRAY_SECTORS = MEMBER_SECTORS * (DISKS - 1);
/** 1 MiB: four whole rows of chunks. */
const LONG = 2048;
const ONE = STRIPE_SECTORS;
/** Times that a sample goes over all of them: one takes less than what the compiler needs to have seen it all. */
const ROUNDS = 4;

/** Stripes of a sample that touches all. */
const STRIPES = (ROUNDS * MEMBER_SECTORS) / STRIPE_SECTORS;

const sequential = (write: boolean): Load => ({
  write,
  requests: (ROUNDS * ARRAY_SECTORS) / LONG,
  sectors: LONG,
  depth: 8,
  place: (n) => (n * LONG) % ARRAY_SECTORS,
});

const userBytes = ({ requests, sectors }: Load): number => requests * sectors * SECTOR;

function benchmark(name: string, platform: PlatformName, prepare: (world: ArrayWorld) => () => Amounts): Benchmark {
  let run: (() => Amounts) | undefined;
  return {
    name: `${name}, ${platform}`,
    run() {
      run ??= prepare(newWorld(platform));
      let amounts: Amounts = {};
      const seconds = timed(() => (amounts = run!()));
      return { seconds, amounts };
    },
  };
}

function newWorld(platform: PlatformName): ArrayWorld {
  const model = DISK_MODELS.ram;
  const layout = 'left-symmetric';
  const world = new ArrayWorld({ platform, level: 5, layout, disks: DISKS, chunk: 65_536, cache: 256, model });
  world.play(sequential(true));
  return world;
}

function written(world: ArrayWorld, load: Load): Amounts {
  const { writes } = world.array.statistics;
  const stripes = (): number => writes.full + writes.rmw + writes.rcw;
  const before = stripes();
  world.play(load);
  return { 'user bytes': userBytes(load), stripes: stripes() - before };
}

const sequentialWrites = (world: ArrayWorld) => (): Amounts => written(world, sequential(true));

function randomWrites(world: ArrayWorld): () => Amounts {
  const random = new SeededRandom(1);
  const blocks = ARRAY_SECTORS / ONE;
  const load = { write: true, requests: 32_000, sectors: ONE, depth: 64, place: () => random.below(blocks) * ONE };
  return () => ({ ...written(world, load), requests: load.requests });
}

function degradedReads(world: ArrayWorld): () => Amounts {
  world.array.error(1);
  const load = sequential(false);
  return () => {
    world.play(load);
    return { 'user bytes': userBytes(load), stripes: STRIPES };
  };
}

const checkPass = (world: ArrayWorld) => (): Amounts => {
  for (let round = 0; round < ROUNDS; round++) {
    const { mismatchSectors, interrupted } = world.sync('check', MEMBER_SECTORS);
    if (mismatchSectors > 0 || interrupted) throw new Error('the array is not in order');
  }
  return { 'bytes of each disk': STRIPES * STRIPE_SIZE, stripes: STRIPES };
};

const KINDS: readonly (readonly [string, (world: ArrayWorld) => () => Amounts])[] = [
  ['RAID-5 sequential writes of 1 MiB', sequentialWrites],
  ['RAID-5 random writes of 4 KiB', randomWrites],
  ['RAID-5 degraded sequential reads of 1 MiB', degradedReads],
  ['RAID-5 check', checkPass],
];

/** Every kind on both families of engines and in software. */
export const ARRAY_BENCHMARKS: readonly Benchmark[] = KINDS.flatMap(([name, prepare]) =>
  (['iop342', 'iop321', 'none'] as const).map((platform) => benchmark(name, platform, prepare)),
);
