import type { UnitStatistics } from './statistics';

/** How a unit carries out the operation it has decoded. */
export interface Execution {
  /** Starts; ends by calling `executed`, or by `failed` having halted the unit. */
  begin(): void;
}

/** What an execution needs from its unit. */
export interface ExecutionHost {
  readonly name: string;
  readonly statistics: UnitStatistics;
  /** Most bytes of one phase. */
  readonly blockBytes: number;
  /** Calls `handler` when a transaction that ends at this time is through. */
  after(end: number, handler: () => void): void;
  /** Whether a transaction fails; if so the unit has halted. */
  failed(address: number, bytes: number, write: boolean): boolean;
  /** Goes on after a block, at once or when the unit is enabled again. */
  betweenBlocks(go: () => void): void;
  /** All data are through. @param result status bits of a check that failed */
  executed(result: number): void;
}
