/** Passes over the stripes: resync, recovery, check and repair (semantics 4.11). */
import type { WaitQueue } from '../emulator/kernel/wait';
import type { Raid5Array } from './array';
import type { SyncAction, SyncPass } from './handler/sync-pass';
import { STRIPE } from './stripe/flags';

/** Checkpoints of a pass: what lies behind the last one is done, whatever happens. */
const CHECKPOINTS = 16;

/** `md_do_sync` and what belongs to it. */
export class SyncThread {
  pass: SyncPass = { action: 'check', mismatchSectors: 0, interrupted: false };
  /** `recovery_active`: stripes of the pass that are not finished. */
  private active = 0;
  /** `curr_resync`: the member sector that the pass has come to. */
  current = 0;
  private frozen = false;
  private readonly finished: WaitQueue;

  constructor(private readonly array: Raid5Array) {
    this.finished = array.kernel.waitQueue();
  }

  /**
   * A pass without metadata. At checkpoints all of them are waited for, and what the array knows about itself
   * moves on: where parity is right, and how far members are rebuilt.
   * @param sectors member sectors of the stripes, multiples of 8, ascending; what lies between is left as good
   */
  *run(action: SyncAction, sectors: readonly number[]): Generator<void, SyncPass, void> {
    const start = this.start(action);
    const todo = sectors.filter((sector) => sector >= start);
    return yield* this.walk(action, todo, Math.ceil(todo.length / CHECKPOINTS));
  }

  /**
   * `md_do_sync`: takes stripes through a pass.
   * @param todo member sectors of the stripes, multiples of 8, ascending
   * @param stride stripes from one checkpoint to the next
   * @param checkpointed called when what the array knows about itself has moved on, with the member sector it moved to
   */
  *walk(
    action: SyncAction,
    todo: Iterable<number>,
    stride: number,
    checkpointed: (sector: number) => void = () => undefined,
  ): Generator<void, SyncPass, void> {
    const { array } = this;
    // Recovery goes on counting (MQ-01).
    const mismatchSectors = action === 'recover' ? this.pass.mismatchSectors : 0;
    const pass: SyncPass = { action, mismatchSectors, interrupted: false };
    this.pass = pass;
    let taken = 0;
    for (const sector of todo) {
      this.current = sector;
      // There is no redundancy left to work with (RS-01).
      pass.interrupted ||= action !== 'recover' && array.degraded >= array.geometry.maxDegraded;
      if (pass.interrupted) break;
      if (this.frozen || (taken > 0 && taken % stride === 0)) {
        yield* this.drained();
        if (!pass.interrupted) {
          this.checkpoint(action, sector);
          checkpointed(sector);
        }
      }
      if (this.frozen) {
        pass.interrupted = true;
        break;
      }
      yield* this.request(sector);
      taken++;
    }
    yield* this.drained();
    if (!pass.interrupted) this.complete(action);
    return pass;
  }

  /** `MD_RECOVERY_FROZEN`: the pass ends where it is, and a later one can go on from there. */
  freeze(): void {
    this.frozen = true;
  }

  /** `md_done_sync`: one stripe of the pass is finished; a failure ends the pass. */
  done(ok: boolean): void {
    this.active--;
    if (!ok) this.pass.interrupted = true;
    this.finished.wake();
  }

  /** A member failed: the pass ends with what is on its way (IO-05). */
  interrupt(): void {
    this.pass.interrupted = true;
  }

  /**
   * `raid5_sync_request`: a pass that finds no free stripe waits for one and then leaves a tick to others, so as not
   * to swamp the cache.
   */
  private *request(sector: number): Generator<void, void, void> {
    const { cache, kernel } = this.array;
    let stripe = cache.tryGetActive(sector);
    if (stripe === undefined) {
      stripe = yield* cache.waitForActive(sector);
      yield* kernel.scheduler.sleepTick();
    }
    this.active++;
    stripe.set(STRIPE.SYNC_REQUESTED | STRIPE.HANDLE);
    cache.release(stripe);
  }

  private drained(): Generator<void, void, void> {
    return this.finished.wait(() => this.active === 0);
  }

  /** Where there is something to do. */
  start(action: SyncAction): number {
    const { array } = this;
    if (action === 'resync') return array.recoveryCp;
    if (action !== 'recover') return 0;
    return Math.min(...array.recovering.map(({ recoveryOffset }) => recoveryOffset), Infinity);
  }

  /** Everything below `sector` is done. */
  private checkpoint(action: SyncAction, sector: number): void {
    const { array } = this;
    if (action !== 'recover') {
      array.recoveryCp = Math.max(array.recoveryCp, sector);
      return;
    }
    for (const member of array.recovering) member.recoveryOffset = Math.max(member.recoveryOffset, sector);
  }

  /** `raid5_spare_active` after a recovery; a check alone leaves open whether the array is clean. */
  private complete(action: SyncAction): void {
    const { array } = this;
    if (action === 'resync' || action === 'repair') array.recoveryCp = Infinity;
    if (action !== 'recover') return;
    for (const member of array.recovering) {
      member.recoveryOffset = Infinity;
      member.inSync = true;
    }
  }
}
