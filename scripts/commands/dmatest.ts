/** `adma dmatest`: the kernel's DMA test on the emulated engines. */
import { bootDmaEngine } from '../../dmaengine/boot';
import type { DmaTestKind, DmaTestParameters, DmaTestSummary } from '../../dmaengine/dmatest/dmatest';
import { DMATEST_DEFAULTS, DmaTestThread, kindsOf, summaryLine } from '../../dmaengine/dmatest/dmatest';
import { GuestPanic } from '../../emulator/findings';
import { Kernel } from '../../emulator/kernel/kernel';
import { PLATFORM_NAMES, PLATFORMS } from '../../emulator/platforms';
import type { PlatformName } from '../../emulator/platforms';
import { Machine } from '../../emulator/platforms/machine';
import { SeededRandom } from '../../emulator/sim/random';
import { FieldError } from '../../raid5/workload/input-error';
import { brokenSentences } from '../console/broken-sentences';
import { ExitCode } from '../console/exit-code';
import type { Field } from '../input/fields';
import { fields, forOption, oneOf } from '../input/fields';
import { parseSize } from '../../raid5/workload/sizes';

/** Options as commander hands them over. */
export interface DmaTestOptions {
  readonly platform?: string;
  readonly channel?: string;
  readonly threadsPerChan?: string;
  readonly bufSize?: string;
  readonly iterations?: string;
  readonly xorSources?: string;
  readonly timeout?: string;
  readonly alignment?: string;
  readonly transferSize?: string;
  readonly polled?: boolean;
  readonly norandom?: boolean;
  readonly noverify?: boolean;
  readonly seed?: string;
  readonly json?: boolean;
}

const SCHEMA_VERSION = 1;

const count = (min: number, max: number): Field<number> => {
  const expected = `a whole number from ${min} to ${max}`;
  return {
    expected,
    types: ['number'],
    parse(text) {
      const value = Number(text);
      if (!/^-?\d+$/.test(text) || value < min || value > max) throw new FieldError(`'${text}' is none`, expected);
      return value;
    },
  };
};

const size: Field<number> = {
  expected: 'a size like 16KiB, up to 1MiB',
  types: ['string'],
  parse(text) {
    const bytes = parseSize(text, this.expected);
    if (bytes < 1 || bytes > 2 ** 20) throw new FieldError(`'${text}' is out of range`, this.expected);
    return bytes;
  },
};

/** Runs every thread of every channel and prints the kernel's summary lines; 1 when a test failed. */
export function dmatest(options: DmaTestOptions): ExitCode {
  const read = <T>(name: keyof DmaTestOptions, flag: string, field: Field<T>, fallback: T): T => {
    const text = options[name];
    return typeof text === 'string' ? forOption(flag, () => field.parse(text)) : fallback;
  };
  const platform = read('platform', '--platform', oneOf(PLATFORM_NAMES), 'iop342');
  const seed = read('seed', '--seed', fields.seed, 1);
  const threads = read('threadsPerChan', '--threads-per-chan', count(1, 32), 1);
  const defaults = DMATEST_DEFAULTS;
  const parameters: DmaTestParameters = {
    bufSize: read('bufSize', '--buf-size', size, defaults.bufSize),
    iterations: read('iterations', '--iterations', count(1, 1_000_000), defaults.iterations),
    xorSources: read('xorSources', '--xor-sources', count(2, 31), defaults.xorSources),
    timeout: read('timeout', '--timeout', count(1, 60_000), defaults.timeout),
    alignment: read('alignment', '--alignment', count(-1, 12), defaults.alignment),
    transferSize: read('transferSize', '--transfer-size', size, defaults.transferSize),
    polled: options.polled === true,
    norandom: options.norandom === true,
    noverify: options.noverify === true,
  };
  if (parameters.transferSize > parameters.bufSize) {
    forOption('--transfer-size', () => {
      throw new FieldError(`${parameters.transferSize} bytes do not fit`, `at most --buf-size ${parameters.bufSize}`);
    });
  }
  const summaries = run(platform, options.channel, threads, parameters, seed);
  print(summaries, options.json === true, platform, seed);
  return summaries.every(({ failures }) => failures === 0) ? ExitCode.done : ExitCode.failed;
}

function run(
  platform: PlatformName,
  only: string | undefined,
  threads: number,
  parameters: DmaTestParameters,
  seed: number,
): DmaTestSummary[] {
  const kernel = new Kernel(new Machine(PLATFORMS[platform]));
  const random = new SeededRandom(seed);
  const summaries: DmaTestSummary[] = [];
  let left = 1;
  kernel.scheduler.spawn(
    'dmatest',
    (function* () {
      const dma = yield* bootDmaEngine(kernel);
      const channels = dma.devices.flatMap(({ channels: all }) => all).filter(({ name }) => (only ?? name) === name);
      if (channels.length === 0)
        noChannel(
          only,
          dma.devices.flatMap(({ channels: all }) => all).map(({ name }) => name),
        );
      const start = (test: DmaTestThread): void => {
        left++;
        kernel.scheduler.spawn(
          test.name,
          (function* () {
            summaries.push(yield* test.run());
            left--;
          })(),
        );
      };
      for (const chan of channels) {
        for (const kind of kindsOf(chan)) {
          for (let i = 0; i < threads; i++) {
            const name = `${chan.name}-${kind satisfies DmaTestKind}${i}`;
            start(new DmaTestThread(dma, chan, kind, parameters, new SeededRandom(random.next()), name));
          }
        }
      }
      left--;
    })(),
  );
  try {
    kernel.scheduler.run(() => left === 0);
  } catch (error) {
    if (!(error instanceof GuestPanic)) throw error;
    const messages = [
      `panic: ${error.rule} in ${error.where}: ${error.message}`,
      ...brokenSentences(error.rule).map((sentence) => `breaks ${sentence}`),
    ];
    summaries.push({ name: 'kernel', tests: 0, failures: 1, bytes: 0, seconds: 0, messages });
  }
  return summaries;
}

function noChannel(only: string | undefined, names: readonly string[]): never {
  return forOption('--channel', () => {
    throw new FieldError(
      `'${only ?? ''}' is no channel here`,
      `one of: ${names.join(', ') || 'none on this platform'}`,
    );
  });
}

function print(summaries: readonly DmaTestSummary[], json: boolean, platform: string, seed: number): void {
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, platform, seed, threads: summaries }, null, 2)}\n`,
    );
    return;
  }
  const lines = summaries.flatMap((summary) => [...summary.messages, summaryLine(summary)]);
  process.stdout.write(`${lines.map((line) => `dmatest: ${line}`).join('\n')}\n`);
}
