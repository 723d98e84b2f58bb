import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlockFile } from '../../../scripts/images/block-file';
import { onHost } from '../../../scripts/images/image-error';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'adma-images-'));
});
afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(folder, { recursive: true });
});

const path = (name = 'disk0.img'): string => join(folder, name);
const failing = (code: string) => (): never => {
  throw Object.assign(new Error(`${code}: of the host`), { code });
};

describe('an image file', () => {
  it('is sparse, reads as zeros, and keeps what was written', () => {
    const file = BlockFile.create(path(), 2 ** 21);
    expect(fs.statSync(path())).toMatchObject({ size: 2 ** 30 });
    file.write(2 ** 21 - 8, new Uint8Array(4096).fill(7));
    file.sync();
    file.close();
    expect(fs.statSync(path()).blocks).toBeLessThan(64);
    const again = BlockFile.open(path(), 'r');
    expect(again.sectors).toBe(2 ** 21);
    expect(again.read(1000, 1)).toEqual(new Uint8Array(512));
    expect(again.read(2 ** 21 - 1, 1)).toEqual(new Uint8Array(512).fill(7));
    expect(again.read(2 ** 21 - 1, 2)).toBeUndefined();
    expect(again.read(-1, 1)).toBeUndefined();
    again.close();
  });

  it('replaces a superblock with one write of its 4 KiB, after what it speaks of is safe', () => {
    const file = BlockFile.create(path(), 64);
    const calls: string[] = [];
    const { fsyncSync } = fs;
    const writeSync = fs.writeSync as (...args: unknown[]) => number;
    jest.spyOn(fs, 'fsyncSync').mockImplementation((handle) => {
      calls.push('sync');
      fsyncSync(handle);
    });
    jest.spyOn(fs, 'writeSync').mockImplementation((...args: unknown[]) => {
      calls.push(`write ${String(args[3])} at ${String(args[4])}`);
      return writeSync(...args);
    });
    file.write(16, new Uint8Array(512).fill(1));
    file.writeSuperblock(new Uint8Array(4096).fill(2));
    expect(calls).toEqual(['write 512 at 8192', 'sync', 'write 4096 at 4096', 'sync']);
    expect(() => file.writeSuperblock(new Uint8Array(512))).toThrow(RangeError);
    expect(() => file.write(63, new Uint8Array(1024))).toThrow(RangeError);
    file.close();
  });

  it('says in one line that the host’s disk is full', () => {
    const full = new BlockFile('disk0.img', fs.openSync('/dev/full', 'r+'), 64);
    expect(() => full.writeSuperblock(new Uint8Array(4096))).toThrow();
    expect(() => full.write(8, new Uint8Array(512))).toThrow(
      'disk0.img: the host’s disk is full, expected free space for the image',
    );
    full.close();
  });

  it.each([
    ['EACCES', 'access is denied'],
    ['EROFS', 'its file system is read-only'],
    ['ENOSPC', 'the host’s disk is full'],
    ['EDQUOT', 'this user’s quota is used up'],
    ['EIO', 'the host’s disk has an error'],
    ['EFBIG', 'the file would be larger than the host allows'],
    ['EWHATEVER', 'of the host'],
  ])('names the file and the problem for %s', (code, problem) => {
    jest.spyOn(fs, 'openSync').mockImplementation(failing(code));
    expect(() => BlockFile.open(path(), 'r+')).toThrow(`${path()}: ${problem}, expected `);
  });

  it('does not take a defect of ours for one of the host', () => {
    expect(() =>
      onHost('x', () => {
        throw new RangeError('ours');
      }),
    ).toThrow(RangeError);
  });

  it('refuses what is no image: nothing, a folder, a device, half a sector, one that shrinks', () => {
    expect(() => BlockFile.open(path(), 'r')).toThrow('there is no such file');
    expect(() => BlockFile.open(folder, 'r')).toThrow('this is no plain file');
    expect(() => BlockFile.open('/dev/null', 'r')).toThrow('this is no plain file');
    fs.writeFileSync(path(), 'x'.repeat(700));
    expect(() => BlockFile.open(path(), 'r')).toThrow('the file has 700 bytes, expected whole sectors of 512');
    expect(() => BlockFile.create(path(), 64)).toThrow('it exists already');
    const file = BlockFile.create(path('disk1.img'), 64);
    fs.truncateSync(path('disk1.img'), 512);
    expect(() => file.read(0, 2)).toThrow('the file has become shorter, expected 64 sectors');
    file.close();
  });
});
