/** What a scenario expects in the end, and what was found. */
import { STRIPE_SECTORS } from '../geometry';
import { locate } from '../locate';
import { MediaDisk } from '../md/devices';
import { assemble } from '../superblock/assemble';
import { dirtyChunks } from '../superblock/bitmap';
import { MAX_SECTOR } from '../superblock/layout';
import type { ParityVerdict } from '../workload/verify-parity';
import type { LifeBench } from './bench';
import { diskName } from './bench';

/** A block that lies, or is to be found lying. @param sector of the member's data */
export interface LyingBlock {
  readonly disk: number;
  readonly sector: number;
}

/** What superblocks and bitmap say after the array was stopped; what is left out is not looked at. */
export interface Examined {
  readonly state: 'clean' | 'dirty';
  /** members missing or not rebuilt */
  readonly degraded: number;
  readonly spares: number;
  /** bits set in the bitmap */
  readonly dirtyChunks: number;
  /** blocks of 4 KiB whose read errors were mended, on all members */
  readonly correctedBlocks: number;
}

/** What of it is expected. */
export type Expected = { readonly [K in keyof Examined]?: Examined[K] | undefined };

export type Check =
  | { readonly kind: 'data'; readonly expect: 'intact' | 'loss' }
  /** stripes whose parity on the media is wrong */
  | { readonly kind: 'parity'; readonly wrong: number }
  /** a check pass of md @param mismatch its mismatch_cnt, in sectors */
  | { readonly kind: 'check'; readonly mismatch: number }
  | { readonly kind: 'locate'; readonly blocks: readonly LyingBlock[] }
  | { readonly kind: 'examine'; readonly says: Expected };

/** A check and what came of it. */
export interface CheckResult {
  readonly kind: Check['kind'];
  readonly ok: boolean;
  readonly expected: string;
  readonly found: string;
}

/** The result of a check whose expectation and finding are both said in words. */
export function compared(kind: Check['kind'], expected: string, found: string): CheckResult {
  return { kind, ok: expected === found, expected, found };
}

/**
 * The checks that need nothing to run: what lies on the media. Data are checked also when nobody says so.
 * @param lost whether data were lost, for a reason that has a name
 * @param parity computed again; undefined: nobody can
 */
export function closingChecks(
  checks: readonly Check[],
  bench: LifeBench,
  lost: boolean,
  parity: ParityVerdict | undefined,
): CheckResult[] {
  const all: readonly Check[] = checks.some(({ kind }) => kind === 'data')
    ? checks
    : [{ kind: 'data', expect: 'intact' }, ...checks];
  return all.flatMap((check): CheckResult[] => {
    switch (check.kind) {
      case 'data':
        return [compared('data', check.expect, lost ? 'loss' : 'intact')];
      case 'parity': {
        const found = parity === undefined ? 'nobody can say' : `wrong stripes: ${parity.mismatches}`;
        return [compared('parity', `wrong stripes: ${check.wrong}`, found)];
      }
      case 'check':
        return [];
      case 'locate':
        return [compared('locate', lyingText(check.blocks), lying(bench))];
      case 'examine':
        return [examined(check.says, bench)];
    }
  });
}

/** Who lies, by raid6check's algorithm over every stripe of the stopped array. */
function lying({ started: { md }, dataOffset }: LifeBench): string {
  if (md === undefined) return 'no array';
  const { members, geometry } = md.array;
  const found: string[] = [];
  for (let sector = 0; sector < md.size; sector += STRIPE_SECTORS) {
    const blocks = members.map(({ disk: { media } }) => media.peek(dataOffset + sector));
    if (blocks.every((block) => block === undefined)) continue;
    const suspicion = locate(geometry, sector, blocks);
    if (suspicion.kind === 'none') continue;
    const who = suspicion.kind === 'member' ? members[suspicion.disk].disk.name : 'nobody knows who';
    found.push(`${who}@${sector}`);
  }
  return found.join(', ') || 'nobody';
}

/** How `lying` would say what is expected. */
function lyingText(blocks: readonly LyingBlock[]): string {
  const found = blocks
    .map(({ disk, sector }) => ({ disk, block: sector - (sector % STRIPE_SECTORS) }))
    .sort((a, b) => a.block - b.block)
    .map(({ disk, block }) => `${diskName(disk)}@${block}`);
  return found.join(', ') || 'nobody';
}

/** The entries of `says`, and the same entries of what superblocks and bitmap on the media say. */
function examined(says: Expected, bench: LifeBench): CheckResult {
  const keys = (Object.keys(says) as (keyof Examined)[]).filter((key) => says[key] !== undefined);
  const text = (all: Expected): string => keys.map((key) => `${key} ${all[key]}`).join(', ');
  const found = examine(bench);
  return compared('examine', text(says), found === undefined ? 'no array' : text(found));
}

function examine(bench: LifeBench): Examined | undefined {
  const { array } = assemble(bench.devices.filter(isPlugged(bench)).map((device) => new MediaDisk(device)));
  if (array === undefined) return undefined;
  const members = [...array.places, ...array.spares].filter((member) => member !== undefined);
  const corrected = members.reduce((sum, { superblock }) => sum + superblock.cntCorrectedRead, 0);
  return {
    state: array.resyncOffset === MAX_SECTOR ? 'clean' : 'dirty',
    degraded: array.degraded,
    spares: array.spares.length,
    dirtyChunks: array.bitmap === undefined ? 0 : dirtyChunks(array.bitmap),
    correctedBlocks: corrected / STRIPE_SECTORS,
  };
}

function isPlugged({ plugged }: LifeBench): (device: { readonly disk: { readonly index: number } }) => boolean {
  return ({ disk }) => plugged.includes(disk.index);
}
