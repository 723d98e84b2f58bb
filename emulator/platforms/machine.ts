import { ChainUnit } from '../chain/chain-unit';
import type { Datapath, DatapathKind } from '../datapath/datapath';
import { referenceDatapath } from '../datapath/reference';
import { wasmDatapath } from '../datapath/wasm';
import { BusFaults } from '../faults/bus-faults';
import { FindingLog } from '../findings';
import { InterruptController, intcWindow } from '../intc/intc';
import { AddressMap } from '../memory/address-map';
import { MemoryBus } from '../memory/bus';
import { DEFAULT_DRAM_BYTES, Dram } from '../memory/dram';
import { PostedWrites } from '../memory/posted-writes';
import type { Timing } from '../memory/timing';
import { resolveTiming } from '../memory/timing';
import type { Actor } from '../sim/actor';
import type { Chooser } from '../sim/choice';
import { SeededChooser } from '../sim/choice';
import { ExploredSimulator } from '../sim/explored';
import { Simulator } from '../sim/simulator';
import { WatchedSimulator } from '../sim/watched-simulator';
import { Timers, timerWindow } from '../timer/timers';
import { TraceHash } from '../trace/hash';
import type { TraceWriter } from '../trace/trace';
import { Trace } from '../trace/trace';
import type { WaveSink } from '../trace/vcd';
import type { PhaseMode, UnitContext } from '../unit';
import type { PlatformRecord } from './platform';
import { waveUnits } from './wave-units';

export interface MachineOptions {
  /** bytes, a multiple of 64 KiB; 64 MiB unless given */
  readonly dramBytes?: number;
  /** A DRAM to use again: it is cleared and keeps its identity; goes before `dramBytes`. */
  readonly dram?: Dram;
  /** Whether a broken rule ends the guest's run; for tests. */
  readonly strict?: boolean;
  /** Who answers choice points; a seeded chooser with seed 0 unless given. */
  readonly chooser?: Chooser;
  /** Whether the chooser orders the events, instead of time. Engines then work in phases. */
  readonly explored?: boolean;
  /** Where trace points go; nothing is recorded unless given. */
  readonly trace?: TraceWriter;
  /** Where registers and interrupt lines are recorded as waves. */
  readonly waves?: WaveSink;
  /** What the engines compute with; WASM unless given. Both do the same, the reference slowly. */
  readonly datapath?: DatapathKind;
  /** One event a phase (fine, unless given) or one a descriptor (coarse). */
  readonly phases?: PhaseMode;
}

/** The resource of explored mode that stands for the lines into the interrupt controller and what it makes of them. */
export const INTERRUPT_LINES = 'irq';

const DATAPATHS: Readonly<Record<DatapathKind, (dram: Dram) => Datapath>> = {
  wasm: wasmDatapath,
  reference: referenceDatapath,
};

const timings = new WeakMap<PlatformRecord, Timing>();

/** A platform's timing in picoseconds, resolved once. */
function timingOf(platform: PlatformRecord): Timing {
  let timing = timings.get(platform);
  if (timing === undefined) {
    const { core, ibclk, mclk } = platform;
    timing = resolveTiming(platform.timing, { core: core.period, ibclk: ibclk.period, mclk: mclk.period });
    timings.set(platform, timing);
  }
  return timing;
}

/**
 * A powered board without software: DRAM, buses, engines and the interrupt controller of a platform, and
 * what the core's load/store unit does to reach them: posted register writes and a write buffer for stores
 * to DRAM. Time passes only through the simulator, by whoever drives it (a kernel's processor, a target).
 */
export class Machine {
  readonly sim: Simulator;
  /** The same, where events are ordered by the chooser. */
  readonly explored: ExploredSimulator | undefined;
  readonly dram: Dram;
  readonly timing: Timing;
  readonly bus: MemoryBus;
  readonly map: AddressMap;
  readonly intc: InterruptController;
  readonly engines: readonly ChainUnit[];
  readonly timers: Timers;
  readonly faults = new BusFaults();
  readonly findings: FindingLog;
  readonly hash = new TraceHash();
  readonly trace: Trace | undefined;

  private readonly posted: PostedWrites;

  constructor(
    readonly platform: PlatformRecord,
    options: MachineOptions = {},
  ) {
    const { explored = false, phases = 'fine', chooser = new SeededChooser(0) } = options;
    if (explored && phases !== 'fine') throw new RangeError('explored mode needs fine phases');
    if (explored && options.waves !== undefined) throw new RangeError('explored mode records no waves: it has no time');
    this.explored = explored ? new ExploredSimulator(chooser) : undefined;
    const watched = options.waves === undefined ? undefined : new WatchedSimulator(chooser);
    this.sim = this.explored ?? watched ?? new Simulator(chooser);
    const now = (): number => this.sim.now;
    this.findings = new FindingLog(now, options.strict);
    this.trace = options.trace === undefined ? undefined : new Trace(now, options.trace);
    this.trace?.emit('machine.power-on', { platform: platform.name });
    this.dram = options.dram ?? new Dram(platform.dramBase, options.dramBytes ?? DEFAULT_DRAM_BYTES);
    if (options.dram !== undefined) this.dram.clear();
    this.timing = timingOf(platform);
    this.bus = new MemoryBus(this.timing, this.trace);
    this.posted = new PostedWrites(this.sim, this.timing.MMIO_WR);
    this.map = new AddressMap(this.dram);
    this.intc = new InterruptController(platform.intc, now, this.hash, this.trace);
    if (platform.intc.base !== undefined) this.map.add(intcWindow(this.intc, platform.intc.base));
    const setInterruptLine = this.lineDriver();
    this.timers = new Timers(platform.timers, this.sim, this.findings, setInterruptLine);
    if (platform.timers.base !== undefined) this.map.add(timerWindow(this.timers, platform.timers.base));
    const context: UnitContext = {
      sim: this.sim,
      dram: this.dram,
      bus: this.bus,
      datapath: DATAPATHS[options.datapath ?? 'wasm'](this.dram),
      phases,
      faults: this.faults,
      findings: this.findings,
      hash: this.hash,
      trace: this.trace,
      setInterruptLine,
    };
    this.engines = platform.engines.map(({ unit, personality }) => new ChainUnit(unit, personality, context));
    for (const engine of this.engines) this.map.add(engine);
    if (options.waves !== undefined) watched?.watch(options.waves(waveUnits(this), now));
  }

  /** Posts a register write: the unit sees it `MMIO_WR` later. An unclaimed address is a finding. */
  postWrite(address: number, value: number, lanes: number): void {
    const window = this.map.window(address);
    if (window === undefined) {
      this.unclaimed(address, 'write');
      return;
    }
    this.posted.post(window, (address - window.base) & ~3, value, lanes);
  }

  /** Whose events posted register writes are. */
  get postedWrites(): Actor {
    return this.posted.actor;
  }

  /** What a register read returns at this moment. */
  sampleRegister(address: number): number {
    const window = this.map.window(address);
    if (window === undefined) return this.unclaimed(address, 'read');
    return window.read32((address - window.base) & ~3);
  }

  /** Coprocessor 6 read at this moment. */
  readCp6(crn: number, crm: number): number {
    const value = crm === this.timers.config.crm ? this.timers.read(crn) : this.intc.readCp6(crn, crm);
    if (value === undefined) this.noCp6(crn, crm);
    return value ?? 0;
  }

  /** Coprocessor 6 write at this moment. */
  writeCp6(crn: number, crm: number, value: number): void {
    const unit = crm === this.timers.config.crm ? this.timers.write(crn, value) : this.intc.writeCp6(crn, crm, value);
    if (!unit) this.noCp6(crn, crm);
  }

  private lineDriver(): (source: number, asserted: boolean) => void {
    const { explored, intc } = this;
    if (explored === undefined) return (source, asserted) => intc.setLine(source, asserted);
    return (source, asserted) => {
      if (intc.isAsserted(source) !== asserted) explored.accesses.writesNamed(INTERRUPT_LINES);
      intc.setLine(source, asserted);
    };
  }

  private unclaimed(address: number, what: string): number {
    this.findings.add(
      'unmodelled',
      'hw-iop13xx 1.3',
      'core',
      `${what} of 0x${address.toString(16)}, which no unit claims`,
    );
    return 0;
  }

  private noCp6(crn: number, crm: number): void {
    this.findings.add('unmodelled', 'hw-iop13xx 1.4', 'core', `no coprocessor 6 register c${crn}, c${crm}`);
  }
}
