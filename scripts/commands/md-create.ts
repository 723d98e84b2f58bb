/** `adma md create`: image files with the metadata of a new array on them. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmdirSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { SeededRandom } from '../../emulator/sim/random';
import { encodeBitmap } from '../../raid5/superblock/bitmap';
import type { CreateRequest } from '../../raid5/superblock/create';
import { layoutNumber, newArray } from '../../raid5/superblock/create';
import { SUPER_SECTOR } from '../../raid5/superblock/layout';
import { LEAST_DISKS } from '../../raid5/geometry';
import type { Level } from '../../raid5/layouts';
import { defaultLayout } from '../../raid5/layouts';
import { encodeSuperblock } from '../../raid5/superblock/superblock';
import { FieldError, quote } from '../../raid5/workload/input-error';
import { ExitCode } from '../console/exit-code';
import { FolderLock } from '../images/folder-lock';
import { onHost } from '../images/image-error';
import { NewImages } from '../images/new-images';
import type { Field } from '../input/fields';
import { bitmapWanted, fields, forOption, integer, oneOf } from '../input/fields';
import { mdDetail } from './md-detail';

/** Options as commander hands them over. */
export interface MdCreateOptions {
  readonly level?: string;
  readonly disks?: string;
  readonly chunk?: string;
  readonly layout?: string;
  readonly size?: string;
  readonly bitmap?: string;
  readonly consistencyPolicy?: string;
  readonly assumeClean?: boolean;
  readonly name?: string;
  readonly uuid?: string;
  readonly seed?: string;
  readonly json?: boolean;
}

/** Most members: the places that a RAID-6 syndrome has. */
const MOST_DISKS = 255;
/** mdadm's default, in bytes. */
const DEFAULT_CHUNK = 512 * 1024;
/** Creation time of an array made from a seed: async_tx enters Linux, 13 July 2007. */
const SEEDED_TIME = 1_184_284_800;

const UUID = 'a UUID of 32 hex digits, in groups or not';
const uuid: Field<Uint8Array> = {
  expected: UUID,
  types: ['string'],
  parse(text) {
    const digits = text.replace(/[:-]/g, '');
    if (!/^[0-9a-f]{32}$/i.test(digits)) throw new FieldError(`${quote(text)} is none`, UUID);
    return Uint8Array.from(Buffer.from(digits, 'hex'));
  },
};

interface Wanted extends Omit<CreateRequest, 'memberSectors' | 'deviceUuids' | 'clean'> {
  readonly disks: number;
  /** of each image to make; undefined: the images are there */
  readonly sectors: number | undefined;
  readonly assumeClean: boolean;
  readonly newUuid: () => Uint8Array;
}

function wanted(folder: string, options: MdCreateOptions): Wanted {
  const read = <T>(flag: string, text: string | undefined, field: Field<T>, fallback: T): T =>
    text === undefined ? fallback : forOption(flag, () => field.parse(text));
  const level = Number(read('--level', options.level, oneOf(['4', '5', '6']), '5')) as Level;
  const leastDisks = LEAST_DISKS[level];
  const layout = read('--layout', options.layout, fields.layout, defaultLayout(level));
  const size = read<number | undefined>('--size', options.size, fields.size, undefined);
  const seed = read<number | undefined>('--seed', options.seed, fields.seed, undefined);
  const newUuid = seed === undefined ? () => new Uint8Array(randomBytes(16)) : seededUuids(seed);
  return {
    level,
    layout: forOption('--layout', () => layoutNumber(level, layout)),
    chunkBytes: read('--chunk', options.chunk, fields.chunk, DEFAULT_CHUNK),
    disks: read('--disks', options.disks, integer(leastDisks, MOST_DISKS), Math.max(leastDisks, 3)),
    sectors: size === undefined ? undefined : size / 512,
    bitmap: hasBitmap(
      read<'internal' | 'none' | undefined>('--bitmap', options.bitmap, fields.bitmap, undefined),
      read<'resync' | 'bitmap' | undefined>(
        '--consistency-policy',
        options.consistencyPolicy,
        fields.policy,
        undefined,
      ),
    ),
    assumeClean: options.assumeClean === true,
    name: options.name ?? basename(resolve(folder)),
    setUuid: read<Uint8Array | undefined>('--uuid', options.uuid, uuid, undefined) ?? newUuid(),
    newUuid,
    ctime: seed === undefined ? Math.floor(Date.now() / 1000) : SEEDED_TIME,
  };
}

function hasBitmap(bitmap: 'internal' | 'none' | undefined, policy: 'resync' | 'bitmap' | undefined): boolean {
  return forOption('--consistency-policy', () => bitmapWanted(bitmap, policy));
}

function seededUuids(seed: number): () => Uint8Array {
  const random = new SeededRandom(seed);
  return () => Uint8Array.from({ length: 16 }, () => random.below(256));
}

/**
 * Writes the metadata of a new array. Images that are not there yet are made, sparse and zero, so that their parity
 * is right; images that are there already keep their content, and count as dirty unless the user knows better.
 * After Ctrl-C or an error of the host everything is as it was before.
 * @throws FieldError
 */
export async function mdCreate(folder: string, options: MdCreateOptions): Promise<ExitCode> {
  const want = wanted(folder, options);
  const made = onHost(folder, () => mkdirSync(folder, { recursive: true })) !== undefined;
  const lock = FolderLock.take(folder);
  let finished = false;
  try {
    finished = await writeArray(folder, want);
  } finally {
    lock.release();
    if (made && !finished) rmdirSync(folder);
  }
  if (finished) return mdDetail(folder, options);
  process.stderr.write(`${folder}: interrupted, everything is as it was before\n`);
  return ExitCode.interrupted;
}

/** Returns false when the user interrupted it. */
async function writeArray(folder: string, want: Wanted): Promise<boolean> {
  let interrupted = false;
  const onInterrupt = (): void => {
    interrupted = true;
  };
  process.on('SIGINT', onInterrupt);
  const images = NewImages.open(folder, want.disks, want.sectors);
  try {
    const { superblocks, bitmap } = newArray({
      ...want,
      memberSectors: images.files.map(({ sectors }) => sectors),
      deviceUuids: images.files.map(() => want.newUuid()),
      clean: images.fresh || want.assumeClean,
    });
    const bitmapBytes = bitmap && encodeBitmap(bitmap);
    for (const [member, superblock] of superblocks.entries()) {
      await new Promise((next) => setImmediate(next));
      if (interrupted) break;
      const place = bitmapBytes && { sector: SUPER_SECTOR + superblock.bitmapOffset, bytes: bitmapBytes };
      images.write(member, encodeSuperblock(superblock), place);
    }
    if (interrupted) images.takeBack();
    return !interrupted;
  } catch (error) {
    images.takeBack();
    throw error;
  } finally {
    process.removeListener('SIGINT', onInterrupt);
    images.close();
  }
}
