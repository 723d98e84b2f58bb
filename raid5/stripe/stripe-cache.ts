/**
 * The stripe cache: a fixed number of stripe heads, found by sector, free ones in order of last use, busy
 * ones on the list of what has to happen next (semantics 4.3).
 */
import type { Kernel } from '../../emulator/kernel/kernel';
import { bugOn } from '../../emulator/kernel/bug';
import type { WaitQueue } from '../../emulator/kernel/wait';
import type { Geometry } from '../geometry';
import { STRIPE_SECTORS } from '../geometry';
import { STRIPE } from './flags';
import { R5Dev, StripeHead } from './stripe-head';
import { StripeList } from './stripe-list';

/** Stripes that may read before writing at the same time before more are let go (SC-04). */
const IO_THRESHOLD = 1;
/** How often the hold list may be passed over (SC-05). */
const BYPASS_THRESHOLD = 1;

export class StripeCache {
  private readonly hash = new Map<number, StripeHead>();
  /** Free stripes, longest unused first. */
  private readonly inactive = new StripeList();
  private readonly handleList = new StripeList();
  private readonly holdList = new StripeList();
  private readonly delayedList = new StripeList();
  private readonly bitmapList = new StripeList();
  private readonly waitForStripe: WaitQueue;
  private inactiveBlocked = false;
  private quiescing = false;
  /** `seq_flush`, `seq_write`: flushes of the bitmap that were begun, and that are done. */
  private seqFlush = 0;
  private seqWrite = 0;
  private activeStripes = 0;
  private prereadActive = 0;
  private bypassCount = 0;
  private lastHold: StripeHead | undefined;
  /** Stripes with a full write under way. */
  pendingFullWrites = 0;

  /**
   * @param size stripe heads
   * @param wakeThread lets raid5d look at its lists
   */
  constructor(
    private readonly kernel: Kernel,
    private readonly geometry: Geometry,
    readonly size: number,
    private readonly wakeThread: () => void,
  ) {
    this.waitForStripe = kernel.waitQueue();
    for (let i = 0; i < size; i++) {
      const dev = Array.from({ length: geometry.disks }, () => new R5Dev(kernel.pages.alloc()));
      this.inactive.add(new StripeHead(dev, i));
    }
  }

  /** Stripes somebody holds or that wait to be handled. */
  get active(): number {
    return this.activeStripes;
  }

  /** `raid5_get_active_stripe`: the stripe of this member sector, held; waits while none is free (SC-02). */
  *getActive(sector: number): Generator<void, StripeHead, void> {
    return this.tryGetActive(sector) ?? (yield* this.waitForActive(sector));
  }

  /** The same for who will not wait: undefined when none is free. */
  tryGetActive(sector: number): StripeHead | undefined {
    this.kernel.spend(this.kernel.costs.stripeLookup);
    return this.quiescing ? undefined : this.hold(sector);
  }

  /** The rest of `getActive` once `tryGetActive` had nothing. */
  *waitForActive(sector: number): Generator<void, StripeHead, void> {
    for (;;) {
      yield* this.waitForStripe.wait(() => !this.quiescing);
      const stripe = this.hold(sector);
      if (stripe !== undefined) return stripe;
      this.inactiveBlocked = true;
      this.wakeThread();
      yield* this.waitForStripe.wait(() => !this.inactiveBlocked || this.hash.has(sector));
    }
  }

  /** `raid5_release_stripe`: lets go; the last holder decides where the stripe goes (SC-03). */
  release(stripe: StripeHead): void {
    bugOn(stripe.count <= 0, 'SC-03', 'a stripe is released more often than held', 'raid5_release_stripe');
    if (--stripe.count > 0) return;
    if (stripe.has(STRIPE.HANDLE)) this.queue(stripe);
    else this.retire(stripe);
  }

  /** `raid5_quiesce` (MQ-04): until no stripe is in use; nobody gets one before `resume`. */
  *quiesce(): Generator<void, void, void> {
    this.quiescing = true;
    yield* this.waitForStripe.wait(() => this.activeStripes === 0);
  }

  /** Lets stripes be taken again. */
  resume(): void {
    this.quiescing = false;
    this.waitForStripe.wake();
  }

  /** A write came to the stripe: it waits for the next flush of the bitmap (BQ-05). */
  awaitBitmap(stripe: StripeHead): void {
    stripe.bmSeq = this.seqFlush + 1;
    stripe.set(STRIPE.BIT_DELAY);
  }

  /** Flushes the bitmap if stripes wait for it, and lets them go on (SC-06). */
  *flushBitmap(unplug: () => Generator<void, void, void>): Generator<void, void, void> {
    if (this.bitmapList.size === 0) return;
    const seq = ++this.seqFlush;
    yield* unplug();
    this.seqWrite = seq;
    const waited = [...this.bitmapList];
    for (const stripe of waited) {
      this.bitmapList.remove(stripe);
      this.queue(stripe);
    }
  }

  /** `raid5_activate_delayed`: lets delayed stripes read before writing, when no other does (SC-04). */
  activateDelayed(): void {
    if (this.prereadActive >= IO_THRESHOLD) return;
    for (const stripe of this.delayedList) {
      this.delayedList.remove(stripe);
      stripe.clear(STRIPE.DELAYED);
      this.setPreread(stripe);
      this.holdList.add(stripe);
    }
  }

  /** `get_priority_stripe`: what to handle next, held; undefined when nothing waits (SC-05). */
  nextToHandle(): StripeHead | undefined {
    const stripe = this.pick();
    if (stripe === undefined) return undefined;
    bugOn(stripe.count !== 0, 'SC-05', 'a stripe on a list is held', '__get_priority_stripe');
    stripe.count++;
    return stripe;
  }

  /** Whether raid5d has something to do. */
  get hasWork(): boolean {
    return (
      this.handleList.size > 0 ||
      this.bitmapList.size > 0 ||
      (this.delayedList.size > 0 && this.prereadActive < IO_THRESHOLD) ||
      this.holdAllowed()
    );
  }

  /** The stripe before this one in the same chunk, if it is in the cache. */
  before({ sector }: StripeHead): StripeHead | undefined {
    return sector % this.geometry.chunkSectors === 0 ? undefined : this.hash.get(sector - STRIPE_SECTORS);
  }

  /** Lets the stripe read before writing at once (SC-04, SC-07). */
  setPreread(stripe: StripeHead): void {
    if (stripe.has(STRIPE.PREREAD_ACTIVE)) return;
    stripe.set(STRIPE.PREREAD_ACTIVE);
    this.prereadActive++;
  }

  /** A write of this stripe has been computed: it no longer counts as reading before writing. */
  dropPreread(): void {
    if (--this.prereadActive < IO_THRESHOLD) this.wakeThread();
  }

  /** Forgets what unused stripes hold, so that the next access reads the members. */
  dropCached(): void {
    for (const stripe of this.inactive) {
      this.hash.delete(stripe.sector);
      stripe.sector = -1;
    }
  }

  private hold(sector: number): StripeHead | undefined {
    const stripe = this.lookup(sector) ?? this.takeFree(sector);
    if (stripe !== undefined) stripe.count++;
    return stripe;
  }

  private lookup(sector: number): StripeHead | undefined {
    const stripe = this.hash.get(sector);
    if (stripe === undefined || stripe.count > 0) return stripe;
    if (stripe.list === this.inactive) this.activate(stripe);
    stripe.list?.remove(stripe);
    return stripe;
  }

  private takeFree(sector: number): StripeHead | undefined {
    const stripe = this.inactive.first;
    if (this.inactiveBlocked || stripe === undefined) return undefined;
    this.inactive.remove(stripe);
    this.hash.delete(stripe.sector);
    stripe.init(sector, this.geometry);
    this.hash.set(sector, stripe);
    this.activate(stripe);
    return stripe;
  }

  private activate({ index, sector }: StripeHead): void {
    const active = ++this.activeStripes;
    this.kernel.machine.trace?.emit('stripe.get', { stripe: index, sector, active });
  }

  private queue(stripe: StripeHead): void {
    if (stripe.has(STRIPE.DELAYED) && !stripe.has(STRIPE.PREREAD_ACTIVE)) {
      this.delayedList.add(stripe);
    } else if (stripe.has(STRIPE.BIT_DELAY) && stripe.bmSeq > this.seqWrite) {
      this.bitmapList.add(stripe);
    } else {
      stripe.clear(STRIPE.DELAYED | STRIPE.BIT_DELAY);
      this.handleList.add(stripe);
    }
    this.wakeThread();
  }

  private retire(stripe: StripeHead): void {
    const operating = stripe.checkState !== 'idle' || stripe.reconstructState !== 'idle';
    const running = stripe.has(STRIPE.BIOFILL_RUN | STRIPE.COMPUTE_RUN);
    bugOn(operating || running, 'SC-03', 'a stripe is let go while an operation is active', 'do_release_stripe');
    if (stripe.testAndClear(STRIPE.PREREAD_ACTIVE)) this.dropPreread();
    const active = --this.activeStripes;
    this.kernel.machine.trace?.emit('stripe.retire', { stripe: stripe.index, sector: stripe.sector, active });
    this.inactive.add(stripe);
    if (this.quiescing && this.activeStripes === 0) this.waitForStripe.wake();
    if (this.activeStripes < (this.size * 3) / 4 || !this.inactiveBlocked) {
      this.inactiveBlocked = false;
      this.waitForStripe.wake();
    }
  }

  private holdAllowed(): boolean {
    return this.holdList.size > 0 && (this.bypassCount > BYPASS_THRESHOLD || this.pendingFullWrites === 0);
  }

  private pick(): StripeHead | undefined {
    if (this.holdList.size === 0) this.bypassCount = 0;
    const handle = this.handleList.first;
    const hold = this.holdList.first;
    if (handle !== undefined) {
      this.handleList.remove(handle);
      if (hold !== undefined && !handle.has(STRIPE.IO_STARTED)) this.countBypass(hold);
      return handle;
    }
    if (hold === undefined || !this.holdAllowed()) return undefined;
    this.holdList.remove(hold);
    this.bypassCount = Math.max(0, this.bypassCount - BYPASS_THRESHOLD);
    return hold;
  }

  private countBypass(hold: StripeHead): void {
    if (hold === this.lastHold) this.bypassCount++;
    else this.bypassCount = Math.max(0, this.bypassCount - BYPASS_THRESHOLD);
    this.lastHold = hold;
  }
}
