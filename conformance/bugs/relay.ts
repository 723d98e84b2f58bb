/** Copies from block to block, each behind the one before, on channels that a scenario names. */
import type { AsyncTxResult } from '../../async_tx/async-tx';
import { AsyncTx } from '../../async_tx/async-tx';
import { asyncMemcpy } from '../../async_tx/memcpy';
import { AsyncTxFlags, FlagsOf2007, initAsyncSubmit } from '../../async_tx/submit';
import { DmaCapability } from '../../dmaengine/capability';
import type { DmaChan } from '../../dmaengine/device';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import { PAGE_SIZE } from '../../emulator/kernel/pages';
import type { RuleId } from '../rules/catalogue';
import type { StackParts } from '../stack';
import type { Buffer } from '../world/buffers';
import { shadowOf } from '../world/buffers';
import type { CaseWorld } from '../world/case-world';

/** async_tx that runs the next operation where it is told to. */
export class PinnedAsyncTx extends AsyncTx {
  channel: DmaChan | undefined;

  override findChannel(...choice: Parameters<AsyncTx['findChannel']>): DmaChan | undefined {
    const usual = super.findChannel(...choice);
    return this.channel ?? usual;
  }
}

/** The stack of a relay. */
export function pinned(parts: StackParts): void {
  parts.api = (dma, generation) => new PinnedAsyncTx(dma, generation);
}

export class Relay {
  readonly blocks: readonly Buffer[];
  /** Which copies have called back, in order. */
  readonly called: number[] = [];
  private readonly channels: readonly DmaChan[];

  /** @param copies how many; they need one block more */
  constructor(
    private readonly world: CaseWorld,
    copies: number,
  ) {
    this.blocks = world.blocks(copies + 1);
    this.channels = world.channels(1, DmaCapability.MEMCPY);
  }

  private get api(): PinnedAsyncTx {
    return this.world.api as PinnedAsyncTx;
  }

  /** Copy number `i`, of block i into block i + 1. The last one is acked at once, every other by the one behind it. */
  copy(i: number, channel: number, depend: AsyncTxResult): AsyncTxResult {
    const { world, blocks } = this;
    const chan = this.channels[channel];
    const [from, to] = [blocks[i], blocks[i + 1]];
    const last = i === blocks.length - 2 ? AsyncTxFlags.ACK : 0;
    const submit = initAsyncSubmit(last | (depend === null ? 0 : FlagsOf2007.DEP_ACK), depend, () => {
      this.called.push(i);
      world.note(`copy ${i} calls back`);
    });
    world.note(`copy ${i} is asked for on ${chan.name}${depend === null ? '' : `, behind copy ${i - 1}`}`);
    this.api.channel = chan;
    const tx = asyncMemcpy(this.api, to.pages[0], from.pages[0], 0, 0, PAGE_SIZE, submit);
    this.api.channel = undefined;
    shadowOf(to.span()).set(shadowOf(from.span()));
    return tx;
  }

  /** A copy for each channel. */
  chain(channels: readonly number[]): AsyncTxResult {
    return channels.reduce<AsyncTxResult>((tx, channel, i) => this.copy(i, channel, tx), null);
  }

  /** `count` copies on a channel that have nothing to do with the relay: every slot of its pool is used. */
  *others(channel: number, count: number): ThreadBody {
    const { world } = this;
    const [from, to] = world.blocks(2);
    world.note(`${count} other copies on ${this.channels[channel].name}`);
    for (let i = 0; i < count; i++) {
      const copy = world.start(this.channels[channel], { kind: 'copy', to: to.span(0, 64), from: from.span(0, 64) });
      yield* world.finish(copy);
    }
  }

  /** Flushes every channel, and waits for as many callbacks. */
  *finish(copies: number): ThreadBody {
    const { world } = this;
    this.api.issuePendingAll();
    yield* world.until(() => this.called.length >= copies, 'AX-41', `${copies} copies have called back`);
  }

  /** What must hold at the end: the copies called back once each, in order, and moved what they should. */
  check(rule: RuleId): void {
    const order = this.blocks.slice(1).map((_, i) => i);
    const { called, world } = this;
    world.check(called.join() === order.join(), rule, `callbacks ${order.join(', ')}`, `they are ${called.join(', ')}`);
    world.checkData(rule);
  }

  /** `dma_wait_for_async_tx`: when it says complete, everything up to there must have happened. */
  wait(tx: AsyncTxResult, rule: RuleId): void {
    const { world, api } = this;
    world.note('the caller waits');
    const status = api.generation.wait(world.kernel, tx);
    world.note(`the wait says ${status}`);
    world.check(status === 'complete', rule, 'a wait that ends well', `it says ${status}`);
    world.checkData(rule);
  }
}
