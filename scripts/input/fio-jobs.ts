/** fio job files: from parameters with places to jobs that can run, or to an error that says where and what instead. */
import type { FioJob } from '../../raid5/workload/fio/job';
import { minBs } from '../../raid5/workload/fio/job';
import { FieldError, InputError, quote } from '../../raid5/workload/input-error';
import type { FioParameter, FioSection } from './fio-file';
import { splitFioFile } from './fio-file';
import type { FioKeyName, FioValues } from './fio-keys';
import { FIO_KEYS, FIO_WORDS, fioKey, mayBeBare, SYNC_ENGINES } from './fio-keys';
import type { KbBase } from './fio-values';
import { didYouMean } from './spelling';

/** Blocks are checked whole, and md gets at most a mebibyte at once. */
const LARGEST_CHECKED = 2 ** 20;

/** A section whose parameters are known; the last of several wins. */
interface Known {
  readonly section: FioSection;
  readonly values: FioValues;
  readonly places: ReadonlyMap<FioKeyName, FioParameter>;
}

/**
 * Reads a job file.
 * @param file as the user named it, for errors
 * @throws InputError: one that names every unsupported key, or the first thing that is wrong otherwise
 */
export function parseFioJobs(text: string, file: string): FioJob[] {
  const sections = splitFioFile(text, file);
  refuseUnknown(sections, file);
  return sections.map((section) => job(known(section, file), file));
}

function refuseUnknown(sections: readonly FioSection[], file: string): void {
  const unknown = new Map<string, FioParameter>();
  for (const { parameters } of sections) {
    for (const parameter of parameters) {
      if (fioKey(parameter.key) === undefined) unknown.set(`${parameter.line}`, parameter);
    }
  }
  const [first, ...others] = unknown.values();
  if (first === undefined) return;
  const list = [first, ...others].map(({ key, line }) => `${quote(key)} (line ${line})${didYouMean(key, FIO_WORDS)}`);
  throw new InputError(
    file,
    first.line,
    first.column,
    `not supported: ${list.join(', ')}`,
    `only the keys ${FIO_WORDS.join(', ')}`,
  );
}

function known(section: FioSection, file: string): Known {
  const places = new Map<FioKeyName, FioParameter>();
  for (const parameter of section.parameters) {
    const name = fioKey(parameter.key) as FioKeyName;
    // What comes later stands later, so that of rwmixread and rwmixwrite the last one is known.
    places.delete(name);
    places.set(name, parameter);
  }
  const values = new Map<FioKeyName, unknown>();
  const read = (name: FioKeyName, parameter: FioParameter, base: KbBase): void => {
    values.set(
      name,
      at(file, parameter, () => {
        if (parameter.text === undefined && !mayBeBare(name)) throw new FieldError('it has no value', `${name}=…`);
        if (parameter.text?.includes('${') === true) {
          throw new FieldError(`${quote(parameter.text)} names a variable of the environment`, 'its value');
        }
        return FIO_KEYS[name].read(parameter.text ?? '', base);
      }),
    );
  };
  const base = places.get('kb_base');
  if (base !== undefined) read('kb_base', base, 1024);
  for (const [name, parameter] of places) read(name, parameter, baseOf(values));
  return { section, values: Object.fromEntries(values), places };
}

function baseOf(values: ReadonlyMap<FioKeyName, unknown>): KbBase {
  return values.get('kb_base') === 1000 ? 1000 : 1024;
}

/** Runs a check on a parameter; its refusal carries the place of the value. */
function at<T>(file: string, { key, line, valueColumn }: FioParameter, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    throw new InputError(file, line, valueColumn, `${key}: ${error.problem}`, error.expected);
  }
}

/** What makes no sense together: the parameter at fault, when it is, and what to say. */
interface Conflict {
  readonly key: FioKeyName;
  readonly when: (job: FioJob, values: FioValues) => boolean;
  readonly problem: string;
  readonly expected: string;
}

const needs = (key: FioKeyName, other: FioKeyName): Conflict => ({
  key,
  when: (_, values) => values[key] !== undefined && values[key] !== false && values[other] === undefined,
  problem: `it means nothing without ${other}`,
  expected: `${other}=… as well`,
});

const CONFLICTS: readonly Conflict[] = [
  needs('time_based', 'runtime'),
  needs('thinktime_blocks', 'thinktime'),
  needs('verify_pattern', 'verify'),
  needs('do_verify', 'verify'),
  needs('offset_increment', 'filename'),
  {
    key: 'iodepth',
    when: ({ iodepth }, { ioengine }) => iodepth > 1 && SYNC_ENGINES.some((engine) => engine === ioengine),
    problem: 'a synchronous ioengine has one request in flight',
    expected: 'iodepth=1, or ioengine=libaio',
  },
  ...(['bsrange', 'bssplit'] as const).map((key): Conflict => ({
    key,
    when: (_, values) => values[key] !== undefined && values.bs !== undefined,
    problem: 'bs is there as well',
    expected: 'one of bs, bsrange and bssplit',
  })),
  {
    key: 'bssplit',
    when: (_, { bssplit, bsrange }) => bssplit !== undefined && bsrange !== undefined,
    problem: 'bsrange is there as well',
    expected: 'one of bs, bsrange and bssplit',
  },
  ...(['rwmixread', 'rwmixwrite'] as const).map((key): Conflict => ({
    key,
    when: ({ reads, writes }, values) => values[key] !== undefined && !(reads && writes),
    problem: 'the job does not mix reads and writes',
    expected: 'it only with rw=rw or rw=randrw',
  })),
  ...(['norandommap', 'random_generator'] as const).map((key): Conflict => ({
    key,
    when: ({ random }, values) => values[key] !== undefined && values[key] !== false && !random,
    problem: 'the job is sequential',
    expected: 'it only with rw=randread, randwrite or randrw',
  })),
  {
    key: 'random_generator',
    when: (job) => job.randomGenerator === 'lfsr' && sizesOf(job).some((bytes) => bytes !== minBs(job)),
    problem: 'lfsr takes one block size',
    expected: 'one bs, or random_generator=tausworthe',
  },
  {
    key: 'verify',
    when: ({ verify, verifyPattern }) => verify === 'pattern' && verifyPattern === undefined,
    problem: 'there is no pattern',
    expected: 'verify_pattern=… as well',
  },
  {
    key: 'verify',
    when: (job) => job.verify !== undefined && sizesOf(job).some((bytes) => bytes > LARGEST_CHECKED),
    problem: 'a block is larger than what can be checked',
    expected: `blocks of at most ${LARGEST_CHECKED} bytes`,
  },
];

function sizesOf({ bs, reads, writes }: FioJob): number[] {
  return [...(reads ? bs.read : []), ...(writes ? bs.write : [])].map(({ bytes }) => bytes);
}

function job({ section, values, places }: Known, file: string): FioJob {
  const { rw = 'read', verify } = values;
  const both = rw.endsWith('rw') || rw === 'readwrite';
  const reads = both || rw.endsWith('read');
  const bs = values.bssplit ?? values.bsrange ?? values.bs ?? both4k();
  const result: FioJob = {
    name: values.name ?? section.name,
    line: section.line,
    given: Object.fromEntries([...places].map(([name, { text = '1' }]) => [name, text])),
    random: rw.startsWith('rand'),
    reads,
    writes: both || rw.endsWith('write'),
    rwmixread: mix(values, places),
    bs,
    filename: values.filename,
    offset: values.offset ?? { bytes: 0 },
    offsetIncrement: values.offset_increment ?? { bytes: 0 },
    size: values.size,
    ioSize: values.io_size,
    numberIos: values.number_ios,
    iodepth: values.iodepth ?? 1,
    numjobs: values.numjobs ?? 1,
    groupReporting: values.group_reporting ?? false,
    stonewall: values.stonewall ?? false,
    startdelay: values.startdelay ?? 0,
    runtime: values.runtime,
    timeBased: values.time_based ?? false,
    rateIops: values.rate_iops ?? { read: undefined, write: undefined },
    rate: values.rate ?? { read: undefined, write: undefined },
    thinktime: values.thinktime ?? 0,
    thinktimeBlocks: values.thinktime_blocks ?? 1,
    norandommap: values.norandommap ?? false,
    randomGenerator: values.random_generator ?? 'tausworthe',
    randseed: values.randseed,
    verify: verify === 'crc32c-intel' ? 'crc32c' : verify,
    verifyPattern: values.verify_pattern,
    doVerify: values.do_verify ?? true,
  };
  for (const { key, when, problem, expected } of CONFLICTS) {
    const place = places.get(key);
    if (place === undefined || !when(result, values)) continue;
    at(file, place, () => {
      throw new FieldError(problem, expected);
    });
  }
  refuseOddSizes(result, section, places, file);
  return result;
}

function both4k(): FioJob['bs'] {
  const sizes = [{ bytes: 4096, weight: 1 }];
  return { read: sizes, write: sizes };
}

/** The last of `rwmixread` and `rwmixwrite` decides. */
function mix({ rwmixread, rwmixwrite }: FioValues, places: Known['places']): number {
  const last = [...places.keys()].filter((key) => key === 'rwmixread' || key === 'rwmixwrite').at(-1);
  return last === 'rwmixwrite' ? 100 - rwmixwrite! : (rwmixread ?? 50);
}

/** Offsets are counted in units of the smallest block. */
function refuseOddSizes(result: FioJob, { line }: FioSection, places: Known['places'], file: string): void {
  const unit = minBs(result);
  const odd = sizesOf(result).find((bytes) => bytes % unit !== 0);
  if (odd === undefined) return;
  const place = places.get('bssplit') ?? places.get('bsrange') ?? places.get('bs');
  throw new InputError(
    file,
    place?.line ?? line,
    place?.valueColumn ?? 1,
    `${odd} bytes are no multiple of the smallest block, ${unit} bytes`,
    'blocks that are',
  );
}
