/** Reads and writes of a stripe's blocks on the member disks (OP-16, semantics 4.10). */
import type { Raid5Array } from '../array';
import type { Member } from '../member';
import { R5, STRIPE } from '../stripe/flags';
import type { R5Dev, StripeHead } from '../stripe/stripe-head';

export class StripeIo {
  constructor(private readonly array: Raid5Array) {}

  /** `ops_run_io`: starts what the handler marked. A member that is being rebuilt is written to, a failed one is not. */
  run(stripe: StripeHead): void {
    for (let disk = stripe.disks - 1; disk >= 0; disk--) {
      const dev = stripe.dev[disk];
      if (!dev.has(R5.Wantread | R5.Wantwrite)) continue;
      const write = dev.has(R5.Wantwrite);
      dev.clear(R5.Wantread | R5.Wantwrite);
      const member = this.array.members[disk];
      if (member.faulty) {
        skip(stripe, dev, write);
        continue;
      }
      this.start(stripe, disk, member, write);
      for (const other of stripe.batch) this.start(other, disk, member, write);
    }
  }

  private start(stripe: StripeHead, disk: number, member: Member, write: boolean): void {
    const { kernel, cache } = this.array;
    const dev = stripe.dev[disk];
    stripe.set(STRIPE.IO_STARTED);
    stripe.count++;
    // The head of a batch is handled when all of its stripes are written.
    const head = stripe.batchHead ?? stripe;
    if (head !== stripe) head.count++;
    member.pending++;
    const { index, sector } = stripe;
    this.array.trace?.emit('stripe.io', {
      ...{ stripe: index, sector, member: disk, write, address: dev.page.address },
    });
    kernel.spend(kernel.costs.bio / 2);
    member.disk.submit({
      write,
      sector: member.dataOffset + sector,
      page: dev.page,
      endIo: (failed) => {
        this.array.trace?.emit('stripe.io-end', { stripe: index, sector, member: disk, write, failed });
        if (write && failed) this.array.steps.writeFailed(stripe, head, dev);
        else if (failed) this.readFailed(stripe, disk, member);
        else if (!write) readSucceeded(dev, member);
        member.pending--;
        dev.clear(R5.LOCKED);
        stripe.set(STRIPE.HANDLE);
        if (head !== stripe) {
          head.set(STRIPE.HANDLE);
          cache.release(head);
        }
        cache.release(stripe);
      },
    });
  }

  /**
   * `raid5_end_read_request` (IO-02, IO-03): tried again on its own, then corrected by writing what the others say; a
   * member for which neither is left is failed, since none keeps a list of bad blocks here.
   */
  private readFailed(stripe: StripeHead, disk: number, member: Member): void {
    const { array } = this;
    const dev = stripe.dev[disk];
    dev.clear(R5.UPTODATE);
    member.readErrors++;
    const beyondCorrection = array.degraded >= array.geometry.maxDegraded || dev.has(R5.ReWrite);
    const retry = beyondCorrection ? member.inSync && !dev.has(R5.ReadNoMerge) : member.readErrors <= array.cache.size;
    if (!retry) {
      dev.clear(R5.ReadError | R5.ReWrite | R5.ReadNoMerge);
      array.fail(member);
    } else if (array.steps.beyondRetry(stripe, disk)) {
      dev.set(R5.ReadError);
      dev.clear(R5.ReadNoMerge);
    } else {
      dev.set(R5.ReadNoMerge);
    }
  }
}

/** IO-02: P of a RAID-6 is computed instead of read again, and so would never be corrected. */
export function beyondRetry(stripe: StripeHead, disk: number): boolean {
  return stripe.dev[disk].has(R5.ReadNoMerge) || (stripe.qdIdx >= 0 && disk === stripe.pdIdx);
}

/** IO-01. */
function readSucceeded(dev: R5Dev, member: Member): void {
  dev.set(R5.UPTODATE);
  if (dev.has(R5.ReadError)) member.correctedErrors++;
  dev.clear(R5.ReadError | R5.ReWrite | R5.ReadNoMerge);
  member.readErrors = 0;
}

/** `raid5_end_write_request` (IO-04): what it means for the member is decided by the handler. */
export function writeFailed(stripe: StripeHead, head: StripeHead, dev: R5Dev): void {
  if (stripe.batchHead !== undefined) head.set(STRIPE.BATCH_ERR);
  stripe.set(STRIPE.DEGRADED);
  dev.set(R5.WriteError);
}

function skip(stripe: StripeHead, dev: R5Dev, write: boolean): void {
  if (write) stripe.set(STRIPE.DEGRADED);
  dev.clear(R5.LOCKED);
  stripe.set(STRIPE.HANDLE);
}
