/** A running md array of level 4, 5 or 6: members, stripe cache, the raid5d thread and requests. */
import type { AsyncTx } from '../async_tx/async-tx';
import type { Kernel } from '../emulator/kernel/kernel';
import type { ThreadBody } from '../emulator/kernel/scheduler';
import type { WaitQueue } from '../emulator/kernel/wait';
import type { Trace } from '../emulator/trace/trace';
import { AlignedReads } from './aligned-reads';
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
import type { StripeSteps } from './steps';
import { STRIPE_STEPS } from './steps';
import { joinBatch } from './stripe/batch';
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
  readonly alignedReads: AlignedReads;
  /** `recovery_cp`: parity is known to be right below this sector; Infinity: everywhere, as on blank disks. */
  recoveryCp = Infinity;
  rmwLevel: RmwLevel = 1;
  /** md above this array; undefined: an array without metadata. */
  host: MdHost | undefined;

  private readonly threadWait: WaitQueue;
  private readonly waitForOverlap: WaitQueue;
  private overlapWakeUps = 0;
  /** Requests so far, while somebody records. */
  private requests = 0;
  private wakePending = false;

  /**
   * @param disks in their places; a plain disk is up to date and all of it belongs to the array
   * @param cacheSize stripe heads
   * @param steps what a variant of the array does otherwise
   */
  constructor(
    readonly kernel: Kernel,
    readonly api: AsyncTx,
    readonly geometry: Geometry,
    disks: readonly (Disk | Member)[],
    cacheSize: number,
    readonly steps: StripeSteps = STRIPE_STEPS,
  ) {
    this.threadWait = kernel.waitQueue();
    this.waitForOverlap = kernel.waitQueue();
    this.members = disks.map((disk) => (disk instanceof Member ? disk : new Member(disk)));
    this.history = new OperationHistory(() => kernel.now);
    this.cache = new StripeCache(kernel, geometry, cacheSize, () => this.wakeThread());
    this.operations = new StripeOperations(this, api);
    this.io = new StripeIo(this);
    this.sync = new SyncThread(this);
    this.alignedReads = new AlignedReads(this, () => this.wakeThread());
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
    let count = 0;
    for (const { inSync } of this.members) if (!inSync) count++;
    return count;
  }

  get trace(): Trace | undefined {
    return this.kernel.machine.trace;
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

  /**
   * `raid5_make_request`: reads what it can around the cache (IO-07), cuts the rest into blocks and queues each on its
   * stripe; may wait for stripes.
   */
  *makeRequest(bio: Bio): ThreadBody {
    const { chunkSectors } = this.geometry;
    const plug: StripeHead[] = [];
    if (this.trace !== undefined) bio.record(this.trace, ++this.requests);
    for (let sector = bio.sector; sector < bio.end;) {
      const end = Math.min(bio.end, sector - (sector % chunkSectors) + chunkSectors);
      const around = !bio.write && this.alignedReads.read(bio, sector, end);
      if (!around) yield* this.addToStripes(bio, sector - (sector % STRIPE_SECTORS), end, plug);
      sector = end;
    }
    this.unplug(plug);
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

  /** `release_stripe_plug` (SC-08): the submitter keeps the stripe until it has handed all over, or has to wait. */
  private plug(plug: StripeHead[], stripe: StripeHead): void {
    if (stripe.has(STRIPE.ON_UNPLUG_LIST)) {
      this.cache.release(stripe);
      return;
    }
    stripe.set(STRIPE.ON_UNPLUG_LIST);
    plug.push(stripe);
  }

  /** `raid5_unplug`. */
  private unplug(plug: StripeHead[]): void {
    for (const stripe of plug) {
      stripe.clear(STRIPE.ON_UNPLUG_LIST);
      this.cache.release(stripe);
    }
    plug.length = 0;
  }

  /** Queues a request on the stripes of consecutive blocks of a chunk, from array sector `first` up to `end`. */
  private *addToStripes(bio: Bio, first: number, end: number, plug: StripeHead[]): ThreadBody {
    const { disk, sector } = this.geometry.place(first);
    const past = sector + end - first;
    for (let at = sector; at < past;) {
      let stripe = this.cache.tryGetActive(at);
      if (stripe === undefined) {
        this.unplug(plug);
        stripe = yield* this.cache.waitForActive(at);
      }
      const first = bio.write && stripe.dev[disk].towrite.length === 0;
      const added = stripe.addBio(bio, disk);
      const wakeUps = this.overlapWakeUps;
      if (added) {
        at += STRIPE_SECTORS;
        this.trace?.emit('stripe.request', {
          stripe: stripe.index,
          sector: stripe.sector,
          member: disk,
          write: bio.write,
          request: bio.number,
        });
        if (first && this.bitmap !== undefined) {
          this.bitmap.startWrite(stripe.sector);
          this.cache.awaitBitmap(stripe);
        }
        if (bio.write) joinBatch(this.cache, stripe);
        stripe.set(STRIPE.HANDLE);
        stripe.clear(STRIPE.DELAYED);
        if (bio.sync && (stripe.batchHead ?? stripe) === stripe) this.cache.setPreread(stripe);
        this.plug(plug, stripe);
        continue;
      }
      this.cache.release(stripe);
      this.unplug(plug);
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
        this.alignedReads.retry();
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
