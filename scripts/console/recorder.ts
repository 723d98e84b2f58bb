/** `--trace` and `--trace-filter` of every command that runs a machine: which file, in which format, of which points. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { PLATFORM_NAMES, PLATFORMS } from '../../emulator/platforms';
import type { MachineOptions } from '../../emulator/platforms/machine';
import { platformUnits } from '../../emulator/platforms/units';
import { chromeSink } from '../../emulator/trace/chrome';
import type { NameFilter } from '../../emulator/trace/filter';
import { filteredWriter, globPattern, nameFilter } from '../../emulator/trace/filter';
import { perfettoSink } from '../../emulator/trace/perfetto';
import { textTraceWriter } from '../../emulator/trace/text';
import { Timeline } from '../../emulator/trace/timeline';
import type { TimelineSink } from '../../emulator/trace/timeline';
import { VcdWriter } from '../../emulator/trace/vcd';
import { STACK_DRAWINGS } from '../../raid5/drawings';
import { FieldError, quote } from '../../raid5/workload/input-error';
import { onHost } from '../images/image-error';
import { forOption, refuseOption } from '../input/fields';

/** Options as commander hands them over. */
export interface TraceOptions {
  readonly trace?: string;
  readonly traceFilter?: string;
  readonly json?: boolean;
}

/** What a machine is told so that it is recorded. */
export type Recording = Pick<MachineOptions, 'trace' | 'waves'>;

/** A recording under way. */
export interface Recorder {
  readonly machine: Recording;
  readonly close: () => void;
}

type Output = (chunk: string | Uint8Array) => void;

/**
 * Opens the file that the options name; without one nothing is recorded.
 * @throws FieldError
 */
export function openRecorder(options: TraceOptions): Recorder {
  const { trace: path, traceFilter } = options;
  if (path === undefined) {
    if (traceFilter !== undefined) refuseOption('--trace-filter', 'nothing is recorded', 'it only with --trace');
    return { machine: {}, close: () => undefined };
  }
  if (path === '-' && options.json === true) refuseOption('--trace', '--json has stdout for itself', 'a file');
  const format = formatOf(path);
  const filter = forOption('--trace-filter', () => filterOf(traceFilter, format.names()));
  const file = path === '-' ? STDOUT : new OutputFile(path);
  const { machine, close } = format.record(file.write, filter);
  return {
    machine,
    close: () => {
      close();
      file.close();
    },
  };
}

/** Waves are of one machine, and where the power fails there are several. @throws FieldError */
export function refuseWaves({ trace }: TraceOptions): void {
  if (trace?.endsWith('.vcd') === true)
    refuseOption('--trace', 'a run has several machines, a .vcd is of one', 'another kind of file');
}

/** A way to write a trace down. */
interface Format {
  /** What a filter can name. */
  readonly names: () => readonly string[];
  readonly record: (write: Output, filter: NameFilter) => Recorder;
}

const points = (): readonly string[] => Object.keys(STACK_DRAWINGS);

const TEXT: Format = {
  names: points,
  record: (write, filter) => ({
    machine: { trace: filteredWriter(filter, textTraceWriter(write)) },
    close: () => undefined,
  }),
};

const WAVES: Format = {
  names: () => [
    ...new Set(
      PLATFORM_NAMES.flatMap((name) =>
        platformUnits(PLATFORMS[name]).flatMap((unit) => [
          ...unit.registers.map(({ layout }) => `${unit.name}.${layout.name}`),
          ...unit.interrupts.map((line) => `${unit.name}_lines.${line.name}`),
        ]),
      ),
    ),
    'host_lines.adapter',
  ],
  record: (write, filter) => {
    const writer = new VcdWriter(write, filter);
    return { machine: { waves: writer.sink }, close: () => writer.close() };
  },
};

function picture(sink: (write: Output) => TimelineSink): Format {
  return {
    names: points,
    record: (write, filter) => {
      const timeline = new Timeline(sink(write), STACK_DRAWINGS);
      return { machine: { trace: filteredWriter(filter, timeline.record) }, close: () => timeline.close() };
    },
  };
}

const FORMATS: Readonly<Record<string, Format>> = {
  json: picture(chromeSink),
  pftrace: picture(perfettoSink),
  vcd: WAVES,
};

function formatOf(path: string): Format {
  const ending = /\.(\w+)$/.exec(path)?.[1] ?? '';
  return Object.hasOwn(FORMATS, ending) ? FORMATS[ending] : TEXT;
}

/** Every glob has to name something, or a misspelt one would record nothing. */
function filterOf(text: string | undefined, names: readonly string[]): NameFilter {
  if (text === undefined) return () => true;
  const globs = text.split(',');
  for (const glob of globs) {
    const pattern = globPattern(glob.replace(/^!/, ''));
    if (names.some((name) => pattern.test(name))) continue;
    const rooms = [...new Set(names.map((name) => `${name.split('.')[0]}.*`))].join(', ');
    throw new FieldError(`${quote(glob)} names nothing that can be recorded`, `globs over names, like ${rooms}`);
  }
  return nameFilter(globs);
}

const STDOUT = {
  write: (chunk: string | Uint8Array): void => void process.stdout.write(chunk),
  close: (): void => undefined,
};

/** Characters or bytes that are kept back. */
const BUFFER = 1 << 17;

/** A file of text or of bytes that is written in large pieces. */
class OutputFile {
  private readonly handle: number;
  private text = '';
  private readonly bytes = new Uint8Array(BUFFER);
  private size = 0;

  constructor(private readonly path: string) {
    this.handle = forOption('--trace', () => {
      try {
        return openSync(path, 'w');
      } catch {
        throw new FieldError(`${quote(path)} cannot be written`, 'a file in a folder that exists');
      }
    });
  }

  readonly write: Output = (chunk) => {
    if (typeof chunk === 'string') {
      this.text += chunk;
      if (this.text.length > BUFFER) this.flush();
      return;
    }
    if (this.size + chunk.length > BUFFER) this.flush();
    this.bytes.set(chunk, this.size);
    this.size += chunk.length;
  };

  close(): void {
    this.flush();
    closeSync(this.handle);
  }

  private flush(): void {
    const { text, size } = this;
    this.text = '';
    this.size = 0;
    this.put(text === '' ? this.bytes.subarray(0, size) : Buffer.from(text));
  }

  private put(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      done += onHost(this.path, () => writeSync(this.handle, bytes, done));
    }
  }
}
