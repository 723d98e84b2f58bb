/** The world of one case: a board, a kernel, the software under test on it, and memory that says what is wrong. */
import type { AsyncTx } from '../../async_tx/async-tx';
import type { DmaCapability } from '../../dmaengine/capability';
import { asyncTxAck } from '../../dmaengine/descriptor';
import type { DmaStatus } from '../../dmaengine/cookie';
import type { DmaChan, DmaDevice } from '../../dmaengine/device';
import { DmaEngine } from '../../dmaengine/engine';
import { DmaCtrl } from '../../dmaengine/flags';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { WaitQueue } from '../../emulator/kernel/wait';
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
import { capabilityName, hasInterrupts, watchDevice } from './devices';
import type { Operation, OperationKind, OperationSpec } from './operation';
import { applyToShadow, NEEDS, NO_ANSWER, prepare } from './operation';
import { TraceRing } from './trace-ring';
import { WatchedKernel } from './watched-kernel';

/** How long anything may take before it counts as lost. */
const PATIENCE = 20 * MILLISECOND;
/** How often a driver without interrupts is asked. */
const POLL = 5 * MICROSECOND;

export interface WorldOptions {
  readonly platform: PlatformRecord;
  readonly stack: Stack;
  /** Decides every byte that is moved. */
  readonly seed: number;
  readonly machine?: Omit<MachineOptions, 'trace' | 'strict'>;
  /** Whether the trace is kept for an excerpt; true unless given. */
  readonly recorded?: boolean;
}

/** How an operation is asked for. */
export interface Asked {
  /** `DmaCtrl` bits; CTRL_ACK unless given. */
  readonly flags?: number;
  /** Whether it calls back; its descriptor then interrupts (AX-10). */
  readonly callback?: boolean;
  /** What the callback does beside being counted. */
  readonly onCallback?: () => void;
}

/** Something that happened outside hardware and kernel. */
export interface Note {
  /** picoseconds */
  readonly time: number;
  readonly text: string;
}

export class CaseWorld {
  readonly kernel: WatchedKernel;
  readonly random: SeededRandom;
  /** The latest trace records; none where nobody will read them. */
  readonly ring = new TraceRing();
  readonly stack: Stack;
  /** What was found wrong by looking; findings and panics of the kernel come on top. */
  readonly complaints: Complaint[] = [];
  readonly operations: Operation[] = [];
  /** What the case did, for a timeline. */
  readonly notes: Note[] = [];

  /** The arrays of the case. */
  readonly arrays: CaseArray[] = [];

  private readonly platform: PlatformRecord;
  private readonly buffers: Buffer[] = [];
  private readonly called: WaitQueue;
  private engine: DmaEngine | undefined;
  private client: AsyncTx | undefined;

  constructor({ platform, stack, seed, machine = {}, recorded = true }: WorldOptions) {
    this.platform = platform;
    this.stack = stack;
    this.random = new SeededRandom(seed);
    const trace = recorded ? { trace: this.ring.record } : {};
    this.kernel = new WatchedKernel(new Machine(platform, { ...machine, ...trace }));
    this.called = this.kernel.waitQueue();
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

  // --- operations ------------------------------------------------------------------------------------------

  /** Asks the driver for a descriptor; fails the case when it refuses. */
  prepare(chan: DmaChan, spec: OperationSpec, asked: Asked = {}): Operation {
    const operation = this.tryPrepare(chan, spec, asked);
    if (operation === undefined) throw this.failure('IA-11', `a descriptor for ${spec.kind}`, 'prep returned null');
    return operation;
  }

  /** The same; undefined when the driver has none to give. */
  tryPrepare(chan: DmaChan, spec: OperationSpec, asked: Asked = {}): Operation | undefined {
    const { flags = DmaCtrl.CTRL_ACK, callback = false, onCallback } = asked;
    const unmap = this.dma.unmapPools.take(34);
    const result = { value: NO_ANSWER };
    const tx = prepare(chan, spec, flags | (callback ? DmaCtrl.PREP_INTERRUPT : 0), unmap, result);
    if (tx === null) {
      unmap.put();
      return undefined;
    }
    const operation: Operation = {
      name: `${spec.kind} ${this.operations.length}`,
      chan,
      spec,
      tx,
      cookie: 0,
      counts: false,
      child: undefined,
      calledBack: callback ? 0 : undefined,
      result,
      answer: undefined,
    };
    if (callback) tx.callback = () => this.callBack(operation, onCallback);
    tx.unmap = unmap.get();
    unmap.put();
    this.operations.push(operation);
    return operation;
  }

  /** Hands the descriptor in; from here on its result is what memory should hold. */
  submit(operation: Operation): Operation {
    this.count(operation);
    operation.cookie = operation.tx.txSubmit(operation.tx);
    return operation;
  }

  /** `prepare` and `submit`. */
  start(chan: DmaChan, spec: OperationSpec, asked: Asked = {}): Operation {
    return this.submit(this.prepare(chan, spec, asked));
  }

  /** Hangs an operation behind another one, as a channel switch does; the driver submits it when that one is complete. */
  chain(parent: Operation, child: Operation): void {
    parent.tx.next = child.tx;
    child.tx.parent = parent.tx;
    parent.child = child;
    if (parent.counts) this.count(child);
  }

  /** Memory should hold what this operation means from here on: its parent was handed in without counting. */
  expect(operation: Operation): void {
    this.count(operation);
  }

  /** `async_tx_ack`: the client is done with the descriptor. */
  ack(operation: Operation): void {
    asyncTxAck(operation.tx);
  }

  /** `dma_async_issue_pending`. */
  issue(chan: DmaChan): void {
    chan.device.deviceIssuePending?.(chan);
  }

  /** What the driver says of an operation. */
  statusOf({ chan, cookie }: Operation): DmaStatus {
    return chan.device.deviceTxStatus?.(chan, cookie) ?? 'error';
  }

  /** Flushes the channels and waits, by asking, until every one of the operations is complete. */
  *finish(...operations: readonly Operation[]): ThreadBody {
    for (const { chan } of operations) this.issue(chan);
    for (const operation of operations) yield* this.complete(operation);
  }

  /** Waits, by asking, until the driver says complete. */
  *complete(operation: Operation): ThreadBody {
    yield* this.until(
      () => this.statusOf(operation) !== 'in_progress',
      'IA-70',
      `${operation.name} on ${operation.chan.name} is complete`,
    );
    const status = this.statusOf(operation);
    this.check(status === 'complete', 'IA-70', `status complete of ${operation.name}`, `it is ${status}`);
  }

  /**
   * Waits for callbacks without asking: what wakes the waiter is the driver's interrupt. A driver without interrupts
   * (no `DMA_INTERRUPT`) is asked, because nothing else can make it look.
   */
  *callbacks(...operations: readonly Operation[]): ThreadBody {
    const { scheduler } = this.kernel;
    const deadline = this.kernel.now + PATIENCE;
    for (const operation of operations) {
      const called = (): boolean => (operation.calledBack ?? 0) > 0;
      if (hasInterrupts(operation.chan.device)) {
        yield* this.called.waitUntil(called, deadline);
      } else {
        while (!called() && this.kernel.now < deadline) {
          this.statusOf(operation);
          yield* scheduler.sleep(POLL);
        }
      }
      if (!called()) {
        throw this.failure('AX-41', `the callback of ${operation.name} within 20 ms`, 'it has not run');
      }
    }
  }

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

  // --- what is wrong ---------------------------------------------------------------------------------------

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

  /** Whether memory and answers are what the operations submitted so far mean. @param rule what a difference breaks */
  checkData(rule: RuleId): void {
    for (const buffer of this.buffers) {
      const at = buffer.firstWrong();
      if (at < 0) continue;
      const value = (byte: number): string => `0x${byte.toString(16).padStart(2, '0')}`;
      const expected = `${value(buffer.shadow[at])} in byte ${at} of ${buffer.name}`;
      this.complain(rule, expected, `it is ${value(buffer.bytes[at])}`, buffer.name);
    }
    for (const { name, answer, result, chan } of this.operations) {
      if (answer === undefined || answer === result.value) continue;
      this.complain(rule, `${answer} from ${name}`, `it answers ${result.value}`, chan.name);
    }
  }

  /**
   * What must hold at the end of any case whose operations are all complete and acked: data, one callback each, no mapping
   * left.
   */
  audit(rule: RuleId): void {
    this.checkData(rule);
    for (const { name, calledBack, counts } of this.operations) {
      if (calledBack === undefined || !counts) continue;
      this.check(calledBack === 1, 'AX-41', `one callback of ${name}`, `it ran ${calledBack} times`);
    }
    const { live } = this.kernel.dma;
    this.check(live === 0, 'UM-08', 'every mapping undone', `${live} are left`);
  }

  /** From now on memory should hold what this operation, and what hangs behind it, mean. */
  private count(operation: Operation): void {
    operation.counts = true;
    operation.answer = applyToShadow(operation.spec);
    if (operation.child !== undefined) this.count(operation.child);
  }

  private callBack(operation: Operation, more: (() => void) | undefined): void {
    const { kernel } = this;
    operation.calledBack = (operation.calledBack ?? 0) + 1;
    this.note(`callback of ${operation.name}`);
    if (!kernel.inBottomHalf) {
      this.complain('SW-13', 'a callback in soft interrupt context', `it runs in ${kernel.processor.context} context`);
    }
    more?.();
    this.called.wake();
  }
}
