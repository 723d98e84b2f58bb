/** Hosts a run: draws its progress, hears Ctrl-C, prints its report and says how it ended. */
import { openSync, writeSync, closeSync } from 'node:fs';
import { version } from '../../package.json';
import { textTraceWriter } from '../../emulator/trace/trace';
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

/** Runs to the end or to Ctrl-C, prints the report on stdout. */
export async function hostRun(config: RunConfig, options: HostOptions): Promise<ExitCode> {
  const started = performance.now();
  const bar = new ProgressBar(process.stderr, () => performance.now());
  let interrupted = false;
  const onInterrupt = (): void => {
    interrupted = true;
  };
  process.on('SIGINT', onInterrupt);
  const trace = options.traceFile === undefined ? undefined : new TraceFile(options.traceFile);
  try {
    const run = new WorkloadRun({ ...config, ...(trace === undefined ? {} : { trace: textTraceWriter(trace.write) }) });
    while (!interrupted && run.advance(TURNS)) {
      bar.update(run.phase, run.done, run.total);
      await new Promise((resolve) => setImmediate(resolve));
    }
    bar.clear();
    const document = report(run, (performance.now() - started) / 1000, options.command);
    process.stdout.write(rendered(run, document, options));
    return exitCode(document);
  } finally {
    bar.clear();
    trace?.close();
    process.removeListener('SIGINT', onInterrupt);
  }
}

function rendered(run: WorkloadRun, document: RunReport, { format, title }: HostOptions): string {
  switch (format) {
    case 'text':
      return renderRunReport(title, document);
    case 'json':
      return `${JSON.stringify(withSentences(document), null, 2)}\n`;
    case 'fio':
      return `${JSON.stringify(fioOf(run), null, 2)}\n`;
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
