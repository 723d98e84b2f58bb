import type { Page } from '../../emulator/kernel/pages';
import { INTERRUPT_LINES } from '../../emulator/platforms/machine';
import type { Actor, Footprint } from '../../emulator/sim/actor';
import { Priority } from '../../emulator/sim/actor';
import type { Trace } from '../../emulator/trace/trace';
import type { Bio } from '../bio';
import { SECTOR, STRIPE_SECTORS, STRIPE_SIZE } from '../geometry';
import { readPiece } from './piece';
import type { DiskTransfer } from '../trace-points';
import type { HostAdapter } from './host-adapter';
import type { Media } from './media';
import { SparseMedia } from './media';
import type { DiskModel } from './models';
import { serviceTime } from './models';

/** Requests of one command: `BLK_DEF_MAX_SECTORS` and `MAX_PHYS_SEGMENTS` of Linux 2.6.22 both allow 128 pages. */
const MAX_MERGED = 128;

interface Place {
  readonly sector: number;
  /** Runs in soft interrupt context. */
  readonly endIo: (failed: boolean) => void;
}

/** One 4 KiB block on its way to or from a disk. */
export interface BlockRequest extends Place {
  readonly write: boolean;
  /** `sector` is a multiple of 8 */
  readonly page: Page;
}

/** Any sectors, read into a place of a request. */
export interface PieceRequest extends Place {
  readonly write: false;
  readonly sectors: number;
  readonly bio: Bio;
  /** bytes from the start of the request's data */
  readonly offset: number;
}

export type DiskRequest = BlockRequest | PieceRequest;

/** A command that the drive works on. Used again for the next one, with what its events call. */
interface Service {
  /** What it does, one behind the other. */
  readonly requests: DiskRequest[];
  readonly slot: number;
  /** Bytes that have not crossed the buses. */
  left: number;
  /** The medium is done. */
  readonly served: () => void;
  /** A block has crossed the buses. */
  readonly crossed: () => void;
}

/**
 * A member disk: a queue served in one direction of the head (C-LOOK), a service-time model and media. Requests that
 * lie one behind the other when the drive gets to them are one command, as the elevator merges them: one service time, one
 * interrupt. It has no write cache that a power cut could lose: what it acknowledged is on the medium. Data cross into
 * and out of DRAM as an arbitrated bus master when the medium is done.
 */
export class Disk {
  /**
   * Sectors (multiples of 8) whose blocks cannot be read: until they are written again, as a drive maps them elsewhere
   * then, or for ever.
   */
  readonly unreadable = new Map<number, 'until written' | 'for ever'>();
  /** Sectors (multiples of 8) whose blocks cannot be written. */
  readonly unwritable = new Set<number>();
  /** Requests served, commands begun and the time the drive works on any, in picoseconds, as iostat counts `%util`. */
  readonly statistics = { reads: 0, writes: 0, commands: 0, busyTime: 0 };
  private readonly queue: DiskRequest[] = [];
  private readonly actor: Actor;
  private readonly footprint: Footprint;
  /** Everything this drive ever needed to work on requests at once; those with a request are at work. */
  private readonly services: Service[] = [];
  private readonly idle: Service[] = [];
  private inService = 0;
  /** When the last of the commands begun so far is done. */
  private busyUntil = 0;
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
    this.footprint = {
      reads: [],
      writes: [name, INTERRUPT_LINES],
      details: (accesses) => accesses.writes(0, Infinity),
    };
  }

  private get trace(): Trace | undefined {
    return this.adapter.kernel.machine.trace;
  }

  private transferOf(request: DiskRequest): DiskTransfer {
    const { write, sector } = request;
    const shape = { disk: this.name, write, sector };
    if ('page' in request) return { ...shape, sectors: STRIPE_SECTORS, address: request.page.address };
    const { page, offset } = request.bio.at(request.offset);
    return { ...shape, sectors: request.sectors, address: page.address + offset };
  }

  /** Queues a request; its data leave the caches of the processor (`dma_map_sg`). */
  submit(request: DiskRequest): void {
    const { kernel } = this.adapter;
    kernel.spend(kernel.costs.cacheMaintenance * sectorsOf(request) * SECTOR);
    this.queue.push(request);
    this.trace?.emit('disk.queue', { ...this.transferOf(request), queued: this.queue.length });
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
    const torn = this.services.flatMap(({ requests }) =>
      requests.filter((request): request is BlockRequest => request.write && !this.dead && !this.refuses(request)),
    );
    this.dead = true;
    for (const request of torn) this.tear(request);
  }

  private tear({ sector, page }: BlockRequest): void {
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
    while (this.inService < this.model.parallel && this.queue.length > 0) {
      const service = this.idle.pop() ?? this.newService();
      const { sector } = this.nextCommand(service.requests);
      const sectors = service.requests.reduce((sum, request) => sum + sectorsOf(request), 0);
      const duration = this.dead ? 0 : serviceTime(this.model, sim.now, this.head, sector, sectors * SECTOR);
      this.head = sector + sectors;
      this.inService++;
      this.statistics.commands++;
      const done = sim.now + duration;
      this.statistics.busyTime += Math.max(0, done - Math.max(sim.now, this.busyUntil));
      this.busyUntil = Math.max(this.busyUntil, done);
      service.left = sectors * SECTOR;
      if (this.trace !== undefined) this.recordStart(service);
      sim.schedule(this.actor, duration, this.footprint, service.served);
    }
  }

  /** A point for each request of a command. */
  private recordStart({ requests, slot }: Service): void {
    const queued = this.queue.length;
    requests.forEach((request, i) => {
      this.trace?.emit('disk.start', { ...this.transferOf(request), slot, queued, first: i === 0 });
    });
  }

  /** Moves the nearest request and what goes on behind it from the queue into `command`; returns the first one. */
  private nextCommand(command: DiskRequest[]): DiskRequest {
    const first = this.take(this.nearest());
    command.push(first);
    let end = first.sector + sectorsOf(first);
    while (command.length < MAX_MERGED) {
      const index = this.queue.findIndex(({ sector, write }) => sector === end && write === first.write);
      if (index < 0) break;
      command.push(this.take(index));
      end += sectorsOf(command[command.length - 1]);
    }
    return first;
  }

  /** The nearest request at or beyond the head, else the first one from the beginning of the disk. */
  private nearest(): number {
    const { queue, head } = this;
    let best = 0;
    let least = this.rank(queue[0], head);
    for (let i = 1; i < queue.length; i++) {
      const rank = this.rank(queue[i], head);
      if (rank >= least) continue;
      best = i;
      least = rank;
    }
    return best;
  }

  private take(index: number): DiskRequest {
    const { queue } = this;
    const request = queue[index];
    for (let i = index + 1; i < queue.length; i++) queue[i - 1] = queue[i];
    queue.pop();
    return request;
  }

  private rank(request: DiskRequest, head: number): number {
    return request.sector >= head ? request.sector - head : request.sector + Number.MAX_SAFE_INTEGER / 2;
  }

  private newService(): Service {
    const service: Service = {
      requests: [],
      slot: this.services.length,
      left: 0,
      served: () => this.transfer(service),
      crossed: () => {
        service.left -= STRIPE_SIZE;
        if (service.left > 0) this.transfer(service);
        else this.finish(service);
      },
    };
    this.services.push(service);
    return service;
  }

  /** Crosses the buses block by block, so that others get their turns. */
  private transfer({ left, crossed }: Service): void {
    const { sim, bus } = this.adapter.kernel.machine;
    const end = bus.transfer(sim.now, Math.min(left, STRIPE_SIZE), this.name);
    sim.schedule(this.actor, end - sim.now, this.footprint, crossed);
  }

  /** Whether the medium refuses a request; a block that is written is mapped elsewhere. */
  private refuses(request: DiskRequest): boolean {
    const { write, sector } = request;
    if (!('page' in request)) return this.anyUnreadable(sector, sector + request.sectors);
    if (!write) return this.unreadable.has(sector);
    if (this.unwritable.has(sector)) return true;
    if (this.unreadable.get(sector) === 'until written') this.unreadable.delete(sector);
    return false;
  }

  private anyUnreadable(first: number, end: number): boolean {
    if (this.unreadable.size === 0) return false;
    for (let sector = first - (first % STRIPE_SECTORS); sector < end; sector += STRIPE_SECTORS) {
      if (this.unreadable.has(sector)) return true;
    }
    return false;
  }

  private finish(service: Service): void {
    for (const request of service.requests) {
      const failed = this.dead || this.refuses(request);
      if (!failed) this.move(request);
      const last = request === service.requests.at(-1);
      this.trace?.emit('disk.end', { ...this.transferOf(request), slot: service.slot, failed, last });
      this.adapter.finish(request.endIo, failed);
    }
    service.requests.length = 0;
    this.idle.push(service);
    this.inService--;
    this.adapter.announce();
    this.start();
  }

  private move(request: DiskRequest): void {
    const { dram } = this.adapter.kernel.machine;
    if (!('page' in request)) {
      readPiece(this.media, request, dram);
    } else {
      const offset = request.page.address - dram.base;
      if (request.write) this.media.writeBlock(request.sector, dram.bytes, offset);
      else this.media.readBlock(request.sector, dram.bytes, offset);
    }
    this.statistics[request.write ? 'writes' : 'reads']++;
  }
}

function sectorsOf(request: DiskRequest): number {
  return 'page' in request ? STRIPE_SECTORS : request.sectors;
}
