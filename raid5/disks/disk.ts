import type { Page } from '../../emulator/kernel/pages';
import type { Actor, Footprint } from '../../emulator/sim/actor';
import { Priority } from '../../emulator/sim/actor';
import { SECTOR, STRIPE_SECTORS, STRIPE_SIZE } from '../geometry';
import type { HostAdapter } from './host-adapter';
import type { Media } from './media';
import { SparseMedia } from './media';
import type { DiskModel } from './models';
import { serviceTime } from './models';

/** One 4 KiB block on its way to or from a disk. */
export interface DiskRequest {
  readonly write: boolean;
  /** a multiple of 8 */
  readonly sector: number;
  readonly page: Page;
  /** Runs in soft interrupt context. */
  readonly endIo: (failed: boolean) => void;
}

/**
 * A member disk: a queue served in one direction of the head (C-LOOK), a service-time model and media. It has no
 * write cache that a power cut could lose: what it acknowledged is on the medium. Data cross into and out of DRAM as an arbitrated bus master when the medium is done.
 */
export class Disk {
  /**
   * Sectors (multiples of 8) whose blocks cannot be read: until they are written again, as a drive maps them elsewhere
   * then, or for ever.
   */
  readonly unreadable = new Map<number, 'until written' | 'for ever'>();
  /** Sectors (multiples of 8) whose blocks cannot be written. */
  readonly unwritable = new Set<number>();
  /** Requests served. */
  readonly statistics = { reads: 0, writes: 0, busyTime: 0 };
  private readonly queue: DiskRequest[] = [];
  private readonly actor: Actor;
  private readonly footprint: Footprint;
  /** What the drive works on, oldest first. */
  private readonly inService = new Set<DiskRequest>();
  private head = 0;
  private dead = false;

  constructor(
    readonly name: string,
    readonly index: number,
    public model: DiskModel,
    private readonly adapter: HostAdapter,
    readonly media: Media = new SparseMedia(),
  ) {
    this.actor = { name, priority: Priority.disk };
    this.footprint = { reads: ['dram', name], writes: ['dram', name, 'irq'] };
  }

  /** Queues a request. */
  submit(request: DiskRequest): void {
    this.queue.push(request);
    this.start();
  }

  /** The drive dies: everything queued and everything to come fails, and the medium is gone. */
  die(): void {
    this.dead = true;
  }

  /**
   * The power fails: what waits for the drive is lost, and of a write that it works on each sector of 512 bytes is old
   * or new, as the simulation's chooser says. The machine must not run on.
   */
  powerCut(): void {
    const torn = [...this.inService].filter((request) => request.write && !this.dead && !this.refuses(request));
    this.dead = true;
    for (const request of torn) this.tear(request);
  }

  private tear({ sector, page }: DiskRequest): void {
    const { dram, sim } = this.adapter.kernel.machine;
    const block = new Uint8Array(STRIPE_SIZE);
    this.media.readBlock(sector, block, 0);
    const isNew = sim.chooser.choose(`torn write of ${this.name} at ${sector}`, 2 ** STRIPE_SECTORS);
    for (let i = 0; i < STRIPE_SECTORS; i++) {
      if (!(isNew & (1 << i))) continue;
      const from = page.address - dram.base + i * SECTOR;
      block.set(dram.bytes.subarray(from, from + SECTOR), i * SECTOR);
    }
    this.media.writeBlock(sector, block, 0);
  }

  private start(): void {
    const { sim } = this.adapter.kernel.machine;
    while (this.inService.size < this.model.parallel && this.queue.length > 0) {
      const request = this.takeNext();
      const duration = this.dead ? 0 : serviceTime(this.model, sim.now, this.head, request.sector, STRIPE_SIZE);
      this.head = request.sector + STRIPE_SECTORS;
      this.inService.add(request);
      this.statistics.busyTime += duration;
      sim.schedule(this.actor, duration, this.footprint, () => this.transfer(request));
    }
  }

  /** The nearest request at or beyond the head, else the first one from the beginning of the disk. */
  private takeNext(): DiskRequest {
    const { queue, head } = this;
    let best = 0;
    for (let i = 1; i < queue.length; i++) if (this.rank(queue[i], head) < this.rank(queue[best], head)) best = i;
    const [request] = queue.splice(best, 1);
    return request;
  }

  private rank(request: DiskRequest, head: number): number {
    return request.sector >= head ? request.sector - head : request.sector + Number.MAX_SAFE_INTEGER / 2;
  }

  private transfer(request: DiskRequest): void {
    const { sim, bus } = this.adapter.kernel.machine;
    const end = bus.transfer(sim.now, STRIPE_SIZE);
    sim.schedule(this.actor, end - sim.now, this.footprint, () => this.finish(request));
  }

  private refuses({ write, sector }: DiskRequest): boolean {
    if (!write) return this.unreadable.has(sector);
    if (this.unwritable.has(sector)) return true;
    if (this.unreadable.get(sector) === 'until written') this.unreadable.delete(sector);
    return false;
  }

  private finish(request: DiskRequest): void {
    const { dram } = this.adapter.kernel.machine;
    const offset = request.page.address - dram.base;
    const failed = this.dead || this.refuses(request);
    if (!failed) {
      if (request.write) this.media.writeBlock(request.sector, dram.bytes, offset);
      else this.media.readBlock(request.sector, dram.bytes, offset);
      this.statistics[request.write ? 'writes' : 'reads']++;
    }
    this.inService.delete(request);
    this.adapter.finish(() => request.endIo(failed));
    this.start();
  }
}
