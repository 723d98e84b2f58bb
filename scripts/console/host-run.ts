/** Hosts a run: draws its progress, hears Ctrl-C, prints its report and says how it ended. */
import { version } from '../../package.json';
import { lifeReport } from '../../raid5/life/report';
import type { LifeConfig } from '../../raid5/life/run';
import { LifeRun } from '../../raid5/life/run';
import type { FioDocument } from '../../raid5/workload/fio/fio-document';
import { fioDocument } from '../../raid5/workload/fio/fio-document';
import { jobResults } from '../../raid5/workload/fio/job-results';
import { report } from '../../raid5/workload/report';
import type { RunReport } from '../../raid5/workload/report';
import type { RunConfig } from '../../raid5/workload/run';
import { WorkloadRun } from '../../raid5/workload/run';
import { withSentences } from './broken-sentences';
import { ExitCode } from './exit-code';
import { ProgressBar } from './progress';
import { renderLifeReport } from './life-report';
import type { Recording, TraceOptions } from './recorder';
import { openRecorder, refuseWaves } from './recorder';
import { renderRunReport } from './run-report';

/** Scheduler turns between two looks at the terminal and at signals. */
const TURNS = 4000;

/** Text for people, our document, or fio's. */
export type OutputFormat = 'text' | 'json' | 'fio';

export interface HostOptions {
  /** First line of the report. */
  readonly title: string;
  readonly format: OutputFormat;
  readonly trace: TraceOptions;
  /** What repeats this run. */
  readonly command: string;
}

/** What a host can drive. */
interface Driven {
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  advance(turns: number): boolean;
}

/** What is printed, and how the command ends. */
interface Ending {
  readonly text: string;
  readonly code: ExitCode;
}

/** Runs a workload on an array to the end or to Ctrl-C, prints the report on stdout. */
export function hostRun(config: RunConfig, options: HostOptions): Promise<ExitCode> {
  return host(
    options,
    (recording) => new WorkloadRun({ ...config, recording }),
    (run, seconds) => {
      const document = report(run, seconds, options.command);
      return { text: rendered(run, document, options), code: exitCode(document) };
    },
  );
}

/** Runs the life of an array with metadata to the end or to Ctrl-C, prints the report on stdout. */
export function hostLife(config: LifeConfig, options: HostOptions): Promise<ExitCode> {
  refuseWaves(options.trace);
  return host(
    options,
    ({ trace }) => new LifeRun({ ...config, plan: { ...config.plan, ...(trace === undefined ? {} : { trace }) } }),
    (run, seconds) => {
      const document = lifeReport(run, seconds, options.command);
      const text =
        options.format === 'text' ? renderLifeReport(options.title, document) : json(withSentences(document));
      if (document.verdict === 'interrupted') return { text, code: ExitCode.interrupted };
      return { text, code: document.asExpected ? ExitCode.done : ExitCode.failed };
    },
  );
}

/** Draws progress and hears Ctrl-C while something runs. */
async function host<Run extends Driven>(
  { trace }: HostOptions,
  begin: (recording: Recording) => Run,
  end: (run: Run, seconds: number) => Ending,
): Promise<ExitCode> {
  const started = performance.now();
  const bar = new ProgressBar(process.stderr, () => performance.now());
  let interrupted = false;
  const onInterrupt = (): void => {
    interrupted = true;
  };
  process.on('SIGINT', onInterrupt);
  const recorder = openRecorder(trace);
  try {
    const run = begin(recorder.machine);
    while (!interrupted && run.advance(TURNS)) {
      bar.update(run.phase, run.done, run.total);
      await new Promise((resolve) => setImmediate(resolve));
    }
    bar.clear();
    const { text, code } = end(run, (performance.now() - started) / 1000);
    process.stdout.write(text);
    return code;
  } finally {
    bar.clear();
    recorder.close();
    process.removeListener('SIGINT', onInterrupt);
  }
}

function json(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

function rendered(run: WorkloadRun, document: RunReport, { format, title }: HostOptions): string {
  switch (format) {
    case 'text':
      return renderRunReport(title, document);
    case 'json':
      return json(withSentences(document));
    case 'fio':
      return json(fioOf(run));
  }
}

function fioOf(run: WorkloadRun): FioDocument {
  return fioDocument(jobResults(run.fio, run.client?.content.failures ?? []), `adma-${version}`);
}

function exitCode({ verdict }: RunReport): ExitCode {
  switch (verdict) {
    case 'verified':
      return ExitCode.done;
    case 'failed':
    case 'panic':
      return ExitCode.failed;
    case 'interrupted':
      return ExitCode.interrupted;
  }
}
