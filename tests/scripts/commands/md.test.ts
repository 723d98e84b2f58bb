import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mdCreate } from '../../../scripts/commands/md-create';
import type { MdCreateOptions } from '../../../scripts/commands/md-create';
import { mdDetail } from '../../../scripts/commands/md-detail';
import { mdExamine } from '../../../scripts/commands/md-examine';
import { adma } from '../../system/command';

let root: string;
let folder: string;
let out: string;
let err: string;

beforeEach(() => {
  root = fs.mkdtempSync(join(tmpdir(), 'adma-md-'));
  folder = join(root, 'array');
  [out, err] = ['', ''];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true));
});
afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(root, { recursive: true });
});

const image = (member: number): string => join(folder, `disk${member}.img`);
const digest = (path: string): string => createHash('sha1').update(fs.readFileSync(path)).digest('hex');
const create = (options: MdCreateOptions): Promise<number> => mdCreate(folder, { seed: '1', size: '8MiB', ...options });
const refused = async (options: MdCreateOptions): Promise<string> => {
  const message = await mdCreate(folder, options).then(
    () => 'not refused',
    (error: Error) => error.message,
  );
  expect(message).not.toContain('\n');
  return message;
};

describe('adma md create', () => {
  it('makes sparse images that detail opens and examine reads', async () => {
    expect(await create({ level: '6', disks: '5', chunk: '64KiB', bitmap: 'internal', name: 'six' })).toBe(0);
    expect(fs.readdirSync(folder)).toEqual([0, 1, 2, 3, 4].map((i) => `disk${i}.img`));
    expect(fs.statSync(image(4))).toMatchObject({ size: 2 ** 23 });
    expect(fs.statSync(image(4)).blocks).toBeLessThan(64);
    expect(out).toMatch(/Raid Level : raid6\n[^]* State : clean\n[^]* Chunk Size : 64K\n[^]* Name : six\n/);
    expect(mdDetail(folder)).toBe(0);
    out = '';
    expect(mdExamine([folder])).toBe(0);
    expect(out.match(/^\S+disk\d\.img:$/gm)).toHaveLength(5);
    expect(out.match(/Checksum : \w+ - correct/g)).toHaveLength(5);
    expect(err).toBe('');
  });

  it('gives the same bytes for the same seed, others for another', async () => {
    const digests = async (seed: string): Promise<string[]> => {
      await mdCreate(folder, { size: '8MiB', name: 'same', seed });
      const images = [0, 1, 2].map((i) => digest(image(i)));
      fs.rmSync(folder, { recursive: true });
      return images;
    };
    const [first, again, other] = [await digests('7'), await digests('7'), await digests('8')];
    expect(again).toEqual(first);
    expect(other[0]).not.toBe(first[0]);
  });

  it('takes the UUID it is given', async () => {
    await create({ uuid: '00112233-4455-6677-8899-aabbccddeeff' });
    expect(out).toContain('UUID : 00112233:44556677:8899aabb:ccddeeff');
  });

  it('takes images that are there as dirty unless told otherwise, and leaves their data alone (RU-02)', async () => {
    const raw = async (assumeClean: boolean): Promise<Buffer> => {
      fs.mkdirSync(folder, { recursive: true });
      for (const i of [0, 1, 2]) fs.writeFileSync(image(i), Buffer.alloc(2 ** 22, 0x5a));
      expect(await mdCreate(folder, { chunk: '4KiB', assumeClean, seed: '1' })).toBe(0);
      return fs.readFileSync(image(2));
    };
    const image2 = await raw(false);
    expect(out).toContain('State : active, Not synced\n');
    expect(image2.subarray(0, 4096).every((byte) => byte === 0x5a)).toBe(true);
    expect(image2.subarray(8192).every((byte) => byte === 0x5a)).toBe(true);
    out = '';
    await raw(true);
    expect(out).toContain('State : clean\n');
  });

  it.each<[MdCreateOptions, RegExp]>([
    [{ level: '1' }, /^--level: '1' is not known, expected one of: 4, 5, 6$/],
    [{ level: '6', disks: '3' }, /^--disks: '3' is out of range, expected a whole number from 4 to 255$/],
    [{ level: '5', layout: 'left-symmetric-6' }, /^--layout: RAID-5 has no layout 'left-symmetric-6', expected one of/],
    [{ chunk: '5k' }, /^--chunk: /],
    [{ uuid: '0011' }, /^--uuid: '0011' is none, expected a UUID of 32 hex digits/],
    [{ bitmap: 'external' }, /^--bitmap: /],
    [
      { consistencyPolicy: 'ppl' },
      /^--consistency-policy: 'ppl': this version has no partial parity log, expected one of: resync, bitmap$/,
    ],
    [{ consistencyPolicy: 'journal' }, /^--consistency-policy: 'journal': this version has no write journal/],
    [
      { consistencyPolicy: 'bitmap', bitmap: 'none' },
      /^--consistency-policy: 'bitmap' does not go with bitmap none, expected resync$/,
    ],
    [{ size: '1MiB' }, /^a member of 2048 sectors is too small, expected \d+ sectors or more/],
    [{ size: '8MiB', name: 'x'.repeat(32) }, /^the name has 32 bytes/],
    [{}, /disk0\.img: there is no such file or folder/],
  ])('refuses %j in one line and leaves nothing behind', async (options, message) => {
    expect(await refused(options)).toMatch(message);
    expect(fs.existsSync(folder)).toBe(false);
  });

  it('refuses images that are there: with --size, too many, members already', async () => {
    await create({ disks: '4' });
    const before = fs.readFileSync(image(1));
    expect(await refused({ size: '8MiB' })).toBe(`${image(0)}: it is there already, expected no images`);
    expect(await refused({ disks: '3' })).toBe(`${image(3)}: it is there already, expected 3 images`);
    expect(await refused({ disks: '4' })).toMatch(/disk0\.img: it is a member of an array already/);
    expect(fs.readFileSync(image(1)).equals(before)).toBe(true);
  });

  it('takes everything back when the host’s disk fills up', async () => {
    const writeSync = fs.writeSync as (...args: unknown[]) => number;
    let left = 3;
    jest.spyOn(fs, 'writeSync').mockImplementation((...args: unknown[]) => {
      if (left-- > 0) return writeSync(...args);
      throw Object.assign(new Error('ENOSPC: full'), { code: 'ENOSPC' });
    });
    expect(await refused({ size: '8MiB', bitmap: 'internal' })).toBe(
      `${image(1)}: the host’s disk is full, expected free space for the image`,
    );
    expect(fs.existsSync(folder)).toBe(false);
    left = 1e9;
    fs.mkdirSync(folder);
    for (const i of [0, 1, 2]) fs.writeFileSync(image(i), Buffer.alloc(2 ** 22, i));
    left = 2;
    expect(await refused({ chunk: '4KiB' })).toMatch(/disk2\.img: the host’s disk is full/);
    left = 1e9;
    expect(fs.readFileSync(image(2)).every((byte) => byte === 2)).toBe(true);
  });

  it('is refused while another process works on the folder', async () => {
    await create({});
    const stat = fs.readFileSync(`/proc/${process.ppid}/stat`, 'utf8');
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    fs.writeFileSync(join(folder, '.adma.lock'), `${process.ppid} ${start}\n`);
    expect(await refused({})).toBe(
      `${folder}: process ${process.ppid} is working on it, expected one process at a time`,
    );
  });

  it('takes everything back on Ctrl-C and says so in one line', async () => {
    const { code, stderr, stdout } = await adma(
      ['md', 'create', folder, '--disks', '255', '--size', '8MiB', '--bitmap', 'internal'],
      { interruptWhen: () => fs.existsSync(image(20)) },
    );
    expect([code, stdout, stderr]).toEqual([130, '', `${folder}: interrupted, everything is as it was before\n`]);
    expect(fs.existsSync(folder)).toBe(false);
  });
});

describe('adma md detail and examine', () => {
  const damage = (member: number, at: number, value: number): void => {
    const handle = fs.openSync(image(member), 'r+');
    fs.writeSync(handle, Buffer.of(value), 0, 1, at);
    fs.closeSync(handle);
  };

  it('say which disk is refused and why, write nothing, and end with 1', async () => {
    await create({ disks: '4' });
    damage(2, 4096 + 200, 9);
    const before = [0, 1, 2, 3].map((i) => digest(image(i)));
    expect(mdDetail(folder)).toBe(1);
    expect(err).toMatch(
      /^\S+disk2\.img: the superblock’s checksum is 0x\w+, expected 0x\w+ \(SB-03\)\n\S+array: the array was left with a member in place 2, which is not here, expected all its members, or --run \(RU-01\)\n$/,
    );
    err = '';
    expect(mdExamine([image(1), image(2)])).toBe(1);
    expect(out).toMatch(/Checksum : \w+ - expected \w+\n/);
    expect(err).toMatch(/^\S+disk2\.img: the superblock’s checksum/);
    expect([0, 1, 2, 3].map((i) => digest(image(i)))).toEqual(before);
  });

  it('say what there is to say when no image is a member', async () => {
    fs.mkdirSync(folder);
    fs.writeFileSync(image(0), Buffer.alloc(2 ** 20));
    expect([mdDetail(folder), mdExamine([folder])]).toEqual([1, 1]);
    expect(out).toBe('');
    expect(err).toMatch(
      /^(\S+disk0\.img: no md superblock at sector 8 \(0x0\), expected the magic 0xa92b4efc \(SB-05\)\n){2}$/,
    );
    fs.rmSync(image(0));
    expect(() => mdDetail(folder)).toThrow(`${folder}: there is no image in it, expected disk0.img and so on`);
    expect(() => mdExamine([join(folder, 'no')])).toThrow('there is no such file or folder');
  });
});
