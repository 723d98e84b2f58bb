/**
 * A small array and a plain model beside it. Every sector carries the number of the write that filled it, so
 * a read tells which write it saw. Worlds of one file share their DRAM: use one after the other.
 */
import { AsyncTx } from '../../async_tx/async-tx';
import { bootDmaEngine } from '../../dmaengine/boot';
import { Kernel } from '../../emulator/kernel/kernel';
import type { Page } from '../../emulator/kernel/pages';
import { PAGE_SIZE } from '../../emulator/kernel/pages';
import type { WaitQueue } from '../../emulator/kernel/wait';
import { Dram } from '../../emulator/memory/dram';
import type { PlatformName } from '../../emulator/platforms';
import { PLATFORMS } from '../../emulator/platforms';
import { Machine } from '../../emulator/platforms/machine';
import { Priority } from '../../emulator/sim/actor';
import { MILLISECOND, SECOND } from '../../emulator/sim/time';
import { HashEvent } from '../../emulator/trace/hash';
import { Raid5Array } from '../../raid5/array';
import { Bio } from '../../raid5/bio';
import { Disk } from '../../raid5/disks/disk';
import { HostAdapter } from '../../raid5/disks/host-adapter';
import type { DiskModelName } from '../../raid5/disks/models';
import { DISK_MODELS } from '../../raid5/disks/models';
import { Geometry } from '../../raid5/geometry';
import type { SyncAction, SyncPass } from '../../raid5/handler/sync-pass';
import type { LayoutName, Level } from '../../raid5/layouts';
import type { StripeSteps } from '../../raid5/steps';
import { STRIPE_STEPS } from '../../raid5/steps';
import { R5, STRIPE } from '../../raid5/stripe/flags';
import type { StripeHead } from '../../raid5/stripe/stripe-head';
import type { StripeList } from '../../raid5/stripe/stripe-list';
import { verifyParity } from '../../raid5/workload/verify-parity';

const SECTOR = 512;
const BLOCK = 8;
const WATCHDOG = 10 * SECOND;

const dram = new Dram(0, 4 * 1024 * 1024);

export interface WorldOptions {
  readonly platform?: PlatformName;
  readonly level?: Level;
  readonly disks?: number;
  /** bytes */
  readonly chunk?: number;
  readonly layout?: LayoutName;
  /** stripe heads */
  readonly cache?: number;
  readonly model?: DiskModelName;
  /** what the array does otherwise */
  readonly steps?: Partial<StripeSteps>;
  /** sectors of the array that tests use */
  readonly sectors?: number;
}

/** What a test asks of the array. */
export interface Request {
  readonly write: boolean;
  readonly sector: number;
  readonly sectors: number;
  /** Whether somebody waits for the write. */
  readonly sync?: boolean;
}

/** A request under way. */
export interface Flight extends Request {
  ended: boolean;
  failed: boolean;
  /** What each sector turned out to hold: the number of its write, -1 for bytes nobody wrote. */
  versions: number[];
  /** Sectors that hold what no order of the writes allows. */
  wrong: number[];
}

/** What of the cache only a test looks at. */
interface CacheInside {
  readonly hash: ReadonlyMap<number, StripeHead>;
  readonly prereadActive: number;
  readonly handleList: StripeList;
  readonly holdList: StripeList;
  readonly delayedList: StripeList;
  readonly inactive: StripeList;
}

export class ArrayWorld {
  readonly machine: Machine;
  readonly kernel: Kernel;
  readonly array: Raid5Array;
  readonly api: AsyncTx;
  readonly disks: readonly Disk[];
  readonly geometry: Geometry;
  readonly sectors: number;
  /** Events since the world stood. */
  events = 0;
  /** Requests that have not ended. */
  inFlight = 0;

  private readonly adapter: HostAdapter;
  private readonly latest: Uint32Array;
  private readonly settled: Uint32Array;
  private readonly writes: Request[] = [];
  private readonly ended: WaitQueue;
  private readonly pagesAtRest: number;
  private atEvents = new Map<number, () => void>();

  constructor(options: WorldOptions = {}) {
    const { platform = 'iop342', level = 5, disks = 4, chunk = 8192, layout = 'left-symmetric', cache = 32 } = options;
    this.sectors = options.sectors ?? 512;
    this.latest = new Uint32Array(this.sectors);
    this.settled = new Uint32Array(this.sectors);
    this.machine = new Machine(PLATFORMS[platform], { dram });
    this.kernel = new Kernel(this.machine);
    this.ended = this.kernel.waitQueue();
    this.geometry = new Geometry(level, disks, chunk, layout);
    const adapter = new HostAdapter(this.kernel);
    this.adapter = adapter;
    const model = DISK_MODELS[options.model ?? 'ram'];
    this.disks = Array.from({ length: disks }, (_, i) => new Disk(`disk${i}`, i, model, adapter));
    this.api = new AsyncTx(this.thread(bootDmaEngine(this.kernel)));
    this.array = new Raid5Array(this.kernel, this.api, this.geometry, this.disks, cache, {
      ...STRIPE_STEPS,
      ...options.steps,
    });
    this.thread(this.kernel.scheduler.sleep(MILLISECOND));
    this.pagesAtRest = this.kernel.pages.used;
    this.countEvents();
  }

  /** Lets `action` happen right before the n-th event from now on. */
  atEvent(n: number, action: () => void): void {
    this.atEvents.set(this.events + n, action);
  }

  /** Lets an administrator fail a member as soon as possible after the n-th event from now on. */
  failAt(n: number, member: number): void {
    const { array, kernel } = this;
    this.atEvent(n, () =>
      kernel.scheduler.spawn(
        'mdadm --fail',
        (function* () {
          array.error(member);
        })(),
      ),
    );
  }

  /** Runs a generator as a thread until it returns; a watchdog of simulated time ends livelocks. */
  thread<T>(body: Generator<void, T, void>): T {
    let done = false;
    let value!: T;
    const { sim } = this.machine;
    const watchdog = sim.schedule({ name: 'watchdog', priority: Priority.workload }, WATCHDOG, NOTHING, () => {
      throw new Error('watchdog: nothing ended for ten simulated seconds');
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

  /** Starts requests in this order with at most `depth` under way, and waits for all of them. */
  play(requests: readonly Request[], depth = requests.length): Flight[] {
    return this.thread(this.playing(requests, depth));
  }

  /** The same inside a thread of the test. */
  *playing(requests: readonly Request[], depth = requests.length): Generator<void, Flight[], void> {
    const flights: Flight[] = [];
    for (const request of requests) {
      yield* this.ended.wait(() => this.inFlight < depth);
      flights.push(yield* this.start(request));
    }
    yield* this.ended.wait(() => this.inFlight === 0);
    return flights;
  }

  /** Hands one request to the array; it may still be under way when this returns. */
  *start({ write, sector, sectors, sync }: Request): Generator<void, Flight, void> {
    const flight: Flight = { write, sector, sectors, ended: false, failed: false, versions: [], wrong: [] };
    const pages = Array.from({ length: Math.ceil((sectors * SECTOR) / PAGE_SIZE) }, () => this.kernel.pages.alloc());
    const version = write ? this.writes.push({ write, sector, sectors }) : 0;
    const floor = this.settled.slice(sector, sector + sectors);
    if (write) this.latest.fill(version, sector, sector + sectors);
    for (let i = 0; i < sectors; i++) if (write) fillSector(this.words(pages, i), sector + i, version);
    this.inFlight++;
    const endIo = (failed: boolean): void => {
      flight.ended = true;
      flight.failed = failed;
      for (const page of pages) this.kernel.dma.processorTouches(page.address, true, 'end of a request');
      if (write && !failed) this.settle(sector, sectors, version);
      if (!write && !failed) this.compare(flight, pages, floor);
      for (const page of pages) {
        dram.bytes.fill(0xdb, page.address, page.address + PAGE_SIZE);
        this.kernel.pages.free(page);
      }
      this.inFlight--;
      this.machine.hash.add(HashEvent.request, sector, this.kernel.now);
      this.ended.wake();
    };
    const bio = new Bio(write, sector, sectors, pages, endIo, sync);
    yield* this.array.makeRequest(bio);
    return flight;
  }

  /** Reads everything back, from the disks and not from the cache; returns the sectors that are not as last written. */
  readBack(): number[] {
    this.rest();
    this.array.cache.dropCached();
    const wrong: number[] = [];
    for (let sector = 0; sector < this.sectors; sector += 64) {
      const sectors = Math.min(64, this.sectors - sector);
      const [flight] = this.play([{ write: false, sector, sectors }]);
      if (flight.failed) wrong.push(sector);
      flight.versions.forEach((version, i) => {
        if (version !== this.latest[sector + i]) wrong.push(sector + i);
      });
    }
    return wrong;
  }

  /** Puts a blank disk in the place of a failed member, once nothing is on its way to that any more. */
  addSpare(slot: number): Disk {
    this.rest();
    const disk = new Disk(`spare${slot}`, slot, this.disks[slot].model, this.adapter);
    if (!this.array.addSpare(slot, disk)) throw new Error(`the place of member ${slot} is not free`);
    return disk;
  }

  /** A pass over every stripe that the array has sectors in. */
  sync(action: SyncAction): SyncPass {
    const stripes = this.geometry.memberSectors(this.sectors * SECTOR) / BLOCK;
    const sectors = Array.from({ length: stripes }, (_, i) => i * BLOCK);
    return this.thread(this.array.sync.run(action, sectors));
  }

  /** Lets everything come to rest. */
  rest(): void {
    this.thread(this.kernel.scheduler.sleep(20 * MILLISECOND));
  }

  /**
   * Everything that must hold on an idle array, as a list of what does not.
   * @param wrongParity stripes a test has spoilt on purpose
   */
  broken(wrongParity = 0): string[] {
    this.rest();
    const { array, kernel, machine } = this;
    const broken = machine.findings.all().map(({ rule, where, text }) => `${rule} ${where}: ${text}`);
    const expect = (what: string, value: number, wanted: number): void => {
      if (value !== wanted) broken.push(`${what}: ${value}, not ${wanted}`);
    };
    const { hash, prereadActive, handleList, holdList, delayedList } = this.inside;
    expect('mappings alive', kernel.dma.live, 0);
    expect('pages in use', kernel.pages.used, this.pagesAtRest);
    expect('requests in flight', this.inFlight, 0);
    expect('active stripes', array.cache.active, 0);
    expect('pending full writes', array.cache.pendingFullWrites, 0);
    expect('prereads active', prereadActive, 0);
    expect('stripes on lists', handleList.size + holdList.size + delayedList.size, 0);
    for (const stripe of hash.values()) {
      expect(`references of stripe ${stripe.sector}`, stripe.count, 0);
      expect(`state of stripe ${stripe.sector}`, stripe.state & BUSY_STATE, 0);
      expect(`stripes in the batch of ${stripe.sector}`, stripe.batch.length, 0);
      for (const dev of stripe.dev) {
        expect(`flags in stripe ${stripe.sector}`, dev.flags & BUSY_FLAGS, 0);
        const bios = dev.toread.length + dev.read.length + dev.towrite.length + dev.written.length;
        expect(`requests on stripe ${stripe.sector}`, bios, 0);
      }
    }
    const missing = array.members.flatMap(({ inSync }, disk) => (inSync ? [] : [disk]));
    if (missing.length < this.geometry.maxDegraded) {
      expect('stripes with wrong parity', verifyParity(array.disks, this.geometry, missing).mismatches, wrongParity);
    }
    return broken;
  }

  /** The cache without its walls. */
  get inside(): CacheInside {
    return this.array.cache as unknown as CacheInside;
  }

  /** A cached stripe. */
  stripe(memberSector: number): StripeHead | undefined {
    return this.inside.hash.get(memberSector);
  }

  /** Disk requests served so far, all members together. */
  get served(): { readonly reads: number; readonly writes: number } {
    const sum = (what: 'reads' | 'writes'): number => this.disks.reduce((n, disk) => n + disk.statistics[what], 0);
    return { reads: sum('reads'), writes: sum('writes') };
  }

  /** Changes one bit on a medium; sectors are member sectors, multiples of 8. */
  flip(disk: number, memberSector: number, bit = 0): void {
    const { media } = this.array.disks[disk];
    if (media.peek(memberSector) === undefined) media.writeBlock(memberSector, new Uint8Array(PAGE_SIZE), 0);
    media.peek(memberSector)![bit >>> 3] ^= 1 << (bit & 7);
  }

  private settle(sector: number, sectors: number, version: number): void {
    for (let i = sector; i < sector + sectors; i++) this.settled[i] = Math.max(this.settled[i], version);
  }

  /** A read may see any write between what was done when it began and what was asked for until it ended. */
  private compare(flight: Flight, pages: readonly Page[], floor: Uint32Array): void {
    for (let i = 0; i < flight.sectors; i++) {
      const sector = flight.sector + i;
      const words = this.words(pages, i);
      const version = words[0];
      const write = this.writes[version - 1];
      const covers =
        version === 0 || (write !== undefined && write.sector <= sector && sector < write.sector + write.sectors);
      const intact = covers && words.every((word, at) => word === contentOf(sector, version, at));
      flight.versions.push(intact ? version : -1);
      if (!intact || version < floor[i] || version > this.latest[sector]) flight.wrong.push(sector);
    }
  }

  private words(pages: readonly Page[], index: number): Uint32Array {
    const page = pages[Math.floor(index / BLOCK)];
    return new Uint32Array(dram.bytes.buffer, page.address + (index % BLOCK) * SECTOR, SECTOR / 4);
  }

  private countEvents(): void {
    const { sim } = this.machine;
    const step = sim.step.bind(sim);
    sim.step = () => {
      this.atEvents.get(++this.events)?.();
      return step();
    };
  }
}

const NOTHING = { reads: [], writes: [] };
const BUSY_STATE =
  STRIPE.ACTIVE |
  STRIPE.HANDLE |
  STRIPE.SYNC_REQUESTED |
  STRIPE.SYNCING |
  STRIPE.PREREAD_ACTIVE |
  STRIPE.DELAYED |
  STRIPE.FULL_WRITE |
  STRIPE.BIOFILL_RUN |
  STRIPE.COMPUTE_RUN |
  STRIPE.ON_UNPLUG_LIST |
  STRIPE.BATCH_ERR;
const BUSY_FLAGS = R5.LOCKED | R5.Wantread | R5.Wantwrite | R5.Wantcompute | R5.Wantfill | R5.Wantdrain | R5.OVERWRITE;

function contentOf(sector: number, version: number, at: number): number {
  if (version === 0) return 0;
  if (at === 0) return version;
  const x = Math.imul(version, 0x9e37_79b1) + Math.imul(sector + 1, 0x85eb_ca6b) + Math.imul(at, 0xc2b2_ae35);
  return (x ^ (x >>> 13)) >>> 0;
}

function fillSector(words: Uint32Array, sector: number, version: number): void {
  for (let at = 0; at < words.length; at++) words[at] = contentOf(sector, version, at);
}

export function read(sector: number, sectors: number): Request {
  return { write: false, sector, sectors };
}

export function write(sector: number, sectors: number): Request {
  return { write: true, sector, sectors };
}

/** Sectors that any of these read wrongly. */
export function wrongSectors(flights: readonly Flight[]): number[] {
  return flights.flatMap((flight) => flight.wrong);
}
