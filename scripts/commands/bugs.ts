/** `adma bugs`: the museum of historical bugs: lists them, tells their stories, runs them with and without the repair. */
import { EXHIBITS } from '../../conformance/bugs';
import type { Exhibit } from '../../conformance/bugs/exhibit';
import type { ExhibitRun, ExhibitVerdict } from '../../conformance/bugs/run-exhibit';
import { runExhibit } from '../../conformance/bugs/run-exhibit';
import { PLATFORMS } from '../../emulator/platforms';
import type { TraceRecord } from '../../emulator/trace/trace';
import { continuing } from '../../emulator/trace/trace';
import { FieldError, quote } from '../../raid5/workload/input-error';
import { exhibitList, exhibitReport, exhibitStory } from '../console/exhibit-report';
import { ExitCode } from '../console/exit-code';
import type { TraceOptions } from '../console/recorder';
import { openRecorder, refuseWaves } from '../console/recorder';
import { printJson } from '../console/print-json';
import { fields, forOption, oneOf } from '../input/fields';
import { didYouMean } from '../input/spelling';

/** Options as commander hands them over. */
export interface BugsOptions extends TraceOptions {
  readonly seed?: string;
}

const SCHEMA_VERSION = 1;

/** Prints what is asked for; after a run 1 when the bug does not show, or the repair does not help. */
export function bugs(what: string | undefined, id: string | undefined, options: BugsOptions): ExitCode {
  const asked = oneOf(['list', 'show', 'run'] as const).parse(what ?? 'list');
  if (asked !== 'run') refuseWithoutRun(options);
  if (asked === 'list') {
    if (id !== undefined) throw new FieldError(`list takes no ${quote(id)}`, 'adma bugs show ID or adma bugs run ID');
    print(options, { exhibits: EXHIBITS.map(described) }, () => exhibitList(EXHIBITS));
    return ExitCode.done;
  }
  const exhibit = exhibitNamed(asked, id);
  if (asked === 'show') {
    print(options, { ...described(exhibit), story: exhibit.story }, () => exhibitStory(exhibit));
    return ExitCode.done;
  }
  const { seed: number } = options;
  const seed = number === undefined ? 1 : forOption('--seed', () => fields.seed.parse(number));
  const verdict = run(exhibit, seed, options);
  print(options, documentOf(exhibit, seed, verdict), () => exhibitReport(exhibit, verdict));
  return verdict.shown ? ExitCode.done : ExitCode.failed;
}

function refuseWithoutRun({ seed, trace }: BugsOptions): void {
  if (seed !== undefined) throw new FieldError('--seed means nothing without a run', 'adma bugs run ID --seed N');
  if (trace !== undefined) throw new FieldError('--trace means nothing without a run', 'adma bugs run ID --trace FILE');
}

function exhibitNamed(asked: string, id: string | undefined): Exhibit {
  if (id === undefined) throw new FieldError(`${asked} what?`, `an id: adma bugs ${asked} X-01; adma bugs lists them`);
  const exhibit = EXHIBITS.find((each) => each.id === id.toUpperCase());
  if (exhibit !== undefined) return exhibit;
  const ids = EXHIBITS.map((each) => each.id);
  throw new FieldError(`${quote(id)} is no exhibit${didYouMean(id.toUpperCase(), ids)}`, `one of: ${ids.join(', ')}`);
}

/** Both runs are recorded, the one without the bug behind the other. */
function run(exhibit: Exhibit, seed: number, options: BugsOptions): ExhibitVerdict {
  refuseWaves(options);
  const recorder = openRecorder(options);
  const { trace } = recorder.machine;
  let end = 0;
  const traces = trace && {
    withBug: (record: TraceRecord): void => {
      end = record.time;
      trace(record);
    },
    fixed: (record: TraceRecord): void => continuing(trace, end)(record),
  };
  const verdict = runExhibit(exhibit, seed, traces);
  recorder.close();
  return verdict;
}

function described({ id, title, commit, rules, platform = PLATFORMS.iop342 }: Exhibit): object {
  return { id, title, commit, rules, platform: platform.name };
}

function documentOf(exhibit: Exhibit, seed: number, { withBug, fixed, shown }: ExhibitVerdict): object {
  const runOf = ({ result, began, timeline }: ExhibitRun): object => ({
    outcome: result.outcome,
    complaints: result.complaints,
    began,
    ended: result.simulated,
    timeline,
  });
  return { ...described(exhibit), story: exhibit.story, seed, shown, withBug: runOf(withBug), fixed: runOf(fixed) };
}

function print({ json }: BugsOptions, document: object, text: () => string): void {
  if (json === true) printJson(SCHEMA_VERSION, document);
  else process.stdout.write(text());
}
