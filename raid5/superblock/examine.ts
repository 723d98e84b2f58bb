/** `adma md examine`: one member's superblock in the words of `mdadm --examine`. */
import { PARITY_DISKS } from '../geometry';
import { isLevel, layoutName } from './levels';
import type { BitmapSuper } from './bitmap';
import { BITMAP_MAGIC, bitmapBytes, decodeBitmapSuper } from './bitmap';
import type { MemberDisk } from './assemble';
import { FEATURES, MAGIC, MAX_SECTOR, Role, SUPER_BYTES, SUPER_SECTOR } from './layout';
import type { Superblock } from './superblock';
import { checksum, decodeSuperblock, hasFeature, nameOf, roleOf, uuidText } from './superblock';
import { humanSize, labelled, timeText } from './text';

/** Sectors behind the superblock that mdadm never counts as unused: the superblock, and 32 KiB. */
const KEPT = 72;

/** The text; undefined when the disk has no superblock that text could be made of. */
export function examineText(disk: MemberDisk): string | undefined {
  const bytes = disk.read(SUPER_SECTOR, SUPER_BYTES / 512);
  if (bytes === undefined) return undefined;
  const superblock = decodeSuperblock(bytes);
  const { magic, majorVersion, superOffset } = superblock;
  if (magic !== MAGIC || majorVersion !== 1 || superOffset !== BigInt(SUPER_SECTOR)) return undefined;
  const bitmap = bitmapOf(disk, superblock);
  const sum = checksum(bytes, superblock.roles.length);
  return `${disk.name}:\n${labelled(15, [
    ...arrayLines(superblock, bitmap !== undefined),
    undefined,
    ...memberLines(superblock, disk.sectors, bitmap),
    undefined,
    ...(bitmap === undefined
      ? []
      : [['Internal Bitmap', `${superblock.bitmapOffset} sectors from superblock`] as const]),
    ...stateLines(superblock, sum),
    undefined,
    ...(superblock.level === 4
      ? []
      : [['Layout', layoutName(superblock.level, superblock.layout) ?? '-unknown-'] as const]),
    ['Chunk Size', `${superblock.chunksize / 2}K`],
    undefined,
  ])}${labelled(14, [
    ['Device Role', roleText(superblock)],
    ['Array State', `${placesText(superblock)} ('A' == active, '.' == missing, 'R' == replacing)`],
  ])}`;
}

type Line = readonly [string, string];

/** The bitmap's superblock; undefined when the array has none, or not one that mdadm would believe. */
function bitmapOf(disk: MemberDisk, superblock: Superblock): BitmapSuper | undefined {
  if (!hasFeature(superblock, FEATURES.BITMAP_OFFSET)) return undefined;
  const bytes = disk.read(SUPER_SECTOR + superblock.bitmapOffset, 1);
  if (bytes === undefined) return undefined;
  const bitmap = decodeBitmapSuper(bytes);
  const own = bitmap.magic === BITMAP_MAGIC && uuidText(bitmap.uuid) === uuidText(superblock.setUuid);
  return own ? bitmap : undefined;
}

function arrayLines(superblock: Superblock, bitmap: boolean): Line[] {
  const { magic, featureMap, setUuid, ctime, level, raidDisks } = superblock;
  const features = bitmap ? featureMap : featureMap & ~FEATURES.BITMAP_OFFSET.bit;
  return [
    ['Magic', magic.toString(16).padStart(8, '0')],
    ['Version', '1.2'],
    ['Feature Map', `0x${features.toString(16)}`],
    ['Array UUID', uuidText(setUuid)],
    ['Name', nameOf(superblock)],
    ['Creation Time', timeText(ctime)],
    ['Raid Level', `raid${level}`],
    ['Raid Devices', `${raidDisks}`],
  ];
}

function memberLines(superblock: Superblock, sectors: number, bitmap: BitmapSuper | undefined): Line[] {
  const { level, raidDisks, size, dataSize, superOffset, deviceUuid } = superblock;
  const dataDisks = BigInt(raidDisks - (isLevel(level) ? PARITY_DISKS[level] : 0));
  const array = size * 512n * dataDisks;
  const after = BigInt(sectors) - size - superblock.dataOffset;
  const short = after < 0n;
  return [
    ['Avail Dev Size', `${dataSize} sectors${humanSize(dataSize * 512n)}`],
    ['Array Size', `${array / 1024n} KiB${humanSize(array)}`],
    ...(size === dataSize ? [] : [['Used Dev Size', `${size} sectors${humanSize(size * 512n)}`] as const]),
    ['Data Offset', `${superblock.dataOffset} sectors`],
    ['Super Offset', `${superOffset} sectors`],
    ...(hasFeature(superblock, FEATURES.RECOVERY_OFFSET)
      ? [['Recovery Offset', `${superblock.recoveryOffset} sectors`] as const]
      : []),
    [
      'Unused Space',
      `before=${unusedBefore(superblock, bitmap)} sectors, after=${after} sectors${short ? ' DEVICE TOO SMALL' : ''}`,
    ],
    ['State', `${superblock.resyncOffset === MAX_SECTOR ? 'clean' : 'active'}${short ? ' TRUNCATED DEVICE' : ''}`],
    ['Device UUID', uuidText(deviceUuid)],
  ];
}

/** Sectors between the end of the metadata and the data. */
function unusedBefore({ bblogOffset, bblogSize, bitmapOffset, dataOffset }: Superblock, bitmap?: BitmapSuper): number {
  const ends = [SUPER_SECTOR + KEPT];
  // mdadm leaves the superblock's own sector out of this sum, and so do we.
  if (bitmap !== undefined) ends.push(bitmapOffset + bitmapBytes(bitmap) / 512);
  if (bblogOffset !== 0 && bblogSize !== 0) ends.push(SUPER_SECTOR + bblogOffset + bblogSize);
  return Math.max(0, Number(dataOffset) - Math.max(...ends));
}

function stateLines(superblock: Superblock, sum: number): Line[] {
  const { utime, bblogSize, bblogOffset, sbCsum, events, devflags } = superblock;
  const flags = [devflags & 1 ? ' write-mostly' : '', devflags & 2 ? ' failfast' : ''].join('');
  const badBlocks = hasFeature(superblock, FEATURES.BAD_BLOCKS) ? ' - bad blocks present.' : '';
  const verdict = sum === sbCsum ? 'correct' : `expected ${sum.toString(16)}`;
  return [
    ...(devflags === 0 ? [] : [['Flags', flags.trimStart()] as const]),
    ['Update Time', timeText(utime)],
    ...(bblogSize === 0 || bblogOffset === 0
      ? []
      : [
          [
            'Bad Block Log',
            `${bblogSize * 64} entries available at offset ${bblogOffset} sectors${badBlocks}`,
          ] as const,
        ]),
    ['Checksum', `${sbCsum.toString(16)} - ${verdict}`],
    ['Events', `${events}`],
  ];
}

function roleText(superblock: Superblock): string {
  const role = roleOf(superblock);
  if (role === Role.journal) return 'Journal';
  if (role >= Role.faulty) return 'spare';
  return `${hasFeature(superblock, FEATURES.REPLACEMENT) ? 'Replacement' : 'Active'} device ${role}`;
}

/** One letter a place: how many members have it. */
function placesText({ raidDisks, roles }: Superblock): string {
  const places = Math.min(raidDisks, roles.length);
  return Array.from({ length: places }, (_, place) => {
    const members = roles.filter((role) => role === place).length;
    return '.AR'[members] ?? '?';
  }).join('');
}
