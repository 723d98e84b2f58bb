import type { Datapath } from './datapath/datapath';
import type { BusFaults } from './faults/bus-faults';
import type { FindingLog } from './findings';
import type { MemoryBus } from './memory/bus';
import type { Dram } from './memory/dram';
import type { Simulator } from './sim/simulator';
import type { TraceHash } from './trace/hash';
import type { Trace } from './trace/trace';

/** How finely engines work: one event a phase, or one event a descriptor. */
export type PhaseMode = 'fine' | 'coarse';

/** What a machine gives to each of its units. */
export interface UnitContext {
  readonly sim: Simulator;
  readonly dram: Dram;
  readonly bus: MemoryBus;
  readonly datapath: Datapath;
  readonly phases: PhaseMode;
  readonly faults: BusFaults;
  readonly findings: FindingLog;
  readonly hash: TraceHash;
  /** Absent when nobody records: `trace?.emit(…)` then builds nothing. */
  readonly trace: Trace | undefined;
  /** Drives an interrupt line of the controller: a level. */
  setInterruptLine(source: number, asserted: boolean): void;
}
