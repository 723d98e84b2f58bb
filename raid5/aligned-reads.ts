/** Reads that go to their member without the stripe cache (IO-07). */
import type { Raid5Array } from './array';
import type { Bio } from './bio';
import type { MemberPlace } from './geometry';
import { SECTOR, STRIPE_SECTORS } from './geometry';
import type { Member } from './member';
import { R5, STRIPE } from './stripe/flags';

/** What of a read the cache has to answer after all: the sectors from `sector` up to `end`. */
interface Retry {
  readonly bio: Bio;
  sector: number;
  readonly end: number;
}

/** IO-07: nothing is missing, and the member has what it should there. */
export function mayReadAround(array: Raid5Array, member: Member, { sector }: MemberPlace, sectors: number): boolean {
  if (array.degraded > 0 || member.faulty) return false;
  return member.inSync || member.recoveryOffset >= sector + sectors;
}

export class AlignedReads {
  /** `active_aligned_reads`. */
  active = 0;
  /** `retry_read_aligned` and the list behind it. */
  private readonly retries: Retry[] = [];

  constructor(
    private readonly array: Raid5Array,
    private readonly wakeThread: () => void,
  ) {}

  /**
   * `raid5_read_one_chunk`: reads a piece of a request from its member.
   * @param sector first array sector of the piece
   * @param end the sector behind it, in the same chunk
   * @returns false when the piece has to go through the cache: its member may not hold what it should
   */
  read(bio: Bio, sector: number, end: number): boolean {
    const { kernel, geometry, members } = this.array;
    const place = geometry.place(sector);
    const member = members[place.disk];
    const sectors = end - sector;
    if (!this.array.steps.mayReadAround(this.array, member, place, sectors)) return false;
    bio.take();
    member.pending++;
    this.active++;
    const first = member.dataOffset + place.sector;
    this.array.trace?.emit('request.around', {
      ...{ request: bio.number, disk: member.disk.name, sector: first, sectors },
    });
    kernel.spend(kernel.costs.bio / 2);
    member.disk.submit({
      write: false,
      sector: first,
      sectors,
      bio,
      offset: (sector - bio.sector) * SECTOR,
      endIo: (failed) => this.ended({ bio, sector, end }, member, failed),
    });
    return true;
  }

  /** `retry_aligned_read`, from raid5d: queues what failed on its stripes, as far as there are any. */
  retry(): void {
    const { geometry, cache } = this.array;
    for (let piece = this.retries.at(0); piece !== undefined; piece = this.retries.at(0)) {
      while (piece.sector < piece.end) {
        const place = geometry.place(piece.sector - (piece.sector % STRIPE_SECTORS));
        const stripe = cache.tryGetActive(place.sector);
        if (stripe === undefined) return;
        const added = stripe.addBio(piece.bio, place.disk);
        if (added) {
          // The read that failed was the first try; the next one stands for itself (IO-02).
          stripe.dev[place.disk].set(R5.ReadNoMerge);
          stripe.set(STRIPE.HANDLE);
        }
        cache.release(stripe);
        if (!added) return;
        piece.sector += STRIPE_SECTORS - (piece.sector % STRIPE_SECTORS);
      }
      this.retries.shift();
      this.finished(piece.bio);
    }
  }

  /** `raid5_align_endio`. */
  private ended(piece: Retry, member: Member, failed: boolean): void {
    member.pending--;
    if (failed) {
      this.retries.push(piece);
      this.wakeThread();
    } else {
      this.finished(piece.bio);
    }
  }

  private finished(bio: Bio): void {
    this.active--;
    bio.done();
  }
}
