/** Arrays and superblocks as documents: what `--json` prints where people read mdadm's words. Sizes are in bytes. */
import { PARITY_DISKS, SECTOR } from '../../raid5/geometry';
import type { Assembly, Member } from '../../raid5/superblock/assemble';
import { isRebuilding } from '../../raid5/superblock/assemble';
import { bitmapChunks, dirtyChunks } from '../../raid5/superblock/bitmap';
import { FEATURES, MAX_SECTOR, Role } from '../../raid5/superblock/layout';
import { isLevel, layoutName } from '../../raid5/superblock/levels';
import type { Superblock } from '../../raid5/superblock/superblock';
import { hasFeature, nameOf, roleOf, uuidText } from '../../raid5/superblock/superblock';

/** What `adma md detail` says. */
export function arrayDocument(array: Assembly): object {
  const { freshest, places, spares, faulty, degraded, resyncOffset } = array;
  const { superblock } = freshest;
  const memberBytes = bytes(superblock.size)!;
  const outside = (state: string) => (member: Member) => memberDocument(member, null, state);
  return {
    ...arrayFields(superblock),
    memberBytes,
    arrayBytes: memberBytes * (superblock.raidDisks - (isLevel(superblock.level) ? PARITY_DISKS[superblock.level] : 0)),
    events: Number(superblock.events),
    clean: resyncOffset === MAX_SECTOR,
    degraded,
    bitmap: bitmapDocument(array),
    members: [
      ...places.map((member, place) =>
        member === undefined
          ? { place, state: 'removed', file: null, device: null }
          : memberDocument(member, place, isRebuilding(member) ? 'rebuilding' : 'in sync'),
      ),
      ...spares.map(outside('spare')),
      ...faulty.map(outside('faulty')),
    ],
  };
}

function memberDocument({ disk, superblock }: Member, place: number | null, state: string): object {
  return { place, state, file: disk.name, device: superblock.devNumber };
}

function bitmapDocument({ bitmap, bitmapStale }: Assembly): object | null {
  if (bitmap === undefined) return null;
  const chunks = bitmapChunks(bitmap.super);
  return { chunks, dirty: bitmapStale ? chunks : dirtyChunks(bitmap), stale: bitmapStale };
}

/** What `adma md examine` says of one member. */
export function superblockDocument(superblock: Superblock): object {
  const { deviceUuid, devNumber, size, dataOffset, dataSize, events, ctime, utime, resyncOffset } = superblock;
  const features = Object.entries(FEATURES).filter(([, feature]) => hasFeature(superblock, feature));
  return {
    ...arrayFields(superblock),
    features: features.map(([name]) => name),
    created: secondsOf(ctime),
    updated: secondsOf(utime),
    events: Number(events),
    memberBytes: bytes(size),
    dataOffset: bytes(dataOffset),
    dataBytes: bytes(dataSize),
    clean: resyncOffset === MAX_SECTOR,
    resyncOffset: bytes(resyncOffset),
    recoveryOffset: hasFeature(superblock, FEATURES.RECOVERY_OFFSET) ? bytes(superblock.recoveryOffset) : null,
    device: devNumber,
    deviceUuid: uuidText(deviceUuid),
    role: roleText(roleOf(superblock)),
    roles: rolesInUse(superblock).map(roleText),
  };
}

function arrayFields(superblock: Superblock): object {
  const { level, layout, raidDisks, chunksize, setUuid } = superblock;
  return {
    level,
    layout: layoutName(level, layout) ?? layout,
    disks: raidDisks,
    chunk: chunksize * SECTOR,
    name: nameOf(superblock),
    uuid: uuidText(setUuid),
  };
}

/** The role table up to its last entry that is no spare; mdadm fills the rest with spares. */
function rolesInUse({ roles }: Superblock): readonly number[] {
  return roles.slice(0, roles.findLastIndex((role) => role !== Role.spare) + 1);
}

/** A place in the array, or what a member is that has none (SB-04). */
function roleText(role: number): number | string {
  if (role === Role.journal) return 'journal';
  if (role === Role.faulty) return 'faulty';
  return role === Role.spare ? 'spare' : role;
}

/** Bytes of so many sectors; null for all ones, which is no number of sectors. */
function bytes(sectors: bigint): number | null {
  return sectors === MAX_SECTOR ? null : Number(sectors) * SECTOR;
}

/** Seconds since 1970, without the microseconds above them. */
function secondsOf(stamp: bigint): number {
  return Number(stamp & 0xff_ffff_ffffn);
}
