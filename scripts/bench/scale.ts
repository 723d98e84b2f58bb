/**
 * Whether a stripe costs the same on the thousandth as on the millionth: checks of 10³ to 10⁶ stripes that lie all over an
 * array of 100 TB, in processor time of the host, so that others on the machine count less. Nothing was ever written there,
 * so the disks take no memory.
 */
import { DISK_MODELS } from '../../raid5/disks/models';
import { SECTOR, STRIPE_SECTORS } from '../../raid5/geometry';
import { ArrayWorld } from './array-world';
import type { Benchmark } from './harness';

const DISKS = 5;
/** Sectors of each member of an array of 100 TB. */
const MEMBER_SECTORS = 100e12 / SECTOR / (DISKS - 1);
const COUNTS = [1e3, 1e4, 1e5, 1e6] as const;
/** Stripes of a sample at least. */
const LEAST = 20_000;

/** An array of 100 TB on five RAM disks. */
export function hugeArray(): ArrayWorld {
  const model = DISK_MODELS.ram;
  const layout = 'left-symmetric';
  return new ArrayWorld({ platform: 'iop342', level: 5, layout, disks: DISKS, chunk: 65_536, cache: 256, model });
}

/** Member sectors of `count` stripes at equal distances over the whole of 100 TB. */
export function* spread(count: number): Generator<number, void, void> {
  const stripes = Math.floor(MEMBER_SECTORS / STRIPE_SECTORS);
  for (let i = 0; i < count; i++) yield Math.floor((i * stripes) / count) * STRIPE_SECTORS;
}

function benchmark(count: number): Benchmark {
  let world: ArrayWorld | undefined;
  const rounds = Math.ceil(LEAST / count);
  return {
    name: `RAID-5 check of 10^${Math.log10(count)} stripes all over 100 TB, by processor time, iop342`,
    run() {
      world ??= hugeArray();
      const before = process.cpuUsage();
      for (let round = 0; round < rounds; round++) {
        const { mismatchSectors, interrupted } = world.pass('check', spread(count));
        if (mismatchSectors > 0 || interrupted) throw new Error('the array is not in order');
      }
      const { user, system } = process.cpuUsage(before);
      return { seconds: (user + system) / 1e6, amounts: { stripes: count * rounds } };
    },
  };
}

/** The same check at every size. */
export const SCALE_BENCHMARKS: readonly Benchmark[] = COUNTS.map(benchmark);
