/** `adma raid6test`: the kernel's RAID-6 recovery test, and with `--extended` what that leaves out. */
import { raid6Cases, runRaid6Case } from '../../async_tx/raid6test-cases';
import type { Raid6Case } from '../../async_tx/raid6test-cases';
import type { Raid6Result } from '../../async_tx/raid6test';
import { RAID6TEST_DISKS } from '../../async_tx/raid6test';
import { PLATFORM_NAMES } from '../../emulator/platforms';
import { SeededRandom } from '../../emulator/sim/random';
import { ExitCode } from '../console/exit-code';
import { printJson } from '../console/print-json';
import { ProgressBar } from '../console/progress';
import type { TraceOptions } from '../console/recorder';
import { duration } from '../console/units';
import type { Field } from '../input/fields';
import { fields, forOption, integer, oneOf } from '../input/fields';
import type { GuestEnd } from './guest-test';
import { runGuest } from './guest-test';

/** Options as commander hands them over. */
export interface Raid6TestOptions extends TraceOptions {
  readonly platform?: string;
  readonly disks?: string;
  readonly extended?: boolean;
  readonly seed?: string;
}

/** One case and what came out of it. */
interface Section extends Pick<Raid6Case, 'kind' | 'title' | 'shape'>, Raid6Result {}

const SCHEMA_VERSION = 1;

/** Entries of a stripe, P and Q included: async_tx wants four for a check and has 255 coefficients (PV-01). */
const DISKS = integer(4, 255);

const diskList: Field<readonly number[]> = {
  expected: `numbers of disks like 4,5,11, each ${DISKS.expected}`,
  types: ['string'],
  parse: (text) => text.split(',').map((each) => DISKS.parse(each)),
};

/** Runs every case and prints what the kernel prints; 1 when a recovery failed. */
export function raid6test(options: Raid6TestOptions): ExitCode {
  const { disks: list, seed: number, platform: name } = options;
  const platform = forOption('--platform', () => oneOf(PLATFORM_NAMES).parse(name ?? 'iop342'));
  const disks = list === undefined ? RAID6TEST_DISKS : forOption('--disks', () => diskList.parse(list));
  const seed = number === undefined ? 1 : forOption('--seed', () => fields.seed.parse(number));
  const sections: Section[] = [];
  const bar = new ProgressBar(process.stderr, () => performance.now());
  let total = 0;
  const end = runGuest(
    platform,
    options,
    function* (dma) {
      const cases = raid6Cases(dma, disks, options.extended === true);
      total = cases.length;
      const random = new SeededRandom(seed);
      for (const each of cases) sections.push({ ...each, ...(yield* runRaid6Case(dma, each, random)) });
    },
    () => bar.update('raid6test', sections.length, total),
  );
  bar.clear();
  const failures = sections.reduce((sum, section) => sum + section.failures, 0) + end.complaints.length;
  const tests = sections.reduce((sum, section) => sum + section.tests, 0);
  if (options.json === true) {
    printJson(SCHEMA_VERSION, { platform, seed, tests, failures, cases: sections, ...end });
  } else {
    process.stdout.write(text(sections, tests, failures, end));
  }
  return failures === 0 ? ExitCode.done : ExitCode.failed;
}

function text(sections: readonly Section[], tests: number, failures: number, end: GuestEnd): string {
  const lines = [
    ...sections.flatMap(({ title, messages }) => [`${title}...`, ...messages]),
    ...end.complaints,
    `complete (${tests} tests, ${failures} failure${failures === 1 ? '' : 's'})`,
    `simulated ${duration(end.simulatedSeconds)}`,
  ];
  return lines.map((line) => `raid6test: ${line}\n`).join('');
}
