/** What a fio job file asks for, checked, in bytes and picoseconds; names are fio's (HOWTO, "Job file parameters"). */

/** One size out of several, and how often: a weight out of the sum of all. */
export interface BlockSize {
  readonly bytes: number;
  readonly weight: number;
}

/** Something said for reads and for writes. */
export interface ForBoth<T> {
  readonly read: T;
  readonly write: T;
}

/** Bytes, or a part of the file. */
export type Amount = { readonly bytes: number } | { readonly percent: number };

export interface FioJob {
  readonly name: string;
  /** of its section in the job file, from 1 */
  readonly line: number;
  /** The parameters as they were given, for reports. */
  readonly given: Readonly<Record<string, string>>;
  readonly random: boolean;
  readonly reads: boolean;
  readonly writes: boolean;
  /** Percentage of reads where there are both. */
  readonly rwmixread: number;
  readonly bs: ForBoth<readonly BlockSize[]>;
  /** Undefined: every clone has a file of its own. */
  readonly filename: string | undefined;
  readonly offset: Amount;
  /** Added once for every clone before this one. */
  readonly offsetIncrement: Amount;
  /** Undefined: to the end of the file. */
  readonly size: Amount | undefined;
  /** Bytes to transfer, undefined: as many as the region has. */
  readonly ioSize: number | undefined;
  readonly numberIos: number | undefined;
  readonly iodepth: number;
  readonly numjobs: number;
  readonly groupReporting: boolean;
  /** Waits for the jobs before it. */
  readonly stonewall: boolean;
  readonly startdelay: number;
  readonly runtime: number | undefined;
  readonly timeBased: boolean;
  /** requests a second */
  readonly rateIops: ForBoth<number | undefined>;
  /** bytes a second */
  readonly rate: ForBoth<number | undefined>;
  readonly thinktime: number;
  readonly thinktimeBlocks: number;
  readonly norandommap: boolean;
  readonly randomGenerator: 'tausworthe' | 'lfsr';
  /** Undefined: follows from the seed of the run. */
  readonly randseed: number | undefined;
  readonly verify: 'crc32c' | 'pattern' | undefined;
  readonly verifyPattern: Uint8Array | undefined;
  readonly doVerify: boolean;
}

/** The part of the array that a clone of a job works on, in bytes. */
export interface Region {
  readonly start: number;
  readonly length: number;
}

/** One of the `numjobs` threads of a job. */
export interface FioThread {
  readonly job: FioJob;
  /** from 0, over all jobs */
  readonly number: number;
  /** from 0, among the clones of its job */
  readonly clone: number;
  readonly region: Region;
}

function smallest(sizes: readonly BlockSize[]): number {
  return Math.min(...sizes.map(({ bytes }) => bytes));
}

/** `td_min_bs`: the smallest size the job uses, the unit of its offsets. */
export function minBs({ bs, reads, writes }: FioJob): number {
  return Math.min(reads ? smallest(bs.read) : Infinity, writes ? smallest(bs.write) : Infinity);
}
