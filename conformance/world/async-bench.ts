/** async_tx on the driver under test, for cases: what an operation means to memory beside how it is asked for. */
import type { AsyncTx, AsyncTxResult } from '../../async_tx/async-tx';
import { asyncMemcpy } from '../../async_tx/memcpy';
import { asyncMemset } from '../../async_tx/memset';
import type { SpanList } from '../../async_tx/spans';
import type { AsyncSubmit } from '../../async_tx/submit';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import type { PageSpan } from '../../async_tx/sync/page-access';
import { asyncTriggerCallback } from '../../async_tx/trigger-callback';
import { asyncXorOffs } from '../../async_tx/xor';
import { asyncXorValOffs } from '../../async_tx/xor-val';
import { DmaEngine } from '../../dmaengine/engine';
import { asyncTxAck } from '../../dmaengine/descriptor';
import type { DmaChan } from '../../dmaengine/device';
import type { SumCheckResult } from '../../dmaengine/flags';
import { PAGE_SIZE } from '../../emulator/kernel/pages';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { WaitQueue } from '../../emulator/kernel/wait';
import type { RuleId } from '../rules/catalogue';
import type { Span } from './buffers';
import { PATIENCE, POLL } from './case-board';
import type { CaseWorld } from './case-world';
import { hasInterrupts } from './devices';
import { applyToShadow, NO_ANSWER } from './operation';
import { PrepLog } from './prep-log';

/** How an operation is asked for. */
export interface Wanted {
  /** `AsyncTxFlags` bits. */
  readonly flags?: number;
  /** What must complete first. */
  readonly after?: Step | null | undefined;
  /** The channel it runs on; async_tx's choice unless given. */
  readonly on?: DmaChan | undefined;
  /** Whether it calls back. */
  readonly callback?: boolean;
  /** Gets the submit record before it is used. */
  readonly record?: (submit: AsyncSubmit) => void;
}

/** One operation that was asked for. */
export interface Step {
  readonly name: string;
  /** null: done by the processor before the call returned (AX-03). */
  readonly tx: AsyncTxResult;
  readonly calls: boolean;
  /** How often it called back. */
  called: number;
}

interface Check {
  readonly name: string;
  readonly result: SumCheckResult;
  readonly answer: number | undefined;
}

/** The page and offset at which async_tx finds a span. */
export function placeOf({ buffer, offset }: Span): PageSpan {
  const page = buffer.pages[Math.floor(offset / PAGE_SIZE)];
  return { page, offset: offset % PAGE_SIZE };
}

export class AsyncBench {
  readonly api: AsyncTx;
  readonly log: PrepLog;
  /** Names of operations in the order of their callbacks. */
  readonly order: string[] = [];
  readonly steps: Step[] = [];

  private readonly checks: Check[] = [];
  private readonly called: WaitQueue;
  private place: DmaChan | undefined;

  /** @param api another one than the world's, for instance without engines */
  constructor(
    readonly world: CaseWorld,
    api: AsyncTx = world.api,
  ) {
    this.api = api;
    this.called = world.kernel.waitQueue();
    this.log = new PrepLog(api.dma.devices);
    const usual = api.findChannel.bind(api);
    api.findChannel = (...choice) => {
      const chosen = usual(...choice);
      return this.place ?? chosen;
    };
  }

  /** async_tx of the world's stack on a machine without engines. */
  static software(world: CaseWorld): AsyncBench {
    return new AsyncBench(world, world.stack.api(new DmaEngine(world.kernel)));
  }

  // --- operations --------------------------------------------------------------------------------------------

  /** `async_memcpy`. */
  copy(to: Span, from: Span, wanted: Wanted = {}): Step {
    applyToShadow({ kind: 'copy', to, from });
    const [dest, src] = [placeOf(to), placeOf(from)];
    return this.start('copy', wanted, 0, (submit) =>
      asyncMemcpy(this.api, dest.page, src.page, dest.offset, src.offset, to.len, submit),
    );
  }

  /** `async_memset`. */
  fill(to: Span, value: number, wanted: Wanted = {}): Step {
    applyToShadow({ kind: 'fill', to, value });
    const { page, offset } = placeOf(to);
    return this.start('fill', wanted, 0, (submit) => asyncMemset(this.api, page, value, offset, to.len, submit));
  }

  /** `async_xor` with the flag that goes with the list: the destination is dropped where it stands first, else cleared. */
  xor(to: Span, from: readonly (Span | undefined)[], wanted: Wanted = {}): Step {
    const there = from.filter((span) => span !== undefined);
    applyToShadow({ kind: 'xor', to, from: there });
    const flag = from[0] === to ? AsyncTxFlags.XOR_DROP_DST : AsyncTxFlags.XOR_ZERO_DST;
    const sources: SpanList = from.map((span) => (span === undefined ? undefined : placeOf(span)));
    return this.start('xor', wanted, flag, (submit) => asyncXorOffs(this.api, placeOf(to), sources, to.len, submit));
  }

  /** `async_xor_val` over sources of which the first is the destination. */
  xorVal(from: readonly Span[], wanted: Wanted = {}): Step {
    const answer = applyToShadow({ kind: 'xor_val', from });
    const result = { value: NO_ANSWER };
    const sources = from.map(placeOf);
    const step = this.start('xor_val', wanted, 0, (submit) =>
      asyncXorValOffs(this.api, sources[0], sources, from[0].len, result, submit),
    );
    this.expect(step, result, answer);
    // Without an engine the sum goes into the destination (XV-03).
    if (step.tx === null) applyToShadow({ kind: 'xor', to: from[0], from });
    return step;
  }

  /** `async_trigger_callback`. */
  trigger(wanted: Wanted = {}): Step {
    return this.start('trigger', { callback: true, ...wanted }, 0, (submit) => asyncTriggerCallback(this.api, submit));
  }

  /** Any operation; what it means to memory is the caller's business. */
  start(kind: string, wanted: Wanted, flag: number, ask: (submit: AsyncSubmit) => AsyncTxResult): Step {
    const { flags = 0, after, on, callback = false, record } = wanted;
    const name = `${kind} ${this.steps.length}`;
    const outcome = { called: 0 };
    const callBack = (): void => {
      outcome.called++;
      this.order.push(name);
      this.called.wake();
    };
    this.place = on;
    const submit = initAsyncSubmit(flags | flag, after?.tx ?? null, callback ? callBack : undefined);
    record?.(submit);
    const tx = ask(submit);
    this.place = undefined;
    const step: Step = Object.assign(outcome, { name, tx, calls: callback });
    this.steps.push(step);
    return step;
  }

  /** Notes what a check should answer by the end. */
  expect({ name }: Step, result: SumCheckResult, answer: number | undefined): void {
    this.checks.push({ name, result, answer });
  }

  // --- flushing and waiting ----------------------------------------------------------------------------------

  issue(): void {
    this.api.issuePendingAll();
  }

  /** `async_tx_ack`. */
  ack({ tx }: Step): void {
    if (tx !== null) asyncTxAck(tx);
  }

  /** `async_tx_quiesce`: the processor spins. */
  quiesce({ tx }: Step): void {
    this.api.quiesceTx(tx);
  }

  /** Waits for callbacks; drivers without interrupts are asked, because nothing else makes them look. */
  *callbacks(...steps: readonly Step[]): ThreadBody {
    const { kernel } = this.world;
    const deadline = kernel.now + PATIENCE;
    const polled = this.api.dma.devices.filter((device) => !hasInterrupts(device));
    for (const step of steps) {
      const { name, calls } = step;
      if (!calls) throw new Error(`${name} has no callback to wait for`);
      while (polled.length > 0 && step.called === 0 && kernel.now < deadline) {
        for (const device of polled) for (const chan of device.channels) device.deviceTxStatus?.(chan, chan.cookie);
        yield* kernel.scheduler.sleep(POLL);
      }
      const called = yield* this.called.waitUntil(() => step.called > 0, deadline);
      if (!called) throw this.world.failure('AX-41', `the callback of ${name} within 20 ms`, 'it has not run');
    }
  }

  // --- what is wrong -----------------------------------------------------------------------------------------

  /**
   * What must hold at the end of a case whose chains are complete: data, answers, one callback each and in order, no
   * mapping left, every descriptor acked.
   */
  audit(rule: RuleId): void {
    const { world } = this;
    for (const { name, result, answer } of this.checks) {
      world.check(result.value === answer, rule, `${answer} from ${name}`, `it answers ${result.value}`, name);
    }
    for (const { name, calls, called } of this.steps) {
      if (calls) world.check(called === 1, 'AX-41', `one callback of ${name}`, `it ran ${called} times`, name);
    }
    const unacked = this.log.unacked();
    world.check(unacked.length === 0, 'AX-33', 'every descriptor acked', `${unacked.length} are not`, 'async_tx');
    world.audit(rule);
  }

  /** States that callbacks came in the order in which the operations were asked for. */
  checkOrder(rule: RuleId): void {
    const asked = this.steps.filter(({ calls }) => calls).map(({ name }) => name);
    const same = asked.every((name, i) => this.order[i] === name);
    this.world.check(same, rule, `callbacks in the order ${asked.join(', ')}`, this.order.join(', '), 'async_tx');
  }
}
