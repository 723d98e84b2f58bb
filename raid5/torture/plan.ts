/** What a torture run does, drawn from one seed: an array, and a list of things that happen to it. */
import type { PlatformName } from '../../emulator/platforms';
import { PLATFORM_NAMES } from '../../emulator/platforms';
import { SeededRandom } from '../../emulator/sim/random';
import type { DiskModelName } from '../disks/models';
import type { RmwLevel } from '../handler/state';
import type { LayoutName, Level } from '../layouts';
import { LAYOUTS, LEVELS } from '../layouts';

/** One thing that happens. `seed` decides its particulars. */
export interface Step {
  readonly kind: StepKind;
  readonly seed: number;
}

/** Everything that can happen, with how often it does. A step that makes no sense when its turn comes is left out. */
const WEIGHTS = {
  /** requests, many at a time */
  io: 8,
  /** the power fails in the middle of requests */
  'power-cut': 3,
  /** the same to an array with a member missing: it is refused, then forced, and may have lost what nobody can know */
  'write-hole': 1,
  /** stopped, and started on a new machine */
  restart: 1,
  /** a member is declared faulty, or its drive dies under requests */
  fail: 2,
  /** a member that is gone comes back */
  readd: 2,
  /** a blank disk takes the place of one that is gone */
  spare: 1,
  /** blocks of one disk cannot be read until they are written again; a check finds them */
  'read-errors': 1,
  /** bytes of parity change on a disk; a check counts them, a repair makes them right */
  corrupt: 1,
  /** transfers of engines fail under requests */
  'engine-errors': 2,
  check: 1,
} as const;

export type StepKind = keyof typeof WEIGHTS;
export const STEP_KINDS = Object.keys(WEIGHTS) as readonly StepKind[];

export interface TorturePlan {
  readonly seed: number;
  readonly platform: PlatformName;
  readonly level: Level;
  readonly layout: LayoutName;
  readonly disks: number;
  /** bytes */
  readonly chunk: number;
  /** sectors of a member that hold data, whole chunks */
  readonly size: number;
  readonly bitmap: boolean;
  readonly rmwLevel: RmwLevel;
  /** stripe heads */
  readonly cache: number;
  readonly model: DiskModelName;
  readonly steps: readonly Step[];
}

/** A bitmap has room on a member with so many sectors of data, a multiple of every chunk here. */
const LEAST_SECTORS = 128;

/** @param length steps of the run */
export function planOf(seed: number, length = 24): TorturePlan {
  const random = new SeededRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[random.below(list.length)];
  const level = pick(LEVELS);
  const layout = pick(Object.keys(LAYOUTS[level]) as LayoutName[]);
  const chunk = pick([4096, 8192, 32768]);
  return {
    seed,
    platform: pick(PLATFORM_NAMES),
    level,
    layout,
    disks: (level === 6 ? 4 : 3) + random.below(4),
    chunk,
    size: (chunk / 512) * (LEAST_SECTORS / (chunk / 512) + 2 + random.below(16)),
    bitmap: random.below(2) === 0,
    cache: 8 + random.below(40),
    model: pick(['ram', 'ssd'] as const),
    rmwLevel: pick([0, 1, 2] as const),
    steps: Array.from({ length }, () => ({ kind: drawKind(random), seed: random.next() })),
  };
}

function drawKind(random: SeededRandom): StepKind {
  let left = random.below(STEP_KINDS.reduce((sum, kind) => sum + WEIGHTS[kind], 0));
  return STEP_KINDS.find((kind) => (left -= WEIGHTS[kind]) < 0)!;
}
