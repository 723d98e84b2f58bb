import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FioDocument } from '../../raid5/workload/fio/fio-document';
import { adma } from './command';

const JOB = 'scripts/scenarios/random-write.fio';

describe('fio job files and iologs as a storage engineer runs them', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'adma-fio-'));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function file(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }

  it('prints jobs with IOPS, bandwidth and latencies, blocks checked and everything verified', async () => {
    const { code, stdout, stderr } = await adma(['run', JOB, '--disk', 'ssd', '--disks', '4']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^scripts\/scenarios\/random-write\.fio on Intel 81342/);
    expect(stdout).toMatch(/array {7}RAID-5, 4 × ssd, 64 KiB chunk/);
    expect(stdout).toMatch(/jobs +requests +IOPS +bandwidth +mean +p50 +p99 +max\n +database: read +1,5\d\d/);
    expect(stdout).toMatch(/\n +log: write +32 +\d+ +\d+\.\d MB\/s/);
    expect(stdout).toMatch(/blocks {6}✓ [\d,]+ blocks checked by their headers or pattern, none wrong/);
    expect(stdout).toMatch(/verdict {5}verified/);
    expect(stdout).toMatch(/repeat {6}.*run scripts\/scenarios\/random-write\.fio --disks 4 --disk ssd --seed 1\n/);
  });

  it("prints fio's document and nothing else, the same every time", async () => {
    const args = ['run', JOB, '--disk', 'ssd', '--output-format', 'json'];
    const { code, stdout } = await adma(args);
    expect(code).toBe(0);
    expect((await adma(args)).stdout).toBe(stdout);
    const { jobs } = JSON.parse(stdout) as FioDocument;
    expect(jobs.map(({ jobname, error }) => [jobname, error])).toEqual([
      ['database', 0],
      ['log', 0],
    ]);
    const [database, log] = jobs;
    expect(database['job options']).toMatchObject({ rw: 'randrw', bssplit: '4k/80:16k/20', size: '4m' });
    // Two clones of 4 MiB, every block read or written once; what was written is read once more.
    expect(database.read.io_bytes).toBe(2 * 4 * 2 ** 20);
    expect(log.write).toMatchObject({ io_bytes: 2 ** 21, total_ios: 32 });
    expect(log.write.iops).toBeGreaterThan(190);
    expect(log.write.iops).toBeLessThan(210);
    expect(log.write.lat_ns.percentile!['99.000000']).toBeGreaterThanOrEqual(log.write.lat_ns.percentile!['50.000000']);
  });

  it('prints our own document with jobs in it', async () => {
    const job = file('own.fio', '[a]\nrw=randwrite\nsize=256k\niodepth=4\n');
    const { code, stdout } = await adma(['run', job, '--disk', 'ram', '--platform', 'iop321', '--json', '--check']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ schemaVersion: 1, verdict: 'verified', platform: 'iop321', requests: { total: 64, read: 0, write: 64 } },
      jobs: [{ name: 'a', line: 1, reads: { requests: 0 }, writes: { requests: 64, bytes: 262_144 } }],
      check: { mismatchSectors: 0, skipped: false },
    });
  });

  it('survives a disk and an engine that fail, in a scenario with a job file and a disk of its own', async () => {
    file(
      'job.fio',
      '[a]\nfilename=/dev/md0\nrw=randrw\nsize=50%\niodepth=8\nverify=pattern\nverify_pattern=0xdeadface\n',
    );
    const scenario = file(
      'faults.yaml',
      `version: 1
name: faults
platform: iop342
array: { size: 2MiB, disk: { name: quick, overhead: 20us, queue: 4, bandwidth: 300MB/s } }
workload: { fio: job.fio }
faults:
  - fail: { disk: 2, at: 5ms }
  - engine: { unit: adma1, at: 1ms, kind: parity, times: 2 }
  - engine: { unit: adma0, at: 2ms }
`,
    );
    const { code, stdout } = await adma(['run', scenario]);
    expect(stdout).toMatch(/5 × quick/);
    expect(stdout).toMatch(/failed {6}disk2/);
    expect(stdout).toMatch(/3 engine errors, [123] operations? redone in software/);
    expect(stdout).toMatch(/verdict {5}verified/);
    expect(code).toBe(0);
  });

  it('stops the machine at an engine error when the driver is to be as the one of Linux (IA-72)', async () => {
    file('job.fio', '[a]\nfilename=/dev/md0\nrw=write\nsize=50%\n');
    const scenario = file(
      'kernel.yaml',
      `version: 1
name: kernel
platform: iop342
engineErrors: kernel
array: { size: 2MiB, disk: ram }
workload: { fio: job.fio }
faults:
  - engine: { unit: adma0, at: 100us }
`,
    );
    const { code, stdout } = await adma(['run', scenario]);
    expect({ code, panic: /IA-72/.test(stdout) }).toEqual({ code: 1, panic: true });
  });

  it('replays an iolog, told by its first line', async () => {
    const log = file(
      't.log',
      'fio version 3 iolog\n0 d add\n1 d open\n2 d write 0 65536\n900 d read 4096 4096\n999 d close\n',
    );
    const { code, stdout } = await adma(['replay', log, '--disk', 'ram', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'verified', requests: { total: 2, read: 1, write: 1 } });
  });

  it.each([
    [
      'a.fio',
      '[j]\nsize=1m\nioengine=libaio\nzoned=1\nramp_time=3\n',
      [],
      /^\S+a\.fio:4:1: not supported: 'zoned' \(line 4\), 'ramp_time' \(line 5\), expected only the keys name, /,
    ],
    ['b.fio', '[j]\nsize=1m\nbs=5k0\n', [], /^\S+b\.fio:3:4: bs: '5k0' is no size, expected a size like /],
    ['c.fio', '[j]\n', [], /^\S+c\.fio:1:1: job 'j' has no size, expected size=/],
    [
      'd.fio',
      '[j]\nsize=1m\n',
      ['--size', '64KiB'],
      /^\S+d\.fio:1:1: job 'j' ends at byte 1048576, expected an array of 65536 bytes/,
    ],
    ['e.fio', '[j]\nsize=1m\n', ['--output-format', 'terse'], /^--output-format: 'terse' is not known/],
  ])('exits 2 with the place of what is wrong: %s', async (name, text, options, message) => {
    const { code, stdout, stderr } = await adma(['run', file(name, text), ...options]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  it('does not take the options of an array for a scenario, which has its own', async () => {
    const { code, stderr } = await adma(['run', 'scripts/scenarios/first-light.yaml', '--disks', '7']);
    expect(code).toBe(2);
    expect(stderr).toBe('--disks: a scenario says this itself, expected it only with a .fio file\n');
  });

  it('has an example that says how it is run', () => {
    expect(readFileSync(join(__dirname, '..', '..', JOB), 'utf8')).toContain(`adma run ${JOB}`);
  });
});
