/** What a case stands on: a machine with its kernel, the software under test booted on it, memory, and what is found wrong. */
import type { AsyncTx } from '../../async_tx/async-tx';
import type { DmaCapability } from '../../dmaengine/capability';
import type { DmaChan, DmaDevice } from '../../dmaengine/device';
import { DmaEngine } from '../../dmaengine/engine';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { MachineOptions } from '../../emulator/platforms/machine';
import { Machine } from '../../emulator/platforms/machine';
import type { PlatformRecord } from '../../emulator/platforms/platform';
import { PAGE_SIZE } from '../../emulator/kernel/pages';
import { SeededRandom } from '../../emulator/sim/random';
import { MICROSECOND, MILLISECOND } from '../../emulator/sim/time';
import type { Complaint } from '../case';
import { CaseFailed, CaseSkipped } from '../case';
import type { RuleId } from '../rules/catalogue';
import type { Stack } from '../stack';
import { Buffer } from './buffers';
import type { CaseArray } from './case-array';
import { capabilityName, watchDevice } from './devices';
import type { OperationKind } from './operation';
import { NEEDS } from './operation';
import { TraceRing } from './trace-ring';
import { WatchedKernel } from './watched-kernel';

/** How long anything may take before it counts as lost. */
export const PATIENCE = 20 * MILLISECOND;
/** How often a driver without interrupts is asked. */
export const POLL = 5 * MICROSECOND;

export interface WorldOptions {
  readonly platform: PlatformRecord;
  readonly stack: Stack;
  /** Decides every byte that is moved. */
  readonly seed: number;
  readonly machine?: Omit<MachineOptions, 'trace' | 'strict'>;
  /** Whether the trace is kept for an excerpt; true unless given. */
  readonly recorded?: boolean;
}

/** Something that happened outside hardware and kernel. */
export interface Note {
  /** picoseconds */
  readonly time: number;
  readonly text: string;
}

export class CaseBoard {
  readonly kernel: WatchedKernel;
  readonly random: SeededRandom;
  /** The latest trace records; none where nobody will read them. */
  readonly ring = new TraceRing();
  readonly stack: Stack;
  /** What was found wrong by looking; findings and panics of the kernel come on top. */
  readonly complaints: Complaint[] = [];
  /** What the case did, for a timeline. */
  readonly notes: Note[] = [];

  /** The arrays of the case. */
  readonly arrays: CaseArray[] = [];

  private readonly platform: PlatformRecord;
  protected readonly buffers: Buffer[] = [];
  private engine: DmaEngine | undefined;
  private client: AsyncTx | undefined;

  constructor({ platform, stack, seed, machine = {}, recorded = true }: WorldOptions) {
    this.platform = platform;
    this.stack = stack;
    this.random = new SeededRandom(seed);
    const trace = recorded ? { trace: this.ring.record } : {};
    this.kernel = new WatchedKernel(new Machine(platform, { ...machine, ...trace }));
  }

  // --- what stands ---------------------------------------------------------------------------------------

  /** The booted dmaengine. */
  get dma(): DmaEngine {
    if (this.engine === undefined) throw new Error('a bare world has no dmaengine yet');
    return this.engine;
  }

  /** async_tx on it. */
  get api(): AsyncTx {
    if (this.client === undefined) throw new Error('a bare world has no async_tx yet');
    return this.client;
  }

  /** Probes every engine and registers what the driver makes of it; then a client comes. */
  *boot(): ThreadBody {
    const dma = new DmaEngine(this.kernel);
    for (const device of yield* this.probeAll()) dma.registerDevice(device);
    dma.get();
    this.adopt(dma);
  }

  /** Lets the driver probe every engine of the platform. */
  *probeAll(): Generator<void, DmaDevice[], void> {
    const devices: DmaDevice[] = [];
    for (const [index, engine] of this.platform.engines.entries()) {
      const device = yield* this.stack.driver.probe(this.kernel, engine, `iop-adma.${index}`);
      if (device !== undefined) devices.push(watchDevice(device, this.kernel));
    }
    return devices;
  }

  /** Makes a dmaengine that a case set up itself the world's. */
  adopt(dma: DmaEngine): void {
    this.engine = dma;
    this.client = this.stack.api(dma);
  }

  /** Channels of devices that can do all of this, in the order of registration; skips the case where there are fewer. */
  channels(least: number, ...capabilities: readonly DmaCapability[]): DmaChan[] {
    const able = this.dma.devices
      .filter(({ capMask }) => capabilities.every((capability) => capMask.has(capability)))
      .flatMap((device) => device.channels);
    if (able.length < least) {
      const what = capabilities.map(capabilityName).join(' and ');
      throw new CaseSkipped(`${able.length} of ${least} channels can ${what || 'anything'}`);
    }
    return able;
  }

  /** The channels that do operations of this kind. */
  channelsFor(kind: OperationKind, least = 1): DmaChan[] {
    return this.channels(least, NEEDS[kind]);
  }

  // --- memory ----------------------------------------------------------------------------------------------

  /** A buffer of whole pages full of noise. */
  buffer(pages = 1): Buffer {
    const taken = this.kernel.pages.allocContiguous(pages);
    const buffer = new Buffer(`buffer ${this.buffers.length}`, taken, this.kernel, this.random);
    this.buffers.push(buffer);
    return buffer;
  }

  /** Buffers for so many bytes each. */
  blocks(count: number, bytes = PAGE_SIZE): Buffer[] {
    return Array.from({ length: count }, () => this.buffer(Math.ceil(bytes / PAGE_SIZE)));
  }

  // --- time and complaints ---------------------------------------------------------------------------------

  /** Sleeps until the condition holds; fails the case when it does not in time. */
  *until(condition: () => boolean, rule: RuleId, expected: string): ThreadBody {
    const deadline = this.kernel.now + PATIENCE;
    while (!condition()) {
      if (this.kernel.now >= deadline) throw this.failure(rule, `${expected} within 20 ms`, 'it is not');
      yield* this.kernel.scheduler.sleep(POLL);
    }
  }

  /** Sleeps for so many picoseconds; a millisecond is long enough for everything short. */
  *settle(time = MILLISECOND): ThreadBody {
    yield* this.kernel.scheduler.sleep(time);
  }

  /** Leaves a line in the timeline. */
  note(text: string): void {
    this.notes.push({ time: this.kernel.now, text });
  }

  /** Notes a complaint unless the condition holds; the case goes on. */
  check(condition: boolean, rule: RuleId, expected: string, happened: string, where = 'case'): void {
    if (!condition) this.complain(rule, expected, happened, where);
  }

  complain(rule: RuleId, expected: string, happened: string, where = 'case'): void {
    this.complaints.push({ rule, expected, happened, time: this.kernel.now, where });
  }

  /** What a case throws when it makes no sense to go on. */
  failure(rule: RuleId, expected: string, happened: string): CaseFailed {
    return new CaseFailed(rule, expected, happened);
  }
}
