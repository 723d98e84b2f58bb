import { loadSuperblock } from '../../../raid5/superblock/load';
import type { Superblock } from '../../../raid5/superblock/superblock';
import { disksOf } from './world';

/** The first member's bytes after a change of fields (the checksum follows) and one of raw bytes (it does not). */
function judged(
  change: Partial<Superblock>,
  raw: (bytes: Buffer) => void = () => undefined,
  sectors = 40960,
): string | undefined {
  const [disk] = disksOf({}, () => change);
  const bytes = Buffer.from(disk.image.subarray(4096, 8192));
  raw(bytes);
  const { refusal } = loadSuperblock(bytes, sectors);
  return refusal && `${refusal.rule}: ${refusal.problem}, expected ${refusal.expected}`;
}

/** Writes a word and mends the checksum, so that the later check has to notice. */
const word =
  (offset: number, value: number) =>
  (bytes: Buffer): void => {
    const before = bytes.readUInt32LE(offset);
    bytes.writeUInt32LE(value, offset);
    bytes.writeUInt32LE((bytes.readUInt32LE(216) + value - before) >>> 0, 216);
  };

describe('loading a superblock', () => {
  it('takes what create writes', () => {
    expect(judged({})).toBeUndefined();
  });

  it.each<[string, Parameters<typeof judged>, RegExp]>([
    [
      'no magic (SB-05)',
      [{ magic: 0 }],
      /^SB-05: no md superblock at sector 8 \(0x0\), expected the magic 0xa92b4efc$/,
    ],
    ['another major version (SB-05)', [{ majorVersion: 0 }], /^SB-05: .* major version 0, expected 1$/],
    ['max_dev 1921 (SB-05)', [{}, (bytes) => bytes.writeUInt32LE(1921, 220)], /^SB-05: .*1921 entries, expected 1920/],
    ['a superblock of another place (SB-01)', [{ superOffset: 0n }], /^SB-01: .*sector 0, expected 8/],
    ['an unknown feature bit (SB-07)', [{ featureMap: 0x2001 }], /^SB-07: unknown feature bits 0x2000, expected/],
    ['a feature bit in the sign bit (SB-07)', [{ featureMap: 0x8000_0000 }], /^SB-07: unknown feature bits 0x80000000/],
    ['one flipped bit (SB-03)', [{}, (bytes) => (bytes[300] ^= 1)], /^SB-03: .*checksum is 0x\w+, expected 0x\w+$/],
    [
      'a data size of 9 (SB-05)',
      [{ dataSize: 9n, size: 9n }],
      /^SB-05: the member has 9 sectors for data, expected 10/,
    ],
    ['pad0 set (SB-05)', [{ pad0: 1 }], /^SB-05: bytes are set that no version/],
    ['the last byte of pad3 set (SB-05)', [{}, word(252, 0x0100_0000)], /^SB-05: bytes are set that no version/],
    ['data inside the superblock (SB-05)', [{ dataOffset: 8n }], /^SB-05: data start at sector 8.*sector 9 or later/],
    [
      'a member too short for its data (SB-05)',
      [{}, undefined, 40959],
      /^SB-05: the member has 40959 .*expected 40960/,
    ],
    [
      'a size beyond the member (SB-05)',
      [{ size: 2n ** 40n }],
      /^SB-05: the member has 40960 sectors, expected 1099511/,
    ],
    ['a reshape (SB-07)', [{ featureMap: 4 }], /^SB-07: the array has a reshape under way, which this program leaves/],
    ['bad blocks (SB-07)', [{ featureMap: 8 }], /^SB-07: the array has a list of bad blocks/],
    ['a replacement (SB-07)', [{ featureMap: 18 }], /^SB-07: the array has a member that replaces another/],
    ['a cluster (SB-07)', [{ featureMap: 257 }], /^SB-07: the array has a cluster/],
    ['a journal (SB-07)', [{ featureMap: 512 }], /^SB-07: the array has a write journal/],
    ['a PPL (SB-07)', [{ featureMap: 1024 }], /^SB-07: the array has a partial parity log/],
    ['another level (LO-01)', [{ level: 1 }], /^LO-01: the array has level 1, expected 4, 5 or 6$/],
    ['a layout the level does not have (LO-01)', [{ layout: 8 }], /^LO-01: RAID-5 has no layout 8/],
    ['a chunk of 4 sectors (RU-01)', [{ chunksize: 4 }], /^RU-01: chunks of 4 sectors, expected a power of two from 8/],
    ['a chunk of 24 sectors (RU-01)', [{ chunksize: 24 }], /^RU-01: chunks of 24/],
    ['RAID-6 of three (RU-01)', [{ level: 6, raidDisks: 3 }], /^RU-01: RAID-6 of 3 members, expected 4 or more/],
    ['a size of no chunk (SB-05)', [{ size: 64n }], /^SB-05: the array uses 64 sectors of each member/],
  ])('refuses %s', (_, given, message) => {
    expect(judged(...given)).toMatch(message);
  });

  it('refuses a disk that ends before its superblock does (SB-05)', () => {
    expect(loadSuperblock(undefined, 15).refusal).toMatchObject({ rule: 'SB-05', expected: '16 or more' });
  });
});
