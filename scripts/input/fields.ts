/**
 * The values that a scenario and the command line have in common: how each is written, what it may be, what it is when
 * nobody says. A scenario and an option read the same field, so they accept and refuse the same text.
 */
import { LEAST_DISKS } from '../../raid5/geometry';
import type { RmwLevel } from '../../raid5/handler/state';
import type { LayoutName, Level } from '../../raid5/layouts';
import { LAYOUTS, LEVELS, placementOf } from '../../raid5/layouts';
import { FieldError, quote } from '../../raid5/workload/input-error';
import { parseDuration, parseSize } from '../../raid5/workload/sizes';
import { didYouMean } from './spelling';

/** One kind of value: its text in, its meaning out. */
export interface Field<T> {
  /** what would be right; completes "expected …" */
  readonly expected: string;
  /** the YAML types it may have; an option is always text */
  readonly types: readonly ('string' | 'number' | 'boolean')[];
  /** @throws FieldError whose problem starts with the quoted text */
  parse(text: string): T;
}

/** A disk that fails, and when. */
export interface DiskFailure {
  /** number of the disk, from 0 */
  readonly disk: number;
  /** simulated time in picoseconds */
  readonly at: number;
}

/** A whole number in a range, both ends included. */
export function integer(min: number, max: number): Field<number> {
  const expected = min === max ? `${min}` : `a whole number from ${min} to ${max}`;
  return {
    expected,
    types: ['number'],
    parse(text) {
      if (!/^-?\d+$/.test(text)) throw new FieldError(`${quote(text)} is no whole number`, expected);
      const value = Number(text);
      if (value < min || value > max) throw new FieldError(`${quote(text)} is out of range`, expected);
      return value;
    },
  };
}

function size(expected: string, problem: string, allowed: (bytes: number) => boolean): Field<number> {
  return {
    expected,
    types: ['string', 'number'],
    parse(text) {
      const bytes = parseSize(text, expected);
      if (!allowed(bytes)) throw new FieldError(`${quote(text)} ${problem}`, expected);
      return bytes;
    },
  };
}

/** A name out of a list; near misses get a hint. */
export function oneOf<T extends string>(names: readonly T[]): Field<T> {
  const expected = `one of: ${names.join(', ')}`;
  return {
    expected,
    types: ['string'],
    parse(text) {
      const name = names.find((candidate) => candidate === text);
      if (name === undefined) {
        throw new FieldError(`${quote(text)} is not known${didYouMean(text, names)}`, expected);
      }
      return name;
    },
  };
}

const LEVEL = `one of: ${LEVELS.join(', ')}`;
const SPEED = 'a decimal number above 0';
const AT = 'a simulated time like 1.5s, 20ms, 100us or seconds';
const FAIL = 'DISK@TIME like 2@1.5, or several like 2@20ms,3@1.5';
const POLICY = 'one of: resync, bitmap';
/** Policies of mdadm that are not here, and what they are. */
const LATER_POLICIES: Readonly<Record<string, string>> = { ppl: 'partial parity log', journal: 'write journal' };
const TEXT = 'a text of one character or more';

const disk = integer(0, 31);
const at: Field<number> = { expected: AT, types: ['string', 'number'], parse: (text) => parseDuration(text, AT) };

/** Every field but those whose names the caller knows (platforms, disk models: see `oneOf`). */
export const fields = {
  /** of the scenario language */
  version: integer(1, 1),
  /** unsigned 32 bit, of every choice that chance makes */
  seed: integer(0, 0xffff_ffff),
  text: {
    expected: TEXT,
    types: ['string'],
    parse(text) {
      if (text === '') throw new FieldError(`${quote(text)} is empty`, TEXT);
      return text;
    },
  } satisfies Field<string>,
  flag: {
    expected: 'true or false',
    types: ['boolean'],
    parse: (text) => text.toLowerCase() === 'true',
  } satisfies Field<boolean>,
  level: {
    expected: LEVEL,
    types: ['number'],
    parse(text) {
      const level = LEVELS.find((candidate) => String(candidate) === text);
      if (level === undefined) throw new FieldError(`${quote(text)} is no level with parity`, LEVEL);
      return level;
    },
  } satisfies Field<Level>,
  /** members of the array, parity included */
  disks: integer(3, 32),
  /** number of a member; `requireDisk` compares it with the array */
  disk,
  /** bytes a disk holds before the next one's turn; the upper limit is ours */
  chunk: size(
    'a power of two from 4KiB to 1GiB',
    'is no power of two in that range',
    (bytes) => bytes >= 4096 && bytes <= 2 ** 30 && Number.isInteger(Math.log2(bytes)),
  ),
  /** of any level; `requireLayout` compares it with the array's */
  layout: oneOf(Object.keys(LAYOUTS[6]) as LayoutName[]),
  /** stripe heads (semantics SC-01) */
  cache: integer(17, 32768),
  /** of md: only 1.2 */
  metadata: {
    expected: '1.2',
    types: ['number', 'string'],
    parse(text) {
      if (text !== '1.2') throw new FieldError(`${quote(text)} is no metadata of this version`, '1.2');
      return text;
    },
  } satisfies Field<'1.2'>,
  bitmap: oneOf(['none', 'internal'] as const),
  /** how an array is made whole after a power cut, by mdadm's names */
  policy: {
    expected: POLICY,
    types: ['string'],
    parse(text) {
      if (Object.hasOwn(LATER_POLICIES, text)) {
        throw new FieldError(`${quote(text)}: this version has no ${LATER_POLICIES[text]}`, POLICY);
      }
      return oneOf(['resync', 'bitmap'] as const).parse(text);
    },
  } satisfies Field<'resync' | 'bitmap'>,
  /** `rmw_level` (semantics WR-12) */
  rmwLevel: {
    expected: '0, 1 or 2',
    types: ['number'],
    parse(text) {
      const level = ([0, 1, 2] as const).find((candidate) => String(candidate) === text);
      if (level === undefined) throw new FieldError(`${quote(text)} is no rmw_level`, '0, 1 or 2');
      return level;
    },
  } satisfies Field<RmwLevel>,
  /** bytes of data that the array offers */
  size: size(
    'a positive multiple of 512 bytes like 1GiB',
    'is no positive multiple of 512',
    (bytes) => bytes > 0 && bytes % 512 === 0,
  ),
  pace: oneOf(['trace', 'asap']),
  /** times faster than recorded */
  speed: {
    expected: SPEED,
    types: ['number'],
    parse(text) {
      if (!/^\d+(\.\d+)?$/.test(text)) throw new FieldError(`${quote(text)} is no decimal number`, SPEED);
      const speed = Number(text);
      if (speed === 0 || !Number.isFinite(speed)) throw new FieldError(`${quote(text)} is out of range`, SPEED);
      return speed;
    },
  } satisfies Field<number>,
  /** requests in flight */
  depth: integer(1, 1024),
  /** picoseconds; a bare number is seconds */
  at,
  /** the option form of disk failures, `DISK@TIME`, with commas between several */
  fail: {
    expected: FAIL,
    types: ['string'],
    parse(text) {
      return text.split(',').map((one) => {
        const [member, time, ...more] = one.split('@');
        if (time === undefined || more.length > 0) throw new FieldError(`${quote(one)} is no disk and time`, FAIL);
        return { disk: disk.parse(member), at: at.parse(time) };
      });
    },
  } satisfies Field<readonly DiskFailure[]>,
} as const;

/** What holds where neither a scenario nor an option says otherwise. */
export const DEFAULTS = {
  seed: 1,
  level: 5,
  disks: 5,
  chunk: 65536,
  cache: 256,
  pace: 'trace',
  speed: 1,
  depth: 32,
  rmwLevel: 1,
} as const;

/**
 * Whether an array has a bitmap, said either way or both.
 * @throws FieldError when the two disagree
 */
export function bitmapWanted(
  bitmap: 'none' | 'internal' | undefined,
  policy: 'resync' | 'bitmap' | undefined,
): boolean {
  const byPolicy = policy === undefined ? undefined : policy === 'bitmap';
  const said = bitmap === undefined ? undefined : bitmap === 'internal';
  if (byPolicy !== undefined && said !== undefined && byPolicy !== said) {
    throw new FieldError(`'${policy}' does not go with bitmap ${bitmap}`, said ? 'bitmap' : 'resync');
  }
  return said ?? byPolicy ?? false;
}

/**
 * Checks a layout against the level it is meant for.
 * @throws FieldError
 */
export function requireLayout(layout: LayoutName, level: Level): void {
  if (placementOf(level, layout) !== undefined) return;
  const names = Object.keys(LAYOUTS[level]).join(', ');
  throw new FieldError(`'${layout}' is no layout of RAID-${level}`, `one of: ${names}`);
}

/**
 * Checks the number of members against the level.
 * @throws FieldError
 */
export function requireDisks(disks: number, level: Level): void {
  const least = LEAST_DISKS[level];
  if (disks < least) throw new FieldError(`'${disks}' is too few for RAID-${level}`, `${least} or more`);
}

/**
 * Checks a disk failure, the `index`-th from 0, against what the level survives.
 * @throws FieldError
 */
export function requireSurvivable(index: number, level: Level): void {
  if (index < (level === 6 ? 2 : 1)) return;
  const nth = level === 6 ? 'a third' : 'a second';
  throw new FieldError(`${nth} failed disk is more than RAID-${level} survives`, level === 6 ? 'two' : 'one');
}

/**
 * Checks the number of a disk against the array it is meant for.
 * @throws FieldError
 */
export function requireDisk(disk: number, disks: number): void {
  if (disk >= disks) throw new FieldError(`'${disk}' is no disk of this array`, `a disk from 0 to ${disks - 1}`);
}

/** A wrong option. The message is `FLAG: PROBLEM, expected EXPECTED`. */
export class OptionError extends FieldError {
  constructor(
    readonly flag: string,
    { problem, expected }: FieldError,
  ) {
    super(problem, expected, `${flag}: `);
  }
}

/**
 * Runs something that reads or checks the value of an option, and names the option in its refusal:
 * `forOption('--chunk', () => fields.chunk.parse(text))`.
 * @throws OptionError in place of a FieldError
 */
export function forOption<T>(flag: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof FieldError ? new OptionError(flag, error) : error;
  }
}

/** Refuses an option for a reason that is not in its value alone. @throws OptionError */
export function refuseOption(flag: string, problem: string, expected: string): never {
  throw new OptionError(flag, new FieldError(problem, expected));
}
