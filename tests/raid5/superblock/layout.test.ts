import { BITMAP_SUPER } from '../../../raid5/superblock/bitmap';
import type { StructLayout } from '../../../raid5/superblock/fields';
import { FEATURES, SUPERBLOCK } from '../../../raid5/superblock/layout';

/** Retyped from semantics SB-02 and the format of SB-08: offset and bytes of each field. */
const SUPERBLOCK_FIELDS: Record<string, [offset: number, bytes: number]> = {
  magic: [0, 4],
  majorVersion: [4, 4],
  featureMap: [8, 4],
  pad0: [12, 4],
  setUuid: [16, 16],
  setName: [32, 32],
  ctime: [64, 8],
  level: [72, 4],
  layout: [76, 4],
  size: [80, 8],
  chunksize: [88, 4],
  raidDisks: [92, 4],
  bitmapOffset: [96, 4],
  newLevel: [100, 4],
  reshapePosition: [104, 8],
  deltaDisks: [112, 4],
  newLayout: [116, 4],
  newChunk: [120, 4],
  newOffset: [124, 4],
  dataOffset: [128, 8],
  dataSize: [136, 8],
  superOffset: [144, 8],
  recoveryOffset: [152, 8],
  devNumber: [160, 4],
  cntCorrectedRead: [164, 4],
  deviceUuid: [168, 16],
  devflags: [184, 1],
  bblogShift: [185, 1],
  bblogSize: [186, 2],
  bblogOffset: [188, 4],
  utime: [192, 8],
  events: [200, 8],
  resyncOffset: [208, 8],
  sbCsum: [216, 4],
  maxDev: [220, 4],
  pad3: [224, 32],
};

const BITMAP_FIELDS: Record<string, [offset: number, bytes: number]> = {
  magic: [0, 4],
  version: [4, 4],
  uuid: [8, 16],
  events: [24, 8],
  eventsCleared: [32, 8],
  syncSize: [40, 8],
  state: [48, 4],
  chunksize: [52, 4],
  daemonSleep: [56, 4],
  writeBehind: [60, 4],
  sectorsReserved: [64, 4],
  nodes: [68, 4],
  clusterName: [72, 64],
  pad: [136, 120],
};

const BYTES = { u8: 1, u16: 2, u32: 4, s32: 4, u64: 8 };

const places = (layout: StructLayout): Record<string, [number, number]> =>
  Object.fromEntries(
    Object.entries(layout).map(([name, field]) => [
      name,
      [field.offset, field.type === 'bytes' ? field.length : BYTES[field.type]],
    ]),
  );

describe('the structures on disk', () => {
  it.each([
    ['superblock (SB-02)', SUPERBLOCK, SUPERBLOCK_FIELDS],
    ['bitmap superblock (SB-08)', BITMAP_SUPER, BITMAP_FIELDS],
  ])('%s: every field lies where the reference says, and they cover 256 bytes without a gap', (_, layout, expected) => {
    expect(places(layout)).toEqual(expected);
    const fields = Object.values(expected).sort(([a], [b]) => a - b);
    const end = fields.reduce((at, [offset, bytes]) => (expect(offset).toBe(at), offset + bytes), 0);
    expect(end).toBe(256);
  });

  it('feature bits are those of SB-07, and only bitmap and rebuild are worked on', () => {
    const bits = Object.values(FEATURES).map(({ bit }) => bit);
    expect(bits).toEqual(Array.from({ length: 13 }, (_, i) => 2 ** i));
    const supported = Object.values(FEATURES).filter((feature) => feature.supported);
    expect(supported.map(({ bit }) => bit)).toEqual([1, 2, 128]);
  });
});
