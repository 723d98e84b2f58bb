/** Media that stay, and machines that come and go around them: one array from power-on to power-on. */
import { AsyncTx } from '../../async_tx/async-tx';
import { bootDmaEngine } from '../../dmaengine/boot';
import type { IopAdmaSteps } from '../../dmaengine/iop-adma/steps';
import { Kernel } from '../../emulator/kernel/kernel';
import { Dram } from '../../emulator/memory/dram';
import type { PlatformName } from '../../emulator/platforms';
import { PLATFORMS } from '../../emulator/platforms';
import { Machine } from '../../emulator/platforms/machine';
import { SeededChooser } from '../../emulator/sim/choice';
import type { TraceWriter } from '../../emulator/trace/trace';
import { continuing } from '../../emulator/trace/trace';
import { Disk } from '../disks/disk';
import { HostAdapter } from '../disks/host-adapter';
import { DataMedia, SparseMedia } from '../disks/media';
import type { DiskModel, DiskModelName } from '../disks/models';
import { DISK_MODELS } from '../disks/models';
import type { RmwLevel } from '../handler/state';
import type { LayoutName, Level } from '../layouts';
import { PARITY_DISKS, STRIPE_SECTORS } from '../geometry';
import type { Device } from '../md/devices';
import type { Mddev } from '../md/mddev';
import type { Added } from '../md/roster';
import type { Started } from '../md/start';
import { startArray } from '../md/start';
import { encodeBitmap } from '../superblock/bitmap';
import type { NewArray } from '../superblock/create';
import { dataOffset, layoutNumber, newArray } from '../superblock/create';
import { SUPER_SECTOR } from '../superblock/layout';
import type { DiskRefusal } from '../superblock/refusal';
import { encodeSuperblock } from '../superblock/superblock';
import type { SectorRun } from '../workload/model-disk';
import type { ParityVerdict } from '../workload/verify-parity';
import { verifyParity } from '../workload/verify-parity';
import { Versions } from './versions';

/** 13 July 2007. */
const CREATED = 1_184_284_800;

/** The array and the machines it lives on. */
export interface BenchPlan {
  /** unsigned, 32 bits; decides what chance decides, like torn sectors */
  readonly seed: number;
  readonly platform: PlatformName;
  readonly level: Level;
  readonly layout: LayoutName;
  readonly disks: number;
  /** bytes */
  readonly chunk: number;
  /** sectors of a member that hold data, whole chunks */
  readonly size: number;
  /** Bytes of a member that a bit of the bitmap stands for; undefined: no bitmap. */
  readonly bitmapChunk: number | undefined;
  /** stripe heads */
  readonly cache: number;
  readonly model: DiskModelName | DiskModel;
  readonly rmwLevel: RmwLevel;
  /** bytes of DRAM of the machines */
  readonly dramBytes: number;
  readonly driver?: IopAdmaSteps;
  /** Where all machines are recorded, one behind the other. */
  readonly trace?: TraceWriter;
}

export class LifeBench {
  readonly versions: Versions;
  readonly media: SparseMedia[] = [];
  /** Media that are plugged in, by number. */
  plugged: number[];
  /** What the last start said. */
  started!: Started;
  api!: AsyncTx;
  machine!: Machine;
  kernel!: Kernel;
  devices!: Device[];
  /** Operations that engines gave up, on all machines that were cut off or stopped. */
  redone = 0;
  /** The drive of each medium, as it last was: blocks that cannot be read stay so. */
  private readonly drives = new Map<number, Disk>();
  /** Sector of each member where data start. */
  readonly dataOffset: number;
  private readonly dram: Dram;
  private adapter!: HostAdapter;
  private boots = 0;
  /** Picoseconds on the machines before this one. */
  private lived = 0;

  /**
   * A clean array on blank media; no machine yet.
   * @throws FieldError when the metadata have no room
   */
  constructor(readonly plan: BenchPlan) {
    const { level, disks, size, dramBytes } = plan;
    this.dram = new Dram(PLATFORMS[plan.platform].dramBase, dramBytes);
    this.versions = new Versions(size * (disks - PARITY_DISKS[level]));
    this.plugged = Array.from({ length: disks }, () => this.blank());
    const { superblocks, bitmap } = metadataOf(plan);
    this.dataOffset = Number(superblocks[0].dataOffset);
    // An array that has been idle for a while: nothing in the bitmap is left to be cleared.
    bitmap?.bits.fill(0);
    superblocks.forEach((superblock, i) => {
      this.write(i, SUPER_SECTOR, encodeSuperblock(superblock));
      if (bitmap !== undefined) this.write(i, SUPER_SECTOR + superblock.bitmapOffset, encodeBitmap(bitmap));
    });
  }

  /** The running array. */
  get md(): Mddev {
    return this.started.md!;
  }

  /** Members that do not work, or not yet. */
  get missing(): number {
    return this.md.array.degraded;
  }

  /** Sectors of each device. */
  get deviceSectors(): number {
    return this.dataOffset + this.plan.size;
  }

  /** A medium that holds nothing; returns its number. */
  blank(): number {
    return this.media.push(new SparseMedia()) - 1;
  }

  /**
   * A machine is powered on and starts the array from what is plugged in.
   * @param force also when dirty and degraded
   * @returns why the array does not run; none: it does
   */
  boot(force = false): readonly DiskRefusal[] {
    const { plan } = this;
    const chooser = new SeededChooser((plan.seed ^ ++this.boots) >>> 0);
    const { platform, driver, cache } = plan;
    if (this.boots > 1) this.lived += this.machine.sim.now;
    const trace = plan.trace && continuing(plan.trace, this.lived);
    this.machine = new Machine(PLATFORMS[platform], {
      ...{ dram: this.dram, chooser },
      ...(trace === undefined ? {} : { trace }),
    });
    this.kernel = new Kernel(this.machine);
    this.adapter = new HostAdapter(this.kernel);
    this.devices = this.plugged.map((i) => this.device(i));
    for (const { disk } of this.devices) this.drives.set(disk.index, disk);
    this.api = new AsyncTx(this.run(bootDmaEngine(this.kernel, driver === undefined ? {} : { steps: driver })));
    this.started = startArray(this.kernel, this.api, this.devices, {
      ...{ adapter: this.adapter, cache, bootTime: CREATED + 60 * this.boots, run: true, force },
    });
    const { verdict, refusal, md } = this.started;
    if (md === undefined) return refusal === undefined ? verdict.refused : [{ disk: 'the array', ...refusal }];
    md.array.rmwLevel = plan.rmwLevel;
    return [];
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

  /** `mdadm --add` of a medium. */
  add(i: number): Added {
    const device = this.device(i);
    const added = this.md.roster.add(device, new Uint8Array(16).fill(0x80 + (i & 0x7f)));
    if (typeof added !== 'string') return added;
    // A medium that comes back has a new drive; the one that was pulled out is nobody's any more.
    this.devices = [...this.devices.filter(({ disk }) => disk.index !== i), device];
    this.drives.set(i, device.disk);
    this.plugged.push(i);
    return added;
  }

  /** A medium is pulled out; the next machine will not have it. */
  unplug(i: number): void {
    this.plugged = this.plugged.filter((plugged) => plugged !== i);
  }

  /** Runs a thread to its end, or until so many events of the machine are over; whether it came to its end. */
  play(body: Generator<void, void, void>, events = Infinity): boolean {
    const { sim } = this.machine;
    const limit = sim.fired + events;
    let done = false;
    this.kernel.scheduler.spawn(
      'bench',
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

  /**
   * After a forced start: array sectors that may hold neither old nor new, blocks of missing members in stripes that were
   * being written when the power failed (RU-01).
   */
  losable(): number[] {
    const { geometry } = this.md.array;
    const stripeOf = (sector: number): number => Math.floor(geometry.place(sector).sector / STRIPE_SECTORS);
    const written = new Set(this.versions.undecided().flatMap(sectorsOf).map(stripeOf));
    return this.started.writeHole!.flatMap(sectorsOf).filter((sector) => written.has(stripeOf(sector)));
  }

  /**
   * Parity, computed again from what lies on the media of the members; undefined when too many of them are missing to say
   * anything.
   */
  parity(): ParityVerdict | undefined {
    const { members, geometry } = this.md.array;
    const missing = members.flatMap(({ inSync }, place) => (inSync ? [] : [place]));
    if (missing.length >= geometry.maxDegraded) return undefined;
    return verifyParity(
      members.map(({ disk }) => ({ media: new DataMedia(disk.media, this.dataOffset) })),
      geometry,
      missing,
    );
  }

  /** The place of a block of data on a medium. */
  dataSector(memberSector: number): number {
    return this.dataOffset + memberSector;
  }

  /** A medium on this machine. */
  private device(i: number): Device {
    const { model } = this.plan;
    const record = typeof model === 'string' ? DISK_MODELS[model] : model;
    const disk = new Disk(diskName(i), i, record, this.adapter, this.media[i]);
    for (const [sector, until] of this.drives.get(i)?.unreadable ?? []) disk.unreadable.set(sector, until);
    return { disk, sectors: this.deviceSectors };
  }

  private write(i: number, sector: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += 4096) this.media[i].writeBlock(sector + at / 512, bytes, at);
  }
}

/**
 * The metadata of the array as mdadm would write them.
 * @throws FieldError when they have no room
 */
export function metadataOf({ level, layout, disks, chunk, size, bitmapChunk }: BenchPlan): NewArray {
  const members = Array.from({ length: disks }, (_, i) => i);
  return newArray({
    ...{ level, layout: layoutNumber(level, layout), chunkBytes: chunk, clean: true, name: 'adma' },
    bitmap: bitmapChunk !== undefined,
    ...(bitmapChunk === undefined ? {} : { bitmapChunk }),
    memberSectors: members.map(() => offsetFor(size, chunk) + size),
    setUuid: Uint8Array.from({ length: 16 }, (_, i) => 16 * i + 1),
    deviceUuids: members.map((i) => new Uint8Array(16).fill(i + 1)),
    ctime: CREATED,
  });
}

/** Every sector of a run. */
export function sectorsOf({ sector, sectors }: SectorRun): number[] {
  return Array.from({ length: sectors }, (_, i) => sector + i);
}

/** What the disk of a medium is called. */
export function diskName(medium: number): string {
  return `disk${medium}`;
}

/** Where mdadm lets data start on a device that has so many sectors behind them. */
function offsetFor(size: number, chunk: number): number {
  let offset = 0;
  while (dataOffset(offset + size, chunk) > offset) offset = dataOffset(offset + size, chunk);
  return offset;
}
