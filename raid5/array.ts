/** A running md RAID-5 array: members, stripe cache, the raid5d thread, requests and the check pass. */
import type { AsyncTx } from '../async_tx/async-tx';
import type { Kernel } from '../emulator/kernel/kernel';
import type { ThreadBody } from '../emulator/kernel/scheduler';
import type { WaitQueue } from '../emulator/kernel/wait';
import type { Bio } from './bio';
import type { Disk } from './disks/disk';
import type { Geometry } from './geometry';
import { STRIPE_SECTORS } from './geometry';
import type { SyncPass } from './handler/checks';
import type { WriteMode } from './handler/dirtying';
import { handleStripe } from './handler/handle-stripe';
import { OperationHistory } from './history';
import { StripeOperations } from './operations/operations';
import { StripeIo } from './operations/stripe-io';
import { STRIPE } from './stripe/flags';
import { StripeCache } from './stripe/stripe-cache';
import type { StripeHead } from './stripe/stripe-head';

/** Stripes handled before raid5d looks at its lists again (SC-06). */
const MAX_STRIPE_BATCH = 8;

/** What the array has done. */
export interface ArrayStatistics {
  /** Stripe writes by the way they were done. */
  readonly writes: Record<WriteMode, number>;
  /** Passes of the handler. */
  handled: number;
}

export class Raid5Array {
  readonly cache: StripeCache;
  readonly operations: StripeOperations;
  readonly io: StripeIo;
  readonly history: OperationHistory;
  readonly statistics: ArrayStatistics = { writes: { full: 0, rmw: 0, rcw: 0 }, handled: 0 };
  syncPass: SyncPass = { checkOnly: true, mismatchSectors: 0 };

  private readonly threadWait: WaitQueue;
  private readonly syncWait: WaitQueue;
  private readonly waitForOverlap: WaitQueue;
  private overlapWakeUps = 0;
  private readonly faulty: boolean[];
  private wakePending = false;
  private syncActive = 0;

  /** @param cacheSize stripe heads */
  constructor(
    readonly kernel: Kernel,
    readonly api: AsyncTx,
    readonly geometry: Geometry,
    readonly disks: readonly Disk[],
    cacheSize: number,
  ) {
    this.threadWait = kernel.waitQueue();
    this.syncWait = kernel.waitQueue();
    this.waitForOverlap = kernel.waitQueue();
    this.faulty = disks.map(() => false);
    this.history = new OperationHistory(() => kernel.now);
    this.cache = new StripeCache(kernel, geometry, cacheSize, () => this.wakeThread());
    this.operations = new StripeOperations(this, api);
    this.io = new StripeIo(this);
    kernel.scheduler.spawn('raid5d', this.raid5d());
  }

  /** Whether a member is present and up to date. */
  inSync(disk: number): boolean {
    return !this.faulty[disk];
  }

  /** Members that failed. */
  get failedDisks(): readonly number[] {
    return this.faulty.flatMap((faulty, disk) => (faulty ? [disk] : []));
  }

  /** `md_error`: a member is faulty from now on (IO-05). */
  error(disk: number): void {
    if (this.faulty[disk]) return;
    this.faulty[disk] = true;
    this.kernel.printk(`md/raid: Disk failure on ${this.disks[disk].name}, disabling device.`);
    this.wakeThread();
  }

  /** `raid5_make_request`: cuts a request into blocks and queues each on its stripe; may wait for stripes. */
  *makeRequest(bio: Bio): ThreadBody {
    const first = bio.sector - (bio.sector % STRIPE_SECTORS);
    for (let sector = first; sector < bio.end; sector += STRIPE_SECTORS) {
      const place = this.geometry.place(sector);
      yield* this.addToStripe(bio, place.disk, place.sector);
    }
    bio.done();
  }

  /** `md_do_sync` over the given stripes: checks parity, counts mismatches, and repairs unless check-only. */
  *check(stripes: Iterable<number>, checkOnly: boolean): Generator<void, SyncPass, void> {
    this.syncPass = { checkOnly, mismatchSectors: 0 };
    for (const sector of stripes) {
      if (this.failedDisks.length > 0) break;
      const stripe = yield* this.cache.getActive(sector);
      this.syncActive++;
      stripe.set(STRIPE.SYNC_REQUESTED | STRIPE.HANDLE);
      this.cache.release(stripe);
      yield* this.syncWait.wait(() => this.syncActive < this.cache.size / 2);
    }
    yield* this.syncWait.wait(() => this.syncActive === 0);
    return this.syncPass;
  }

  /** `md_done_sync`: one stripe of the pass is finished. */
  syncDone(): void {
    this.syncActive--;
    this.syncWait.wake();
  }

  /** Requests that overlapped others may try again: each wake-up is one attempt (BQ-06). */
  wakeOverlap(): void {
    this.overlapWakeUps++;
    this.waitForOverlap.wake();
  }

  /** A full-stripe write has ended. */
  fullWriteEnded(): void {
    if (--this.cache.pendingFullWrites === 0) this.wakeThread();
  }

  private *addToStripe(bio: Bio, disk: number, sector: number): ThreadBody {
    for (;;) {
      const stripe = yield* this.cache.getActive(sector);
      const added = stripe.addBio(bio, disk);
      const wakeUps = this.overlapWakeUps;
      if (added) {
        stripe.set(STRIPE.HANDLE);
        stripe.clear(STRIPE.DELAYED);
      }
      this.cache.release(stripe);
      if (added) return;
      this.wakeThread();
      yield* this.waitForOverlap.wait(() => this.overlapWakeUps !== wakeUps);
    }
  }

  private wakeThread(): void {
    this.wakePending = true;
    this.threadWait.wake();
  }

  /** `raid5d`: handles stripes until nothing waits, flushes the engines, sleeps. */
  private *raid5d(): ThreadBody {
    for (;;) {
      yield* this.threadWait.wait(() => this.wakePending || this.cache.hasWork);
      this.wakePending = false;
      for (;;) {
        this.cache.activateDelayed();
        if (!this.handleBatch()) break;
      }
      this.api.issuePendingAll();
    }
  }

  private handleBatch(): boolean {
    const batch: StripeHead[] = [];
    while (batch.length < MAX_STRIPE_BATCH) {
      const stripe = this.cache.nextToHandle();
      if (stripe === undefined) break;
      batch.push(stripe);
    }
    for (const stripe of batch) {
      this.statistics.handled++;
      handleStripe(this, stripe);
    }
    for (const stripe of batch) this.cache.release(stripe);
    return batch.length > 0;
  }
}
