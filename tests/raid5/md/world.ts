/**
 * The life of a small array from power-on to power-on: media that stay, machines that come and go, and beside them a
 * model that knows for every sector which write was acknowledged last and which came after it.
 */
import { AsyncTx } from '../../../async_tx/async-tx';
import { bootDmaEngine } from '../../../dmaengine/boot';
import { Kernel } from '../../../emulator/kernel/kernel';
import type { WaitQueue } from '../../../emulator/kernel/wait';
import { Dram } from '../../../emulator/memory/dram';
import { PLATFORMS } from '../../../emulator/platforms';
import { Machine } from '../../../emulator/platforms/machine';
import { Priority } from '../../../emulator/sim/actor';
import { SeededChooser } from '../../../emulator/sim/choice';
import { MILLISECOND, SECOND } from '../../../emulator/sim/time';
import type { Raid5Array } from '../../../raid5/array';
import { Bio } from '../../../raid5/bio';
import { Disk } from '../../../raid5/disks/disk';
import { HostAdapter } from '../../../raid5/disks/host-adapter';
import type { SparseMedia } from '../../../raid5/disks/media';
import type { DiskModelName } from '../../../raid5/disks/models';
import { DISK_MODELS } from '../../../raid5/disks/models';
import type { Added } from '../../../raid5/md/roster';
import type { Mddev } from '../../../raid5/md/mddev';
import type { Device } from '../../../raid5/md/devices';
import type { Started } from '../../../raid5/md/start';
import { startArray } from '../../../raid5/md/start';
import type { StartOptions } from '../../../raid5/superblock/assemble';
import { decodeBitmap, encodeBitmap } from '../../../raid5/superblock/bitmap';
import type { Bitmap } from '../../../raid5/superblock/bitmap';
import { layoutNumber, newArray } from '../../../raid5/superblock/create';
import type { Level } from '../../../raid5/layouts';
import type { Superblock } from '../../../raid5/superblock/superblock';
import { decodeSuperblock, encodeSuperblock } from '../../../raid5/superblock/superblock';
import { verifyParity } from '../../../raid5/workload/verify-parity';
import { contentOf, DATA, DataOf, fill, WatchedMedia } from './media';

const SECTOR = 512;
const PAGE = 4096;
const CLEAN = 2n ** 64n - 1n;

const dram = new Dram(0, 4 * 1024 * 1024);

export interface LifeOptions {
  readonly level?: Level;
  readonly disks?: number;
  readonly layout?: string;
  /** bytes */
  readonly chunk?: number;
  /** sectors of a member that hold data */
  readonly size?: number;
  readonly clean?: boolean;
  /** Bytes of a member that a bit of the bitmap stands for; no bitmap unless given. */
  readonly bitmapChunk?: number;
  readonly model?: DiskModelName;
  readonly cache?: number;
}

/** A write on a medium, as it happened. */
export interface MediaWrite {
  readonly disk: number;
  readonly sector: number;
}

/** A write of the test, or a read that has ended. */
export interface Flight {
  readonly write: boolean;
  readonly sector: number;
  readonly sectors: number;
  ended: boolean;
  failed: boolean;
  versions: number[];
}

export class ArrayLife {
  readonly level: Level;
  readonly media: WatchedMedia[];
  /** Sectors of the array. */
  readonly sectors: number;
  /** Member sectors that hold data. */
  readonly size: number;
  machine!: Machine;
  kernel!: Kernel;
  devices!: Device[];
  started!: Started;
  /** Every write on a medium since the last boot. */
  readonly log: MediaWrite[] = [];
  private adapter!: HostAdapter;
  private readonly latest: Uint32Array;
  private readonly settled: Uint32Array;
  private readonly writes: { readonly sector: number; readonly sectors: number }[] = [];
  private inFlight = 0;
  private ended!: WaitQueue;
  private boots = 0;

  constructor(private readonly options: LifeOptions = {}) {
    const { level = 5, disks = 4, chunk = 4096, size = 96, clean = true, bitmapChunk } = options;
    const layout = options.layout ?? (level === 4 ? 'parity-last' : 'left-symmetric');
    this.level = level;
    this.size = size;
    this.sectors = size * (disks - (level === 6 ? 2 : 1));
    this.latest = new Uint32Array(this.sectors);
    this.settled = new Uint32Array(this.sectors);
    this.media = Array.from({ length: disks }, () => new WatchedMedia());
    const { superblocks, bitmap } = newArray({
      level,
      layout: layoutNumber(level, layout),
      chunkBytes: chunk,
      memberSectors: this.media.map(() => DATA + size),
      bitmap: bitmapChunk !== undefined,
      clean,
      name: 'test',
      setUuid: Uint8Array.from({ length: 16 }, (_, i) => 16 * i + 1),
      deviceUuids: this.media.map((_, i) => new Uint8Array(16).fill(i + 1)),
      ctime: 1_184_284_800,
    });
    superblocks.forEach((superblock, i) => {
      this.media[i].writeBlock(8, encodeSuperblock(superblock), 0);
      if (bitmap === undefined) return;
      const small = { super: { ...bitmap.super, chunksize: bitmapChunk! }, bits: new Uint8Array(PAGE - 256) };
      this.media[i].writeBlock(16, encodeBitmap(small), 0);
    });
  }

  /** Powers a machine on whose disks are these media, and starts the array. @param order of the devices, all unless given */
  boot(options: StartOptions = {}, order: readonly number[] = this.media.map((_, i) => i)): Started {
    this.machine = new Machine(PLATFORMS.none, { dram, chooser: new SeededChooser(++this.boots) });
    this.kernel = new Kernel(this.machine);
    this.ended = this.kernel.waitQueue();
    this.inFlight = 0;
    this.log.length = 0;
    this.adapter = new HostAdapter(this.kernel);
    this.devices = order.map((i) => this.device(i));
    const api = new AsyncTx(this.thread(bootDmaEngine(this.kernel)));
    const bootTime = 1_200_000_000 + this.boots;
    const { cache = 16 } = this.options;
    this.started = startArray(this.kernel, api, this.devices, { adapter: this.adapter, cache, bootTime, ...options });
    return this.started;
  }

  get md(): Mddev {
    const { md, verdict, refusal } = this.started;
    if (md === undefined) throw new Error(`the array does not run: ${JSON.stringify([verdict.refused, refusal])}`);
    return md;
  }

  get array(): Raid5Array {
    return this.md.array;
  }

  /** The disk of a medium on this machine. */
  device(i: number): Device {
    const disk = new Disk(`disk${i}`, i, DISK_MODELS[this.options.model ?? 'ram'], this.adapter, this.media[i]);
    this.media[i].onWrite = (sector) => this.log.push({ disk: i, sector });
    return { disk, sectors: DATA + this.size };
  }

  /** Another medium, blank. */
  blank(): number {
    return this.media.push(new WatchedMedia()) - 1;
  }

  superblock(i: number): Superblock {
    return decodeSuperblock(this.media[i].peek(8)!);
  }

  bitmap(i: number): Bitmap {
    return decodeBitmap(this.media[i].peek(16)!);
  }

  /** What the superblocks say: their count, and whether the array is clean; one entry a member. */
  states(): string[] {
    return this.media.flatMap((_, i) => {
      if (this.media[i].peek(8) === undefined) return [];
      const { events, resyncOffset } = this.superblock(i);
      return [`${events} ${resyncOffset === CLEAN ? 'clean' : resyncOffset}`];
    });
  }

  /** Runs a generator as a thread until it returns. */
  thread<T>(body: Generator<void, T, void>, limit = 60 * SECOND): T {
    let done = false;
    let value!: T;
    const { sim } = this.machine;
    const watchdog = sim.schedule({ name: 'watchdog', priority: Priority.workload }, limit, NOTHING, () => {
      throw new Error('watchdog: a simulated minute');
    });
    this.kernel.scheduler.spawn(
      'test',
      (function* () {
        value = yield* body;
        done = true;
      })(),
    );
    this.kernel.scheduler.run(() => done);
    sim.cancel(watchdog);
    return value;
  }

  /** Lets time pass. */
  sleep(milliseconds: number): void {
    this.thread(this.kernel.scheduler.sleep(milliseconds * MILLISECOND));
  }

  /** Until no pass runs or is due. */
  settle(): void {
    this.thread(this.md.sync.idle());
  }

  /** Lets the power fail right before the n-th event from now, while `action` goes on; whether it came to that. */
  cutAt(n: number, action: () => void): boolean {
    const { sim } = this.machine;
    const step = sim.step.bind(sim);
    let left = n;
    sim.step = () => {
      if (left-- === 0) throw POWER_CUT;
      return step();
    };
    try {
      action();
      sim.step = step;
      return false;
    } catch (error) {
      if (error !== POWER_CUT) throw error;
      this.powerCut();
      return true;
    }
  }

  /** The power fails now: of this machine only the media are left. */
  powerCut(): void {
    for (const { disk } of this.devices) disk.powerCut();
  }

  /** Starts writes and lets the power fail; sectors of the ones not answered, undefined when all were. */
  startCut(n: number, requests: readonly Pick<Flight, 'write' | 'sector' | 'sectors'>[]): number[] | undefined {
    const before = this.writes.length;
    if (!this.cutAt(n, () => this.play(requests))) return undefined;
    return this.writes.slice(before).flatMap(({ sector, sectors }, i) => {
      const open = Array.from({ length: sectors }, (_, at) => sector + at);
      return open.filter((at) => this.settled[at] < before + 1 + i);
    });
  }

  /** `mdadm --remove failed`. */
  removeFailed(): void {
    this.sleep(20);
    for (const { member } of [...this.md.roster.rdevs]) {
      if (!member.faulty) continue;
      this.md.roster.remove(member.disk.name);
      this.devices = this.devices.filter(({ disk }) => disk !== member.disk);
    }
  }

  /** `mdadm --add` of a medium. */
  add(i: number): Added {
    const device = this.device(i);
    this.devices.push(device);
    const added = this.md.roster.add(device, new Uint8Array(16).fill(0x40 + i));
    return added;
  }

  /** `mdadm --fail` and `--remove`, with time for the superblocks in between. */
  drop(i: number): void {
    const name = `disk${i}`;
    expect(this.md.roster.fail(name)).toBeUndefined();
    this.sleep(20);
    expect(this.md.roster.remove(name)).toBeUndefined();
    this.devices = this.devices.filter(({ disk }) => disk.name !== name);
  }

  write(sector: number, sectors: number): Flight {
    return this.play([{ write: true, sector, sectors }])[0];
  }

  /** Requests in this order, all under way at once. */
  play(requests: readonly Pick<Flight, 'write' | 'sector' | 'sectors'>[]): Flight[] {
    return this.thread(this.playing(requests));
  }

  *playing(requests: readonly Pick<Flight, 'write' | 'sector' | 'sectors'>[]): Generator<void, Flight[], void> {
    const flights: Flight[] = [];
    for (const { write, sector, sectors } of requests) flights.push(yield* this.start(write, sector, sectors));
    yield* this.ended.wait(() => this.inFlight === 0);
    return flights;
  }

  /** Hands one request to md; it may still be under way when this returns. */
  *start(write: boolean, sector: number, sectors: number): Generator<void, Flight, void> {
    const { kernel } = this;
    const flight: Flight = { write, sector, sectors, ended: false, failed: false, versions: [] };
    const pages = Array.from({ length: Math.ceil((sectors * SECTOR) / PAGE) }, () => kernel.pages.alloc());
    const words = (i: number): Uint32Array =>
      new Uint32Array(dram.bytes.buffer, pages[Math.floor(i / 8)].address + (i % 8) * SECTOR, SECTOR / 4);
    const version = write ? this.writes.push({ sector, sectors }) : 0;
    if (write) this.latest.fill(version, sector, sector + sectors);
    for (let i = 0; i < sectors; i++) if (write) fill(words(i), sector + i, version);
    this.inFlight++;
    const bio = new Bio(write, sector, sectors, pages, (failed) => {
      flight.ended = true;
      flight.failed = failed;
      for (let i = 0; i < sectors; i++) {
        if (write && !failed) this.settled[sector + i] = Math.max(this.settled[sector + i], version);
        if (!write && !failed) flight.versions.push(this.versionIn(words(i), sector + i));
      }
      for (const page of pages) kernel.pages.free(page);
      this.inFlight--;
      this.ended.wake();
    });
    yield* this.md.makeRequest(bio);
    return flight;
  }

  /** Sectors that hold what they must not. */
  wrongNow(): number[] {
    this.array.cache.dropCached();
    return this.compare(() => undefined);
  }

  /**
   * Reads everything from the members, and takes what it finds for what is there from now on. Returns sectors that hold
   * what they must not: less than what was acknowledged, or bytes of no write. What may be lost is written anew, if it is.
   * @param lost sectors that may hold anything
   */
  readBack(lost: ReadonlySet<number> = new Set()): number[] {
    this.array.cache.dropCached();
    for (const sector of lost) {
      this.latest[sector] = this.settled[sector] = 0;
      this.write(sector, 1);
    }
    return this.compare((at, version) => {
      this.latest[at] = this.settled[at] = version;
    });
  }

  private compare(right: (sector: number, version: number) => void): number[] {
    const wrong: number[] = [];
    for (let sector = 0; sector < this.sectors; sector += 32) {
      const sectors = Math.min(32, this.sectors - sector);
      const [flight] = this.play([{ write: false, sector, sectors }]);
      for (let i = 0; i < sectors; i++) {
        const at = sector + i;
        const version = flight.failed ? -1 : flight.versions[i];
        if (version < this.settled[at] || version > this.latest[at]) wrong.push(at);
        else right(at, version);
      }
    }
    return wrong;
  }

  /** Stripes whose parity on the media is wrong, by their member sector. @param missing places that say nothing */
  wrongParity(missing: readonly number[] = []): readonly number[] {
    const disks = this.array.members.map(({ disk }) => ({ media: new DataOf(disk.media as SparseMedia) }));
    return verifyParity(disks, this.array.geometry, missing).wrong;
  }

  /** The number of the write that a sector holds, -1 for what nobody wrote. */
  private versionIn(words: Uint32Array, sector: number): number {
    const version = words[0];
    const write = this.writes[version - 1];
    const covers =
      version === 0 || (write !== undefined && sector >= write.sector && sector < write.sector + write.sectors);
    return covers && words.every((word, at) => word === contentOf(sector, version, at)) ? version : -1;
  }
}

const POWER_CUT = new Error('power cut');
const NOTHING = { reads: [], writes: [] };
