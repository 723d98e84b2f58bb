/** A small md array over the stack under test, and beside it what it should hold. */
import type { DmaDevice } from '../../dmaengine/device';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import { PAGE_SIZE } from '../../emulator/kernel/pages';
import type { WaitQueue } from '../../emulator/kernel/wait';
import { Priority } from '../../emulator/sim/actor';
import { MILLISECOND, NANOSECOND } from '../../emulator/sim/time';
import { Raid5Array } from '../../raid5/array';
import { Bio } from '../../raid5/bio';
import { Disk } from '../../raid5/disks/disk';
import { HostAdapter } from '../../raid5/disks/host-adapter';
import { DISK_MODELS } from '../../raid5/disks/models';
import { Geometry, SECTOR, STRIPE_SECTORS, STRIPE_SIZE } from '../../raid5/geometry';
import type { SyncAction, SyncPass } from '../../raid5/handler/sync-pass';
import type { Level } from '../../raid5/layouts';
import { defaultLayout } from '../../raid5/layouts';
import { STRIPE_STEPS } from '../../raid5/steps';
import type { OP } from '../../raid5/stripe/flags';
import { verifyParity } from '../../raid5/workload/verify-parity';
import type { RuleId } from '../rules/catalogue';
import { POLL } from './case-board';
import type { CaseWorld, Note } from './case-world';
import { hasInterrupts } from './devices';

/** How long a request or a pass may take before it counts as hung: longer than an operation. */
const PATIENCE = 40 * MILLISECOND;
/** How closely an operation is waited for. */
const GLANCE = 100 * NANOSECOND;
const STRIPE_HEADS = 12;
const NOTHING = { reads: [], writes: [] };

export interface CaseArrayOptions {
  /** 5 unless given */
  readonly level?: Level;
  /** members, 4 unless given */
  readonly disks?: number;
  /** stripes that hold data, 1 unless given; chunks are of one block */
  readonly stripes?: number;
}

/** A request on its way. */
interface Flight {
  readonly what: string;
  ended: boolean;
}

export class CaseArray {
  readonly array: Raid5Array;
  readonly geometry: Geometry;
  /** The members as they were at first. */
  readonly disks: readonly Disk[];
  /** array sectors */
  readonly sectors: number;
  private readonly stripes: number;
  private readonly adapter: HostAdapter;
  private readonly ended: WaitQueue;
  /** What the array should hold. */
  private readonly model: Uint8Array;

  /**
   * Starts an array of RAM disks full of zeros.
   * @param rule what it breaks when something never ends or data are wrong
   */
  constructor(
    private readonly world: CaseWorld,
    private readonly rule: RuleId,
    { level = 5, disks = 4, stripes = 1 }: CaseArrayOptions = {},
  ) {
    const { kernel, api, stack } = world;
    this.adapter = new HostAdapter(kernel);
    this.ended = kernel.waitQueue();
    this.geometry = new Geometry(level, disks, STRIPE_SIZE, defaultLayout(level));
    this.disks = Array.from({ length: disks }, (_, i) => this.disk(`disk${i}`, i));
    this.array = new Raid5Array(kernel, api, this.geometry, this.disks, STRIPE_HEADS, stack.stripes ?? STRIPE_STEPS);
    this.stripes = stripes;
    this.sectors = stripes * this.geometry.dataDisks * STRIPE_SECTORS;
    this.model = new Uint8Array(this.sectors * SECTOR);
    world.arrays.push(this);
    for (const device of world.dma.devices) {
      if (!hasInterrupts(device)) this.thread(`poll ${device.parent}`, () => this.poll(device));
    }
  }

  /** The member that holds P of the first stripe. */
  get parity(): number {
    return this.geometry.row(0).parity;
  }

  /** The member that holds this array sector. */
  holder(sector: number): number {
    return this.geometry.place(sector).disk;
  }

  /** Writes noise everywhere, so that no block is like another, and forgets what is cached. */
  *fill(): ThreadBody {
    yield* this.write(0, this.sectors);
    yield* this.forget();
  }

  /** Lets the array come to rest and takes everything out of its cache. */
  *forget(): ThreadBody {
    yield* this.world.settle();
    this.array.cache.dropCached();
  }

  /** Writes noise and waits. */
  *write(sector: number, sectors: number): ThreadBody {
    yield* this.wait(yield* this.start(true, sector, sectors));
  }

  /** Reads, waits and compares. */
  *read(sector: number, sectors: number): ThreadBody {
    yield* this.wait(yield* this.start(false, sector, sectors));
  }

  /** Hands a request to the array. A read shall see what was written up to now. */
  *start(write: boolean, sector: number, sectors: number): Generator<void, Flight, void> {
    const { world, array } = this;
    const { kernel, random } = world;
    const what = `${write ? 'write' : 'read'} of sectors ${sector} … ${sector + sectors - 1}`;
    const flight: Flight = { what, ended: false };
    const pages = Array.from({ length: Math.ceil((sectors * SECTOR) / PAGE_SIZE) }, () => kernel.pages.alloc());
    const wanted = this.model.subarray(sector * SECTOR, (sector + sectors) * SECTOR);
    if (write) for (let i = 0; i < wanted.length; i++) wanted[i] = random.next() >>> 24;
    const content = wanted.slice();
    const { bytes, base } = kernel.machine.dram;
    const pageBytes = (page: number): Uint8Array =>
      bytes.subarray(pages[page].address - base, pages[page].address - base + PAGE_SIZE);
    for (let i = 0; i < pages.length; i++) {
      pageBytes(i).fill(0xdb);
      if (write) pageBytes(i).set(content.subarray(i * PAGE_SIZE, (i + 1) * PAGE_SIZE));
    }
    world.note(`${what} begins`);
    const bio = new Bio(write, sector, sectors, pages, (failed) => {
      flight.ended = true;
      world.note(`${what} ${failed ? 'fails' : 'has ended'}`);
      if (failed) world.complain(this.rule, `${what} to be carried out`, 'it fails', 'md');
      const at =
        write || failed
          ? -1
          : differenceOf(
              content,
              pages.map((_, page) => pageBytes(page)),
            );
      if (at >= 0) {
        world.note(`byte ${at} of it is wrong`);
        world.complain(this.rule, 'a read to see what was written', `byte ${at} of the ${what} is another`, 'md');
      }
      for (const page of pages) kernel.pages.free(page);
      this.ended.wake();
    });
    yield* array.makeRequest(bio);
    return flight;
  }

  /** Waits for requests to end; fails the case when they do not, also when the array goes round for ever. */
  *wait(...flights: readonly Flight[]): ThreadBody {
    const open = (): Flight | undefined => flights.find(({ ended }) => !ended);
    yield* this.guarded(
      () => `${open()?.what} to end`,
      this.ended.wait(() => open() === undefined),
    );
  }

  /** A pass over the stripes. */
  *sync(action: SyncAction, stripes?: readonly number[]): Generator<void, SyncPass, void> {
    const all = Array.from({ length: this.stripes }, (_, i) => i);
    const sectors = (stripes ?? all).map((stripe) => stripe * STRIPE_SECTORS);
    this.world.note(`${action} begins`);
    const pass = yield* this.guarded(() => `the ${action} to end`, this.array.sync.run(action, sectors));
    this.world.note(`${action} has ended: ${pass.mismatchSectors} sectors wrong`);
    return pass;
  }

  /** The same; complains unless it counts so many sectors. */
  *expectMismatches(action: SyncAction, wanted: number): ThreadBody {
    const { mismatchSectors } = yield* this.sync(action);
    this.world.check(
      mismatchSectors === wanted,
      this.rule,
      `a ${action} that counts ${wanted} sectors`,
      `it counts ${mismatchSectors}`,
      'md',
    );
  }

  /** Waits until the array has begun this operation on the first stripe since the given moment. */
  *operation(name: keyof typeof OP, since = 0): ThreadBody {
    const { world, array } = this;
    const begun = (): boolean =>
      array.history.of(0).some(({ time, operations }) => time >= since && operations.includes(name));
    const deadline = world.kernel.now + MILLISECOND;
    while (!begun() && world.kernel.now < deadline) yield* world.kernel.scheduler.sleep(GLANCE);
  }

  /** Somebody else does something at the same time. */
  thread(name: string, body: () => ThreadBody): void {
    this.world.kernel.scheduler.spawn(name, body());
  }

  /** An administrator fails a member; what is on its disk is worth nothing from now on. */
  fail(member: number): void {
    this.world.note(`member ${member} fails`);
    this.array.error(member);
    this.disks[member].die();
  }

  /** Puts a blank disk in the place of a failed member. */
  replace(member: number): Disk {
    const disk = this.disk(`spare${member}`, member);
    this.world.note(`member ${member} is replaced by a blank disk`);
    if (!this.array.addSpare(member, disk)) throw new Error(`the place of member ${member} is not free`);
    return disk;
  }

  /** Changes a bit of a member's block in the first stripe behind the array's back. */
  spoil(member: number): void {
    this.world.note(`a bit on member ${member} turns over`);
    this.array.disks[member].media.peek(0)![77] ^= 1;
  }

  /** What was done to its stripes so far, oldest first. */
  get done(): readonly Note[] {
    const stripes = Array.from({ length: this.stripes }, (_, i) => i * STRIPE_SECTORS);
    return stripes
      .flatMap((sector) =>
        this.array.history
          .of(sector)
          .map(({ time, operations }) => ({ time, text: `stripe ${sector}: ${operations.join(', ')}` })),
      )
      .sort((a, b) => a.time - b.time);
  }

  /** Writes served by all members so far. */
  get writes(): number {
    return this.array.disks.reduce((sum, { statistics }) => sum + statistics.writes, 0);
  }

  /** Complains when P or Q on the disks do not agree with the data there, as far as enough members are left to tell. */
  private checkParity(): void {
    const missing = this.array.members.flatMap(({ inSync }, member) => (inSync ? [] : [member]));
    if (missing.length >= this.geometry.maxDegraded) return;
    const { mismatches } = verifyParity(this.array.disks, this.geometry, missing);
    this.world.check(mismatches === 0, this.rule, 'right parity at the end', `${mismatches} stripes are wrong`, 'md');
  }

  /** What must hold at the end: everything reads as written, from the disks; parity is right; nothing stays mapped. */
  *audit(): ThreadBody {
    const { world } = this;
    yield* this.forget();
    yield* this.read(0, this.sectors);
    yield* world.settle();
    this.checkParity();
    const { live } = world.kernel.dma;
    world.check(live === 0, 'UM-08', 'every mapping undone', `${live} are left`, 'md');
  }

  /** Asks a driver that does not interrupt: nothing else makes it look, and md waits for callbacks. */
  private *poll(device: DmaDevice): ThreadBody {
    for (;;) {
      yield* this.world.kernel.scheduler.sleep(POLL);
      for (const chan of device.channels) device.deviceTxStatus?.(chan, chan.cookie);
    }
  }

  private disk(name: string, index: number): Disk {
    return new Disk(name, index, DISK_MODELS.ram, this.adapter);
  }

  /** Does something that ends, or fails the case: a stripe that is handled for ever lets no thread run. */
  private *guarded<T>(what: () => string, body: Generator<void, T, void>): Generator<void, T, void> {
    const { sim } = this.world.kernel.machine;
    const watchdog = sim.schedule({ name: 'watchdog', priority: Priority.workload }, PATIENCE, NOTHING, () => {
      throw this.world.failure(this.rule, `${what()} within 40 ms`, 'it has not');
    });
    const value = yield* body;
    sim.cancel(watchdog);
    return value;
  }
}

/** The first byte in which pages differ from what they should hold; -1 for none. */
function differenceOf(content: Uint8Array, pages: readonly Uint8Array[]): number {
  for (let i = 0; i < content.length; i += PAGE_SIZE) {
    const page = pages[i / PAGE_SIZE];
    const end = Math.min(PAGE_SIZE, content.length - i);
    for (let at = 0; at < end; at++) if (content[i + at] !== page[at]) return i + at;
  }
  return -1;
}
