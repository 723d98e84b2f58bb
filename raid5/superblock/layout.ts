/** The superblock of md metadata 1.2 (`struct mdp_superblock_1`), field by field. */
import type { StructLayout } from './fields';

/** Sector of the superblock in format 1.2 (SB-01). */
export const SUPER_SECTOR = 8;
/** Bytes that are set aside for it, and that are written as one piece. */
export const SUPER_BYTES = 4096;
/** Bytes before the role table (SB-02). */
export const HEADER_BYTES = 256;
/** Entries the role table can have (SB-05). */
export const MAX_ROLES = (SUPER_BYTES - HEADER_BYTES) / 2;
export const MAGIC = 0xa92b4efc;
/** All ones: `MaxSector`, nothing left to resync (SB-02). */
export const MAX_SECTOR = 0xffff_ffff_ffff_ffffn;

/** Values of a role that are no place in the array (SB-04). */
export const Role = { spare: 0xffff, faulty: 0xfffe, journal: 0xfffd } as const;

const SB_02 = 'semantics SB-02';

export const SUPERBLOCK = {
  magic: { offset: 0, type: 'u32', says: 'magic: 0xa92b4efc', source: SB_02 },
  majorVersion: { offset: 4, type: 'u32', says: 'major_version: 1', source: SB_02 },
  featureMap: { offset: 8, type: 'u32', says: 'feature_map: what else must be understood', source: 'semantics SB-07' },
  pad0: { offset: 12, type: 'u32', says: 'pad0: zero', source: SB_02 },
  setUuid: { offset: 16, type: 'bytes', length: 16, says: 'set_uuid: of the array', source: SB_02 },
  setName: { offset: 32, type: 'bytes', length: 32, says: 'set_name: "host:name", zero padded', source: SB_02 },
  ctime: { offset: 64, type: 'u64', says: 'ctime: 40 bits of seconds, 24 of microseconds', source: SB_02 },
  level: { offset: 72, type: 's32', says: 'level', source: SB_02 },
  layout: { offset: 76, type: 'u32', says: 'layout: md’s number', source: SB_02 },
  size: { offset: 80, type: 'u64', says: 'size: sectors of each member that the array uses', source: SB_02 },
  chunksize: { offset: 88, type: 'u32', says: 'chunksize: sectors', source: SB_02 },
  raidDisks: { offset: 92, type: 'u32', says: 'raid_disks: places in the array', source: SB_02 },
  bitmapOffset: {
    offset: 96,
    type: 's32',
    says: 'bitmap_offset: sectors from the superblock; the place of the PPL when that is in use',
    source: SB_02,
  },
  newLevel: { offset: 100, type: 's32', says: 'new_level: of a reshape', source: SB_02 },
  reshapePosition: { offset: 104, type: 'u64', says: 'reshape_position: array sector', source: SB_02 },
  deltaDisks: { offset: 112, type: 's32', says: 'delta_disks: places won by a reshape', source: SB_02 },
  newLayout: { offset: 116, type: 'u32', says: 'new_layout: of a reshape', source: SB_02 },
  newChunk: { offset: 120, type: 'u32', says: 'new_chunk: of a reshape, sectors', source: SB_02 },
  newOffset: { offset: 124, type: 's32', says: 'new_offset: moves the data of a reshape, sectors', source: SB_02 },
  dataOffset: { offset: 128, type: 'u64', says: 'data_offset: sector of the member where data start', source: SB_02 },
  dataSize: { offset: 136, type: 'u64', says: 'data_size: sectors of the member free for data', source: SB_02 },
  superOffset: { offset: 144, type: 'u64', says: 'super_offset: sector of this superblock', source: 'semantics SB-01' },
  recoveryOffset: {
    offset: 152,
    type: 'u64',
    says: 'recovery_offset: sectors rebuilt so far; the tail of a journal on its device',
    source: SB_02,
  },
  devNumber: { offset: 160, type: 'u32', says: 'dev_number: this member’s entry in the role table', source: SB_02 },
  cntCorrectedRead: { offset: 164, type: 'u32', says: 'cnt_corrected_read: read errors mended', source: SB_02 },
  deviceUuid: { offset: 168, type: 'bytes', length: 16, says: 'device_uuid: of the member', source: SB_02 },
  devflags: { offset: 184, type: 'u8', says: 'devflags: 1 write-mostly, 2 failfast', source: SB_02 },
  bblogShift: { offset: 185, type: 'u8', says: 'bblog_shift: sectors to blocks of the list', source: SB_02 },
  bblogSize: { offset: 186, type: 'u16', says: 'bblog_size: sectors of the bad-block list', source: SB_02 },
  bblogOffset: { offset: 188, type: 's32', says: 'bblog_offset: sectors from the superblock', source: SB_02 },
  utime: { offset: 192, type: 'u64', says: 'utime: of the last update, as ctime', source: SB_02 },
  events: { offset: 200, type: 'u64', says: 'events: updates so far', source: SB_02 },
  resyncOffset: { offset: 208, type: 'u64', says: 'resync_offset: in sync below; all ones is clean', source: SB_02 },
  sbCsum: { offset: 216, type: 'u32', says: 'sb_csum: checksum up to the last role', source: 'semantics SB-03' },
  maxDev: { offset: 220, type: 'u32', says: 'max_dev: entries of the role table', source: SB_02 },
  pad3: { offset: 224, type: 'bytes', length: 32, says: 'pad3: zero', source: SB_02 },
} as const satisfies StructLayout;

/** A bit of the feature map, and whether this program can work on an array that has it (SB-07). */
export interface Feature {
  readonly bit: number;
  readonly supported: boolean;
  readonly says: string;
}

export const FEATURES = {
  BITMAP_OFFSET: { bit: 1, supported: true, says: 'an internal bitmap' },
  RECOVERY_OFFSET: { bit: 2, supported: true, says: 'a member being rebuilt' },
  RESHAPE_ACTIVE: { bit: 4, supported: false, says: 'a reshape under way' },
  BAD_BLOCKS: { bit: 8, supported: false, says: 'a list of bad blocks that is not empty' },
  REPLACEMENT: { bit: 16, supported: false, says: 'a member that replaces another' },
  RESHAPE_BACKWARDS: { bit: 32, supported: false, says: 'a reshape that runs backwards' },
  NEW_OFFSET: { bit: 64, supported: false, says: 'a reshape that moves the data' },
  RECOVERY_BITMAP: { bit: 128, supported: true, says: 'a rebuild by the bitmap' },
  CLUSTERED: { bit: 256, supported: false, says: 'a cluster' },
  JOURNAL: { bit: 512, supported: false, says: 'a write journal' },
  PPL: { bit: 1024, supported: false, says: 'a partial parity log' },
  MULTIPLE_PPLS: { bit: 2048, supported: false, says: 'partial parity logs' },
  RAID0_LAYOUT: { bit: 4096, supported: false, says: 'a RAID-0 layout' },
} as const satisfies Record<string, Feature>;
