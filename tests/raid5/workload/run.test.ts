import { SeededRandom } from '../../../emulator/sim/random';
import { MICROSECOND } from '../../../emulator/sim/time';
import type { Raid5Array } from '../../../raid5/array';
import type { TraceRequest } from '../../../raid5/workload/msr-trace';
import type { RunConfig } from '../../../raid5/workload/run';
import { WorkloadRun } from '../../../raid5/workload/run';
import { thread } from './fio/jobs';

const BYTES = 512 * 1024;

/** Reads and writes of 0.5 to 16 KiB all over half a megabyte, 200 µs apart. */
function synthetic(count: number, seed = 1): TraceRequest[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, (_, i) => {
    const length = 512 * (1 + random.below(32));
    const offset = 512 * random.below((BYTES - length) / 512 + 1);
    return { ticks: 2000 * i, kind: random.below(3) === 0 ? 'read' : 'write', offset, length, line: i + 1 };
  });
}

const CONFIG: RunConfig = {
  platform: 'iop342',
  seed: 11,
  level: 5,
  disks: 4,
  chunk: 8192,
  layout: 'left-symmetric',
  cache: 32,
  diskModel: 'ssd',
  arrayBytes: BYTES,
  requests: synthetic(40),
  pace: 'asap',
  speed: 1,
  depth: 8,
  failures: [],
  check: true,
};

function run(config: Partial<RunConfig> = {}): WorkloadRun {
  const run = new WorkloadRun({ ...CONFIG, ...config });
  while (run.advance(1000));
  expect(run.panic).toBeUndefined();
  return run;
}

describe.each(['iop342', 'none'] as const)('a run on %s', (platform) => {
  it.each(['asap', 'trace'] as const)('at pace %s reads back every byte and finds every parity right', (pace) => {
    const { client, parity, check, model, counters, machine, kernel } = run({ platform, pace });
    expect(client!.mismatches).toEqual([]);
    expect(counters.readBackBytes).toBe(512 * model.writtenSectors);
    expect(counters.read.requests + counters.write.requests).toBe(40);
    expect([counters.read.failed, counters.write.failed, counters.readBackFailed]).toEqual([0, 0, 0]);
    expect(parity).toMatchObject({ mismatches: 0 });
    expect(parity!.stripes).toBeGreaterThan(20);
    expect(check).toEqual({ stripes: parity!.stripes, mismatchSectors: 0, skipped: false });
    expect([machine.findings.all(), kernel.dma.live]).toEqual([[], 0]);
  });
});

// One whole block of a stripe that is nowhere cached: what each way reads is in WR-15.
it.each([
  [5, 4, 0, 'rcw'],
  [5, 4, 1, 'rcw'],
  [5, 4, 2, 'rmw'],
  [5, 5, 0, 'rcw'],
  [5, 5, 1, 'rmw'],
  [6, 6, 1, 'rcw'],
  [6, 6, 2, 'rmw'],
  [6, 7, 0, 'rcw'],
  [6, 7, 1, 'rmw'],
] as const)(
  'a block written on RAID-%i of %i with rmw_level %i goes by %s (WR-03, WR-12, WR-15)',
  (level, disks, rmwLevel, way) => {
    const stripe = 4096 * (disks - (level === 6 ? 2 : 1));
    const requests = Array.from({ length: 8 }, (_, i): TraceRequest => {
      return { ticks: 20_000 * i, kind: 'write', offset: i * stripe, length: 4096, line: i + 1 };
    });
    const { array, client } = run({
      level,
      disks,
      rmwLevel,
      requests,
      chunk: 4096,
      arrayBytes: 16 * stripe,
      pace: 'trace',
    });
    expect(array!.statistics.writes).toEqual({ full: 0, rmw: 0, rcw: 0, [way]: 8 });
    expect(client!.mismatches).toEqual([]);
  },
);

describe('a run on RAID-6', () => {
  const six = { level: 6, disks: 6 } as const;

  it.each(['left-symmetric', 'ddf-N-continue', 'right-asymmetric-6'] as const)(
    'with layout %s reads back every byte and finds every P and Q right',
    (layout) => {
      const { client, parity, check, machine } = run({ ...six, layout });
      expect(client!.mismatches).toEqual([]);
      expect(parity).toMatchObject({ mismatches: 0 });
      expect(check).toEqual({ stripes: parity!.stripes, mismatchSectors: 0, skipped: false });
      expect(machine.findings.all()).toEqual([]);
    },
  );

  it('survives two members that die on the way, and then has no parity to verify', () => {
    const failures = [
      { disk: 1, at: 2000 * MICROSECOND },
      { disk: 4, at: 4000 * MICROSECOND },
    ];
    const degraded = run({ ...six, pace: 'trace', failures });
    expect([degraded.deaths, degraded.array!.failedDisks]).toEqual([
      [1, 4],
      [1, 4],
    ]);
    expect([degraded.client!.mismatches, degraded.counters.readBackFailed]).toEqual([[], 0]);
    expect([degraded.parity, degraded.check]).toEqual([undefined, { stripes: 0, mismatchSectors: 0, skipped: true }]);
  });

  it('with one member dead still verifies what the others say', () => {
    const { parity, check, array, client } = run({ ...six, failures: [{ disk: 2, at: 0 }] });
    expect([array!.failedDisks, client!.mismatches]).toEqual([[2], []]);
    expect(parity).toMatchObject({ mismatches: 0 });
    expect(check).toMatchObject({ mismatchSectors: 0 });
  });
});

it('gives the same hash for the same configuration, and another one for another seed of the trace', () => {
  const hash = (config: Partial<RunConfig> = {}): string => run(config).machine.hash.value;
  expect(hash()).toBe(hash());
  expect(hash({ requests: synthetic(40, 2) })).not.toBe(hash());
});

it('does the same in slices of any size', () => {
  const slices = new WorkloadRun(CONFIG);
  while (slices.advance(1));
  expect(slices.machine.hash.value).toBe(run().machine.hash.value);
});

it('survives a member that dies half way and then has nothing to check', () => {
  const degraded = run({ pace: 'trace', failures: [{ disk: 2, at: 4000 * MICROSECOND }] });
  expect(degraded.deaths).toEqual([2]);
  expect(degraded.array!.failedDisks).toEqual([2]);
  expect(degraded.client!.mismatches).toEqual([]);
  expect(degraded.counters.readBackFailed).toBe(0);
  expect(degraded.parity).toBeUndefined();
  expect(degraded.check).toEqual({ stripes: 0, mismatchSectors: 0, skipped: true });
});

describe('a check that can fail', () => {
  function spoil(parityBit: boolean): (array: Raid5Array) => void {
    return ({ disks, geometry }) => {
      const disk = parityBit ? geometry.row(0).parity : geometry.place(0).disk;
      disks[disk].media.peek(0)![5] ^= 4;
    };
  }
  const requests: TraceRequest[] = [{ ticks: 0, kind: 'write', offset: 0, length: 49_152, line: 1 }];

  it('reports a flipped bit of data as the byte it is in, and the parity that no longer fits', () => {
    const { client, parity } = run({ requests, beforeReadBack: spoil(false) });
    expect(client!.mismatches).toEqual([{ sector: 0, offset: 5, version: 1 }]);
    expect(client!.mismatchedSectors).toBe(1);
    expect(parity).toMatchObject({ mismatches: 1, wrong: [0] });
  });

  it('reports a flipped bit of parity although every byte reads right', () => {
    const { client, parity } = run({ requests, beforeReadBack: spoil(true) });
    expect(client!.mismatches).toEqual([]);
    expect(parity).toMatchObject({ mismatches: 1, wrong: [0] });
  });

  it("md's own check counts what was spoilt before it", () => {
    const late: TraceRequest = { ticks: 500_000, kind: 'read', offset: 8192, length: 512, line: 2 };
    const target = new WorkloadRun({ ...CONFIG, requests: [...requests, late], pace: 'trace' });
    while (target.done < 1) target.advance(1);
    // What is cached is compared as it is cached: only an uncached stripe shows what lies on the disks.
    target.array!.cache.dropCached();
    spoil(true)(target.array!);
    while (target.advance(1000));
    expect(target.check).toMatchObject({ mismatchSectors: 8, skipped: false });
  });
});

it('does not claim a check that a dead member, noticed only by the check itself, cut short (RS-01)', () => {
  // The last request touches another member, so that nobody notices the death of member 0 before the check.
  const requests: TraceRequest[] = [
    { ticks: 0, kind: 'write', offset: 0, length: 393_216, line: 1 },
    { ticks: 500_000, kind: 'read', offset: 8192, length: 512, line: 2 },
  ];
  const { check, array, client } = run({
    requests,
    cache: 17,
    pace: 'trace',
    failures: [{ disk: 0, at: 49_000 * MICROSECOND }],
  });
  expect(array!.failedDisks).toEqual([0]);
  expect(client!.mismatches).toEqual([]);
  expect(check).toMatchObject({ stripes: 0, skipped: true });
});

describe('a transfer of an engine that fails', () => {
  it.each(['adma0', 'adma1'])('on %s is redone in software, and every byte is right', (unit) => {
    const engineFaults = [{ unit, kind: 'mcu-abort', at: 0, times: 3 } as const];
    const { client, parity, machine, asyncTx } = run({ engineFaults });
    const errors = machine.engines.map(({ name, statistics }) => [name, statistics.errors]);
    expect(errors).toEqual(['adma0', 'adma1', 'adma2'].map((name) => [name, name === unit ? 3 : 0]));
    expect(asyncTx!.statistics.redone).toBeGreaterThan(0);
    expect(client!.mismatches).toEqual([]);
    expect(parity).toMatchObject({ mismatches: 0 });
    expect(machine.findings.count('rule')).toBe(0);
  });
});

describe('fio jobs', () => {
  const changes = { random: true, writes: true, verify: 'crc32c', iodepth: 4 } as const;
  const fio = [[thread(changes, 128 * 1024)]];

  it('check their own blocks, beside the comparison with the model', () => {
    const { client, counters, parity, fio: stages } = run({ fio, requests: [] });
    const { read, write } = stages[0][0].statistics;
    expect(read.requests + write.requests).toBe(32 + write.requests);
    expect([counters.read.requests, counters.write.requests]).toEqual([read.requests, write.requests]);
    // What the job wrote is read by itself and by the run.
    expect(client!.content.blocks).toBeGreaterThanOrEqual(2 * write.requests);
    expect(client!.content.failedBlocks).toBe(0);
    expect(client!.mismatches).toEqual([]);
    expect(parity).toMatchObject({ mismatches: 0 });
    const [slat, clat, lat] = [write.slat, write.clat, write.lat].map((record) => record.summary()!.mean);
    expect(slat).toBeGreaterThan(0);
    expect(clat).toBeGreaterThan(slat);
    expect(slat + clat).toBeCloseTo(lat, -1);
  });

  it('notice a block that was spoilt on its way', () => {
    const { client } = run({
      fio,
      requests: [],
      beforeReadBack: ({ disks }) => {
        for (const disk of disks) for (const sector of disk.media.writtenSectors()) disk.media.peek(sector)![100] ^= 1;
      },
    });
    expect(client!.content.failures[0].problem).toBe('bad CRC-32C of the data');
    expect(client!.mismatchedSectors).toBeGreaterThan(0);
  });

  it('run a stage after the one before it', () => {
    const later = { ...thread({ reads: true, writes: false }, 64 * 1024), number: 1 };
    const { fio: stages, counters, array, client } = run({ fio: [...fio, [later]], requests: [] });
    const lasted = stages.flat().reduce((sum, { statistics }) => sum + statistics.runtime, 0);
    expect(counters.result(array, client)!.time).toBeGreaterThan(lasted);
    expect(stages.map(([{ statistics }]) => statistics.read.requests)).toEqual([32, 16]);
  });
});
