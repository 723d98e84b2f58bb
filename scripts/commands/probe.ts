/** `adma probe`: boots a platform and prints the kernel's log, the self-tests of the driver among it. */
import { bootDmaEngine } from '../../dmaengine/boot';
import type { DmaEngine } from '../../dmaengine/engine';
import { Kernel } from '../../emulator/kernel/kernel';
import { PLATFORM_NAMES, PLATFORMS } from '../../emulator/platforms';
import { Machine } from '../../emulator/platforms/machine';
import { seconds } from '../../emulator/sim/time';
import { ExitCode } from '../console/exit-code';
import { printJson } from '../console/print-json';
import type { TraceOptions } from '../console/recorder';
import { openRecorder } from '../console/recorder';
import { forOption, oneOf } from '../input/fields';

/** Options as commander hands them over. */
export interface ProbeOptions extends TraceOptions {
  readonly platform?: string;
}

const SCHEMA_VERSION = 1;

/** A self-test that exists in Linux and is not run here. */
const NOT_RUN =
  'Self-test ST-05 is not run: without memset Linux 6.1 checks the same data twice and wants 0 first and 1 then, which no working engine answers';

/** Boots and prints; 1 when a self-test failed, so that an engine of the platform is no device. */
export function probe(options: ProbeOptions): ExitCode {
  const platform = forOption('--platform', () => oneOf(PLATFORM_NAMES).parse(options.platform ?? 'iop342'));
  const recorder = openRecorder(options);
  const kernel = new Kernel(new Machine(PLATFORMS[platform], recorder.machine));
  let dma: DmaEngine | undefined;
  kernel.scheduler.spawn(
    'probe',
    (function* () {
      dma = yield* bootDmaEngine(kernel);
    })(),
  );
  try {
    kernel.scheduler.run(() => dma !== undefined);
  } finally {
    recorder.close();
  }
  const log = kernel.log.map(({ time, text }) => ({ seconds: seconds(time), text }));
  const devices = (dma?.devices ?? []).map(({ parent, channels }) => ({
    parent,
    channels: channels.map(({ name }) => name),
  }));
  const passed = devices.length === PLATFORMS[platform].engines.length;
  if (options.json === true) {
    printJson(SCHEMA_VERSION, { platform, passed, devices, notRun: [NOT_RUN], log });
  } else {
    const lines = log.map((line) => `[${line.seconds.toFixed(6).padStart(12)}] ${line.text}`);
    const named = devices.map(({ parent, channels }) => `${parent}: ${channels.join(', ')}`);
    process.stdout.write([...lines, ...named, ...(devices.length > 0 ? [NOT_RUN] : ['no engines'])].join('\n') + '\n');
  }
  return passed ? ExitCode.done : ExitCode.failed;
}
