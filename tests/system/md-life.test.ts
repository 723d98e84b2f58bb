import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adma } from './command';

/** Arrays in images, used through `adma md` and judged by the md driver of Linux. */
const ORACLE = join(__dirname, '..', '..', '..', 'shared', 'oracle', 'md-oracle.sh');
const ENVIRONMENT = { ...process.env, TZ: 'UTC', PATH: `${process.env['PATH']}:/usr/sbin:/sbin` };

const have = (command: string): boolean => spawnSync('which', [command], { env: ENVIRONMENT }).status === 0;

/** Whether the judge is here; says on stdout when it is not. */
function judged(): boolean {
  const here = have('qemu-system-x86_64') && have('mdadm') && existsSync(ORACLE);
  if (!here) process.stdout.write(`skipped: ${ORACLE}, or the qemu and mdadm it needs, is not here\n`);
  return here;
}

/** Asks the judge; undefined where it cannot boot. */
function judge(...args: readonly string[]): Map<string, string> | undefined {
  const { stdout, stderr } = spawnSync(ORACLE, args, { env: ENVIRONMENT, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (stderr.includes('initramfs build failed')) {
    process.stdout.write('skipped: the kernel package that the judge boots is not here\n');
    return undefined;
  }
  return new Map(stdout.split('\n').map((line) => line.split(/=(.*)/s, 2) as [string, string]));
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Bytes that repeat nowhere. */
function noise(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed;
  for (let at = 0; at < length; at += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes.writeUInt32LE((state ^ at) >>> 0, at);
  }
  return bytes;
}

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'adma-md-life-'))));
afterEach(() => rmSync(root, { recursive: true }));

const path = (name: string): string => join(root, name);

async function create(name: string, options: Readonly<Record<string, string>>): Promise<string> {
  const words = Object.entries(options).flatMap(([key, value]) => [`--${key}`, value]);
  const folder = path(name);
  expect(await adma(['md', 'create', folder, '--size', '8MiB', ...words])).toMatchObject({ code: 0 });
  return folder;
}

async function read(folder: string, ...options: readonly string[]): Promise<Buffer> {
  const { code } = await adma(['md', 'read', folder, '--out', path('out'), ...options]);
  expect(code).toBe(0);
  return readFileSync(path('out'));
}

/** What every image holds. */
const images = (folder: string): string[] =>
  readdirSync(folder)
    .sort()
    .map((name) => sha256(readFileSync(join(folder, name))));

describe('an array in images', () => {
  it('gives back what was written, two members lost as well, and no image changes by reading', async () => {
    const folder = await create('six', { level: '6', disks: '5', chunk: '16KiB', layout: 'left-symmetric' });
    const data = noise(3_000_320, 1);
    writeFileSync(path('in'), data);
    expect(await adma(['md', 'write', folder, '--in', path('in'), '--offset', '1MiB'])).toMatchObject({ code: 0 });
    const before = images(folder);
    const all = await read(folder);
    expect(sha256(all.subarray(2 ** 20, 2 ** 20 + data.length))).toBe(sha256(data));
    expect(images(folder)).toEqual(before);
    for (const member of ['disk1.img', '3']) {
      expect(await adma(['md', 'fail', folder, member])).toMatchObject({ code: 0 });
    }
    expect(sha256(await read(folder))).toBe(sha256(all));
    expect(sha256(await read(folder, '--offset', '1MiB', '--length', `${data.length}`))).toBe(sha256(data));
    await adma(['md', 'fail', folder, '0']);
    const lost = await adma(['md', 'read', folder, '--out', path('none')]);
    expect(lost.code).toBe(2);
    expect(lost.stderr).toContain('3 of 5 members are missing or not rebuilt, expected 2 at most for RAID-6');
  }, 60_000);

  it('whose byte was changed on one disk is found by a check, which names the disk, and made right by a repair', async () => {
    const folder = await create('spoilt', { level: '6', disks: '6', chunk: '64KiB' });
    writeFileSync(path('in'), noise(2 ** 21, 2));
    await adma(['md', 'write', folder, '--in', path('in')]);
    const file = join(folder, 'disk2.img');
    const bytes = readFileSync(file);
    const at = 5 * 2 ** 20 + 77;
    bytes[at] ^= 0x10;
    writeFileSync(file, bytes);
    const found = await adma(['md', 'check', folder, '--locate']);
    expect(found.code).toBe(1);
    expect(found.stdout).toMatch(/mismatch_cnt 8\nmember sector \d+ \(4096 bytes\): \S+disk2\.img lies\n$/);
    expect(await adma(['md', 'repair', folder])).toMatchObject({ code: 0 });
    const again = await adma(['md', 'check', folder, '--platform', 'none']);
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toMatch(/mismatch_cnt 0\n$/);
  }, 60_000);

  it('takes a member back by its bitmap, and rebuilds a spare', async () => {
    const folder = await create('five', { disks: '4', chunk: '16KiB', bitmap: 'internal' });
    const data = noise(4_000_256, 3);
    writeFileSync(path('in'), data);
    expect(await adma(['md', 'fail', folder, '1'])).toMatchObject({ code: 0 });
    expect(await adma(['md', 'write', folder, '--in', path('in')])).toMatchObject({ code: 0 });
    const back = await adma(['md', 'add', folder, 'disk1.img']);
    expect(back).toMatchObject({ code: 0 });
    expect(back.stderr).toMatch(/disk1\.img: re-added\n.*recover done/s);
    expect(await adma(['md', 'fail', folder, '2'])).toMatchObject({ code: 0 });
    const spare = await adma(['md', 'add', folder, 'spare0.img']);
    expect(spare).toMatchObject({ code: 0 });
    expect(spare.stdout).toMatch(/State : clean\n/);
    expect(spare.stdout).toMatch(/ 2 {6}active sync {8}\S+spare0\.img/);
    expect(await adma(['md', 'check', folder])).toMatchObject({ code: 0 });
    expect(sha256((await read(folder)).subarray(0, data.length))).toBe(sha256(data));
  }, 60_000);

  it.each([
    [['write', '--in', 'odd'], /^--in: 1000 bytes, expected whole sectors of 512/],
    [['write', '--in', 'nowhere'], /nowhere: there is no such file or folder/],
    [['read'], /^--out: it is missing, expected a file/],
    [['read', '--out', 'out', '--offset', '1TiB'], /^--offset: byte 1099511627776 lies behind the end of the array/],
    [['fail', '7'], /^MEMBER: '7' is no member of the array, expected one of: disk0.img, disk1.img, disk2.img/],
  ])('refuses %j in one line, and nothing changes', async ([command, ...words], message) => {
    const folder = await create('plain', { disks: '3' });
    writeFileSync(path('odd'), Buffer.alloc(1000));
    const before = images(folder);
    const args = words.map((word) => (/^(odd|nowhere|out)$/.test(word) ? path(word) : word));
    const { code, stdout, stderr } = await adma(['md', command, folder, ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    if (command !== 'fail') expect(images(folder)).toEqual(before);
  });
});

/** Level, members, chunk, layout, bitmap, platform. */
const ARRAYS = [
  ['4', '4', '64KiB', 'parity-last', 'none', 'iop321'],
  ['5', '5', '32KiB', 'right-asymmetric', 'internal', 'iop342'],
  ['6', '5', '16KiB', 'left-asymmetric', 'internal', 'iop348'],
  ['6', '6', '64KiB', 'ddf-N-continue', 'none', 'iop331'],
  ['6', '5', '4KiB', 'right-symmetric-6', 'none', 'none'],
] as const;

describe('the md driver of Linux', () => {
  it('reads what adma md wrote, finds parity right, and reads the same degraded and rebuilt', async () => {
    if (!judged()) return;
    const expected: string[] = [];
    const folders: string[] = [];
    for (const [i, [level, disks, chunk, layout, bitmap, platform]] of ARRAYS.entries()) {
      const folder = await create(`array${i}`, { level, disks, chunk, layout, bitmap });
      writeFileSync(path('in'), noise(5_000_192, i));
      for (const offset of ['0', '9MiB']) {
        const words = ['--in', path('in'), '--offset', offset, '--platform', platform];
        expect(await adma(['md', 'write', folder, ...words])).toMatchObject({ code: 0 });
      }
      if (bitmap === 'internal') {
        expect(await adma(['md', 'fail', folder, '1'])).toMatchObject({ code: 0 });
        await adma(['md', 'write', folder, '--in', path('in'), '--offset', '5MiB']);
        expect(await adma(['md', 'add', folder, 'disk1.img'])).toMatchObject({ code: 0 });
      }
      expected.push(sha256(await read(folder)));
      folders.push(folder);
    }
    const said = judge('--strict', '--fail', '0', '--rebuild', ...folders);
    if (said === undefined) return;
    for (const i of folders.keys()) {
      const about = (key: string): string | undefined => said.get(`A${i}.${key}`);
      expect([i, about('SHA256'), about('MISMATCH_CNT')]).toEqual([i, expected[i], '0']);
      expect([i, about('DEGRADED_SHA256'), about('REBUILT_SHA256')]).toEqual([i, expected[i], expected[i]]);
    }
    expect(said.get('KERNEL_WARNINGS')).toBe('0');
  }, 400_000);

  it('leaves arrays that adma md reads, whole and with a member gone', async () => {
    if (!judged()) return;
    for (const [options, disks] of [
      ['--level=5 --raid-devices=4 --chunk=64 --layout=la --metadata=1.2 --bitmap=internal', 4],
      ['--level=6 --raid-devices=5 --chunk=16 --metadata=1.2 --bitmap=none', 5],
    ] as const) {
      const folder = path(`linux${disks}`);
      spawnSync('mkdir', [folder]);
      const said = judge('--create', options, '--disks', `${disks}`, '--size-mib', '12', '--pattern', '7', folder);
      if (said === undefined) return;
      const theirs = said.get('A0.SHA256') ?? said.get('SHA256');
      expect(theirs).toMatch(/^[0-9a-f]{64}$/);
      expect(sha256(await read(folder))).toBe(theirs);
      expect(await adma(['md', 'check', folder])).toMatchObject({ code: 0 });
      renameSync(join(folder, 'disk1.img'), path('away'));
      expect(await adma(['md', 'read', folder, '--out', path('out')])).toMatchObject({ code: 2 });
      expect(sha256(await read(folder, '--run'))).toBe(theirs);
    }
  }, 400_000);
});
