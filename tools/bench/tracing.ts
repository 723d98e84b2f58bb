/**
 * What tracing costs in processor time. While nobody records: three channels in chains of descriptors, and the array with its
 * default workload, as they are and with every trace call taken out of the source. While somebody does: the array recorded in
 * each format against the array as it is. Bundles run in pairs, first one first, then the other. Part of `npm run bench`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import { build, buildSync } from 'esbuild';

const PAIRS = { off: 9, on: 3 } as const;
const WORKLOAD = join(__dirname, '..', '..', 'scripts', 'workloads', 'sqlite.csv.gz');
const ENTRY = join(__dirname, 'tracing-child.ts');
const TRACE_CALL = /^[ \t]*(?:if \([^\n]*\) )?[\w.]*\btrace\?\.emit\([\s\S]*?\);\n/gm;
const FORMATS = ['txt', 'json', 'pftrace', 'vcd'] as const;

/** A bundle and what it is asked to do. */
type Side = readonly string[];

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'adma-bench-'));
  try {
    const common: BuildOptions = { entryPoints: [ENTRY], bundle: true, platform: 'node', logLevel: 'error' };
    const whole = join(folder, 'whole.js');
    const stripped = join(folder, 'stripped.js');
    buildSync({ ...common, outfile: whole });
    const removed = { calls: 0 };
    await build({ ...common, outfile: stripped, plugins: [withoutTrace(removed)] });
    process.stdout.write('\n');
    for (const [which, title] of [
      ['chains', 'three channels of 5 × 4 KiB XOR'],
      ['array', 'the array'],
    ] as const) {
      const what = `tracing off against its ${removed.calls} calls removed, ${title}`;
      compare(what, [whole, which, WORKLOAD], [stripped, which, WORKLOAD], PAIRS.off, 1.05);
    }
    for (const format of FORMATS) {
      const on = [whole, 'array', WORKLOAD, join(folder, `trace.${format}`)];
      compare(`recording .${format} against not recording, the array`, on, [whole, 'array', WORKLOAD], PAIRS.on, 3);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Prints how much longer the first side takes. */
function compare(what: string, first: Side, second: Side, pairs: number, goal: number): void {
  const ratios = Array.from({ length: pairs }, (_, i) => pair(first, second, i % 2 === 1)).sort((a, b) => a - b);
  const median = ratios[Math.floor(pairs / 2)];
  const spread = `${ratios[0].toFixed(3)} to ${ratios[pairs - 1].toFixed(3)}`;
  process.stdout.write(`${what}: time × ${median.toFixed(3)} (median of ${pairs} pairs, ${spread}); goal ≤ ${goal}\n`);
}

function pair(first: Side, second: Side, secondFirst: boolean): number {
  if (secondFirst) {
    const divisor = seconds(second);
    return seconds(first) / divisor;
  }
  return seconds(first) / seconds(second);
}

function seconds(side: Side): number {
  return Number(execFileSync(process.execPath, side, { encoding: 'utf8' }));
}

function withoutTrace(removed: { calls: number }): Plugin {
  return {
    name: 'without-trace',
    setup(bundle) {
      bundle.onLoad({ filter: /[\\/](emulator|dmaengine|async_tx|raid5)[\\/].*\.ts$/ }, ({ path }) => {
        const source = readFileSync(path, 'utf8');
        removed.calls += source.match(TRACE_CALL)?.length ?? 0;
        return { contents: source.replace(TRACE_CALL, ''), loader: 'ts' };
      });
    },
  };
}

void main();
