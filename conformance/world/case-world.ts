/** The world of one case: operations asked of the driver under test, and what memory should hold after them. */
import { asyncTxAck } from '../../dmaengine/descriptor';
import type { DmaStatus } from '../../dmaengine/cookie';
import type { DmaChan } from '../../dmaengine/device';
import { DmaCtrl } from '../../dmaengine/flags';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { WaitQueue } from '../../emulator/kernel/wait';
import type { RuleId } from '../rules/catalogue';
import { CaseBoard, PATIENCE, POLL } from './case-board';
import { hasInterrupts } from './devices';
import type { Operation, OperationSpec } from './operation';
import { applyToShadow, NO_ANSWER, prepare } from './operation';

export type { Note, WorldOptions } from './case-board';

/** How an operation is asked for. */
export interface Asked {
  /** `DmaCtrl` bits; CTRL_ACK unless given. */
  readonly flags?: number;
  /** Whether it calls back; its descriptor then interrupts (AX-10). */
  readonly callback?: boolean;
  /** What the callback does beside being counted. */
  readonly onCallback?: () => void;
}

export class CaseWorld extends CaseBoard {
  readonly operations: Operation[] = [];
  private readonly called: WaitQueue = this.kernel.waitQueue();

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

  // --- what is wrong ---------------------------------------------------------------------------------------

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
