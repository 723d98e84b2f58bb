/** Hosts a run: draws its progress, hears Ctrl-C, prints its report and says how it ended. */
import { openSync, writeSync, closeSync } from 'node:fs';
import { version } from '../../package.json';
import type { TraceWriter } from '../../emulator/trace/trace';
import { textTraceWriter } from '../../emulator/trace/text';
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
import { FieldError, quote } from '../../raid5/workload/input-error';
import { forOption } from '../input/fields';
import { withSentences } from './broken-sentences';
import { ExitCode } from './exit-code';
import { ProgressBar } from './progress';
import { renderLifeReport } from './life-report';
import { renderRunReport } from './run-report';

/** Scheduler turns between two looks at the terminal and at signals. */
const TURNS = 4000;

/** Text for people, our document, or fio's. */
export type OutputFormat = 'text' | 'json' | 'fio';

export interface HostOptions {
  /** First line of the report. */
  readonly title: string;
  readonly format: OutputFormat;
  /** Where trace points go as text lines; undefined: nowhere. */
  readonly traceFile: string | undefined;
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
    (trace) => new WorkloadRun({ ...config, ...trace }),
    (run, seconds) => {
      const document = report(run, seconds, options.command);
      return { text: rendered(run, document, options), code: exitCode(document) };
    },
  );
}

/** Runs the life of an array with metadata to the end or to Ctrl-C, prints the report on stdout. */
export function hostLife(config: LifeConfig, options: HostOptions): Promise<ExitCode> {
  return host(
    options,
    (trace) => new LifeRun({ ...config, plan: { ...config.plan, ...trace } }),
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
  { traceFile }: HostOptions,
  begin: (trace: { readonly trace?: TraceWriter }) => Run,
  end: (run: Run, seconds: number) => Ending,
): Promise<ExitCode> {
  const started = performance.now();
  const bar = new ProgressBar(process.stderr, () => performance.now());
  let interrupted = false;
  const onInterrupt = (): void => {
    interrupted = true;
  };
  process.on('SIGINT', onInterrupt);
  const trace = traceFile === undefined ? undefined : new TraceFile(traceFile);
  try {
    const run = begin(trace === undefined ? {} : { trace: textTraceWriter(trace.write) });
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
    trace?.close();
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

/** A file of trace lines, written in large pieces. */
class TraceFile {
  private readonly handle: number;
  private pending: string[] = [];
  private size = 0;

  constructor(path: string) {
    this.handle = forOption('--trace', () => {
      try {
        return openSync(path, 'w');
      } catch {
        throw new FieldError(`${quote(path)} cannot be written`, 'a file in a folder that exists');
      }
    });
  }

  readonly write = (line: string): void => {
    this.pending.push(line);
    this.size += line.length;
    if (this.size > 1 << 16) this.flush();
  };

  close(): void {
    this.flush();
    closeSync(this.handle);
  }

  private flush(): void {
    writeSync(this.handle, this.pending.join(''));
    this.pending = [];
    this.size = 0;
  }
}
