/** Which pass an array needs, and running it (MQ-01; the later half of `md_check_recovery`, `md_reap_sync_thread`). */
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { WaitQueue } from '../../emulator/kernel/wait';
import { STRIPE_SECTORS } from '../geometry';
import type { SyncAction, SyncPass } from '../handler/sync-pass';
import { isRequested } from '../handler/sync-pass';
import type { Mddev } from './mddev';

/** Parts of a device between checkpoints. */
const CHECKPOINTS = 16;

/** A pass that somebody asked for. */
interface Wish {
  readonly action: 'check' | 'repair';
  pass?: SyncPass;
}

export class SyncAdmin {
  /** `MD_RECOVERY_NEEDED`: whether something has to be done is to be found out. */
  private needed = true;
  private running: SyncAction | undefined;
  private wish: Wish | undefined;
  /** `MD_RECOVERY_FROZEN`. */
  private frozen = false;
  private readonly changed: WaitQueue;

  constructor(private readonly md: Mddev) {
    this.changed = md.kernel.waitQueue();
  }

  /** `sync_action` of sysfs: the pass under way. */
  get action(): SyncAction | 'idle' {
    return this.running ?? 'idle';
  }

  /** In raid5d: starts the pass that is due, if none runs. */
  startWhatIsDue(): void {
    if (this.running !== undefined || !this.needed || this.frozen) return;
    this.needed = false;
    this.md.roster.activateSpares();
    const action = this.due();
    if (action === undefined) this.refuseWish();
    else {
      this.running = action;
      this.md.kernel.scheduler.spawn(`md_${action}`, this.run(action));
    }
    this.changed.wake();
  }

  /**
   * Asks for a pass and waits for its end. What is due without asking comes first; a pass that cannot be made, because
   * no redundancy is left or the array stops, counts as interrupted.
   */
  *request(action: 'check' | 'repair'): Generator<void, SyncPass, void> {
    yield* this.changed.wait(() => this.wish === undefined);
    const wish: Wish = { action };
    this.wish = wish;
    if (this.frozen) this.refuseWish();
    this.poke();
    yield* this.changed.wait(() => wish.pass !== undefined);
    return wish.pass!;
  }

  /** Waits until nothing is due any more. */
  *idle(): ThreadBody {
    yield* this.changed.wait(() => this.running === undefined && (!this.needed || this.frozen));
  }

  /** Ends the pass where it is, and lets none start again. */
  *freeze(): ThreadBody {
    this.frozen = true;
    this.md.array.sync.freeze();
    yield* this.changed.wait(() => this.running === undefined);
    this.refuseWish();
  }

  /** Lets raid5d find out what is due. */
  poke(): void {
    this.needed = true;
    this.md.array.wakeThread();
  }

  /** Members first, then parity, then what somebody asked for; nothing of it beyond what the level survives (RS-01). */
  private due(): SyncAction | undefined {
    const { array } = this.md;
    const { maxDegraded } = array.geometry;
    if (array.recovering.length > 0 && array.degraded <= maxDegraded) return 'recover';
    if (array.degraded >= maxDegraded) return undefined;
    return array.recoveryCp < Infinity ? 'resync' : this.wish?.action;
  }

  /** The thread of a pass: `md_do_sync`, then `md_reap_sync_thread`. */
  private *run(action: SyncAction): ThreadBody {
    const { md } = this;
    const { bitmap } = md;
    const { sync, cache } = md.array;
    const stride = Math.max(1, Math.ceil(md.size / STRIPE_SECTORS / CHECKPOINTS));
    md.kernel.printk(`md: ${action} of RAID array`);
    if (action === 'recover' && bitmap !== undefined) {
      // A write that began before the member came ends before its bit is looked at.
      yield* cache.quiesce();
      cache.resume();
      bitmap.writeAll();
    }
    const pass = yield* sync.walk(action, this.stripes(action), stride, (sector) => {
      bitmap?.endSync(sector);
      md.noteProgress();
    });
    bitmap?.closeSync(pass.interrupted);
    if (action === 'recover' && !pass.interrupted) md.roster.forgetPlaces();
    md.kernel.printk(`md: ${action} ${pass.interrupted ? 'interrupted' : 'done'}.`);
    this.running = undefined;
    if (this.wish?.action === action) this.grant({ ...pass });
    md.noteMembers();
    this.poke();
    this.changed.wake();
  }

  /** Member sectors of the stripes that the pass takes: all, or those in chunks that the bitmap marks (RS-01). */
  private *stripes(action: SyncAction): Generator<number, void, void> {
    const { bitmap, array, roster, size } = this.md;
    const all = isRequested({ action }) || (action === 'recover' && !roster.rebuiltByBitmap);
    let sector = array.sync.start(action);
    while (sector < size) {
      const away = array.members.some(({ faulty }) => faulty);
      const marked = bitmap === undefined || bitmap.startSync(sector, away) || all;
      if (marked) {
        yield sector;
        sector += STRIPE_SECTORS;
      } else sector = (Math.floor(sector / bitmap.chunkSectors) + 1) * bitmap.chunkSectors;
    }
  }

  private refuseWish(): void {
    if (this.wish !== undefined) this.grant({ action: this.wish.action, mismatchSectors: 0, interrupted: true });
  }

  private grant(pass: SyncPass): void {
    this.wish!.pass = pass;
    this.wish = undefined;
    this.changed.wake();
  }
}
