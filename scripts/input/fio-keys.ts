/** The parameters of a fio job file that mean something here: one row each, as fio's HOWTO has them. */
import { MICROSECOND, SECOND } from '../../emulator/sim/time';
import type { BlockSize } from '../../raid5/workload/fio/job';
import { FieldError, quote } from '../../raid5/workload/input-error';
import { oneOf } from './fields';
import type { KbBase } from './fio-values';
import { amount, blockRange, blockSize, blockSplit, flag, forBoth, pattern, size, time, whole } from './fio-values';

/** One parameter: its value in, its meaning out. */
interface FioKey<T> {
  readonly aliases?: readonly string[];
  /** May stand without a value. */
  readonly bare?: true;
  /** @param text empty for a bare key @throws FieldError */
  read(text: string, base: KbBase): T;
}

const DEFAULT_BS: readonly BlockSize[] = [{ bytes: 4096, weight: 1 }];

/** Engines that give one request at a time, whatever `iodepth` says. */
export const SYNC_ENGINES = ['sync', 'psync', 'vsync', 'pvsync', 'pvsync2'] as const;
const ENGINES = [...SYNC_ENGINES, 'libaio', 'io_uring', 'posixaio'] as const;

function named<T extends string>(...names: T[]): FioKey<T> {
  return { read: (text) => oneOf(names).parse(text) };
}

function number(min: number, max: number): FioKey<number> {
  return { read: (text) => whole(text, min, max) };
}

const FLAG: FioKey<boolean> = { bare: true, read: (text) => flag(text === '' ? undefined : text) };
const TEXT: FioKey<string> = { read: (text) => text };
const DURATION: FioKey<number> = { read: (text) => time(text, SECOND) };
const BYTES: FioKey<number> = { read: size };
const AMOUNT = { read: amount } as const;

/** Only one value means something here. */
function only(value: string, why: string): FioKey<string> {
  return {
    read(text) {
      if (text !== value) throw new FieldError(`${quote(text)} cannot be had: ${why}`, value);
      return text;
    },
  };
}

export const FIO_KEYS = {
  name: TEXT,
  description: TEXT,
  rw: { ...named('read', 'write', 'randread', 'randwrite', 'rw', 'readwrite', 'randrw'), aliases: ['readwrite'] },
  bs: {
    aliases: ['blocksize'],
    read: (text: string, base: KbBase) => forBoth(text, DEFAULT_BS, (part) => blockSize(part, base)),
  },
  bsrange: {
    aliases: ['blocksize_range'],
    read: (text: string, base: KbBase) => forBoth(text, DEFAULT_BS, (part) => blockRange(part, base)),
  },
  bssplit: { read: (text: string, base: KbBase) => forBoth(text, DEFAULT_BS, (part) => blockSplit(part, base)) },
  size: AMOUNT,
  io_size: { ...BYTES, aliases: ['io_limit'] },
  offset: AMOUNT,
  offset_increment: AMOUNT,
  filename: {
    read(text: string) {
      if (text.includes(':')) throw new FieldError(`${quote(text)} names several files`, 'one name');
      return text;
    },
  },
  number_ios: number(1, Number.MAX_SAFE_INTEGER),
  iodepth: number(1, 1024),
  numjobs: number(1, 256),
  ioengine: named(...ENGINES),
  direct: only('1', 'there is no page cache above the array'),
  thread: FLAG,
  group_reporting: FLAG,
  stonewall: { ...FLAG, aliases: ['wait_for_previous'] },
  startdelay: { ...DURATION, aliases: ['start_delay'] },
  runtime: { ...DURATION, aliases: ['timeout'] },
  time_based: FLAG,
  rwmixread: number(0, 100),
  rwmixwrite: number(0, 100),
  rate_iops: {
    read: (text: string) => forBoth<number | undefined>(text, undefined, (part) => whole(part, 1, 1e9)),
  },
  rate: {
    read(text: string, base: KbBase) {
      return forBoth<number | undefined>(text, undefined, (part) => {
        const rate = size(part, base);
        if (rate === 0) throw new FieldError(`${quote(part)} is no rate`, 'bytes a second, more than 0');
        return rate;
      });
    },
  },
  thinktime: { read: (text: string) => time(text, MICROSECOND) },
  thinktime_blocks: number(1, 1e9),
  norandommap: FLAG,
  random_generator: named('tausworthe', 'lfsr'),
  randseed: number(0, 0xffff_ffff),
  randrepeat: only('1', 'every run here can be repeated'),
  verify: named('crc32c', 'crc32c-intel', 'pattern'),
  verify_pattern: { read: pattern },
  do_verify: FLAG,
  kb_base: {
    read(text: string): KbBase {
      if (text !== '1000' && text !== '1024') throw new FieldError(`${quote(text)} is no base`, '1000 or 1024');
      return text === '1000' ? 1000 : 1024;
    },
  },
} as const satisfies Readonly<Record<string, FioKey<unknown>>>;

export type FioKeyName = keyof typeof FIO_KEYS;

/** What a job says, with fio's names. */
export type FioValues = { readonly [K in FioKeyName]?: ReturnType<(typeof FIO_KEYS)[K]['read']> };

const NAMES = new Map<string, FioKeyName>();
for (const name of Object.keys(FIO_KEYS) as FioKeyName[]) {
  const { aliases = [] }: FioKey<unknown> = FIO_KEYS[name];
  for (const word of [name, ...aliases]) NAMES.set(word, name);
}

/** Every word that is understood. */
export const FIO_WORDS: readonly string[] = [...NAMES.keys()];

/** The parameter that a word of a job file stands for; fio takes keys in any case. */
export function fioKey(word: string): FioKeyName | undefined {
  return NAMES.get(word.toLowerCase());
}

/** Whether a parameter may stand without a value. */
export function mayBeBare(name: FioKeyName): boolean {
  const key: FioKey<unknown> = FIO_KEYS[name];
  return key.bare === true;
}
