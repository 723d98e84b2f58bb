import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderLock } from '../../scripts/images/folder-lock';
import { adma, shell } from './command';

/** What the host does to images: full disks, limits, read-only files, other processes, Ctrl-C. */
let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'adma-host-'));
  folder = join(root, 'array');
});
afterEach(() => rmSync(root, { recursive: true }));

const mount = (...args: readonly string[]): boolean => spawnSync('mount', args).status === 0;
const unmount = (place: string): void => void spawnSync('umount', [place]);

/** A file system of this size in the folder of the array; says on stdout when there can be none. */
function smallDisk(size: string): boolean {
  mkdirSync(folder);
  const here = process.getuid?.() === 0 && mount('-t', 'tmpfs', '-o', `size=${size}`, 'adma', folder);
  if (!here) process.stdout.write('skipped: this user may not mount a small file system\n');
  return here;
}

async function create(...options: readonly string[]): Promise<void> {
  const made = await adma(['md', 'create', folder, '--disks', '4', '--size', '8MiB', '--chunk', '16KiB', ...options]);
  expect(made).toMatchObject({ code: 0, stderr: '' });
}

/** Bytes of which no sector is all zeros. */
function input(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += 4) bytes.writeUInt32LE((Math.imul(at + 1, 2_654_435_761) | 1) >>> 0, at);
  writeFileSync(join(root, 'in'), bytes);
  return bytes;
}

const write = ['md', 'write'] as const;

/** Every superblock is whole; the array assembles, resyncs, has right parity, and each sector is old (zeros) or new. */
async function recovers(data: Buffer): Promise<number> {
  const examined = await adma(['md', 'examine', folder]);
  expect(examined).toMatchObject({ code: 0, stderr: '' });
  expect(examined.stdout.match(/Checksum : \w+ - correct/g)).toHaveLength(4);
  expect(await adma(['md', 'assemble', folder])).toMatchObject({ code: 0 });
  const checked = await adma(['md', 'check', folder]);
  expect([checked.code, checked.stdout]).toEqual([0, expect.stringContaining('mismatch_cnt 0')]);
  expect(await adma(['md', 'read', folder, '--out', join(root, 'out')])).toMatchObject({ code: 0 });
  const found = readFileSync(join(root, 'out'));
  let written = 0;
  for (let at = 0; at < data.length; at += 512) {
    const sector = found.subarray(at, at + 512);
    if (sector.equals(data.subarray(at, at + 512))) written++;
    else expect([at, sector.every((byte) => byte === 0)]).toEqual([at, true]);
  }
  expect(found.subarray(data.length).every((byte) => byte === 0)).toBe(true);
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  return written;
}

describe('a host whose disk is full', () => {
  it.each([[[]], [['--bitmap', 'internal']]])(
    'ends a write in one line, and leaves the images as a power cut would (create %j)',
    async (options) => {
      if (!smallDisk('1536k')) return;
      try {
        await create(...options);
        const data = input(4 * 2 ** 20);
        const full = await adma([...write, folder, '--in', join(root, 'in')]);
        expect([full.code, full.stdout]).toEqual([2, '']);
        expect(full.stderr).toMatch(/^\S+disk\d\.img: the host’s disk is full, expected free space for the image\n$/);
        expect((await adma(['md', 'detail', folder])).stdout).toMatch(/State : active, Not synced\n/);
        expect(mount('-o', 'remount,size=64m', folder)).toBe(true);
        const written = await recovers(data);
        expect([written > 0, written < data.length / 512]).toEqual([true, true]);
      } finally {
        unmount(folder);
      }
    },
    120_000,
  );

  it('makes no array, and leaves nothing of it behind', async () => {
    if (!smallDisk('64k')) return;
    try {
      const made = await adma([
        'md',
        'create',
        folder,
        '--disks',
        '8',
        '--level',
        '6',
        '--size',
        '8MiB',
        '--bitmap',
        'internal',
      ]);
      expect([made.code, made.stdout]).toEqual([2, '']);
      expect(made.stderr).toMatch(/^\S+disk\d\.img: the host’s disk is full, expected free space for the image\n$/);
      expect(readdirSync(folder)).toEqual([]);
      writeFileSync(join(folder, 'ballast'), Buffer.alloc(64 * 1024));
      const none = await adma(['md', 'create', folder, '--size', '8MiB']);
      expect(none.code).toBe(2);
      expect(none.stderr).toMatch(/: the host’s disk is full, expected free space for the image\n$/);
      expect(readdirSync(folder)).toEqual(['ballast']);
    } finally {
      unmount(folder);
    }
  }, 60_000);

  it('cannot take what is read, and no image changes', async () => {
    await create();
    const before = readFileSync(join(folder, 'disk0.img'));
    const { code, stderr } = await adma(['md', 'read', folder, '--out', '/dev/full']);
    expect([code, stderr]).toEqual([2, '/dev/full: the host’s disk is full, expected free space for the image\n']);
    expect(readFileSync(join(folder, 'disk0.img')).equals(before)).toBe(true);
  }, 60_000);
});

it('a file that may not grow so far is one line, and the array comes back', async () => {
  await create();
  const data = input(8 * 2 ** 20);
  // Blocks of 1024 bytes: the images end where the limit is, and what lies behind it cannot be written.
  const words = `trap "" XFSZ; ulimit -f 3000; adma md write ${folder} --in ${join(root, 'in')}`;
  const { code, stderr } = await shell(words);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^\S+disk\d\.img: the file would be larger than the host allows, expected a smaller image\n$/);
  expect(await recovers(data)).toBeGreaterThan(0);
}, 120_000);

it('a read-only file system is one line to write on, and can be read', async () => {
  if (!smallDisk('64m')) return;
  try {
    await create();
    const data = input(2 ** 20);
    expect(await adma([...write, folder, '--in', join(root, 'in')])).toMatchObject({ code: 0 });
    expect(mount('-o', 'remount,ro', folder)).toBe(true);
    const { code, stderr } = await adma([...write, folder, '--in', join(root, 'in')]);
    expect([code, stderr]).toEqual([2, `${folder}: its file system is read-only, expected one that may be written\n`]);
    expect(await adma(['md', 'read', folder, '--out', join(root, 'out')])).toMatchObject({ code: 0 });
    expect(readFileSync(join(root, 'out')).subarray(0, data.length).equals(data)).toBe(true);
  } finally {
    unmount(folder);
  }
}, 60_000);

it('a read-only image is one line, and nothing is written on the others', async () => {
  await create();
  input(2 ** 20);
  const image = join(folder, 'disk2.img');
  const bound = mount('--bind', image, image) && mount('-o', 'remount,ro,bind', image);
  if (!bound) spawnSync('chmod', ['a-w', image]);
  try {
    const before = readFileSync(join(folder, 'disk0.img'));
    const { code, stdout, stderr } = await adma([...write, folder, '--in', join(root, 'in')]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^\S+disk2\.img: (its file system is read-only|access is denied), expected .*\n$/);
    expect(readFileSync(join(folder, 'disk0.img')).equals(before)).toBe(true);
  } finally {
    if (bound) unmount(image);
  }
}, 60_000);

it('a second process is refused in one line while the first works', async () => {
  await create();
  input(2 ** 20);
  const lock = FolderLock.take(folder);
  const refused = `${folder}: process ${process.pid} is working on it, expected one process at a time\n`;
  for (const words of [
    [...write, folder, '--in', join(root, 'in')],
    ['md', 'check', folder],
  ]) {
    expect(await adma(words)).toMatchObject({ code: 2, stdout: '', stderr: refused });
  }
  lock.release();
  expect(await adma([...write, folder, '--in', join(root, 'in')])).toMatchObject({ code: 0 });
}, 60_000);

it('Ctrl-C in the middle of a write leaves what a power cut would', async () => {
  await create();
  const data = input(16 * 2 ** 20);
  // The first block of data, which lie a mebibyte behind the beginning.
  const begun = (): boolean =>
    readFileSync(join(folder, 'disk0.img'))
      .subarray(2 ** 20, 2 ** 20 + 4096)
      .some(Boolean);
  const { code, stderr } = await adma([...write, folder, '--in', join(root, 'in')], { interruptWhen: begun });
  expect([code, stderr]).toEqual([130, 'interrupted: the images are as after a power cut\n']);
  const written = await recovers(data);
  expect([written > 0, written < data.length / 512]).toEqual([true, true]);
}, 120_000);
