/** What host and worker say to each other. */
import type { CaseResult } from '../../conformance/case';
import type { Strategy } from '../../conformance/explorer/explorer';
import type { ExploreSummary } from '../../conformance/suite';
import type { PlatformName } from '../../emulator/platforms';
import type { TraceOptions } from '../console/recorder';
import type { UnderTest } from './under-test';

/** One case to run. */
export interface Job {
  readonly caseId: string;
  readonly underTest: UnderTest;
  readonly platform: PlatformName;
  readonly seed: number;
  /** Orders of events to run at most, and which; absent: the one that time makes. */
  readonly explore?: { readonly runs: number; readonly strategy: Strategy };
  /** The order of events to run, as an earlier run printed it. */
  readonly replay?: string;
  /** Where the run is recorded; of a run in the order that time makes. */
  readonly trace?: TraceOptions;
}

/** How a case ended. */
export interface CaseAnswer {
  readonly kind: 'result';
  readonly result: CaseResult;
  readonly explored?: ExploreSummary;
}

/** What a worker says. */
export type Answer =
  | CaseAnswer
  /** The input is wrong: one line for the user. */
  | { readonly kind: 'refused'; readonly message: string }
  /** A defect of the model. */
  | { readonly kind: 'defect'; readonly stack: string };
