/**
 * Tests of the descriptor pool, which the kernel's test cannot disturb because it acks everything at prep: some
 * descriptors are acked late, and the pool is emptied on purpose.
 */
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import { asyncTxAck } from '../descriptor';
import type { DmaAsyncTxDescriptor } from '../descriptor';
import { DmaCtrl } from '../flags';
import { MoveThread } from './moves';

/** One part in so many of the pool is held back without an ack. */
const HELD_PART = 4;

/** Milliseconds without a descriptor after which what is held has to be let go. */
const PRESSURE = 1;

/**
 * Holds descriptors without an ack while the rest of the pool goes round, until it has gone round twice or yields
 * nothing more, which may happen soon, since the search ends at the first busy slot after a wrap (IA-05). Then acks
 * them: until that none may be handed out again, afterwards every one has to be (IA-59, IA-60).
 */
export class LateAckThread extends MoveThread {
  protected override *test(number: number): ThreadBody {
    this.begin();
    const finished = yield* this.timed(0, this.moves(number));
    this.endMoves(number, finished);
  }

  private *moves(number: number): Generator<void, boolean, void> {
    const held = new Set<DmaAsyncTxDescriptor>();
    const stolen = yield* this.hold(held);
    if (stolen > 0) this.fail(number, 'recycled before its ack', `with ${held.size} held (${stolen})`);
    for (const tx of held) asyncTxAck(tx);
    const acked = held.size;
    for (let i = 0; i < 2 * this.slots; i++) {
      const tx = yield* this.grantedMove(DmaCtrl.CTRL_ACK);
      if (tx === undefined) {
        this.fail(number, 'no descriptor', `with ${acked} acked of ${this.slots}`);
        break;
      }
      held.delete(tx);
      this.submitMove(tx);
    }
    if (held.size > 0) this.fail(number, 'not recycled after its ack', `(${held.size} of ${acked})`);
    return yield* this.finishMoves();
  }

  /** Moves, some of them held; how many of the held were handed out once more. */
  private *hold(held: Set<DmaAsyncTxDescriptor>): Generator<void, number, void> {
    const most = 1 + this.random.below(Math.max(1, Math.floor(this.slots / HELD_PART)));
    let stolen = 0;
    for (let i = 0; i < 2 * this.slots; i++) {
      const ack = held.size < most && this.random.below(2) === 0 ? 0 : DmaCtrl.CTRL_ACK;
      const tx = yield* this.grantedMove(ack, PRESSURE);
      if (tx === undefined) break;
      if (held.has(tx)) stolen++;
      else if (ack === 0) held.add(tx);
      this.submitMove(tx);
    }
    return stolen;
  }
}

/**
 * Prepares moves until no descriptor is left, submits them all, and asks again: there must be a last one (IA-11), it
 * must come when all but the one that stays on the chain are taken (IA-42), and there must be more afterwards (XR-12).
 */
export class ExhaustionThread extends MoveThread {
  protected override *test(number: number): ThreadBody {
    this.begin();
    const finished = yield* this.timed(0, this.moves(number));
    this.endMoves(number, finished);
  }

  private *moves(number: number): Generator<void, boolean, void> {
    const prepared = this.prepareAll();
    const where = `with ${prepared.length} of ${this.slots} descriptors`;
    if (prepared.length > this.slots) {
      this.fail(number, 'pool never ran out', where);
      return true;
    }
    if (prepared.length < this.slots - 1) this.fail(number, 'descriptors lost', where);
    for (const tx of prepared) this.submitMove(tx);
    const more = yield* this.grantedMove(DmaCtrl.CTRL_ACK);
    if (more === undefined) this.fail(number, 'no descriptor', where);
    else this.submitMove(more);
    return yield* this.finishMoves();
  }

  /** Everything the pool has. A refusal reclaims for the next attempt (IA-11), so only the second in a row counts. */
  private prepareAll(): DmaAsyncTxDescriptor[] {
    const prepared: DmaAsyncTxDescriptor[] = [];
    for (let refusals = 0; refusals < 2 && prepared.length <= this.slots;) {
      const tx = this.prepMove(DmaCtrl.CTRL_ACK);
      if (tx === null) {
        refusals++;
      } else {
        refusals = 0;
        prepared.push(tx);
      }
    }
    return prepared;
  }
}
