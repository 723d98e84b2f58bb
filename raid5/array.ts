/** A running md array of level 4, 5 or 6: members, stripe cache, the raid5d thread and requests. */
import type { AsyncTx } from '../async_tx/async-tx';
import type { Kernel } from '../emulator/kernel/kernel';
import type { ThreadBody } from '../emulator/kernel/scheduler';
import type { WaitQueue } from '../emulator/kernel/wait';
import type { Bio } from './bio';
import type { Disk } from './disks/disk';
import type { Geometry } from './geometry';
import { STRIPE_SECTORS } from './geometry';
import type { WriteMode } from './handler/dirtying';
import { handleStripe } from './handler/handle-stripe';
import type { ArrayView, RmwLevel } from './handler/state';
import type { SyncPass } from './handler/sync-pass';
import { OperationHistory } from './history';
import type { BitmapHost, MdHost } from './md/host';
import { Member } from './member';
import { StripeOperations } from './operations/operations';
import { StripeIo } from './operations/stripe-io';
import { STRIPE } from './stripe/flags';
import { StripeCache } from './stripe/stripe-cache';
import type { StripeHead } from './stripe/stripe-head';
import { SyncThread } from './sync';

/** Stripes handled before raid5d looks at its lists again (SC-06). */
const MAX_STRIPE_BATCH = 8;

/** What the array has done. */
export interface ArrayStatistics {
  /** Stripe writes by the way they were done. */
  readonly writes: Record<WriteMode, number>;
  /** Passes of the handler. */
  handled: number;
}

export class Raid5Array implements ArrayView {
  readonly cache: StripeCache;
  readonly operations: StripeOperations;
  readonly io: StripeIo;
  readonly history: OperationHistory;
  readonly statistics: ArrayStatistics = { writes: { full: 0, rmw: 0, rcw: 0 }, handled: 0 };
  readonly members: Member[];
  readonly sync: SyncThread;
  /** `recovery_cp`: parity is known to be right below this sector; Infinity: everywhere, as on blank disks. */
  recoveryCp = Infinity;
  rmwLevel: RmwLevel = 1;
  /** md above this array; undefined: an array without metadata. */
  host: MdHost | undefined;

  private readonly threadWait: WaitQueue;
  private readonly waitForOverlap: WaitQueue;
  private overlapWakeUps = 0;
  private wakePending = false;

  /**
   * @param disks in their places; a plain disk is up to date and all of it belongs to the array
   * @param cacheSize stripe heads
   */
  constructor(
    readonly kernel: Kernel,
    readonly api: AsyncTx,
    readonly geometry: Geometry,
    disks: readonly (Disk | Member)[],
    cacheSize: number,
  ) {
    this.threadWait = kernel.waitQueue();
    this.waitForOverlap = kernel.waitQueue();
    this.members = disks.map((disk) => (disk instanceof Member ? disk : new Member(disk)));
    this.history = new OperationHistory(() => kernel.now);
    this.cache = new StripeCache(kernel, geometry, cacheSize, () => this.wakeThread());
    this.operations = new StripeOperations(this, api);
    this.io = new StripeIo(this);
    this.sync = new SyncThread(this);
    kernel.scheduler.spawn('raid5d', this.raid5d());
  }

  /** The disks in their places, failed ones too. */
  get disks(): readonly Disk[] {
    return this.members.map(({ disk }) => disk);
  }

  /** Members that failed. */
  get failedDisks(): readonly number[] {
    return this.members.flatMap(({ faulty }, disk) => (faulty ? [disk] : []));
  }

  /** Members that are being rebuilt or wait for it. */
  get recovering(): readonly Member[] {
    return this.members.filter(({ faulty, inSync }) => !faulty && !inSync);
  }

  /** `raid5_calc_degraded`: members that are not up to date all over. */
  get degraded(): number {
    return this.members.filter(({ inSync }) => !inSync).length;
  }

  get bitmap(): BitmapHost | undefined {
    return this.host?.bitmap;
  }

  get syncPass(): SyncPass {
    return this.sync.pass;
  }

  /** `md_error`: the member in this place is faulty from now on. */
  error(disk: number): void {
    this.fail(this.members[disk]);
  }

  /** `raid5_error` (IO-05): also for a member that has left its place meanwhile. */
  fail(member: Member): void {
    if (member.faulty) return;
    member.faulty = true;
    member.inSync = false;
    this.sync.interrupt();
    this.host?.memberFailed(member);
    this.kernel.printk(`md/raid: Disk failure on ${member.disk.name}, disabling device.`);
    this.wakeThread();
  }

  /**
   * `raid5_add_disk`: puts a blank disk, or a member that is not up to date, in the place of a failed one; a `recover` pass rebuilds it.
   * @returns false when the place is not free: its member works, or still has requests on their way (EBUSY)
   */
  addSpare(slot: number, disk: Disk | Member): boolean {
    const { faulty, blocked, pending } = this.members[slot];
    if (!faulty || blocked || pending > 0) return false;
    this.members[slot] = disk instanceof Member ? disk : Member.spare(disk);
    return true;
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

  /** `md_done_sync`: one stripe of the pass is finished. */
  syncDone(ok: boolean): void {
    this.sync.done(ok);
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
      const first = bio.write && stripe.dev[disk].towrite.length === 0;
      const added = stripe.addBio(bio, disk);
      const wakeUps = this.overlapWakeUps;
      if (added) {
        if (first && this.bitmap !== undefined) {
          this.bitmap.startWrite(stripe.sector);
          this.cache.awaitBitmap(stripe);
        }
        stripe.set(STRIPE.HANDLE);
        stripe.clear(STRIPE.DELAYED);
      }
      this.cache.release(stripe);
      if (added) return;
      this.wakeThread();
      yield* this.waitForOverlap.wait(() => this.overlapWakeUps !== wakeUps);
    }
  }

  /** `md_wakeup_thread`: raid5d looks at everything there may be to do. */
  wakeThread(): void {
    this.wakePending = true;
    this.threadWait.wake();
  }

  /** `raid5d`: handles stripes until nothing waits, flushes the engines, sleeps. */
  private *raid5d(): ThreadBody {
    for (;;) {
      yield* this.threadWait.wait(() => this.wakePending || this.cache.hasWork);
      this.wakePending = false;
      if (this.host !== undefined) yield* this.host.checkRecovery();
      for (;;) {
        const { bitmap } = this;
        if (bitmap !== undefined) yield* this.cache.flushBitmap(() => bitmap.unplug());
        this.cache.activateDelayed();
        if (!this.handleBatch()) break;
        // Stripes that wait for a superblock come round until it is written (HS-04).
        if (this.host?.superblockChanged === true) yield* this.host.checkRecovery();
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
