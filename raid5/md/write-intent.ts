/** The write-intent bitmap of a running array (`md-bitmap.c`; BM-01, RS-01): which chunks may differ after a power cut. */
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import { SECTOR, STRIPE_SIZE } from '../geometry';
import type { Bitmap, BitmapSuper } from '../superblock/bitmap';
import { bitmapChunks, encodeBitmap, isDirty } from '../superblock/bitmap';

/** What the bitmap has to know of the array, and what it needs done. */
export interface BitmapOwner {
  /** Count of the superblocks. */
  readonly events: bigint;
  readonly degraded: number;
  /** Submits one page to every member that has a place. */
  readonly writePage: (page: number, bytes: Uint8Array) => void;
  /** Until every page submitted is written. */
  readonly waitForPages: () => ThreadBody;
  /** There is something to clear, some seconds from now. */
  readonly armDaemon: () => void;
}

/** Attributes of a page (`enum bitmap_page_attr`). */
const PAGE = {
  /** Bits were set: it is written before data are. */
  DIRTY: 1,
  /** Bits were cleared or may be soon: it is written some time. */
  PENDING: 2,
  /** The next turn of the daemon writes it. */
  NEEDWRITE: 4,
} as const;

/** Flags of a chunk beside its counter. */
const CHUNK = {
  /** Its blocks may differ: a pass has to take it. */
  NEEDED: 1,
  /** A pass is taking it. */
  RESYNC: 2,
} as const;

/** Header bytes before the first bit. */
const HEADER_BITS = 256 * 8;

export class WriteIntent {
  /** Sectors of a member that one bit stands for. */
  readonly chunkSectors: number;
  /** `events_cleared`: a member whose count is not lower missed nothing but what the bits say. */
  eventsCleared: bigint;
  private readonly super: BitmapSuper;
  private readonly bits: Uint8Array;
  private readonly chunks: number;
  /** Writes under way plus 2; 2: none since the last turn of the daemon, 1: none for a turn, 0: clean. */
  private readonly counters: Uint32Array;
  private readonly flags: Uint8Array;
  private readonly pages: Uint8Array;
  /** `need_sync`: events_cleared has to reach the disks before any bit is cleared. */
  private needSync = false;
  private allClean = true;

  /**
   * `md_bitmap_load`: every set bit starts as a chunk that was written to a while ago.
   * @param stale whether the array went on without this bitmap, so that it counts as all ones
   * @param start member sector from which set bits mean that the members may differ; Infinity on a clean array
   */
  constructor(
    { super: header, bits }: Bitmap,
    private readonly owner: BitmapOwner,
    stale: boolean,
    start: number,
  ) {
    this.super = header;
    this.bits = stale ? new Uint8Array(bits.length).fill(0xff) : bits.slice();
    this.chunkSectors = header.chunksize / SECTOR;
    this.chunks = bitmapChunks(header);
    this.eventsCleared = stale ? owner.events : header.eventsCleared;
    this.counters = new Uint32Array(this.chunks);
    this.flags = new Uint8Array(this.chunks);
    this.pages = new Uint8Array(Math.ceil((HEADER_BITS / 8 + bits.length) / STRIPE_SIZE)).fill(stale ? PAGE.DIRTY : 0);
    for (let chunk = 0; chunk < this.chunks; chunk++) {
      if (!isDirty({ super: header, bits: this.bits }, chunk)) continue;
      this.counters[chunk] = 2;
      if ((chunk + 1) * this.chunkSectors >= start) this.flags[chunk] = CHUNK.NEEDED;
      this.later(chunk);
    }
  }

  /** What is in memory, and will be on the disks. */
  get image(): Bitmap {
    return { super: { ...this.super, events: this.owner.events, eventsCleared: this.eventsCleared }, bits: this.bits };
  }

  /** `md_bitmap_startwrite`: a stripe is going to be written; its bit is to be on the disks before it is. */
  startWrite(sector: number): void {
    const chunk = this.chunkOf(sector);
    if (this.counters[chunk] === 0) this.setBit(chunk);
    if (this.counters[chunk] < 2) this.counters[chunk] = 2;
    this.counters[chunk]++;
  }

  /** `md_bitmap_endwrite`. @param success whether every member took it: if not, the bit stays until one is rebuilt */
  endWrite(sector: number, success: boolean): void {
    const chunk = this.chunkOf(sector);
    const { events, degraded } = this.owner;
    if (success && degraded === 0 && this.eventsCleared < events) {
      this.eventsCleared = events;
      this.needSync = true;
    }
    if (!success) this.flags[chunk] |= CHUNK.NEEDED;
    this.counters[chunk]--;
    if (this.counters[chunk] <= 2) this.later(chunk);
  }

  /** `md_bitmap_unplug`: until every bit that is set is on the disks. */
  *unplug(): ThreadBody {
    yield* this.owner.waitForPages();
    this.writePages(PAGE.DIRTY | PAGE.NEEDWRITE);
    yield* this.owner.waitForPages();
  }

  /** `md_bitmap_update_sb`: the counts, before the superblocks themselves. */
  *updateSuper(): ThreadBody {
    if (this.owner.events < this.eventsCleared) this.eventsCleared = this.owner.events;
    this.pages[0] |= PAGE.DIRTY;
    yield* this.unplug();
  }

  /** `md_bitmap_write_all`: a member came that has none of it. */
  writeAll(): void {
    this.pages.forEach((_, page) => (this.pages[page] |= PAGE.DIRTY));
  }

  /** `md_bitmap_daemon_work`: a turn. The second one after the last write clears a bit; nobody waits for it. */
  *daemon(): ThreadBody {
    if (this.allClean) return;
    this.allClean = true;
    yield* this.owner.waitForPages();
    this.pages.forEach((attributes, page) => {
      if (!(attributes & PAGE.PENDING)) return;
      this.pages[page] = (attributes & ~PAGE.PENDING) | PAGE.NEEDWRITE;
    });
    if (this.needSync) {
      this.needSync = false;
      this.pages[0] |= PAGE.NEEDWRITE;
      this.writePages(PAGE.NEEDWRITE);
      yield* this.owner.waitForPages();
    }
    for (let chunk = 0; chunk < this.chunks; chunk++) this.age(chunk);
    this.writePages(PAGE.NEEDWRITE);
    if (!this.allClean) this.owner.armDaemon();
  }

  /** `md_bitmap_flush`: at the end nothing is left to be cleared later. */
  *flush(): ThreadBody {
    for (let turn = 0; turn < 3; turn++) yield* this.daemon();
    yield* this.owner.waitForPages();
  }

  /**
   * `md_bitmap_start_sync`: whether a pass has to take the chunk of this sector.
   * @param degraded whether a member stays away, for which the bit has to stay as well
   */
  startSync(sector: number, degraded: boolean): boolean {
    const chunk = this.chunkOf(sector);
    const { flags } = this;
    if (!(flags[chunk] & (CHUNK.NEEDED | CHUNK.RESYNC))) return false;
    if (flags[chunk] & CHUNK.NEEDED && !degraded) flags[chunk] = CHUNK.RESYNC;
    return true;
  }

  /** `md_bitmap_cond_end_sync`: what lies below `sector` is done. */
  endSync(sector: number): void {
    for (let chunk = 0; (chunk + 1) * this.chunkSectors <= sector && chunk < this.chunks; chunk++) this.endChunk(chunk);
  }

  /** `md_bitmap_close_sync`. @param aborted whether chunks that the pass took may not be done */
  closeSync(aborted: boolean): void {
    for (let chunk = 0; chunk < this.chunks; chunk++) {
      if (aborted && this.flags[chunk] & CHUNK.RESYNC) this.flags[chunk] = CHUNK.NEEDED;
      else this.endChunk(chunk);
    }
  }

  private endChunk(chunk: number): void {
    if (!(this.flags[chunk] & CHUNK.RESYNC)) return;
    this.flags[chunk] &= ~CHUNK.RESYNC;
    if (this.counters[chunk] <= 2) this.later(chunk);
  }

  private chunkOf(sector: number): number {
    return Math.floor(sector / this.chunkSectors);
  }

  /** Nobody writes there now: the daemon will clear the bit. */
  private later(chunk: number): void {
    this.pages[pageOf(chunk)] |= PAGE.PENDING;
    this.allClean = false;
    this.owner.armDaemon();
  }

  private setBit(chunk: number): void {
    this.bits[chunk >> 3] |= 1 << (chunk & 7);
    this.pages[pageOf(chunk)] |= PAGE.DIRTY;
  }

  private age(chunk: number): void {
    const counter = this.counters[chunk];
    if (counter === 0 || counter > 2 || this.flags[chunk] !== 0) return;
    if (counter === 1 && this.needSync) return;
    this.counters[chunk]--;
    if (counter === 1) this.bits[chunk >> 3] &= ~(1 << (chunk & 7));
    this.pages[pageOf(chunk)] |= PAGE.PENDING;
    this.allClean = false;
  }

  private writePages(which: number): void {
    const bytes = encodeBitmap(this.image);
    this.pages.forEach((attributes, page) => {
      if (!(attributes & which)) return;
      // Bits that have been set reach the disks as well, whoever writes the page.
      this.pages[page] = attributes & PAGE.PENDING;
      this.owner.writePage(page, bytes.subarray(page * STRIPE_SIZE, (page + 1) * STRIPE_SIZE));
    });
  }
}

function pageOf(chunk: number): number {
  return Math.floor((HEADER_BITS + chunk) / (STRIPE_SIZE * 8));
}
