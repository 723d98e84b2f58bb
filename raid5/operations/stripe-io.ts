/** Reads and writes of a stripe's blocks on the member disks (OP-16, semantics 4.10). */
import type { Raid5Array } from '../array';
import { R5, STRIPE } from '../stripe/flags';
import type { StripeHead } from '../stripe/stripe-head';

export class StripeIo {
  constructor(private readonly array: Raid5Array) {}

  /** `ops_run_io`: starts what the handler marked. */
  run(stripe: StripeHead): void {
    for (let disk = stripe.disks - 1; disk >= 0; disk--) {
      const dev = stripe.dev[disk];
      if (!dev.has(R5.Wantread | R5.Wantwrite)) continue;
      const write = dev.has(R5.Wantwrite);
      dev.clear(R5.Wantread | R5.Wantwrite);
      if (this.array.inSync(disk)) this.start(stripe, disk, write);
      else skip(stripe, disk, write);
    }
  }

  private start(stripe: StripeHead, disk: number, write: boolean): void {
    const { kernel, disks, cache } = this.array;
    stripe.set(STRIPE.IO_STARTED);
    stripe.count++;
    kernel.spend(kernel.costs.bio / 2);
    disks[disk].submit({
      write,
      sector: stripe.sector,
      page: stripe.dev[disk].page,
      endIo: (failed) => {
        if (write) this.writeEnded(stripe, disk, failed);
        else this.readEnded(stripe, disk, failed);
        stripe.dev[disk].clear(R5.LOCKED);
        stripe.set(STRIPE.HANDLE);
        cache.release(stripe);
      },
    });
  }

  /** `raid5_end_read_request`: an error fails the member (IO-01, IO-03). */
  private readEnded(stripe: StripeHead, disk: number, failed: boolean): void {
    const dev = stripe.dev[disk];
    if (failed) {
      dev.clear(R5.UPTODATE);
      this.array.error(disk);
    } else {
      dev.set(R5.UPTODATE);
    }
  }

  /** `raid5_end_write_request`: an error fails the member and leaves the stripe degraded (IO-04). */
  private writeEnded(stripe: StripeHead, disk: number, failed: boolean): void {
    if (!failed) return;
    stripe.set(STRIPE.DEGRADED);
    this.array.error(disk);
  }
}

function skip(stripe: StripeHead, disk: number, write: boolean): void {
  if (write) stripe.set(STRIPE.DEGRADED);
  stripe.dev[disk].clear(R5.LOCKED);
  stripe.set(STRIPE.HANDLE);
}
