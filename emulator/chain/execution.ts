import type { Accesses } from '../sim/accesses';
import type { UnitStatistics } from './statistics';

/** How a unit carries out the operation it has decoded. */
export interface Execution {
  /** Starts at a time that is not past; ends by telling the host, or by `failed` having halted the unit. */
  begin(start: number): void;
  /** Explored mode: adds the memory that the phase with this handler reads or writes; whether the block goes on behind it. */
  touches(accesses: Accesses, handler: () => void): boolean;
}

/** What an execution needs from its unit. */
export interface ExecutionHost {
  readonly name: string;
  readonly statistics: UnitStatistics;
  /** Address of the current descriptor. */
  readonly descriptor: number;
  /** When the phase under way was asked for. */
  readonly phaseStart: number;
  /** Most bytes of one phase. */
  readonly blockBytes: number;
  /** Calls `handler` when a transaction that ends at this time is through. */
  after(end: number, handler: () => void): void;
  /** Whether a transaction fails; if so the unit has halted. */
  failed(address: number, bytes: number, write: boolean): boolean;
  /** Goes on after a block, at once or when the unit is enabled again. */
  betweenBlocks(go: () => void): void;
  /** All data are through; the status is still to be written. @param result status bits of a check that failed */
  executed(result: number): void;
  /** All data are through, and the time of the status write as well. */
  executedWhole(result: number): void;
  /** When a status write that is asked for at `time` is through; `time` itself where there is none. */
  statusWritten(time: number): number;
}
