import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemberDisk } from '../../../raid5/superblock/assemble';
import { encodeBitmap } from '../../../raid5/superblock/bitmap';
import type { CreateRequest, NewArray } from '../../../raid5/superblock/create';
import { newArray } from '../../../raid5/superblock/create';
import type { Superblock } from '../../../raid5/superblock/superblock';
import { encodeSuperblock } from '../../../raid5/superblock/superblock';

/** A disk in memory: the first sectors of an image, and how long it is. */
export class TestDisk implements MemberDisk {
  readonly image: Uint8Array;

  constructor(
    readonly name: string,
    readonly sectors: number,
    superblock: Uint8Array,
    bitmap: Uint8Array = new Uint8Array(0),
  ) {
    this.image = new Uint8Array(8192 + Math.max(4096, bitmap.length));
    this.image.set(superblock, 4096);
    this.image.set(bitmap, 8192);
  }

  read(sector: number, count: number): Uint8Array | undefined {
    return sector + count > this.sectors ? undefined : this.image.slice(sector * 512, (sector + count) * 512);
  }
}

export const UUID = Uint8Array.from({ length: 16 }, (_, i) => 16 * i + 1);

/** What a test asks for when it does not care. */
export const REQUEST: CreateRequest = {
  level: 5,
  layout: 2,
  chunkBytes: 65536,
  memberSectors: [40960, 40960, 40960, 40960],
  bitmap: false,
  clean: true,
  name: 'test',
  setUuid: UUID,
  deviceUuids: [1, 2, 3, 4, 5, 6, 7, 8].map((i) => new Uint8Array(16).fill(i)),
  ctime: 1_184_284_800,
};

/** The members of a new array as disks; `change` may alter each superblock, and its checksum follows. */
export function disksOf(
  request: Partial<CreateRequest>,
  change: (superblock: Superblock, member: number) => Partial<Superblock> = () => ({}),
): TestDisk[] {
  const wanted = { ...REQUEST, ...request };
  const { superblocks, bitmap }: NewArray = newArray(wanted);
  return superblocks.map((superblock, i) => {
    const bytes = encodeSuperblock({ ...superblock, ...change(superblock, i) });
    const map = bitmap === undefined ? undefined : encodeBitmap(bitmap);
    return new TestDisk(`disk${i}.img`, wanted.memberSectors[i], bytes, map);
  });
}

interface VectorDisk {
  readonly name: string;
  readonly sectors: number;
  readonly superblock: string;
  readonly bitmap?: string;
  /** what mdadm 4.2 --examine says of it, in UTC */
  readonly examine: string;
}

export interface Vector {
  readonly name: string;
  readonly made: string;
  readonly disks: readonly VectorDisk[];
}

/** Superblocks that mdadm 4.2 and the md driver of Linux 6.1 left on disks; `made` says how. */
export const VECTORS: readonly Vector[] = JSON.parse(
  readFileSync(join(__dirname, 'mdadm-vectors.json'), 'utf8'),
) as Vector[];

/** The vector's disks: 512 bytes of superblock and of bitmap, which end in ones. */
export function vectorDisks(vector: Vector): TestDisk[] {
  const sector = (text: string): Uint8Array => {
    const bytes = new Uint8Array(512).fill(0xff);
    bytes.set(Buffer.from(text, 'base64'));
    return bytes;
  };
  return vector.disks.map(
    ({ name, sectors, superblock, bitmap }) =>
      new TestDisk(name, sectors, sector(superblock), bitmap === undefined ? undefined : sector(bitmap)),
  );
}

export function vector(name: string): Vector {
  const found = VECTORS.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no vector ${name}`);
  return found;
}
