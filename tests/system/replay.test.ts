import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adma, shell } from './command';

const TRACE = 'scripts/workloads/sqlite.csv.gz';
const CLOUDPHYSICS = join(__dirname, '..', '..', '..', 'shared', 'traces', 'cloudphysics-vm.csv.gz');

/** What the tests look at in the document. */
interface Document {
  readonly schemaVersion: number;
  readonly verdict: string;
  readonly verified: { readonly bytes: number; readonly mismatches: number };
  readonly parity: { readonly stripes: number; readonly mismatches: number };
  readonly requests: { readonly read: number; readonly write: number };
  readonly simulated: { readonly seconds: number; readonly busySeconds: number };
  readonly host: { readonly seconds: number };
  readonly engine: {
    readonly channels: readonly { readonly name: string; readonly descriptors: number; readonly bytes: number }[];
  };
  readonly processor: { readonly share: number };
  readonly seed: number;
  readonly traceHash: string;
  readonly command: string;
}

describe('adma as a user runs it', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'adma-'));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  async function replay(...args: string[]): Promise<Document> {
    const { code, stdout, stderr } = await adma(['replay', TRACE, '--json', ...args]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout) as Document;
  }

  it('prints one JSON document, schemaVersion first, with everything verified', async () => {
    const { code, stdout } = await adma(['replay', TRACE, '--json']);
    expect(code).toBe(0);
    expect(stdout.trimStart().startsWith('{\n  "schemaVersion": 1,')).toBe(true);
    const document = JSON.parse(stdout) as Document;
    expect(document.verdict).toBe('verified');
    expect(document.requests).toMatchObject({ read: 5071, write: 5041 });
    expect(document.verified.bytes).toBeGreaterThan(13_000_000);
    expect(document.verified.mismatches).toBe(0);
    expect(document.parity.stripes).toBeGreaterThan(800);
    expect(document.parity.mismatches).toBe(0);
    expect(document.simulated.seconds).toBeGreaterThan(53);
    expect(document.simulated.busySeconds).toBeLessThan(document.simulated.seconds);
    expect(document.host.seconds).toBeGreaterThan(0);
    expect(document.engine.channels.map(({ name }) => name)).toEqual(['adma0', 'adma1', 'adma2']);
    expect(document.engine.channels[0].descriptors).toBeGreaterThan(1000);
    expect(document.engine.channels[1].bytes).toBeGreaterThan(1_000_000);
    expect(document.processor.share).toBeGreaterThan(0);
    expect(document.processor.share).toBeLessThan(1);
    expect(document.command).toContain('--seed 1');
  });

  it('repeats a run to the bit with the same seed', async () => {
    const first = await replay('--seed', '7', '--pace', 'asap');
    const second = await replay('--seed', '7', '--pace', 'asap');
    expect(second.traceHash).toBe(first.traceHash);
    expect({ ...second, host: first.host }).toEqual(first);
  });

  it('does the same job in software on a platform without engines', async () => {
    const document = await replay('--platform', 'none');
    expect(document).toMatchObject({ verdict: 'verified', engine: { channels: [] } });
    expect(document.verified.mismatches + document.parity.mismatches).toBe(0);
  });

  it('survives the death of a disk in the middle', async () => {
    const document = await replay('--fail', '2@21.3');
    expect(document).toMatchObject({ verdict: 'verified', array: { failedDisks: [2] }, parity: { skipped: true } });
  });

  it('runs the main job and the degraded scenario', async () => {
    for (const name of ['first-light', 'degraded']) {
      const { code, stdout } = await adma(['run', `scripts/scenarios/${name}.yaml`]);
      expect(code).toBe(0);
      expect(stdout).toContain('verified');
      expect(stdout).toContain(`repeat      npm run -s adma -- run scripts/scenarios/${name}.yaml --seed 1`);
    }
  });

  it('writes no colours and no progress into a pipe', async () => {
    const { stdout, stderr } = await adma(['replay', TRACE], { env: { FORCE_COLOR: undefined } });
    expect(stdout.includes(String.fromCharCode(27))).toBe(false);
    expect(stderr).toBe('');
  });

  it('honours NO_COLOR even where colours are forced', async () => {
    const forced = await adma(['replay', TRACE], { env: { FORCE_COLOR: '1' } });
    const none = await adma(['replay', TRACE], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
    expect(forced.stdout.includes(String.fromCharCode(27))).toBe(true);
    expect(none.stdout.includes(String.fromCharCode(27))).toBe(false);
  });

  it('ends with the report so far and 130 on Ctrl-C', async () => {
    const trace = join(folder, 'interrupted.txt');
    const { code, stdout } = await adma(['replay', TRACE, '--json', '--trace', trace], {
      interruptWhen: () => existsSync(trace) && statSync(trace).size > 0,
    });
    const document = JSON.parse(stdout) as Document;
    expect({ code, verdict: document.verdict }).toEqual({ code: 130, verdict: 'interrupted' });
    expect(document.requests.read + document.requests.write).toBeLessThan(10_112);
  });

  it('takes a closed pipe for no error', async () => {
    const { code, stderr } = await shell(`adma replay ${TRACE} --json | head -c 20`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('writes trace points as lines in the order of time', async () => {
    const trace = join(folder, 'points.txt');
    const small = join(folder, 'small.csv');
    writeFileSync(small, '0,host,0,Write,0,8192,0\n10,host,0,Read,4096,4096,0\n');
    expect((await adma(['replay', small, '--trace', trace])).code).toBe(0);
    const lines = readFileSync(trace, 'utf8').trimEnd().split('\n');
    const times = lines.map((line) => Number(line.trim().split(/\s+/)[0]));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(lines.some((line) => line.includes('engine.complete'))).toBe(true);
  });

  describe('refuses bad input with one line and 2', () => {
    const bad = async (args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await adma(args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
      return stderr.trimEnd();
    };

    it('a file that is not there', async () => {
      expect(await bad(['replay', 'nowhere.csv'])).toMatch(/^nowhere\.csv:1:1: the file does not exist/);
    });

    it('a trace line with a size that is no multiple of 512', async () => {
      const file = join(folder, 'odd.csv');
      writeFileSync(file, '0,h,0,Write,0,512,0\n1,h,0,Write,512,100,0\n');
      expect(await bad(['replay', file])).toMatch(/odd\.csv:2:17: .*expected/);
    });

    it('a trace longer than the clock, naming --speed', async () => {
      const file = join(folder, 'long.csv');
      writeFileSync(file, '0,h,0,Write,0,512,0\n600000000000,h,0,Write,512,512,0\n');
      expect(await bad(['replay', file])).toContain('--speed');
      expect((await adma(['replay', file, '--speed', '60'])).code).toBe(0);
    });

    it('options out of range', async () => {
      expect(await bad(['replay', TRACE, '--fail', '5@1'])).toMatch(/^--fail: /);
      expect(await bad(['replay', TRACE, '--chunk', '63KiB'])).toMatch(/^--chunk: .*power of two/);
      expect(await bad(['replay', TRACE, '--disks', '2'])).toMatch(/^--disks: /);
      expect(await bad(['replay', TRACE, '--platform', 'iop34'])).toMatch(/^--platform: .*did you mean/);
      expect(await bad(['replay', TRACE, '--depth', '8'])).toMatch(/^--depth: /);
    });

    it('a scenario with an unknown key, with its place', async () => {
      const file = join(folder, 'typo.yaml');
      writeFileSync(
        file,
        'version: 1\nname: typo\nplatform: iop342\narray:\n  chnk: 64KiB\nworkload: { trace: x.csv }\n',
      );
      expect(await bad(['run', file])).toMatch(/typo\.yaml:5:3: unknown key 'chnk'/);
    });

    it('a trace file that cannot be written', async () => {
      expect(await bad(['replay', TRACE, '--trace', join(folder, 'no', 'where.txt')])).toMatch(/where\.txt/);
    });

    it('an unknown command', async () => {
      const { code } = await adma(['rnu', 'x']);
      expect(code).toBe(2);
    });
  });

  it('replays 40,000 requests of a virtual machine over 33.6 GB', async () => {
    if (!existsSync(CLOUDPHYSICS)) {
      process.stdout.write(`skipped: ${CLOUDPHYSICS} is not here\n`);
      return;
    }
    const { code, stdout } = await adma(['replay', CLOUDPHYSICS, '--json']);
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as Document;
    expect(document).toMatchObject({ verdict: 'verified', requests: { read: 16047, write: 23953 } });
    expect(document.parity.stripes).toBe(41104);
  }, 180_000);
});
