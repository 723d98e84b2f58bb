/**
 * A whole run: boots a machine and its kernel, builds the array, plays a trace, reads everything back and
 * recomputes parity. It advances in slices, so that whoever hosts it can draw, stop it or go on.
 */
import { AsyncTx } from '../../async_tx/async-tx';
import { bootDmaEngine } from '../../dmaengine/boot';
import { IOP_ADMA_STEPS, IOP_ADMA_STEPS_OF_LINUX } from '../../dmaengine/iop-adma/steps';
import type { BusFaultKind } from '../../emulator/faults/bus-faults';
import { GuestPanic } from '../../emulator/findings';
import { Kernel } from '../../emulator/kernel/kernel';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { PlatformName } from '../../emulator/platforms';
import { PLATFORMS } from '../../emulator/platforms';
import type { MachineOptions } from '../../emulator/platforms/machine';
import { Machine } from '../../emulator/platforms/machine';
import type { Actor, Footprint } from '../../emulator/sim/actor';
import { Priority } from '../../emulator/sim/actor';
import { SeededChooser } from '../../emulator/sim/choice';
import type { EventHandle } from '../../emulator/sim/event-queue';
import { Raid5Array } from '../array';
import { Disk } from '../disks/disk';
import { HostAdapter } from '../disks/host-adapter';
import type { DiskModel, DiskModelName } from '../disks/models';
import { DISK_MODELS, INSTANT } from '../disks/models';
import { Geometry, SECTOR } from '../geometry';
import type { RmwLevel } from '../handler/state';
import type { LayoutName, Level } from '../layouts';
import type { RequestOutcome } from './client';
import { ArrayClient } from './client';
import { SectorContent } from './content';
import type { FioThread } from './fio/job';
import { ThreadSource } from './fio/thread-source';
import { ModelDisk } from './model-disk';
import type { TraceRequest } from './msr-trace';
import { RunCounters } from './counters';
import type { RequestSource } from './request-source';
import { FULL, play, playTogether, TraceSource } from './request-source';
import type { ParityVerdict } from './verify-parity';
import { touchedStripes, verifyParity } from './verify-parity';

/** Longest verification read. */
const READ_BACK_SECTORS = 256;
const READ_BACK_DEPTH = 32;

/** The driver's steps by what they make of an engine error. */
export const DRIVERS = { redo: IOP_ADMA_STEPS, kernel: IOP_ADMA_STEPS_OF_LINUX } as const;

export const ENGINE_ERRORS = Object.keys(DRIVERS) as (keyof typeof DRIVERS)[];
export type EngineErrors = keyof typeof DRIVERS;

/** Everything that decides what a run does. */
export interface RunConfig {
  readonly platform: PlatformName;
  /** unsigned, 32 bits; decides what is written */
  readonly seed: number;
  readonly level: Level;
  readonly disks: number;
  /** bytes */
  readonly chunk: number;
  readonly layout: LayoutName;
  /** stripe heads */
  readonly cache: number;
  readonly diskModel: DiskModelName | DiskModel;
  /** `rmw_level` (WR-12); md's own, 1, unless given. */
  readonly rmwLevel?: RmwLevel;
  /** bytes, at least what the trace needs */
  readonly arrayBytes: number;
  /** The trace; empty where `fio` is given. */
  readonly requests: readonly TraceRequest[];
  /** fio jobs in place of a trace: stages one after the other, the threads of a stage at the same time. */
  readonly fio?: readonly (readonly FioThread[])[];
  readonly pace: 'trace' | 'asap';
  readonly speed: number;
  readonly depth: number;
  /** Disks that die, picoseconds after the first arrival. */
  readonly failures: readonly { readonly disk: number; readonly at: number }[];
  /** Transfers of engines that fail on purpose. */
  readonly engineFaults?: readonly EngineFault[];
  /** What the driver makes of them: `redo` (default) survives, `kernel` stops the machine as Linux does (IA-72). */
  readonly engineErrors?: EngineErrors;
  /** Whether md checks parity after the workload. */
  readonly check: boolean;
  /** Where the machine is recorded. */
  readonly recording?: Pick<MachineOptions, 'trace' | 'waves'>;
  /** Called before the read-back with what the run built: the place for tests to spoil something. */
  readonly beforeReadBack?: (array: Raid5Array) => void;
}

/** Transfers of one unit that fail. */
export interface EngineFault {
  /** of the platform, like `adma1` */
  readonly unit: string;
  readonly kind: BusFaultKind;
  /** picoseconds after the workload begins */
  readonly at: number;
  /** How many of its transfers fail from then on. */
  readonly times: number;
}

export type RunPhase = 'boot' | 'workload' | 'check' | 'read-back' | 'parity' | 'done' | 'panic';

/** What md's own check pass found. */
export interface CheckVerdict {
  readonly stripes: number;
  readonly mismatchSectors: number;
  readonly skipped: boolean;
}

export class WorkloadRun {
  phase: RunPhase = 'boot';
  /** Steps of the current phase that are done, of how many. */
  done = 0;
  total = 0;
  readonly machine: Machine;
  readonly kernel: Kernel;
  readonly model = new ModelDisk();
  readonly counters: RunCounters;
  asyncTx: AsyncTx | undefined;
  array: Raid5Array | undefined;
  client: ArrayClient | undefined;
  parity: ParityVerdict | undefined;
  check: CheckVerdict | undefined;
  panic: GuestPanic | undefined;
  /** Disks that died during the workload, of those that were to. */
  readonly deaths: number[] = [];
  /** The threads of the fio jobs, by stage. */
  readonly fio: readonly (readonly ThreadSource[])[];
  private readonly faultEvents: EventHandle[] = [];
  private readonly actor: Actor = { name: 'fault', priority: Priority.workload };
  private readonly footprint: Footprint = { reads: [], writes: ['disks'] };

  constructor(readonly config: RunConfig) {
    const chooser = new SeededChooser(config.seed);
    this.machine = new Machine(PLATFORMS[config.platform], { chooser, ...config.recording });
    this.kernel = new Kernel(this.machine);
    this.fio = (config.fio ?? []).map((threads) => threads.map((thread) => new ThreadSource(thread, config.seed)));
    this.counters = new RunCounters(this.machine, this.kernel);
    this.kernel.scheduler.spawn('run', this.main());
  }

  /** Whether there is nothing left to do. */
  get finished(): boolean {
    return this.phase === 'done' || this.phase === 'panic';
  }

  /**
   * Goes on for a while: `turns` turns of the scheduler. A guest panic ends the run and is kept.
   * @returns whether the run goes on
   */
  advance(turns: number): boolean {
    let left = turns;
    try {
      this.kernel.scheduler.run(() => this.finished || left-- === 0);
    } catch (error) {
      if (!(error instanceof GuestPanic)) throw error;
      this.panic = error;
      this.machine.findings.add('panic', error.rule, error.where, error.message);
      this.phase = 'panic';
    }
    return !this.finished;
  }

  private *main(): ThreadBody {
    const { config, kernel } = this;
    const dma = yield* bootDmaEngine(kernel, { steps: DRIVERS[config.engineErrors ?? 'redo'] });
    const geometry = new Geometry(config.level, config.disks, config.chunk, config.layout);
    const adapter = new HostAdapter(kernel);
    const { diskModel } = config;
    const model = typeof diskModel === 'string' ? DISK_MODELS[diskModel] : diskModel;
    const disks = Array.from({ length: config.disks }, (_, i) => new Disk(`disk${i}`, i, model, adapter));
    this.asyncTx = new AsyncTx(dma);
    const array = new Raid5Array(kernel, this.asyncTx, geometry, disks, config.cache);
    array.rmwLevel = config.rmwLevel ?? array.rmwLevel;
    const client = new ArrayClient(kernel, array, this.model, new SectorContent(config.seed));
    this.array = array;
    this.client = client;
    yield* this.workload(client, disks);
    if (config.check) yield* this.checkPass(array);
    config.beforeReadBack?.(array);
    yield* this.readBack(array, client);
    this.enter('parity', 0);
    if (array.failedDisks.length < geometry.maxDegraded) this.parity = verifyParity(disks, geometry, array.failedDisks);
    this.checkMappings();
    this.phase = 'done';
  }

  /** What runs one after the other, and in each stage at the same time. */
  private stages(): readonly (readonly RequestSource[])[] {
    const { requests, pace, speed, depth } = this.config;
    if (this.fio.length > 0) return this.fio;
    return [[new TraceSource(requests, pace, speed, depth)]];
  }

  /** What is to go wrong goes wrong while the workload lasts, if it lasts so long. */
  private scheduleFaults(disks: readonly Disk[]): void {
    const { failures, engineFaults = [] } = this.config;
    const schedule = (at: number, handler: () => void): void => {
      this.faultEvents.push(this.machine.sim.schedule(this.actor, at, this.footprint, handler));
    };
    for (const { disk, at } of failures) {
      schedule(at, () => {
        this.deaths.push(disk);
        disks[disk].die();
      });
    }
    for (const { at, ...fault } of engineFaults) {
      schedule(at, () => this.machine.faults.inject({ ...fault, address: 0, length: Infinity, access: 'any' }));
    }
  }

  private *workload(client: ArrayClient, disks: readonly Disk[]): ThreadBody {
    const { kernel } = this;
    const stages = this.stages();
    this.enter(
      'workload',
      stages.flat().reduce((sum, { total }) => sum + total, 0),
    );
    this.counters.start();
    this.scheduleFaults(disks);
    const onEnd = (outcome: RequestOutcome): void => {
      this.done++;
      this.counters.request(outcome);
    };
    for (const sources of stages) yield* playTogether(kernel, client, sources, onEnd);
    for (const event of this.faultEvents) this.machine.sim.cancel(event);
    this.counters.stop(this.array!, client);
  }

  /**
   * Every stripe anybody ever wrote, from the disks and not from the cache. Without redundancy there is nothing to
   * check (RS-01), and a pass during which a member failed vouches for nothing.
   */
  private *checkPass(array: Raid5Array): ThreadBody {
    const stripes = touchedStripes(array.disks);
    this.enter('check', stripes.length);
    array.cache.dropCached();
    const { mismatchSectors, interrupted } = yield* array.sync.run('check', stripes);
    this.check = { stripes: interrupted ? 0 : stripes.length, mismatchSectors, skipped: interrupted };
  }

  /** Reads every byte ever written through the array, from the disks as well. */
  private *readBack(array: Raid5Array, client: ArrayClient): ThreadBody {
    for (const disk of array.disks) disk.model = INSTANT;
    array.cache.dropCached();
    this.enter('read-back', this.model.writtenSectors);
    const runs = this.model.writtenRuns(READ_BACK_SECTORS);
    const source: RequestSource = {
      total: this.total,
      next: (_, inFlight) => {
        if (inFlight >= READ_BACK_DEPTH) return FULL;
        const { done, value } = runs.next();
        return done ? undefined : { kind: 'read', offset: value.sector * SECTOR, length: value.sectors * SECTOR };
      },
    };
    yield* play(this.kernel, client, source, (outcome) => {
      this.done += outcome.bytes / SECTOR;
      this.counters.readBack(outcome);
    });
  }

  /** With nothing in flight no DMA mapping may be left (UM-08). */
  private checkMappings(): void {
    const { live } = this.kernel.dma;
    if (live > 0) this.machine.findings.add('rule', 'UM-08', 'end of run', `${live} DMA mappings were never undone`);
  }

  private enter(phase: RunPhase, total: number): void {
    this.phase = phase;
    this.done = 0;
    this.total = total;
  }
}
