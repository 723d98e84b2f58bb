import type { ThreadBody } from '../../emulator/kernel/scheduler';
import { SECOND } from '../../emulator/sim/time';
import { STRIPE_SECTORS } from '../geometry';
import type { Bitmap } from '../superblock/bitmap';
import { SUPER_SECTOR } from '../superblock/layout';
import type { Mddev } from './mddev';
import { MetadataIo } from './metadata-io';
import { Timer } from './timer';
import type { BitmapOwner } from './write-intent';
import { WriteIntent } from './write-intent';

/** The members as the place where a bitmap is kept (`bitmap_storage`), and the clock of its daemon. */
export class BitmapStore implements BitmapOwner {
  readonly bitmap: WriteIntent;
  /** The daemon is to have a turn. */
  due = false;
  private readonly io: MetadataIo;
  private readonly timer: Timer;
  private readonly daemonSleep: number;

  /** @param stale whether the array went on without this bitmap */
  constructor(
    private readonly md: Mddev,
    image: Bitmap,
    stale: boolean,
  ) {
    const { kernel, array } = md;
    this.daemonSleep = image.super.daemonSleep * SECOND;
    this.io = new MetadataIo(kernel, (member) => array.fail(member));
    this.timer = new Timer(kernel, 'md_bitmap', () => {
      this.due = true;
      array.wakeThread();
    });
    // For a member that is away, set bits tell what it misses, unless nothing was written since.
    const start = array.degraded > 0 && image.super.eventsCleared !== md.events ? 0 : array.recoveryCp;
    this.bitmap = new WriteIntent(image, this, stale, start);
  }

  get events(): bigint {
    return this.md.events;
  }

  get degraded(): number {
    return this.md.array.degraded;
  }

  writePage(page: number, bytes: Uint8Array): void {
    for (const { member, place, superblock } of this.md.roster.rdevs) {
      if (place === undefined || member.faulty) continue;
      this.io.write(member, SUPER_SECTOR + superblock.bitmapOffset + page * STRIPE_SECTORS, bytes);
    }
  }

  waitForPages(): ThreadBody {
    return this.io.wait();
  }

  armDaemon(): void {
    this.timer.arm(this.daemonSleep);
  }

  /** A turn of the daemon, if it is due. */
  *work(): ThreadBody {
    if (!this.due) return;
    this.due = false;
    yield* this.bitmap.daemon();
  }

  /** `md_bitmap_flush`: bits of writes that are done are cleared, and no daemon comes any more. */
  *close(): ThreadBody {
    yield* this.bitmap.flush();
    this.timer.cancel();
  }
}
