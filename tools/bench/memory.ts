/**
 * Heap bytes a phase leaves behind in steady state, with a young generation so large that nothing is
 * collected meanwhile: 0 but for what the compiler itself allocates. Part of `npm run bench`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const folder = mkdtempSync(join(tmpdir(), 'adma-bench-'));
try {
  const outfile = join(folder, 'memory.js');
  buildSync({ entryPoints: [join(__dirname, 'memory-child.ts')], bundle: true, platform: 'node', outfile });
  const flags = ['--expose-gc', '--max-semi-space-size=512'];
  const { bytes, phases } = JSON.parse(execFileSync(process.execPath, [...flags, outfile], { encoding: 'utf8' })) as {
    bytes: number;
    phases: number;
  };
  process.stdout.write(
    `\nheap left behind by ${phases} phases in steady state: ${bytes} bytes, ${(bytes / phases).toFixed(2)} a phase\n`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
