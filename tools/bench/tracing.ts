/**
 * What tracing costs while nobody records: the three-channel chain benchmark as it is, against the same with
 * every trace call taken out of the source, bundled both and run in turn. Part of `npm run bench`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import { build, buildSync } from 'esbuild';

const PAIRS = 9;
const ENTRY = join(__dirname, 'tracing-child.ts');
const TRACE_CALL = /^[ \t]*[\w.]*\btrace\?\.emit\([\s\S]*?\);\n/gm;

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'adma-bench-'));
  try {
    const common: BuildOptions = { entryPoints: [ENTRY], bundle: true, platform: 'node', logLevel: 'error' };
    const whole = join(folder, 'whole.js');
    const stripped = join(folder, 'stripped.js');
    buildSync({ ...common, outfile: whole });
    const removed = { calls: 0 };
    await build({ ...common, outfile: stripped, plugins: [withoutTrace(removed)] });
    const ratios = Array.from({ length: PAIRS }, (_, i) => pair(whole, stripped, i % 2 === 1)).sort((a, b) => a - b);
    const median = ratios[Math.floor(PAIRS / 2)];
    const spread = `${ratios[0].toFixed(3)} to ${ratios[PAIRS - 1].toFixed(3)}`;
    process.stdout.write(
      `\ntracing off against its ${removed.calls} calls removed, three channels of 5 × 4 KiB XOR: ` +
        `time × ${median.toFixed(3)} (median of ${PAIRS} pairs, ${spread}); goal ≤ 1.05\n`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Seconds with the calls, over seconds without. */
function pair(whole: string, stripped: string, strippedFirst: boolean): number {
  if (strippedFirst) {
    const without = seconds(stripped);
    return seconds(whole) / without;
  }
  return seconds(whole) / seconds(stripped);
}

function seconds(file: string): number {
  return Number(execFileSync(process.execPath, [file], { encoding: 'utf8' }));
}

function withoutTrace(removed: { calls: number }): Plugin {
  return {
    name: 'without-trace',
    setup(bundle) {
      bundle.onLoad({ filter: /emulator.*\.ts$/ }, ({ path }) => {
        const source = readFileSync(path, 'utf8');
        removed.calls += source.match(TRACE_CALL)?.length ?? 0;
        return { contents: source.replace(TRACE_CALL, ''), loader: 'ts' };
      });
    },
  };
}

void main();
