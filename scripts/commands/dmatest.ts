/** `adma dmatest`: the kernel's DMA test on the emulated engines, and with `--extended` what that leaves out. */
import { ChainTestThread } from '../../async_tx/chain-test';
import type { DmaChan } from '../../dmaengine/device';
import { DmaTestThread, kindsOf } from '../../dmaengine/dmatest/dmatest';
import { extendedTestsOf } from '../../dmaengine/dmatest/extended';
import type { DmaTestParameters } from '../../dmaengine/dmatest/parameters';
import { DMATEST_DEFAULTS } from '../../dmaengine/dmatest/parameters';
import type { DmaTestSummary, TestThread } from '../../dmaengine/dmatest/thread';
import { summaryLine } from '../../dmaengine/dmatest/thread';
import type { DmaEngine } from '../../dmaengine/engine';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import { PLATFORM_NAMES } from '../../emulator/platforms';
import type { PlatformName } from '../../emulator/platforms';
import { SeededRandom } from '../../emulator/sim/random';
import { FieldError, quote } from '../../raid5/workload/input-error';
import { parseSize } from '../../raid5/workload/sizes';
import { ExitCode } from '../console/exit-code';
import { printJson } from '../console/print-json';
import { ProgressBar } from '../console/progress';
import type { TraceOptions } from '../console/recorder';
import type { Field } from '../input/fields';
import { fields, forOption, integer, oneOf } from '../input/fields';
import type { GuestEnd } from './guest-test';
import { runGuest } from './guest-test';

/** Options as commander hands them over. */
export interface DmaTestOptions extends TraceOptions {
  readonly platform?: string;
  readonly device?: string;
  readonly channel?: string;
  readonly maxChannels?: string;
  readonly threadsPerChan?: string;
  readonly bufSize?: string;
  readonly iterations?: string;
  readonly xorSources?: string;
  readonly pqSources?: string;
  readonly timeout?: string;
  readonly alignment?: string;
  readonly transferSize?: string;
  readonly polled?: boolean;
  readonly norandom?: boolean;
  readonly noverify?: boolean;
  readonly extended?: boolean;
  readonly seed?: string;
}

/** What is tested where. */
interface Plan {
  readonly platform: PlatformName;
  readonly device: string | undefined;
  readonly channel: string | undefined;
  readonly maxChannels: number;
  readonly threads: number;
  readonly extended: boolean;
  readonly seed: number;
  readonly parameters: DmaTestParameters;
}

/** What the progress of all tests is known from. */
interface UnderTest {
  /** those that have begun */
  readonly threads: TestThread[];
  /** tests of all threads, those to come among them */
  total: number;
}

const SCHEMA_VERSION = 1;

function size(most: number): Field<number> {
  return {
    expected: `a size like 16KiB, up to ${most / 1024}KiB`,
    types: ['string'],
    parse(text) {
      const bytes = parseSize(text, this.expected);
      if (bytes < 1 || bytes > most) throw new FieldError(`${quote(text)} is out of range`, this.expected);
      return bytes;
    },
  };
}

/** The extended tests take up to 34 buffers for each kind and channel. */
const BUFFER = { kernel: 1024 * 1024, extended: 128 * 1024 } as const;

/** Runs every thread of every channel and prints the kernel's summary lines; 1 when a test failed. */
export function dmatest(options: DmaTestOptions): ExitCode {
  const plan = planOf(options);
  const summaries: DmaTestSummary[] = [];
  const bar = new ProgressBar(process.stderr, () => performance.now());
  const under: UnderTest = { threads: [], total: 0 };
  const end = runGuest(
    plan.platform,
    options,
    (dma) => testAll(dma, plan, under, summaries),
    () => bar.update('dmatest', testedOf(under), under.total),
  );
  bar.clear();
  print(plan, summaries, end, options.json === true);
  const good = end.complaints.length === 0 && summaries.every(({ failures }) => failures === 0);
  return good ? ExitCode.done : ExitCode.failed;
}

function testedOf({ threads }: UnderTest): number {
  return threads.reduce((sum, { tested }) => sum + tested, 0);
}

function planOf(options: DmaTestOptions): Plan {
  const read = <T>(name: keyof DmaTestOptions, flag: string, field: Field<T>, fallback: T): T => {
    const text = options[name];
    return typeof text === 'string' ? forOption(flag, () => field.parse(text)) : fallback;
  };
  const defaults = DMATEST_DEFAULTS;
  const extended = options.extended === true;
  const buffer = size(BUFFER[extended ? 'extended' : 'kernel']);
  const parameters: DmaTestParameters = {
    bufSize: read('bufSize', '--buf-size', buffer, defaults.bufSize),
    iterations: read('iterations', '--iterations', integer(1, 1_000_000), defaults.iterations),
    xorSources: read('xorSources', '--xor-sources', integer(2, 31), defaults.xorSources),
    pqSources: read('pqSources', '--pq-sources', integer(2, 31), defaults.pqSources),
    timeout: read('timeout', '--timeout', integer(-1, 60_000), defaults.timeout),
    alignment: read('alignment', '--alignment', integer(-1, 12), defaults.alignment),
    transferSize: read('transferSize', '--transfer-size', buffer, defaults.transferSize),
    polled: options.polled === true,
    norandom: options.norandom === true,
    noverify: options.noverify === true,
  };
  fits('--transfer-size', parameters.transferSize, parameters);
  fits('--alignment', parameters.alignment < 0 ? 0 : 1 << parameters.alignment, parameters);
  return {
    platform: read('platform', '--platform', oneOf(PLATFORM_NAMES), 'iop342'),
    device: options.device,
    channel: options.channel,
    maxChannels: read('maxChannels', '--max-channels', integer(1, 64), Infinity),
    threads: read('threadsPerChan', '--threads-per-chan', integer(1, 32), 1),
    extended,
    seed: read('seed', '--seed', fields.seed, 1),
    parameters,
  };
}

function fits(flag: string, bytes: number, { bufSize }: DmaTestParameters): void {
  if (bytes <= bufSize) return;
  forOption(flag, () => {
    throw new FieldError(`${bytes} bytes do not fit`, `at most --buf-size ${bufSize}`);
  });
}

/**
 * The kernel's threads at once, as `run_threaded_test` starts them; then what is extended, one after the other, because
 * some of it wants the channel's descriptors for itself.
 */
function* testAll(dma: DmaEngine, plan: Plan, under: UnderTest, summaries: DmaTestSummary[]): ThreadBody {
  const random = new SeededRandom(plan.seed);
  const channels = channelsOf(dma, plan);
  const { scheduler } = dma.kernel;
  const done = dma.kernel.completion();
  const start = (test: TestThread): void => {
    under.threads.push(test);
    scheduler.spawn(
      test.name,
      (function* () {
        summaries.push(yield* test.run());
        done.complete();
      })(),
    );
  };
  const chance = (): SeededRandom => new SeededRandom(random.next());
  const kernels = channels.flatMap((chan) =>
    kindsOf(chan).flatMap((kind) =>
      Array.from({ length: plan.threads }, (_, i) => {
        return new DmaTestThread(dma, chan, kind, plan.parameters, chance(), `${chan.name}-${kind}${i}`);
      }),
    ),
  );
  const extended = plan.extended ? extendedTests(dma, channels, plan, chance) : [];
  under.total = (kernels.length + extended.length) * plan.parameters.iterations;
  kernels.forEach(start);
  for (let i = 0; i < kernels.length; i++) yield* done.wait();
  for (const make of extended) {
    start(make());
    yield* done.wait();
  }
}

/** The extended tests in their order; a thread is made when its turn comes, for it takes its buffers then. */
function extendedTests(
  dma: DmaEngine,
  channels: readonly DmaChan[],
  { parameters }: Plan,
  chance: () => SeededRandom,
): (() => TestThread)[] {
  const ofChannels = channels.flatMap((chan) =>
    extendedTestsOf(chan).map(
      ({ name, make }) =>
        () =>
          make(dma, parameters, chance(), `${chan.name}-${name}0`),
    ),
  );
  return [...ofChannels, () => new ChainTestThread(dma, parameters, chance(), 'all-chain0')];
}

/** The channels that the options leave. */
function channelsOf(dma: DmaEngine, { device, channel, maxChannels }: Plan): DmaChan[] {
  const all = dma.devices.flatMap(({ channels }) => channels);
  known('--device', device, [...new Set(all.map((chan) => chan.device.parent))]);
  const there = all.filter((chan) => (device ?? chan.device.parent) === chan.device.parent);
  known(
    '--channel',
    channel,
    there.map(({ name }) => name),
  );
  if (there.length === 0) known('--platform', 'without an engine', []);
  return there.filter(({ name }) => (channel ?? name) === name).slice(0, maxChannels);
}

function known(flag: string, name: string | undefined, names: readonly string[]): void {
  if (name === undefined || names.includes(name)) return;
  forOption(flag, () => {
    throw new FieldError(`${quote(name)} is not here`, `one of: ${names.join(', ') || 'none on this platform'}`);
  });
}

function print(
  { platform, seed }: Plan,
  summaries: readonly DmaTestSummary[],
  { complaints, simulatedSeconds }: GuestEnd,
  json: boolean,
): void {
  if (json) {
    printJson(SCHEMA_VERSION, { platform, seed, threads: summaries, complaints, simulatedSeconds });
    return;
  }
  const lines = [...summaries.flatMap((summary) => [...summary.messages, summaryLine(summary)]), ...complaints];
  process.stdout.write(lines.map((line) => `dmatest: ${line}\n`).join(''));
}
