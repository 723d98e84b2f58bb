/** `adma torture`: random arrays with everything going wrong on them, every byte compared. */
import { planOf } from '../../raid5/torture/plan';
import type { TorturePlan } from '../../raid5/torture/plan';
import type { TortureVerdict } from '../../raid5/torture/run';
import { torture } from '../../raid5/torture/run';
import { shrink, withSteps } from '../../raid5/torture/shrink';
import { FieldError, quote } from '../../raid5/workload/input-error';
import { commandLine } from '../console/command-line';
import { ExitCode } from '../console/exit-code';
import { printJson } from '../console/print-json';
import { ProgressBar } from '../console/progress';
import type { Recorder, TraceOptions } from '../console/recorder';
import { openRecorder, refuseWaves } from '../console/recorder';
import { count } from '../console/units';
import type { Field } from '../input/fields';
import { fields, forOption, integer, refuseOption } from '../input/fields';

/** Options as commander hands them over. */
export interface TortureOptions extends TraceOptions {
  readonly seed?: string;
  readonly runs?: string;
  readonly minutes?: string;
  readonly steps?: string;
}

const SCHEMA_VERSION = 1;
const RUNS = 20;
const LABEL = 32;

/** Numbers of steps: `1,4,7`. */
const STEPS: Field<readonly number[]> = {
  expected: 'numbers of steps like 1,4,7',
  types: ['string'],
  parse(text) {
    if (!/^\d+(,\d+)*$/.test(text))
      throw new FieldError(`${quote(text)} names no steps`, 'numbers of steps like 1,4,7');
    return text.split(',').map(Number);
  },
};

interface Outcome extends TortureVerdict {
  readonly plan: TorturePlan;
}

/** Runs one seed after the other; the first that fails is made smaller and ends it. 1 when one failed. */
export async function tortureCommand(options: TortureOptions): Promise<ExitCode> {
  const read = <T>(flag: string, text: string | undefined, field: Field<T>, fallback: T): T =>
    text === undefined ? fallback : forOption(flag, () => field.parse(text));
  const seed = read('--seed', options.seed, fields.seed, 1);
  const minutes = read<number | undefined>('--minutes', options.minutes, integer(1, 10_000), undefined);
  const runs = read('--runs', options.runs, integer(1, 1_000_000), minutes === undefined ? RUNS : Infinity);
  const steps = read<readonly number[] | undefined>('--steps', options.steps, STEPS, undefined);
  const started = performance.now();
  const until = minutes === undefined ? Infinity : started + 60_000 * minutes;
  const recorder = recorderOf(options, runs);
  const bar = new ProgressBar(process.stderr, () => performance.now());
  const totals: Record<string, number> = {};
  let done = 0;
  let failed: Outcome | undefined;
  for (; done < runs && performance.now() < until && failed === undefined; done++) {
    const whole = planOf(seed + done);
    const plan = steps === undefined ? whole : withSteps(whole, steps);
    const verdict = torture(plan, recorder.machine.trace);
    for (const [kind, times] of Object.entries(verdict.taken)) totals[kind] = (totals[kind] ?? 0) + times;
    totals['redone in software'] = (totals['redone in software'] ?? 0) + verdict.redone;
    totals['sectors lost to the write hole'] = (totals['sectors lost to the write hole'] ?? 0) + verdict.lost;
    if (verdict.failure !== undefined) failed = { ...verdict, plan };
    if (minutes === undefined) bar.update('torture', done + 1, runs);
    else bar.update('torture', performance.now() - started, until - started);
    await new Promise((resolve) => setImmediate(resolve));
  }
  bar.clear();
  recorder.close();
  const replay = failed === undefined ? undefined : replayLine(failed, steps);
  if (options.json === true) {
    const { plan, failure } = failed ?? {};
    const verdict = failed === undefined ? 'data intact' : 'failed';
    printJson(SCHEMA_VERSION, { seed, runs: done, verdict, totals, plan, failure, replay });
  } else {
    process.stdout.write(text(seed, done, totals, failed, replay));
  }
  return failed === undefined ? ExitCode.done : ExitCode.failed;
}

/** One run is recorded, of all its machines one behind the other; waves are of one machine. */
function recorderOf(options: TortureOptions, runs: number): Recorder {
  const { trace } = options;
  if (trace !== undefined && runs !== 1) {
    refuseOption('--trace', 'there is more than one run', 'it only with --runs 1');
  }
  refuseWaves(options);
  return openRecorder(options);
}

/** The fewest steps that still fail. */
function replayLine(failed: Outcome, given: readonly number[] | undefined): string {
  const kept = shrink(failed.plan, failed).map((i) => given?.[i] ?? i);
  return commandLine(['torture', '--seed', String(failed.plan.seed), '--runs', '1', '--steps', kept.join(',')]);
}

function text(
  seed: number,
  runs: number,
  totals: Readonly<Record<string, number>>,
  failed: Outcome | undefined,
  replay: string | undefined,
): string {
  const lines = Object.entries(totals).map(([kind, times]) => `${kind.padEnd(LABEL)}${count(times).padStart(8)}`);
  lines.push(`${'runs'.padEnd(LABEL)}${count(runs).padStart(8)}  seeds ${seed} to ${seed + runs - 1}`);
  if (failed === undefined) return `${[...lines, `${'verdict'.padEnd(LABEL)}data intact`].join('\n')}\n`;
  const { plan, failure } = failed;
  const { platform, level, layout, disks, chunk, size, bitmap, cache, model, rmwLevel } = plan;
  const array = `RAID-${level} ${layout} of ${disks}, chunk ${chunk}, ${size} sectors a member, ${bitmap ? 'bitmap, ' : ''}cache ${cache}, rmw_level ${rmwLevel}, ${model} disks on ${platform}`;
  lines.push(
    `seed ${plan.seed}: ${array}`,
    `step ${failure!.step} (${failure!.kind}): ${failure!.text}`,
    `${'verdict'.padEnd(LABEL)}failed`,
    `${'repeat'.padEnd(LABEL)}${replay!}`,
  );
  return `${lines.join('\n')}\n`;
}
