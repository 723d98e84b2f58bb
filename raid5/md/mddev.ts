/** An array with metadata (`struct mddev`): what md.c does above the personality (semantics 4.11 MQ-00, MQ-01; 5). */
import type { Kernel } from '../../emulator/kernel/kernel';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { WaitQueue } from '../../emulator/kernel/wait';
import { MILLISECOND, SECOND } from '../../emulator/sim/time';
import type { Raid5Array } from '../array';
import { Bio } from '../bio';
import type { Member } from '../member';
import type { Bitmap } from '../superblock/bitmap';
import { MAX_SECTOR, SUPER_SECTOR } from '../superblock/layout';
import type { ArrayState } from '../superblock/update';
import { nextUpdate, syncSuperblock } from '../superblock/update';
import type { MdHost } from './host';
import { BitmapStore } from './bitmap-store';
import { MetadataIo } from './metadata-io';
import type { Rdev } from './rdev';
import { SyncAdmin } from './sync-admin';
import { Roster } from './roster';
import { Timer } from './timer';
import type { WriteIntent } from './write-intent';

/** `safemode_delay`: an array nobody writes to for so long is marked clean. */
export const SAFEMODE_DELAY = 200 * MILLISECOND;

export interface MddevOptions {
  /** The superblock that speaks for the array: its count of updates. */
  readonly events: bigint;
  /** Sectors of a member that the array uses. */
  readonly size: number;
  /** Seconds since 1970 at power-on: update times count from it. */
  readonly bootTime: number;
  /** `ro`: nothing is written, no pass runs, writes fail. */
  readonly readOnly?: boolean;
  /** The write-intent bitmap as it was on the members. */
  readonly bitmap?: Bitmap;
  /** Whether the array went on without that bitmap. */
  readonly bitmapStale?: boolean;
}

export class Mddev implements MdHost {
  readonly kernel: Kernel;
  readonly sync: SyncAdmin;
  readonly roster: Roster;
  /** Sectors of a member that the array uses. */
  readonly size: number;
  /** Count of updates of the superblocks. */
  events: bigint;
  /** `in_sync`: no write is under way, and the superblocks say so or are about to. */
  private inSync = true;
  private canDecreaseEvents = false;
  /** `MD_SB_CHANGE_DEVS`: something else than clean or dirty has changed. */
  private membersChanged = false;
  /** `MD_SB_CHANGE_CLEAN`. */
  private cleanChanged = false;
  /** `MD_SB_CHANGE_PENDING`: writes wait for the superblocks. */
  private pending = false;
  private writesPending = 0;
  private lastWrite = 0;
  /** `safemode`: the timer has expired. */
  private idle = false;
  /** `stopping`: nothing new is taken; `closing`: raid5d is to write the last of the metadata. */
  private phase: 'running' | 'stopping' | 'closing' | 'closed' = 'running';
  private readonly bootTime: number;
  private readonly readOnly: boolean;
  private readonly metadata: MetadataIo;
  private readonly bitmapStore: BitmapStore | undefined;
  private readonly safemode: Timer;
  private readonly superblockWait: WaitQueue;

  /**
   * The array runs from here on; its first pass starts as soon as raid5d gets to it.
   * @param array not used yet
   * @param rdevs members in their places, and spares
   */
  constructor(
    readonly array: Raid5Array,
    rdevs: Rdev[],
    { events, size, bootTime, readOnly = false, bitmap, bitmapStale }: MddevOptions,
  ) {
    this.kernel = array.kernel;
    this.events = events;
    this.size = size;
    this.bootTime = bootTime;
    this.readOnly = readOnly;
    this.superblockWait = this.kernel.waitQueue();
    this.metadata = new MetadataIo(this.kernel, (member) => array.fail(member));
    this.safemode = new Timer(this.kernel, 'md_safemode', () => this.safemodeTimeout());
    this.roster = new Roster(this, rdevs);
    this.sync = new SyncAdmin(this);
    if (bitmap !== undefined) this.bitmapStore = new BitmapStore(this, bitmap, bitmapStale === true);
    array.host = this;
    array.wakeThread();
  }

  get bitmap(): WriteIntent | undefined {
    return this.bitmapStore?.bitmap;
  }

  /** Sectors of the array. */
  get sectors(): number {
    return this.size * this.array.geometry.dataDisks;
  }

  get superblockChanged(): boolean {
    return this.membersChanged || this.cleanChanged;
  }

  /** Whether the superblocks call the array clean, or will after the next update. */
  get clean(): boolean {
    return this.inSync && this.array.recoveryCp === Infinity;
  }

  /** `md_handle_request`: a request to the array; one that does not fit it, or comes after the end, fails. */
  *makeRequest(bio: Bio): ThreadBody {
    if (this.phase !== 'running' || bio.end > this.sectors || (bio.write && this.readOnly)) {
      bio.done(true);
      return;
    }
    if (!bio.write) {
      yield* this.array.makeRequest(bio);
      return;
    }
    yield* this.writeStart();
    const accounted = new Bio(true, bio.sector, bio.sectors, bio.pages, (failed) => {
      this.writeEnd();
      bio.done(failed);
    });
    yield* this.array.makeRequest(accounted);
  }

  memberFailed(member: Member): void {
    member.blocked = true;
    this.membersChanged = true;
    this.pending = true;
    this.sync.poke();
  }

  /** Something about the members has changed that the superblocks have to say. */
  noteMembers(): void {
    this.membersChanged = true;
    this.array.wakeThread();
  }

  /** A pass got further. */
  noteProgress(): void {
    this.cleanChanged = true;
    this.array.wakeThread();
  }

  *checkRecovery(): ThreadBody {
    if (this.readOnly) return;
    if (this.idle) {
      this.idle = false;
      this.markClean();
    }
    if (this.phase === 'closing') yield* this.close();
    if (this.phase === 'closed') return;
    if (this.bitmapStore !== undefined) yield* this.bitmapStore.work();
    if (this.superblockChanged) yield* this.updateSuperblocks();
    this.sync.startWhatIsDue();
  }

  /** `do_md_stop`: waits for what is under way, ends the pass where it is, and marks the array clean. */
  *stop(): ThreadBody {
    this.phase = 'stopping';
    if (this.readOnly) return;
    yield* this.sync.freeze();
    yield* this.superblockWait.wait(() => this.writesPending === 0);
    this.safemode.cancel();
    this.phase = 'closing';
    this.noteMembers();
    yield* this.superblockWait.wait(() => this.phase === 'closed');
  }

  /** `__md_stop_writes`, in raid5d. */
  private *close(): ThreadBody {
    if (this.bitmapStore !== undefined) yield* this.bitmapStore.close();
    this.inSync = true;
    yield* this.updateSuperblocks();
    this.phase = 'closed';
    this.superblockWait.wake();
  }

  /** `md_write_start`: the first write waits until the superblocks call the array dirty. */
  private *writeStart(): ThreadBody {
    this.writesPending++;
    this.idle = false;
    if (this.inSync) {
      this.inSync = false;
      this.cleanChanged = true;
      this.pending = true;
      this.array.wakeThread();
    }
    yield* this.superblockWait.wait(() => !this.pending);
  }

  /** `md_write_end`. */
  private writeEnd(): void {
    this.lastWrite = this.kernel.now;
    if (--this.writesPending > 0) return;
    this.safemode.arm(SAFEMODE_DELAY);
    if (this.phase === 'stopping') this.superblockWait.wake();
  }

  private safemodeTimeout(): void {
    const rest = this.lastWrite + SAFEMODE_DELAY - this.kernel.now;
    if (this.writesPending > 0) return;
    if (rest > 0) this.safemode.arm(rest);
    else {
      this.idle = true;
      this.array.wakeThread();
    }
  }

  /** `set_in_sync`. */
  private markClean(): void {
    if (this.inSync || this.writesPending > 0) return;
    this.inSync = true;
    this.cleanChanged = true;
  }

  /** `md_update_sb`: until what is written is what is true. */
  private *updateSuperblocks(): ThreadBody {
    do {
      const { inSync } = this;
      const change = this.membersChanged ? 'members' : 'clean-dirty';
      this.membersChanged = false;
      this.cleanChanged = false;
      for (const rdev of this.roster.rdevs) rdev.faultRecorded ||= rdev.member.faulty;
      yield* this.writeSuperblocks(change);
      yield* this.metadata.wait();
      if (this.inSync !== inSync) this.cleanChanged = true;
    } while (this.superblockChanged);
    this.pending = false;
    for (const rdev of this.roster.rdevs) if (rdev.faultRecorded) rdev.member.blocked = false;
    this.superblockWait.wake();
  }

  private *writeSuperblocks(change: 'clean-dirty' | 'members'): ThreadBody {
    const { recoveryCp, degraded } = this.array;
    const { events, canDecreaseEvents, inSync } = this;
    const utime = this.bootTime + Math.floor(this.kernel.now / SECOND);
    const cp = recoveryCp === Infinity ? MAX_SECTOR : BigInt(recoveryCp);
    const before: ArrayState = { events, canDecreaseEvents, inSync, recoveryCp: cp, degraded, utime };
    const state = nextUpdate(before, change, utime);
    this.events = state.events;
    this.canDecreaseEvents = state.canDecreaseEvents;
    if (this.bitmap !== undefined) yield* this.bitmap.updateSuper();
    const sparesSleep = change === 'clean-dirty' && degraded === 0;
    const states = this.roster.rdevs.map((rdev) => rdev.state);
    this.roster.rdevs.forEach((rdev, i) => {
      if (rdev.member.faulty || (sparesSleep && sleepsThrough(rdev, state.events))) return;
      const page = rdev.update(syncSuperblock(rdev.superblock, state, states[i], states));
      this.metadata.write(rdev.member, SUPER_SECTOR, page);
    });
  }
}

/** Spares are not woken for clean and dirty: their count may be behind by one (`sync_sbs`). */
function sleepsThrough({ place, sbEvents }: Rdev, events: bigint): boolean {
  return place === undefined && (events === sbEvents || events === sbEvents + 1n);
}
