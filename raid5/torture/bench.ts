/** Media that stay, and machines that come and go around them: one array from power-on to power-on. */
import { AsyncTx } from '../../async_tx/async-tx';
import { bootDmaEngine } from '../../dmaengine/boot';
import { Kernel } from '../../emulator/kernel/kernel';
import type { WaitQueue } from '../../emulator/kernel/wait';
import { Dram } from '../../emulator/memory/dram';
import { PLATFORMS } from '../../emulator/platforms';
import { Machine } from '../../emulator/platforms/machine';
import { SeededChooser } from '../../emulator/sim/choice';
import { Bio } from '../bio';
import { Disk } from '../disks/disk';
import { HostAdapter } from '../disks/host-adapter';
import { SparseMedia } from '../disks/media';
import { DISK_MODELS } from '../disks/models';
import { SECTOR } from '../geometry';
import type { Device } from '../md/devices';
import type { Mddev } from '../md/mddev';
import { startArray } from '../md/start';
import { BITMAP_SUPER_BYTES, encodeBitmap } from '../superblock/bitmap';
import { SUPER_SECTOR } from '../superblock/layout';
import { layoutNumber, newArray } from '../superblock/create';
import { refusalLine } from '../superblock/refusal';
import { encodeSuperblock } from '../superblock/superblock';
import type { TorturePlan } from './plan';
import { Versions } from './versions';

const PAGE = 4096;
/** Where mdadm lets the data of a small device start, in sectors. */
const DATA = 2048;
const DRAM_BYTES = 8 * 1024 * 1024;
/** 13 July 2007. */
const CREATED = 1_184_284_800;

/** The run has found something that must not be. */
export class TortureFailure extends Error {}

/** A request to the array. */
export interface Request {
  readonly write: boolean;
  readonly sector: number;
  readonly sectors: number;
}

export class TortureBench {
  readonly versions: Versions;
  readonly media: SparseMedia[] = [];
  /** Media that are plugged in, by number. */
  plugged: number[];
  md!: Mddev;
  api!: AsyncTx;
  machine!: Machine;
  kernel!: Kernel;
  devices!: Device[];
  /** Operations that engines gave up, on all machines so far. */
  redone = 0;
  private readonly dram = new Dram(0, DRAM_BYTES);
  private adapter!: HostAdapter;
  private boots = 0;
  private ended!: WaitQueue;
  private inFlight = 0;
  /** Lists of requests under way. */
  private playing = 0;

  constructor(readonly plan: TorturePlan) {
    const { level, layout, disks, chunk, size, bitmap } = plan;
    this.versions = new Versions(size * (disks - (level === 6 ? 2 : 1)));
    this.plugged = Array.from({ length: disks }, () => this.blank());
    const made = newArray({
      ...{ level, layout: layoutNumber(level, layout), chunkBytes: chunk, bitmap, clean: true, name: 'torture' },
      memberSectors: this.plugged.map(() => DATA + size),
      setUuid: Uint8Array.from({ length: 16 }, (_, i) => 16 * i + 1),
      deviceUuids: this.plugged.map((i) => new Uint8Array(16).fill(i + 1)),
      ctime: CREATED,
    });
    made.superblocks.forEach((superblock, i) => {
      this.media[i].writeBlock(SUPER_SECTOR, encodeSuperblock(superblock), 0);
      if (made.bitmap === undefined) return;
      // Bits for single chunks, one page of them; mdadm's own would have one bit for all of so small an array.
      const fine = {
        super: { ...made.bitmap.super, chunksize: chunk },
        bits: new Uint8Array(PAGE - BITMAP_SUPER_BYTES),
      };
      this.media[i].writeBlock(SUPER_SECTOR + 8, encodeBitmap(fine), 0);
    });
    this.boot();
  }

  /** Members that work, of how many. */
  get missing(): number {
    return this.md.array.degraded;
  }

  /** A medium that holds nothing; returns its number. */
  blank(): number {
    return this.media.push(new SparseMedia()) - 1;
  }

  /** A machine is powered on and starts the array from what is plugged in. */
  boot(force = false): void {
    const chooser = new SeededChooser((this.plan.seed ^ ++this.boots) >>> 0);
    this.machine = new Machine(PLATFORMS[this.plan.platform], { dram: this.dram, chooser });
    this.kernel = new Kernel(this.machine);
    this.ended = this.kernel.waitQueue();
    this.inFlight = 0;
    this.playing = 0;
    this.adapter = new HostAdapter(this.kernel);
    this.devices = this.plugged.map((i) => this.device(i));
    this.api = new AsyncTx(this.run(bootDmaEngine(this.kernel)));
    const { verdict, refusal, md } = startArray(this.kernel, this.api, this.devices, {
      ...{ adapter: this.adapter, cache: this.plan.cache, bootTime: CREATED + 60 * this.boots, run: true, force },
    });
    if (md !== undefined) {
      this.md = md;
      return;
    }
    const why = refusal === undefined ? verdict.refused : [{ disk: 'the array', ...refusal }];
    throw new TortureFailure(`the array does not start: ${why.map(refusalLine).join('; ')}`);
  }

  /** The power fails. */
  cut(): void {
    this.redone += this.api.statistics.redone;
    for (const { disk } of this.devices) disk.powerCut();
  }

  /** A clean shutdown. */
  stop(): void {
    this.run(this.md.stop());
    this.redone += this.api.statistics.redone;
  }

  /** A medium on this machine. */
  device(i: number): Device {
    const disk = new Disk(`disk${i}`, i, DISK_MODELS[this.plan.model], this.adapter, this.media[i]);
    return { disk, sectors: DATA + this.plan.size };
  }

  /** Runs a thread to its end, or until so many events of the machine are over; whether it came to its end. */
  play(body: Generator<void, void, void>, events = Infinity): boolean {
    const { sim } = this.machine;
    const limit = sim.fired + events;
    let done = false;
    this.kernel.scheduler.spawn(
      'torture',
      (function* () {
        yield* body;
        done = true;
      })(),
    );
    this.kernel.scheduler.run(() => done || sim.fired >= limit);
    return done;
  }

  /** Runs a thread to its end, and returns what it returns. */
  run<T>(body: Generator<void, T, void>): T {
    let value!: T;
    this.play(
      (function* () {
        value = yield* body;
      })(),
    );
    return value;
  }

  /** Requests in this order, so many under way at once. Reads are compared with the model. */
  *io(requests: readonly Request[], depth: number): Generator<void, void, void> {
    this.playing++;
    for (const request of requests) {
      yield* this.ended.wait(() => this.inFlight < depth);
      yield* this.submit(request);
    }
    yield* this.ended.wait(() => this.inFlight === 0);
    this.playing--;
    this.ended.wake();
  }

  /** Until all requests that were begun have ended. */
  *quiet(): Generator<void, void, void> {
    yield* this.ended.wait(() => this.playing === 0);
  }

  /** Reads everything from the members, and takes what is found for what is there. */
  *readBack(): Generator<void, void, void> {
    this.md.array.cache.dropCached();
    for (let sector = 0; sector < this.versions.sectors; sector += 64) {
      const sectors = Math.min(64, this.versions.sectors - sector);
      yield* this.submit({ write: false, sector, sectors }, true);
      yield* this.ended.wait(() => this.inFlight === 0);
    }
  }

  /** The place of a block of data on a medium. */
  dataSector(memberSector: number): number {
    return DATA + memberSector;
  }

  private *submit({ write, sector, sectors }: Request, adopt = false): Generator<void, void, void> {
    const { kernel, versions } = this;
    const pages = Array.from({ length: Math.ceil((sectors * SECTOR) / PAGE) }, () => kernel.pages.alloc());
    const words = (i: number): Uint32Array => {
      const start = pages[Math.floor((i * SECTOR) / PAGE)].address - this.dram.base + ((i * SECTOR) % PAGE);
      return new Uint32Array(this.dram.bytes.buffer, start, SECTOR / 4);
    };
    const version = write ? versions.begin(sector, sectors) : 0;
    const floors = Array.from({ length: sectors }, (_, i) => versions.floor(sector + i));
    for (let i = 0; i < sectors; i++) if (write) versions.fill(words(i), sector + i, version);
    this.inFlight++;
    const bio = new Bio(write, sector, sectors, pages, (failed) => {
      if (failed) throw new TortureFailure(`a ${write ? 'write' : 'read'} of sector ${sector} fails`);
      if (write) versions.settle(version);
      for (let i = 0; i < sectors && !write; i++) {
        if (!versions.allows(words(i), sector + i, floors[i])) {
          throw new TortureFailure(`sector ${sector + i} does not hold what was written`);
        }
        if (adopt) versions.adopt(words(i), sector + i);
      }
      for (const page of pages) kernel.pages.free(page);
      this.inFlight--;
      this.ended.wake();
    });
    yield* this.md.makeRequest(bio);
  }
}
