/** What only a process of its own shows: pipes, terminals, colours. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adma, shell } from './command';

const ESCAPE = String.fromCharCode(27);

describe('a pipe that nobody reads', () => {
  it.each(['regs adma0 --fields', 'completion bash', 'probe --json', 'replay /dev/null --nonsense 2>&1'])(
    'is no error to adma %s',
    async (words) => {
      const { code, stdout, stderr } = await shell(`adma ${words} | true`);
      expect({ code, stdout, stderr }).toEqual({ code: words.includes('nonsense') ? 2 : 0, stdout: '', stderr: '' });
    },
  );

  it('does not hide that a test failed', async () => {
    const { code, stderr } = await shell('adma dmatest --iterations 1 --timeout 0 --channel dma0chan0 | true');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  });

  it('may be where trace points go', async () => {
    const line = 'adma replay scripts/workloads/sqlite.csv.gz --trace /dev/fd/3 3>&1 >/dev/null | head -n 1';
    const { code, stdout, stderr } = await shell(line);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  });
});

it('adma torture --json prints one document, the same for the same seed', async () => {
  const words = ['torture', '--seed', '7', '--runs', '1', '--json'];
  const { code, stdout, stderr } = await adma(words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.startsWith('{\n  "schemaVersion": 1,\n  "seed": 7,')).toBe(true);
  expect(JSON.parse(stdout)).toMatchObject({ runs: 1, verdict: 'data intact' });
  expect((await adma(words)).stdout).toBe(stdout);
});

describe('colours', () => {
  const explain = ['explain', 'adma0.ACSR', '0x2000'];

  it('are for terminals, or for who forces them, and never for who wants none', async () => {
    const piped = await adma(explain, { env: { FORCE_COLOR: undefined, NO_COLOR: undefined } });
    const forced = await adma(explain, { env: { FORCE_COLOR: '1', NO_COLOR: undefined } });
    const none = await adma(explain, { env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
    expect([piped, forced, none].map(({ stdout }) => stdout.includes(ESCAPE))).toEqual([false, true, false]);
    expect(none.stdout).toBe(piped.stdout);
  });
});

const pseudoTerminal = spawnSync('script', ['--version']).status === 0;
if (!pseudoTerminal) process.stderr.write('skipped: no script(1) to make a pseudo-terminal\n');

(pseudoTerminal ? describe : describe.skip)('on a terminal', () => {
  it('a bar shows how far a command is, and is gone when the document is there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'adma-terminal-'));
    const file = join(folder, 'document.json');
    const command = `stty cols 80; "${process.execPath}" -r ./node_modules/ts-node/register/transpile-only.js scripts/adma.ts`;
    const { code, stdout } = await shell(
      `script -qec '${command} raid6test --disks 24,32 --json >"${file}"' /dev/null </dev/null`,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/raid6test {2}[█░]{32} +\d+ %/);
    expect(stdout.endsWith(`\r${ESCAPE}[K`)).toBe(true);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ schemaVersion: 1, failures: 0 });
    rmSync(folder, { recursive: true });
  }, 120_000);
});
