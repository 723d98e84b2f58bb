/** The internal write-intent bitmap: which chunks of the members may differ after a power cut (SB-08, BM-01). */
import { SECTOR } from '../geometry';
import { FieldError } from '../workload/input-error';
import type { StructLayout, StructOf } from './fields';
import { readStruct, writeStruct } from './fields';
import type { Refusal } from './refusal';

const SB_08 = 'semantics SB-08';

/** The bitmap's own superblock (`bitmap_super_t`). */
export const BITMAP_SUPER = {
  magic: { offset: 0, type: 'u32', says: 'magic: 0x6d746962, "bitm"', source: SB_08 },
  version: { offset: 4, type: 'u32', says: 'version: 4, bits in little-endian order', source: SB_08 },
  uuid: { offset: 8, type: 'bytes', length: 16, says: 'uuid: of the array', source: SB_08 },
  events: { offset: 24, type: 'u64', says: 'events: of the array when this was written', source: SB_08 },
  eventsCleared: { offset: 32, type: 'u64', says: 'events_cleared: when bits were last cleared', source: SB_08 },
  syncSize: { offset: 40, type: 'u64', says: 'sync_size: sectors that the bits cover', source: SB_08 },
  state: { offset: 48, type: 'u32', says: 'state: 2 stale, 4 write error', source: SB_08 },
  chunksize: { offset: 52, type: 'u32', says: 'chunksize: bytes that one bit covers', source: SB_08 },
  daemonSleep: { offset: 56, type: 'u32', says: 'daemon_sleep: seconds between two clearings', source: SB_08 },
  writeBehind: { offset: 60, type: 'u32', says: 'write_behind: writes a slow mirror may lag', source: SB_08 },
  sectorsReserved: { offset: 64, type: 'u32', says: 'sectors_reserved: room for the bitmap', source: SB_08 },
  nodes: { offset: 68, type: 'u32', says: 'nodes: of a cluster', source: SB_08 },
  clusterName: { offset: 72, type: 'bytes', length: 64, says: 'cluster_name', source: SB_08 },
  pad: { offset: 136, type: 'bytes', length: 120, says: 'pad: zero', source: SB_08 },
} as const satisfies StructLayout;

export type BitmapSuper = StructOf<typeof BITMAP_SUPER>;

export const BITMAP_MAGIC = 0x6d74_6962;
export const BITMAP_SUPER_BYTES = 256;
/** A bitmap takes whole pages, and is read and written in them. */
const BITMAP_PAGE = 4096;
/** Least bytes a bit covers when nobody says otherwise: mdadm's default. */
const DEFAULT_CHUNK = 2 ** 26;
/** mdadm's default seconds between two clearings. */
const DAEMON_SLEEP = 5;
const WRITE_BEHIND_MAX = 16383;

/** A bitmap: its superblock, and a bit for each chunk of the members; one is dirty. */
export interface Bitmap {
  readonly super: BitmapSuper;
  /** What follows the superblock, to the end of the last page. */
  readonly bits: Uint8Array;
}

/** Chunks that a bitmap has bits for. */
export function bitmapChunks({ syncSize, chunksize }: BitmapSuper): number {
  return Math.ceil((Number(syncSize) * SECTOR) / chunksize);
}

/** Bytes of a bitmap with its superblock, whole pages. */
export function bitmapBytes(bitmap: BitmapSuper): number {
  const bytes = BITMAP_SUPER_BYTES + Math.ceil(bitmapChunks(bitmap) / 8);
  return Math.ceil(bytes / BITMAP_PAGE) * BITMAP_PAGE;
}

export function isDirty({ bits }: Bitmap, chunk: number): boolean {
  return (bits[chunk >> 3] & (1 << (chunk & 7))) !== 0;
}

/** Chunks that are marked dirty; bits behind the last chunk do not count. */
export function dirtyChunks(bitmap: Bitmap): number {
  let dirty = 0;
  for (let chunk = 0; chunk < bitmapChunks(bitmap.super); chunk++) if (isDirty(bitmap, chunk)) dirty++;
  return dirty;
}

export function decodeBitmapSuper(bytes: Uint8Array): BitmapSuper {
  return readStruct(BITMAP_SUPER, bytes);
}

/** Splits the bytes of a whole bitmap, as long as `bitmapBytes` says. */
export function decodeBitmap(bytes: Uint8Array): Bitmap {
  return { super: decodeBitmapSuper(bytes), bits: bytes.slice(BITMAP_SUPER_BYTES) };
}

export function encodeBitmap(bitmap: Bitmap): Uint8Array {
  const bytes = new Uint8Array(BITMAP_SUPER_BYTES + bitmap.bits.length);
  writeStruct(BITMAP_SUPER, bitmap.super, bytes);
  bytes.set(bitmap.bits, BITMAP_SUPER_BYTES);
  return bytes;
}

/**
 * The bitmap of a new array as mdadm writes it: every bit set, the ones behind the last chunk as well.
 * @param room sectors that may hold it
 * @param syncSize sectors of a member that the array uses
 * @param wanted bytes that one bit covers, a power of two; mdadm's choice unless given
 * @returns undefined when there is no room
 * @throws FieldError when that many bits have no room (`add_internal_bitmap1`)
 */
export function newBitmap(uuid: Uint8Array, syncSize: bigint, room: number, wanted?: number): Bitmap | undefined {
  if (room <= 1) return undefined;
  const most = (room * SECTOR - BITMAP_SUPER_BYTES) * 8;
  let chunksize = 4096;
  for (let bits = Math.floor((Number(syncSize) * SECTOR) / chunksize) + 1; bits > most; chunksize *= 2) {
    bits = Math.floor((bits + 1) / 2);
  }
  if (wanted !== undefined && wanted < chunksize) {
    throw new FieldError(`bits for ${wanted} bytes each have no room`, `${chunksize} bytes a bit or more`);
  }
  const blank = readStruct(BITMAP_SUPER, new Uint8Array(BITMAP_SUPER_BYTES));
  const superblock: BitmapSuper = {
    ...blank,
    magic: BITMAP_MAGIC,
    version: 4,
    uuid,
    syncSize,
    chunksize: wanted ?? Math.max(chunksize, DEFAULT_CHUNK),
    daemonSleep: DAEMON_SLEEP,
  };
  return { super: superblock, bits: new Uint8Array(bitmapBytes(superblock) - BITMAP_SUPER_BYTES).fill(0xff) };
}

/** The kernel's checks of a bitmap superblock (`md_bitmap_read_sb`), in its order; undefined: it may be used. */
export function refuseBitmap(bitmap: BitmapSuper, setUuid: Uint8Array): Refusal | undefined {
  const { magic, version, chunksize, daemonSleep, writeBehind, nodes, uuid } = bitmap;
  const refuse = (problem: string, expected: string): Refusal => ({ rule: 'SB-08', problem, expected });
  if (magic !== BITMAP_MAGIC) return refuse(`the bitmap has the magic ${hex(magic)}`, hex(BITMAP_MAGIC));
  if (version === 5 || nodes !== 0) return refuse('the bitmap is one of a cluster', 'a bitmap of one machine');
  if (version !== 4) return refuse(`the bitmap has version ${version}`, 'version 4');
  if (chunksize < 512 || !Number.isInteger(Math.log2(chunksize))) {
    return refuse(`a bit of the bitmap covers ${chunksize} bytes`, 'a power of two from 512');
  }
  if (daemonSleep < 1) return refuse('the bitmap’s daemon never sleeps', 'a second or more');
  if (writeBehind > WRITE_BEHIND_MAX) {
    return refuse(`the bitmap lets ${writeBehind} writes lag`, `${WRITE_BEHIND_MAX} or fewer`);
  }
  if (uuid.some((byte, i) => byte !== setUuid[i])) {
    return refuse('the bitmap belongs to another array', 'the array’s own UUID in the bitmap');
  }
  return undefined;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
