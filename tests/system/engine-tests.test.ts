import { adma } from './command';

interface DmaTestDocument {
  readonly schemaVersion: number;
  readonly threads: readonly { readonly name: string; readonly tests: number; readonly failures: number }[];
  readonly complaints: readonly string[];
}

describe('adma dmatest', () => {
  it('prints the kernel’s summary lines, P+Q on the channel that has it', async () => {
    const { code, stdout, stderr } = await adma(['dmatest', '--iterations', '5']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(10);
    const form = /^dmatest: dma\dchan0-(copy|set|xor|pq)0: summary 5 tests, 0 failures \d+\.\d\d iops \d+ KB\/s \(0\)$/;
    for (const line of lines) expect(line).toMatch(form);
    expect(lines.filter((line) => line.includes('-pq0'))).toEqual([expect.stringContaining('dma2chan0-pq0')]);
  });

  it('with --extended adds what the kernel’s omits, a line each, the same for the same seed', async () => {
    const args = ['dmatest', '--extended', '--iterations', '2', '--device', 'iop-adma.2', '--json', '--seed', '9'];
    const first = await adma(args);
    const second = await adma(args);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(second.stdout).toBe(first.stdout);
    expect(first.stdout.startsWith('{\n  "schemaVersion": 1,')).toBe(true);
    const { threads, complaints } = JSON.parse(first.stdout) as DmaTestDocument;
    expect(threads.slice(4).map(({ name }) => name)).toEqual([
      ...['xor-data', 'pq-data', 'pq-single', 'pq-continue', 'xor-val', 'pq-val', 'late-ack', 'exhaustion'].map(
        (kind) => `dma2chan0-${kind}0`,
      ),
      'all-chain0',
    ]);
    expect(threads.every(({ tests, failures }) => tests === 2 && failures === 0)).toBe(true);
    expect(complaints).toEqual([]);
  });

  it('takes no more channels than --max-channels', async () => {
    const { stdout } = await adma(['dmatest', '--iterations', '1', '--max-channels', '1']);
    expect(stdout.match(/dma\dchan0/g)).toEqual(['dma0chan0', 'dma0chan0', 'dma0chan0']);
  });

  it('fails with 1 when tests do', async () => {
    const { code, stdout } = await adma(['dmatest', '--iterations', '1', '--timeout', '0', '--channel', 'dma0chan0']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/result #1: 'test timed out'/);
  });

  it.each([
    [
      ['--channel', 'dma9chan0'],
      /^--channel: 'dma9chan0' is not here, expected one of: dma0chan0, dma1chan0, dma2chan0/,
    ],
    [['--device', 'ioat'], /^--device: 'ioat' is not here, expected one of: iop-adma\.0, /],
    [['--platform', 'none'], /expected one of: none on this platform/],
    [
      ['--alignment', '12', '--buf-size', '1KiB'],
      /^--alignment: 4096 bytes do not fit, expected at most --buf-size 1024/,
    ],
    [['--extended', '--buf-size', '1MiB'], /^--buf-size: '1MiB' is out of range/],
    [['--pq-sources', 'x'], /^--pq-sources: 'x' is no whole number/],
  ] as const)('refuses %j with 2', async (args, message) => {
    const { code, stdout, stderr } = await adma(['dmatest', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

describe('adma raid6test', () => {
  it('prints the kernel’s lines', async () => {
    const { code, stdout, stderr } = await adma(['raid6test', '--disks', '4,5,12', '--platform', 'iop321']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.slice(0, -1)).toEqual([
      ...[4, 5, 12].map((disks) => `raid6test: testing the ${disks}-disk case...`),
      'raid6test: complete (82 tests, 0 failures)',
    ]);
    expect(lines.at(-1)).toMatch(/^raid6test: simulated \d/);
  });

  it('with --json prints one document, the same for the same seed', async () => {
    const args = ['raid6test', '--disks', '4', '--extended', '--json'];
    const first = await adma(args);
    expect(first.code).toBe(0);
    expect((await adma(args)).stdout).toBe(first.stdout);
    expect(first.stdout.startsWith('{\n  "schemaVersion": 1,')).toBe(true);
    expect(JSON.parse(first.stdout)).toMatchObject({ platform: 'iop342', tests: 6 + 32 + 274 + 137, failures: 0 });
  });

  it.each([
    [['--disks', '3'], /^--disks: '3' is out of range/],
    [['--disks', '4,,5'], /^--disks: '' is no whole number/],
    [['--platform', 'iop340'], /^--platform: 'iop340' is not known/],
  ] as const)('refuses %j with 2', async (args, message) => {
    const { code, stdout, stderr } = await adma(['raid6test', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

describe('adma probe', () => {
  it('prints the self-tests of every engine, and names the one that Linux has and no engine passes (ST-05, ST-07)', async () => {
    const { code, stdout } = await adma(['probe', '--platform', 'iop331']);
    expect(code).toBe(0);
    const tests = [...stdout.matchAll(/iop-adma\.(\d): Self-test (.*) passed$/gm)].map(
      ([, device, test]) => device + test,
    );
    expect(tests).toEqual(['0copy', '1copy', '2xor', '2zero sum', '2memset', '2non-zero sum']);
    expect(stdout).toContain('ST-05 is not run');
  });

  it('with --json prints one document, and a machine without engines passes', async () => {
    const { code, stdout } = await adma(['probe', '--platform', 'none', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      platform: 'none',
      passed: true,
      devices: [],
      log: [],
    });
  });
});
