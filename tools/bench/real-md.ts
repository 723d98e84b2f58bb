/**
 * Our array against real md, in turns on the same machine: Linux in QEMU without hardware help, RAID-5 on five RAM disks
 * of 64 MiB, 64 KiB chunk, direct I/O. The goals of speed are ratios to it, because machines differ. A number as argument
 * says how many turns. Part of `npm run bench`; says so and does nothing where the oracle or what it needs is missing.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BENCHMARKS } from '../../scripts/bench/benchmarks';
import type { Figure } from '../../scripts/bench/harness';
import { machineName, median } from '../../scripts/bench/harness';
import { table } from '../../scripts/console/table';

const TURNS = Number(process.argv[2] ?? 3);
const GOAL = 3;
const ROOT = join(__dirname, '..', '..');
const ORACLE = join(ROOT, '..', 'shared', 'oracle', 'md-oracle.sh');
const ONE = join(ROOT, 'dist', 'scripts', 'bench', 'one.js');
const NEEDED = ['qemu-system-x86_64', 'mdadm', 'busybox', 'gcc'];

/** What the guest printed, by key. */
type Guest = Readonly<Partial<Record<string, string>>>;

interface Comparison {
  readonly name: string;
  readonly unit: string;
  /** The benchmark of ours, and its unit. */
  readonly ours: readonly [string, string];
  /** Amounts a second of real md, the best of what was tried. */
  readonly real: (guest: Guest) => number;
  readonly goal?: number;
}

const COMPARISONS: readonly Comparison[] = [
  {
    name: 'writes of 1 MiB one behind the other',
    unit: 'MB/s of user data',
    ours: ['RAID-5 sequential writes of 1 MiB', 'user bytes/s'],
    real: ({ WRITE_256K, WRITE_1M }) => Math.max(blocks(WRITE_256K) * 2 ** 18, blocks(WRITE_1M) * 2 ** 20),
    goal: GOAL,
  },
  {
    name: 'random writes of 4 KiB',
    unit: '1/s',
    ours: ['RAID-5 random writes of 4 KiB', 'requests/s'],
    real: ({ RANDOM }) => blocks(RANDOM),
    goal: GOAL,
  },
  {
    name: 'reads of 1 MiB, a member missing',
    unit: 'MB/s of user data',
    ours: ['RAID-5 degraded sequential reads of 1 MiB', 'user bytes/s'],
    real: ({ DEGRADED }) => blocks(DEGRADED) * 2 ** 20,
  },
  {
    name: 'check',
    unit: 'MB/s of each disk',
    ours: ['RAID-5 check', 'bytes of each disk/s'],
    real: ({ MEMBER_KIB, CHECK_256, CHECK_4096 }) =>
      (Number(MEMBER_KIB) * 1024) / Math.min(elapsed(CHECK_256), elapsed(CHECK_4096)),
    goal: GOAL,
  },
];

/** The two numbers of a line. */
function pair(line: string | undefined): readonly [number, number] {
  const [, first, second] = /^([\d.]+) ([\d.]+)$/.exec(line ?? '') ?? [];
  if (second === undefined) throw new Error(`the guest printed '${line}' where two numbers were expected`);
  return [Number(first), Number(second)];
}

/** Blocks a second of a line of load.c. */
function blocks(line: string | undefined): number {
  const [done, nanoseconds] = pair(line);
  return (done / nanoseconds) * 1e9;
}

/** Seconds between two readings of the guest's clock. */
function elapsed(line: string | undefined): number {
  const [start, end] = pair(line);
  return end - start;
}

function bootRealMd(load: string): Guest {
  const script = join(__dirname, 'real-md', 'guest.sh');
  const args = ['--no-disks', '--mem', '900', '--script', script, '--add-file', `${load}:load`];
  const text = execFileSync(ORACLE, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return Object.fromEntries(text.split('\n').map((line) => line.split('=', 2) as [string, string]));
}

/** Our figure; each in a process of its own, as `npm run bench` has them. */
function measureOurs([name, unit]: Comparison['ours']): number {
  const number = BENCHMARKS.findIndex((benchmark) => benchmark.name === `${name}, iop342`);
  const text = execFileSync(process.execPath, [ONE, String(number), '1'], { encoding: 'utf8' });
  return (JSON.parse(text) as Figure[]).find((figure) => figure.unit === unit)!.value;
}

function inMegabytes(unit: string, value: number): string {
  return unit === '1/s' ? value.toFixed(0) : (value / 1e6).toFixed(0);
}

function compare(folder: string): void {
  const load = join(folder, 'load');
  execFileSync('gcc', ['-O2', '-static', '-o', load, join(__dirname, 'real-md', 'load.c')]);
  const turns = Array.from({ length: TURNS }, (_, turn) => {
    process.stderr.write(`real md and ours, turn ${turn + 1} of ${TURNS}\n`);
    const guest = bootRealMd(load);
    return COMPARISONS.map(({ ours, real }) => ({ ours: measureOurs(ours), real: real(guest) }));
  });
  const rows = COMPARISONS.map(({ name, unit, goal }, i) => {
    const of = turns.map((turn) => turn[i]);
    const middle = (values: readonly number[]): string => inMegabytes(unit, median(values));
    const ratios = of.map(({ ours, real }) => ours / real);
    const spread = [Math.min(...ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(2)).join(' to ');
    return [
      ...[name, unit, middle(of.map(({ real }) => real)), middle(of.map(({ ours }) => ours))],
      ...[median(ratios).toFixed(2), spread, goal === undefined ? '' : `≥ ${goal}`],
    ];
  });
  const head = ['RAID-5 of 5 RAM disks', 'unit', 'md in QEMU', 'iop342', 'ratio', 'spread', 'goal'];
  process.stdout.write(`\n${machineName()}; medians of ${TURNS} turns\n\n${table([head, ...rows]).join('\n')}\n`);
}

const missing = NEEDED.filter((command) => spawnSync('which', [command]).status !== 0);
if (!existsSync(ORACLE)) missing.push(ORACLE);
if (missing.length > 0) {
  process.stdout.write(`\nskipped: our array against real md, for ${missing.join(', ')} is not here\n`);
} else {
  const folder = mkdtempSync(join(tmpdir(), 'adma-bench-'));
  try {
    compare(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
