/** An array of 100 TB on sparse disks: sectors of 38 bits, memory for what is touched. */
import { SeededRandom } from '../../../emulator/sim/random';
import type { TraceRequest } from '../../../raid5/workload/msr-trace';
import { WorkloadRun } from '../../../raid5/workload/run';

const HUGE = 100e12;
const SMALL = 1e9;
const BLOCK = 4096;

/** Writes, then reads, of single blocks anywhere in an array, a pair of them exactly 2^32 sectors apart. */
function anywhere(bytes: number, count: number): TraceRequest[] {
  const random = new SeededRandom(7);
  const blocks = Math.floor(bytes / BLOCK);
  const places = Array.from({ length: count }, () => Math.floor((random.below(2 ** 30) / 2 ** 30) * blocks) * BLOCK);
  if (bytes > 2 ** 42) places.push(BLOCK, BLOCK + 2 ** 41, bytes - (bytes % BLOCK) - BLOCK);
  const kinds = ['write', 'read'] as const;
  return kinds.flatMap((kind, phase) =>
    places.map((offset, i) => ({ ticks: 0, kind, offset, length: BLOCK, line: phase * places.length + i + 1 })),
  );
}

function open(bytes: number, count: number): WorkloadRun {
  return new WorkloadRun({
    platform: 'iop342',
    seed: 3,
    level: 5,
    disks: 5,
    chunk: 65_536,
    layout: 'left-symmetric',
    cache: 64,
    diskModel: 'ram',
    arrayBytes: bytes,
    requests: anywhere(bytes, count),
    pace: 'asap',
    speed: 1,
    depth: 8,
    failures: [],
    check: true,
  });
}

function played(bytes: number, count: number): WorkloadRun {
  const run = open(bytes, count);
  while (run.advance(1000));
  return run;
}

/** Bytes that a run has made the disks hold. */
function held(run: WorkloadRun): number {
  return run.array!.disks.reduce((sum, { media }) => sum + BLOCK * [...media.writtenSectors()].length, 0);
}

/** RAID-5, left-symmetric, written from the formulas in integers of any size. */
function placeOf(byte: number): [disk: number, sector: number] {
  const [disks, chunk] = [5n, 128n];
  const sector = BigInt(byte) / 512n;
  const number = sector / chunk;
  const stripe = number / (disks - 1n);
  const parity = disks - 1n - (stripe % disks);
  const disk = (parity + 1n + (number % (disks - 1n))) % disks;
  return [Number(disk), Number(stripe * chunk + (sector % chunk))];
}

it('reads back what it wrote, sectors 2^32 apart too, with parity right and a check that finds nothing', () => {
  const run = played(HUGE, 400);
  expect(run.panic).toBeUndefined();
  expect(run.client!.mismatches).toEqual([]);
  expect(run.counters.readBackBytes).toBe(512 * run.model.writtenSectors);
  expect(run.parity!.mismatches).toBe(0);
  expect(run.check!.mismatchSectors).toBe(0);
});

it('puts blocks where the formulas in big integers say', () => {
  const run = played(HUGE, 50);
  for (const { offset } of run.config.requests) {
    const [disk, sector] = placeOf(offset);
    expect(run.array!.disks[disk].media.peek(sector)).toBeDefined();
  }
});

it('opens as fast as a small one: in less than a second of the host’s processor', () => {
  const before = process.cpuUsage();
  const run = open(HUGE, 1);
  while (run.phase === 'boot') run.advance(1);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(1);
});

it('takes the memory of what is touched, as a small one does', () => {
  const [huge, small] = [held(played(HUGE, 300)), held(played(SMALL, 300))];
  // Each write touches its block and the parity of its stripe; the small array has some of them in the same stripes.
  expect(huge).toBe(2 * 303 * BLOCK);
  expect(small).toBeGreaterThan(huge / 2);
  expect(small).toBeLessThanOrEqual(huge);
});
