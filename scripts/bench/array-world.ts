/** An array to measure: the whole stack below a request, and somebody who keeps it busy. Data are not looked at. */
import { AsyncTx } from '../../async_tx/async-tx';
import type { Generation } from '../../async_tx/generation';
import { MODERN } from '../../async_tx/generation';
import { bootDmaEngine } from '../../dmaengine/boot';
import { DmaEngine } from '../../dmaengine/engine';
import { Kernel } from '../../emulator/kernel/kernel';
import type { Page } from '../../emulator/kernel/pages';
import { PAGE_SIZE } from '../../emulator/kernel/pages';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { PlatformName } from '../../emulator/platforms';
import { PLATFORMS } from '../../emulator/platforms';
import { Machine } from '../../emulator/platforms/machine';
import { Raid5Array } from '../../raid5/array';
import { Bio } from '../../raid5/bio';
import { Disk } from '../../raid5/disks/disk';
import { HostAdapter } from '../../raid5/disks/host-adapter';
import type { DiskModel } from '../../raid5/disks/models';
import { Geometry, SECTOR, STRIPE_SECTORS } from '../../raid5/geometry';
import type { SyncAction, SyncPass } from '../../raid5/handler/sync-pass';
import type { LayoutName, Level } from '../../raid5/layouts';

/** What is measured. */
export interface ArrayRecord {
  readonly platform: PlatformName;
  readonly level: Level;
  readonly layout: LayoutName;
  readonly disks: number;
  /** bytes */
  readonly chunk: number;
  /** stripe heads */
  readonly cache: number;
  readonly model: DiskModel;
  /** Whether async_tx may use the engines of the platform; true unless given. */
  readonly engines?: boolean;
  readonly generation?: Generation;
}

/** Requests of one kind. */
export interface Load {
  readonly write: boolean;
  readonly requests: number;
  /** Of each request, in array sectors. */
  readonly sectors: number;
  /** Requests in flight. */
  readonly depth: number;
  /** Where the n-th one begins, in array sectors. */
  readonly place: (n: number) => number;
}

export class ArrayWorld {
  readonly kernel: Kernel;
  private readonly adapter: HostAdapter;
  private built: Raid5Array | undefined;

  constructor(readonly record: ArrayRecord) {
    this.kernel = new Kernel(new Machine(PLATFORMS[record.platform]));
    this.adapter = new HostAdapter(this.kernel);
    this.run(this.build());
  }

  get array(): Raid5Array {
    return this.built!;
  }

  /** Plays a load to its end. */
  play(load: Load): void {
    this.run(this.requests(load));
  }

  /** Takes the first `memberSectors` of every member through a pass, from the disks. */
  sync(action: SyncAction, memberSectors: number): SyncPass {
    return this.pass(
      action,
      Array.from({ length: memberSectors / STRIPE_SECTORS }, (_, i) => i * STRIPE_SECTORS),
    );
  }

  /**
   * Takes stripes through a pass, from the disks. They stand for a piece of members that are much larger, on which
   * checkpoints, where all stripes are waited for, are far apart.
   * @param sectors of the members, multiples of 8, ascending
   */
  pass(action: SyncAction, sectors: Iterable<number>): SyncPass {
    const { array } = this;
    array.cache.dropCached();
    let pass: SyncPass | undefined;
    function* body(): ThreadBody {
      pass = yield* array.sync.walk(action, sectors, Infinity);
    }
    this.run(body());
    return pass!;
  }

  /** Puts a blank disk in the place of a member. */
  replace(slot: number): void {
    const { array } = this;
    array.error(slot);
    if (!array.addSpare(slot, new Disk('spare', slot, this.record.model, this.adapter))) throw new Error('no place');
  }

  /** Processor time since power-on, idle time left out; picoseconds. */
  get busyTime(): number {
    const { thread, softirq, hardirq } = this.kernel.processor.time;
    return thread + softirq + hardirq;
  }

  private run(body: ThreadBody): void {
    let done = false;
    function* main(): ThreadBody {
      yield* body;
      done = true;
    }
    this.kernel.scheduler.spawn('measure', main());
    this.kernel.scheduler.run(() => done);
  }

  private *build(): ThreadBody {
    const { kernel, record } = this;
    const { level, disks, chunk, layout, cache, model, engines = true, generation = MODERN } = record;
    const dma = engines ? yield* bootDmaEngine(kernel, { steps: generation.driver }) : new DmaEngine(kernel);
    const { adapter } = this;
    const members = Array.from({ length: disks }, (_, i) => new Disk(`disk${i}`, i, model, adapter));
    const geometry = new Geometry(level, disks, chunk, layout);
    this.built = new Raid5Array(kernel, new AsyncTx(dma, generation), geometry, members, cache);
  }

  private *requests({ write, requests, sectors, depth, place }: Load): ThreadBody {
    const { kernel, array } = this;
    const wait = kernel.waitQueue();
    const count = Math.ceil((sectors * SECTOR) / PAGE_SIZE);
    const free = Array.from({ length: depth }, () => Array.from({ length: count }, () => kernel.pages.alloc()));
    const buffers: readonly (readonly Page[])[] = [...free];
    for (let n = 0; n < requests; n++) {
      yield* wait.wait(() => free.length > 0);
      const pages = free.pop()!;
      kernel.spend(kernel.costs.request);
      const bio = new Bio(write, place(n), sectors, pages, () => {
        free.push(pages);
        wait.wake();
      });
      yield* array.makeRequest(bio);
    }
    yield* wait.wait(() => free.length === depth);
    for (const pages of buffers) for (const page of pages) kernel.pages.free(page);
  }
}
