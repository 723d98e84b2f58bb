/** What a client meets: machines, drivers and moments. */
import type { AsyncTxResult } from '../../async_tx/async-tx';
import { AsyncTx } from '../../async_tx/async-tx';
import type { IopAdmaChan } from '../../dmaengine/iop-adma/channel';
import { PLATFORMS } from '../../emulator/platforms';
import type { EngineCapability, PlatformRecord } from '../../emulator/platforms/platform';
import { Priority } from '../../emulator/sim/actor';
import { MICROSECOND } from '../../emulator/sim/time';
import type { StackParts } from '../stack';

/** One condition under which a client runs. */
export interface ClientCondition {
  /** What is different about it, in words that follow `with` or `on`. */
  readonly says: string;
  readonly platform: PlatformRecord;
  /** Changes driver or async_tx, within what they may do. */
  readonly change?: (parts: StackParts) => void;
  /** Every how many descriptors the driver refuses one. */
  readonly refuses?: number;
  /** Whether the first transfer from or to each page fails. */
  readonly faulty?: boolean;
}

const { iop342, iop331, iop321, none } = PLATFORMS;

/** Slots of a pool that is soon exhausted. */
const FEW = 32;
/** How late a late interrupt is. */
const LATE = 300 * MICROSECOND;
/** How long a slow caller takes between two operations. */
const PAUSE = 200 * MICROSECOND;
/** How much slower memory is on a slow machine. */
const SLOWER = 16;

/** iop342 whose channels share the work. */
function divided(...work: readonly (readonly EngineCapability[])[]): PlatformRecord {
  const engines = work.map((capabilities, index) => ({ ...iop342.engines[index], capabilities }));
  return { ...iop342, engines };
}

/** The handler of an interrupt that comes late: completions are noticed by and by. */
function late(bits: (chan: IopAdmaChan) => number): (chan: IopAdmaChan) => void {
  return (chan) => {
    const { machine, tasklets } = chan.kernel;
    const actor = { name: `${chan.name} late`, priority: Priority.timer };
    machine.sim.schedule(actor, LATE, { reads: [], writes: ['threads'] }, () => tasklets.schedule(chan.tasklet));
    chan.clearStatus(bits(chan));
  };
}

/** Everything is executed and noticed before the next operation is asked for. */
class PromptAsyncTx extends AsyncTx {
  override submit(...submission: Parameters<AsyncTx['submit']>): void {
    super.submit(...submission);
    this.issuePendingAll();
    this.kernel.spend(PAUSE);
  }
}

/** No channel grants interrupt descriptors. */
class PlainChannels extends AsyncTx {
  override prepInterrupt(): AsyncTxResult {
    return null;
  }
}

export const CLIENT_CONDITIONS = {
  engines: { says: 'the engines of an iop342', platform: iop342 },
  iop331: { says: 'the engines of an iop331', platform: iop331 },
  iop321: { says: 'the engines of an iop321', platform: iop321 },
  software: { says: 'the processor alone', platform: none },
  'few-descriptors': {
    says: 'few descriptors',
    platform: { ...iop342, engines: iop342.engines.map((engine) => ({ ...engine, poolBytes: 32 * FEW })) },
  },
  narrow: {
    says: 'engines of two sources a sum and five a syndrome',
    platform: iop342,
    change: (parts) => {
      const { hardware } = parts;
      parts.hardware = (engine) => ({ ...hardware(engine), maxXor: 2, maxPq: 5 });
    },
  },
  'no-threshold': {
    says: 'a driver that starts nothing by itself',
    platform: iop342,
    change: (parts) => {
      parts.steps = { ...parts.steps, checkThreshold: () => undefined };
    },
  },
  'late-interrupts': {
    says: 'interrupts that come late',
    platform: iop342,
    change: (parts) => {
      const { steps } = parts;
      parts.steps = { ...steps, eot: late(({ hw }) => hw.endOfTransfer), eoc: late(({ hw }) => hw.endOfChain) };
    },
  },
  'slow-memory': {
    says: 'slow memory',
    platform: { ...iop342, mclk: { ...iop342.mclk, period: SLOWER * iop342.mclk.period } },
  },
  prompt: {
    says: 'everything complete before the next operation is asked for',
    platform: iop342,
    change: (parts) => {
      parts.api = (dma, generation) => new PromptAsyncTx(dma, generation);
    },
  },
  divided: {
    says: 'copies, sums and P+Q each on a channel of their own',
    platform: divided(
      ['memcpy', 'interrupt'],
      ['xor', 'xor_val', 'memset', 'interrupt'],
      ['pq', 'pq_val', 'memcpy', 'interrupt'],
    ),
  },
  'no-interrupt-descriptors': {
    says: 'divided channels without interrupt descriptors',
    platform: divided(
      ['memcpy', 'interrupt'],
      ['xor', 'xor_val', 'interrupt'],
      ['memset', 'pq', 'pq_val', 'memcpy', 'interrupt'],
    ),
    change: (parts) => {
      parts.api = (dma, generation) => new PlainChannels(dma, generation);
    },
  },
  'failing-engines': { says: 'engines that fail once at each page', platform: iop342, faulty: true },
  'refusing-driver': { says: 'a driver that refuses every third descriptor', platform: iop342, refuses: 3 },
} as const satisfies Readonly<Record<string, ClientCondition>>;

export type ClientConditionName = keyof typeof CLIENT_CONDITIONS;
