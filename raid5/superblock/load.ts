/** Whether a member's superblock may be used: the kernel's checks (SB-05, `super_1_load`), then what this program can do. */
import { LEAST_DISKS } from '../geometry';
import { isLevel, layoutName } from './levels';
import { FEATURES, MAGIC, MAX_ROLES, SUPER_BYTES, SUPER_SECTOR } from './layout';
import type { Refusal } from './refusal';
import type { Superblock } from './superblock';
import { checksum, decodeSuperblock, hasFeature, superSectors } from './superblock';

/** What a check looks at. */
interface Candidate {
  readonly superblock: Superblock;
  readonly bytes: Uint8Array;
  /** sectors of the member */
  readonly sectors: number;
}

interface Check {
  readonly rule: string;
  /** What is wrong and what would be right; undefined: nothing. */
  readonly look: (candidate: Candidate) => readonly [problem: string, expected: string] | undefined;
}

const KNOWN_FEATURES = Object.values(FEATURES).reduce((mask, { bit }) => mask | bit, 0);
/** Sectors below which the kernel takes no member. */
const LEAST_DATA = 10n;
/** Sectors of the smallest chunk, a page. */
const LEAST_CHUNK = 8;

const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;

/** In the order of the kernel: the first that speaks up decides. */
const KERNEL_CHECKS: readonly Check[] = [
  {
    rule: 'SB-05',
    look: ({ superblock: { magic } }) =>
      magic === MAGIC
        ? undefined
        : [`no md superblock at sector ${SUPER_SECTOR} (${hex(magic)})`, `the magic ${hex(MAGIC)}`],
  },
  {
    rule: 'SB-05',
    look: ({ superblock: { majorVersion } }) =>
      majorVersion === 1 ? undefined : [`the superblock has major version ${majorVersion}`, '1'],
  },
  {
    rule: 'SB-05',
    look: ({ superblock: { maxDev } }) =>
      maxDev <= MAX_ROLES ? undefined : [`the role table has ${maxDev} entries`, `${MAX_ROLES} or fewer`],
  },
  {
    rule: 'SB-01',
    look: ({ superblock: { superOffset } }) =>
      superOffset === BigInt(SUPER_SECTOR)
        ? undefined
        : [`the superblock says that it lies at sector ${superOffset}`, `${SUPER_SECTOR}, its place in format 1.2`],
  },
  {
    rule: 'SB-07',
    look: ({ superblock: { featureMap } }) =>
      (featureMap & ~KNOWN_FEATURES) === 0
        ? undefined
        : [`unknown feature bits ${hex(featureMap & ~KNOWN_FEATURES)}`, `bits of ${hex(KNOWN_FEATURES)} only`],
  },
  {
    rule: 'SB-03',
    look: ({ superblock: { sbCsum }, bytes, superblock: { maxDev } }) => {
      const sum = checksum(bytes, maxDev);
      return sum === sbCsum ? undefined : [`the superblock’s checksum is ${hex(sbCsum)}`, hex(sum)];
    },
  },
  {
    rule: 'SB-05',
    look: ({ superblock: { dataSize } }) =>
      dataSize >= LEAST_DATA ? undefined : [`the member has ${dataSize} sectors for data`, `${LEAST_DATA} or more`],
  },
  {
    rule: 'SB-05',
    look: ({ superblock: { pad0, pad3 } }) =>
      pad0 === 0 && pad3.every((byte) => byte === 0)
        ? undefined
        : ['bytes are set that no version of the superblock defines', 'zeros there'],
  },
  {
    rule: 'SB-05',
    look: ({ superblock: { dataOffset, maxDev } }) => {
      const least = SUPER_SECTOR + superSectors(maxDev);
      return dataOffset >= BigInt(least)
        ? undefined
        : [`data start at sector ${dataOffset}, inside the superblock`, `sector ${least} or later`];
    },
  },
  {
    rule: 'SB-05',
    look: ({ superblock: { dataOffset, dataSize, size }, sectors }) => {
      const needed = dataOffset + (size > dataSize ? size : dataSize);
      return BigInt(sectors) >= needed ? undefined : [`the member has ${sectors} sectors`, `${needed} or more`];
    },
  },
];

/** What an array may be for this program to work on it. */
const OUR_CHECKS: readonly Check[] = [
  {
    rule: 'SB-07',
    look: ({ superblock }) => {
      const foreign = Object.values(FEATURES).filter(
        (feature) => !feature.supported && hasFeature(superblock, feature),
      );
      return foreign.length === 0
        ? undefined
        : [
            `the array has ${foreign.map(({ says }) => says).join(' and ')}, which this program leaves to md`,
            'an array without',
          ];
    },
  },
  {
    rule: 'LO-01',
    look: ({ superblock: { level } }) => (!isLevel(level) ? [`the array has level ${level}`, '4, 5 or 6'] : undefined),
  },
  {
    rule: 'LO-01',
    look: ({ superblock: { level, layout } }) =>
      layoutName(level, layout) === undefined ? [`RAID-${level} has no layout ${layout}`, 'one of md’s'] : undefined,
  },
  {
    rule: 'RU-01',
    look: ({ superblock: { chunksize } }) =>
      chunksize >= LEAST_CHUNK && Number.isInteger(Math.log2(chunksize))
        ? undefined
        : [`chunks of ${chunksize} sectors`, `a power of two from ${LEAST_CHUNK}`],
  },
  {
    rule: 'RU-01',
    look: ({ superblock: { level, raidDisks } }) => {
      const least = isLevel(level) ? LEAST_DISKS[level] : 0;
      return raidDisks >= least ? undefined : [`RAID-${level} of ${raidDisks} members`, `${least} or more`];
    },
  },
  {
    rule: 'SB-05',
    look: ({ superblock: { size, dataSize, chunksize } }) =>
      size >= BigInt(chunksize) && size <= dataSize
        ? undefined
        : [
            `the array uses ${size} sectors of each member`,
            `a chunk or more, and no more than the ${dataSize} there are`,
          ],
  },
];

export type Loaded =
  | { readonly superblock: Superblock; readonly refusal?: undefined }
  | { readonly refusal: Refusal; readonly superblock?: undefined };

/**
 * Decodes and judges the superblock of a member.
 * @param bytes the 4 KiB from sector 8; undefined when the member is too short to have them
 * @param sectors of the member
 */
export function loadSuperblock(bytes: Uint8Array | undefined, sectors: number): Loaded {
  if (bytes === undefined) {
    const least = SUPER_SECTOR + SUPER_BYTES / 512;
    return {
      refusal: { rule: 'SB-05', problem: `the member has ${sectors} sectors`, expected: `${least} or more` },
    };
  }
  const superblock = decodeSuperblock(bytes);
  for (const { rule, look } of [...KERNEL_CHECKS, ...OUR_CHECKS]) {
    const wrong = look({ superblock, bytes, sectors });
    if (wrong !== undefined) return { refusal: { rule, problem: wrong[0], expected: wrong[1] } };
  }
  return { superblock };
}
