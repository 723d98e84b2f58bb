import type { Page } from '../../emulator/kernel/pages';
import type { SumCheckResult } from '../../dmaengine/flags';
import type { Bio } from '../bio';
import type { Geometry } from '../geometry';
import { STRIPE_SECTORS } from '../geometry';
import type { CheckState, ReconstructState } from './flags';
import { R5, STRIPE } from './flags';
import type { StripeList } from './stripe-list';

/** `struct r5dev`: one member's block of a stripe. */
export class R5Dev {
  flags = 0;
  /** First array sector of the block; meaningless for parity. */
  sector = 0;
  toread: Bio[] = [];
  read: Bio[] = [];
  towrite: Bio[] = [];
  written: Bio[] = [];

  constructor(readonly page: Page) {}

  has(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }

  set(flags: number): void {
    this.flags |= flags;
  }

  clear(flags: number): void {
    this.flags &= ~flags;
  }
}

/**
 * `struct stripe_head`: the blocks of all members at one member sector, and what is going on with them.
 * `count` holds it in place; at 0 it is on exactly one list.
 */
export class StripeHead {
  /** Member sector of the first byte, a multiple of 8; -1 when the stripe holds nothing. */
  sector = -1;
  state = 0;
  count = 0;
  /** `bm_seq`: the flush of the bitmap that the stripe waits for while BIT_DELAY is set. */
  bmSeq = 0;
  /** Member that holds P. */
  pdIdx = 0;
  /** Member that holds Q, -1 on levels without. */
  qdIdx = -1;
  /** Place of each member's block in a syndrome (OP-15); empty on levels without. */
  slots: readonly number[] = [];
  checkState: CheckState = 'idle';
  reconstructState: ReconstructState = 'idle';
  readonly zeroSumResult: SumCheckResult = { value: 0 };
  /** The blocks that a running COMPUTE makes: none, one or two. */
  targets: readonly number[] = [];

  /** The list it is on, and its neighbours there. */
  list: StripeList | undefined;
  listPrevious: StripeHead | undefined;
  listNext: StripeHead | undefined;
  /** `batch_head`: the stripe that speaks for this one, itself on the head of a batch. */
  batchHead: StripeHead | undefined;
  /** On the head of a batch: the other stripes of it. */
  batch: StripeHead[] = [];

  /** @param index its place in the cache */
  constructor(
    readonly dev: readonly R5Dev[],
    readonly index = 0,
  ) {}

  /** Members of the array. */
  get disks(): number {
    return this.dev.length;
  }

  /** Blocks that do not hold data: members that may be missing. */
  get parities(): 1 | 2 {
    return this.qdIdx < 0 ? 1 : 2;
  }

  /** Whether a member's block is P or Q. */
  isParity(disk: number): boolean {
    return disk === this.pdIdx || disk === this.qdIdx;
  }

  has(flag: number): boolean {
    return (this.state & flag) !== 0;
  }

  set(flags: number): void {
    this.state |= flags;
  }

  clear(flags: number): void {
    this.state &= ~flags;
  }

  /** Clears the flag and says whether it was set. */
  testAndClear(flag: number): boolean {
    const was = this.has(flag);
    this.clear(flag);
    return was;
  }

  /** `init_stripe`: the stripe now stands for another sector and knows nothing about its contents. */
  init(sector: number, geometry: Geometry): void {
    this.sector = sector;
    this.state = STRIPE.BATCH_READY;
    const { parity, q, slots } = geometry.row(sector);
    this.pdIdx = parity;
    this.qdIdx = q;
    this.slots = slots;
    this.dev.forEach((dev, disk) => {
      dev.flags = 0;
      dev.sector = geometry.arraySector(disk, sector) ?? 0;
    });
  }

  /**
   * `add_stripe_bio`: queues the piece of a request that falls on this block; false when it overlaps, or the
   * stripe is in a batch (BQ-02 … BQ-04).
   */
  addBio(bio: Bio, disk: number): boolean {
    const dev = this.dev[disk];
    if (this.batchHead !== undefined) {
      dev.set(R5.Overlap);
      return false;
    }
    const list = bio.write ? dev.towrite : dev.toread;
    const at = list.findIndex((other) => other.sector >= bio.sector);
    const index = at < 0 ? list.length : at;
    const before = list[index - 1];
    const after = list[index];
    if ((before !== undefined && before.end > bio.sector) || (after !== undefined && after.sector < bio.end)) {
      dev.set(R5.Overlap);
      return false;
    }
    list.splice(index, 0, bio);
    bio.take();
    if (!bio.write) this.clear(STRIPE.BATCH_READY);
    if (bio.write && covers(list, dev.sector)) dev.set(R5.OVERWRITE);
    return true;
  }
}

/** Whether sorted bios cover the whole block without a gap. */
function covers(list: readonly Bio[], first: number): boolean {
  let sector = first;
  for (const bio of list) {
    if (bio.sector > sector) return false;
    if (bio.end > sector) sector = bio.end;
  }
  return sector >= first + STRIPE_SECTORS;
}
