import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adma } from './command';

const SCENARIOS = join(__dirname, '..', '..', 'scripts', 'scenarios');

let root: string;
beforeAll(() => (root = mkdtempSync(join(tmpdir(), 'adma-life-'))));
afterAll(() => rmSync(root, { recursive: true }));

/** A scenario of the test's own. @param array keys beside the usual ones */
function own(fio: string, array = '', faults = '[]'): string {
  const path = join(root, 'own.yaml');
  const lines = [
    'version: 1',
    'name: own',
    'platform: none',
    `array: { disks: 4, disk: ssd, metadata: 1.2${array || ', size: 6MiB'} }`,
    `workload: { fio: ${join(SCENARIOS, fio)} }`,
    `faults: ${faults}`,
    'checks: [{ examine: { degraded: 0 } }]',
  ];
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

/** What the tests look at in the document. */
interface Document {
  readonly schemaVersion: number;
  readonly verdict: string;
  readonly asExpected: boolean;
  readonly cutOff: number;
  readonly losses: readonly { readonly name: string; readonly sectors: number }[];
  readonly timeline: readonly { readonly text: string }[];
  readonly traceHashes: readonly string[];
  readonly command: string;
}

async function run(name: string, ...args: readonly string[]): Promise<Document> {
  const { code, stdout, stderr } = await adma(['run', `scripts/scenarios/${name}.yaml`, '--json', ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.startsWith('{\n  "schemaVersion": 1,')).toBe(true);
  return JSON.parse(stdout) as Document;
}

describe('a scenario with the life of an array', () => {
  it('cuts the power, resyncs by the bitmap and goes on: data are intact', async () => {
    const { verdict, asExpected, cutOff, timeline, traceHashes } = await run('power-cut');
    expect([verdict, asExpected, traceHashes.length]).toEqual(['data intact', true, 2]);
    expect(cutOff).toBeGreaterThan(100);
    const story = timeline.map(({ text }) => text);
    expect(story.indexOf('md: resync done.')).toBeGreaterThan(story.indexOf('the power fails'));
  }, 120_000);

  it('loses two disks of a RAID-6 and rebuilds both', async () => {
    const { verdict, timeline } = await run('two-lost');
    expect(verdict).toBe('data intact');
    expect(timeline.filter(({ text }) => text === 'md: recover done.')).toHaveLength(2);
  }, 120_000);

  it('mends read errors, and locates the disk that lies', async () => {
    expect((await run('read-errors')).verdict).toBe('data intact');
  }, 120_000);

  it('names what the write hole took, and does the same again from its replay line', async () => {
    const first = await run('write-hole');
    expect(first.verdict).toBe('expected loss');
    expect(first.losses).toMatchObject([{ name: 'write hole' }]);
    expect(first.losses[0].sectors).toBeGreaterThan(0);
    const [, , ...words] = first.command.split(' -- ')[1].split(' ');
    expect((await run('write-hole', ...words)).traceHashes).toEqual(first.traceHashes);
  }, 120_000);

  it('ends with 1 and says what was expected when a check fails, and tells the story to people', async () => {
    const { code, stdout } = await adma(['run', own('burst.fio', '', '[{ remove: { disk: 1, at: 1ms } }]')]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /story {8}\s+\d\.\d\d ms {2}md\/raid: Disk failure on disk1, disabling device\.\n\s+\d\.\d\d ms {2}disk1 removed\n/,
    );
    expect(stdout).toContain('✗ examine: degraded 1, expected degraded 0');
    expect(stdout).toContain('data intact, not what the scenario expects');
  }, 60_000);

  it.each([
    [
      'burst.fio',
      ', size: 400GiB, bitmap: internal, bitmapChunk: 4KiB',
      'own.yaml:4:91: array.bitmapChunk: bits for 4096 bytes each have no room, expected 524288 bytes a bit or more',
    ],
    [
      'random-write.fio',
      ', size: 12MiB',
      'random-write.fio:8:1: verify=crc32c: every byte on an array with metadata carries the number of its write, expected a job without, as all is compared anyway',
    ],
  ])('refuses what does not fit in one line: %s%s', async (fio, array, message) => {
    const { code, stdout, stderr } = await adma(['run', own(fio, array)]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.split('/').at(-1)).toBe(`${message}\n`);
  });
});
