/** What mdadm --create writes on the members of a new array (SB-09). */
import type { Level, Placement } from '../layouts';
import { LAYOUTS } from '../layouts';
import { FieldError } from '../workload/input-error';
import { bitmapBytes, newBitmap } from './bitmap';
import type { Bitmap } from './bitmap';
import { FEATURES, HEADER_BYTES, MAGIC, MAX_SECTOR, Role, SUPER_BYTES, SUPER_SECTOR, SUPERBLOCK } from './layout';
import { readStruct } from './fields';
import type { Superblock } from './superblock';

/** Sectors of a mebibyte, to which data offsets are rounded. */
const MEBIBYTE = 2048;
/** Sectors of a gibibyte. */
const GIBIBYTE = 1024 * MEBIBYTE;
/** Sectors between the superblock and what follows it, and of the bad-block list. */
const PAGE = 8;
/** Sectors that metadata take besides bitmap and headroom. */
const BASE_METADATA = 24;
/** Most sectors left free for a later reshape. */
const MOST_HEADROOM = 128 * MEBIBYTE;
/** Bytes of a name; one is left for the zero behind it. */
const NAME_BYTES = 31;

export interface CreateRequest {
  readonly level: Level;
  /** md's number */
  readonly layout: number;
  readonly chunkBytes: number;
  /** sectors of each member, in the order of their places */
  readonly memberSectors: readonly number[];
  readonly bitmap: boolean;
  /** Bytes of a member that one bit stands for; mdadm's own choice unless given. */
  readonly bitmapChunk?: number;
  /** Whether the members agree already, all zeros for instance. */
  readonly clean: boolean;
  readonly name: string;
  readonly setUuid: Uint8Array;
  readonly deviceUuids: readonly Uint8Array[];
  /** seconds since 1970 */
  readonly ctime: number;
}

/** A new array: a superblock for each member, and the bitmap that all have. */
export interface NewArray {
  readonly superblocks: readonly Superblock[];
  readonly bitmap?: Bitmap;
}

/** Sectors that mdadm keeps for a bitmap on a device of this size (`choose_bm_space`). */
function bitmapSpace(sectors: number): number {
  if (sectors < 128) return 0;
  if (sectors - 128 >= 200 * GIBIBYTE) return 256;
  return sectors - PAGE > 8 * GIBIBYTE ? 128 : PAGE;
}

/**
 * Sector where data start: metadata, room for a bitmap and for a later reshape (about a thousandth of the device, at
 * least two chunks), rounded up to a mebibyte (`validate_geometry1`).
 */
export function dataOffset(sectors: number, chunkBytes: number): number {
  const chunk = chunkBytes / 512;
  let headroom = MOST_HEADROOM;
  while (headroom * 1024 > sectors && headroom / 2 >= chunk * 2) headroom /= 2;
  return Math.ceil((BASE_METADATA + bitmapSpace(sectors) + headroom) / MEBIBYTE) * MEBIBYTE;
}

/** Entries of the role table: what fits the sectors that the superblock takes anyway (`init_super1`). */
function roleEntries(disks: number): number {
  return (Math.ceil((HEADER_BYTES + 2 * disks) / 512) * 512 - HEADER_BYTES) / 2;
}

/** Where the bad-block list lies, sectors from the superblock; 0 when there is no room (`write_init_super1`). */
function badBlockOffset(offset: number, after: number): number {
  if (offset >= SUPER_SECTOR + after + PAGE) return after;
  return offset >= SUPER_SECTOR + 2 * PAGE ? offset - PAGE - SUPER_SECTOR : 0;
}

/**
 * The metadata of a new array.
 * @throws FieldError when a member is too small, the name too long, or a bitmap has no room
 */
export function newArray(request: CreateRequest): NewArray {
  const { level, chunkBytes, memberSectors, clean, setUuid, deviceUuids, ctime } = request;
  const chunk = chunkBytes / 512;
  const offset = dataOffset(memberSectors[0], chunkBytes);
  const smallest = Math.min(...memberSectors);
  const size = Math.floor((smallest - offset) / chunk) * chunk;
  if (size < Math.max(chunk, 2 * PAGE)) {
    const least = offset + Math.max(chunk, 2 * PAGE);
    throw new FieldError(`a member of ${smallest} sectors is too small`, `${least} sectors or more (${least / 2} KiB)`);
  }
  const bitmap = request.bitmap ? newBitmap(setUuid, BigInt(size), bitmapSpace(size), request.bitmapChunk) : undefined;
  if (request.bitmap && bitmap === undefined) {
    throw new FieldError('members of this size have no room for a bitmap', 'larger members or no bitmap');
  }
  const after = PAGE + (bitmap === undefined ? bitmapSpace(size) : bitmapBytes(bitmap.super) / 512);
  const bblogOffset = badBlockOffset(offset, after);
  const blank = readStruct(SUPERBLOCK, new Uint8Array(SUPER_BYTES));
  const entries = roleEntries(memberSectors.length);
  const common: Superblock = {
    ...blank,
    magic: MAGIC,
    majorVersion: 1,
    featureMap: bitmap === undefined ? 0 : FEATURES.BITMAP_OFFSET.bit,
    setUuid,
    setName: nameBytes(request.name),
    ctime: BigInt(ctime),
    level,
    layout: request.layout,
    size: BigInt(size),
    chunksize: chunk,
    raidDisks: memberSectors.length,
    bitmapOffset: bitmap === undefined ? 0 : PAGE,
    dataOffset: BigInt(offset),
    superOffset: BigInt(SUPER_SECTOR),
    bblogSize: bblogOffset === 0 ? 0 : PAGE,
    bblogOffset,
    utime: BigInt(ctime),
    resyncOffset: clean ? MAX_SECTOR : 0n,
    maxDev: entries,
    roles: Array.from({ length: entries }, (_, i) => (i < memberSectors.length ? i : Role.spare)),
  };
  const superblocks = memberSectors.map((sectors, i) => ({
    ...common,
    devNumber: i,
    deviceUuid: deviceUuids[i],
    dataSize: BigInt(sectors - offset),
  }));
  return bitmap === undefined ? { superblocks } : { superblocks, bitmap };
}

/**
 * md's number of a layout.
 * @throws FieldError when the level has none of that name
 */
export function layoutNumber(level: Level, name: string): number {
  const layouts: Partial<Record<string, Placement>> = LAYOUTS[level];
  const found = Object.hasOwn(layouts, name) ? layouts[name] : undefined;
  if (found !== undefined) return found.number;
  throw new FieldError(`RAID-${level} has no layout '${name}'`, `one of: ${Object.keys(layouts).join(', ')}`);
}

function nameBytes(name: string): Uint8Array {
  const bytes = new TextEncoder().encode(name);
  if (bytes.length > NAME_BYTES) {
    throw new FieldError(`the name has ${bytes.length} bytes`, `${NAME_BYTES} or fewer`);
  }
  const padded = new Uint8Array(SUPERBLOCK.setName.length);
  padded.set(bytes);
  return padded;
}
