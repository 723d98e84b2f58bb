/** Which bytes of the array each thread of a job file works on. */
import { InputError, quote } from '../input-error';
import type { Amount, FioJob, FioThread, Region } from './job';
import { minBs } from './job';

/** Files start at multiples of this. */
const FILE_ALIGNMENT = 2 ** 20;
const SECTOR = 512;
/** Blocks that a shift register can visit. */
const MOST_LFSR_BLOCKS = 2 ** 32 - 1;

export interface FioPlan {
  /** Stages run one after the other; the threads of a stage at the same time. */
  readonly stages: readonly (readonly FioThread[])[];
  /** bytes the array offers */
  readonly arrayBytes: number;
}

interface Clone {
  readonly job: FioJob;
  readonly clone: number;
  /** Threads of one file share it. */
  readonly file: string;
}

/** A name under /dev is the array itself; any other is a file on it. */
function isDevice({ filename }: FioJob): boolean {
  return filename?.startsWith('/dev/') === true;
}

/**
 * Gives every thread its region. With `filename=/dev/…` that is the array itself, otherwise files lie on the array one
 * behind the other: one for each name, one for each clone where there is no name.
 * @param arrayBytes what the array shall offer; undefined: what the jobs need
 * @throws InputError at the section of the job that does not fit
 */
export function placeThreads(jobs: readonly FioJob[], file: string, arrayBytes: number | undefined): FioPlan {
  const clones = jobs.flatMap((job, index) =>
    Array.from({ length: job.numjobs }, (_, clone) => ({
      job,
      clone,
      file: job.filename ?? `${index}.${clone}`,
    })),
  );
  const regions = jobs.some(isDevice)
    ? clones.map((clone) => deviceRegion(clone, file, arrayBytes))
    : fileRegions(clones, file);
  const stages: FioThread[][] = [];
  clones.forEach(({ job, clone }, number) => {
    if (stages.length === 0 || (job.stonewall && clone === 0)) stages.push([]);
    stages.at(-1)!.push({ job, number, clone, region: regions[number] });
  });
  const end = Math.max(...regions.map(({ start, length }) => start + length));
  const last = clones[regions.findIndex(({ start, length }) => start + length === end)].job;
  if (arrayBytes !== undefined && end > arrayBytes) {
    refuse(file, last, `job ${quote(last.name)} ends at byte ${end}`, `an array of ${arrayBytes} bytes to cover it`);
  }
  return { stages, arrayBytes: arrayBytes ?? end };
}

/** A job on the array itself. */
function deviceRegion({ job, clone }: Clone, file: string, arrayBytes: number | undefined): Region {
  if (!isDevice(job)) {
    refuse(file, job, `job ${quote(job.name)} names no device, others do`, 'filename=/dev/… in every job or in none');
  }
  const start = startOf(job, clone, file, arrayBytes);
  const size = job.size ?? (arrayBytes === undefined ? undefined : { bytes: arrayBytes - start });
  return checked(job, file, start, size === undefined ? undefined : bytesOf(job, file, size, arrayBytes));
}

/** Files one behind the other, each as long as the furthest of its threads needs it. */
function fileRegions(clones: readonly Clone[], file: string): Region[] {
  const inFile = clones.map(({ job, clone }) => {
    const start = startOf(job, clone, file, undefined);
    return checked(job, file, start, job.size === undefined ? undefined : bytesOf(job, file, job.size, undefined));
  });
  const ends = new Map<string, number>();
  clones.forEach((clone, i) => {
    const { start, length } = inFile[i];
    ends.set(clone.file, Math.max(ends.get(clone.file) ?? 0, start + length));
  });
  const bases = new Map<string, number>();
  let next = 0;
  for (const [name, end] of ends) {
    bases.set(name, next);
    next += Math.ceil(end / FILE_ALIGNMENT) * FILE_ALIGNMENT;
  }
  return clones.map((clone, i) => ({ ...inFile[i], start: bases.get(clone.file)! + inFile[i].start }));
}

function startOf(job: FioJob, clone: number, file: string, whole: number | undefined): number {
  const increment = bytesOf(job, file, job.offsetIncrement, whole);
  return bytesOf(job, file, job.offset, whole) + clone * increment;
}

/** Percentages are of the array, in whole blocks. */
function bytesOf(job: FioJob, file: string, amount: Amount, whole: number | undefined): number {
  if ('bytes' in amount) return amount.bytes;
  if (whole === undefined) {
    refuse(
      file,
      job,
      `job ${quote(job.name)} wants ${amount.percent} % of something without a size`,
      'a size in bytes, or filename=/dev/… on an array of a given --size',
    );
  }
  const unit = minBs(job);
  return Math.floor((whole * amount.percent) / 100 / unit) * unit;
}

function checked(job: FioJob, file: string, start: number, length: number | undefined): Region {
  if (length === undefined) {
    refuse(file, job, `job ${quote(job.name)} has no size`, 'size=…, or filename=/dev/… on an array of a given --size');
  }
  const unit = minBs(job);
  if (length < unit) {
    refuse(file, job, `the ${length} bytes of job ${quote(job.name)} are less than a block`, `at least ${unit} bytes`);
  }
  const blocks = Math.floor(length / unit);
  if (job.random && job.randomGenerator === 'lfsr' && blocks > MOST_LFSR_BLOCKS) {
    refuse(
      file,
      job,
      `job ${quote(job.name)} has ${blocks} blocks for lfsr`,
      `at most ${MOST_LFSR_BLOCKS}, or tausworthe`,
    );
  }
  if (start % SECTOR !== 0) {
    refuse(file, job, `job ${quote(job.name)} starts at byte ${start}`, `a multiple of ${SECTOR}`);
  }
  return { start, length };
}

function refuse(file: string, job: FioJob, problem: string, expected: string): never {
  throw new InputError(file, job.line, 1, problem, expected);
}
