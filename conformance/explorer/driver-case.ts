import { GuestPanic } from '../../emulator/findings';
import { Kernel } from '../../emulator/kernel/kernel';
import { Dram } from '../../emulator/memory/dram';
import { Machine } from '../../emulator/platforms/machine';
import type { PlatformRecord } from '../../emulator/platforms/platform';
import type { Chooser } from '../../emulator/sim/choice';
import { MILLISECOND } from '../../emulator/sim/time';
import type { IopAdmaChan } from '../../dmaengine/iop-adma/channel';
import type { IopAdmaVariant } from '../../dmaengine/iop-adma/device';
import { createDevice } from '../../dmaengine/iop-adma/device';
import { clearErrStatus, requestIrqs } from '../../dmaengine/iop-adma/irq';
import { allocChanResources } from '../../dmaengine/iop-adma/resources';
import { runThread } from '../world/run-thread';
import type { Explorable, Verdict } from './explorer';

/** Memory of a board that is built thousands of times: enough for the descriptors and a few pages. */
const DRAM_BYTES = 2 * 65_536;

/** Descriptor memory of a channel: the driver's bookkeeping for more costs more than a run. */
const POOL_BYTES = 1024;

/** A board whose driver is up: channels with their resources, the null operations executed and noticed. */
export interface DriverWorld {
  readonly machine: Machine;
  readonly kernel: Kernel;
  readonly channels: readonly IopAdmaChan[];
}

/** A case on a small board. */
export interface DriverCase {
  readonly name: string;
  readonly platform: PlatformRecord;
  /** Which of its engines have a channel. */
  readonly engines: readonly number[];
  /** The driver under test; iop-adma unless given. */
  readonly variant?: IopAdmaVariant;
  /** Runs in a thread, explored from its first step; throws `broken` where the driver fails. */
  readonly body: (world: DriverWorld) => Generator<void, void, void>;
}

/** Ends the run: a rule is broken. */
export function broken(rule: string, text: string): never {
  throw new GuestPanic(rule, text, 'case');
}

/**
 * The case as the explorer wants it. The board is built for each run, on the same memory, without the driver's
 * self-tests; up to the first step of the body nothing is explored. A guest panic and a finding of a broken rule are
 * verdicts; whatever else is thrown is not for the explorer.
 */
export function driverCase({ name, platform, engines, variant = {}, body }: DriverCase): Explorable {
  let dram: Dram | undefined;
  return {
    name,
    run: (chooser) => {
      dram ??= new Dram(platform.dramBase, DRAM_BYTES);
      return verdictOf(() => {
        const world = boot(platform, engines, variant, chooser, dram!);
        world.machine.explored!.exploring = true;
        runThread(world.kernel, 'case', body(world), 'the case');
        return world.machine;
      });
    },
  };
}

/** The verdict of a run that ends with its machine, or panics. */
function verdictOf(run: () => Machine): Verdict {
  try {
    const { findings } = run();
    const finding = findings.all().find(({ kind }) => kind === 'rule');
    return finding === undefined ? { ok: true } : { ok: false, rule: finding.rule, text: finding.text };
  } catch (error) {
    if (!(error instanceof GuestPanic)) throw error;
    return { ok: false, rule: error.rule, text: error.message };
  }
}

function boot(
  platform: PlatformRecord,
  engines: readonly number[],
  variant: IopAdmaVariant,
  chooser: Chooser,
  dram: Dram,
): DriverWorld {
  const machine = new Machine(platform, { dram, chooser, explored: true, strict: true });
  machine.explored!.exploring = false;
  const kernel = new Kernel(machine);
  const channels = engines.map((index) => {
    const engine = { ...platform.engines[index], poolBytes: POOL_BYTES };
    const { channel } = createDevice(kernel, engine, `iop-adma.${index}`, variant);
    clearErrStatus(channel);
    requestIrqs(channel);
    return channel;
  });
  runThread(kernel, 'boot', start(kernel, channels), 'the driver');
  return { machine, kernel, channels };
}

function* start(kernel: Kernel, channels: readonly IopAdmaChan[]): Generator<void, void, void> {
  for (const channel of channels) allocChanResources(channel);
  yield* kernel.scheduler.sleep(MILLISECOND);
  for (const channel of channels) channel.device.deviceTxStatus!(channel, channel.cookie);
}
