/** What a conformance case is, and how one can end. */
import type { ThreadBody } from '../emulator/kernel/scheduler';
import type { RuleId } from './rules/catalogue';
import type { CaseWorld } from './world/case-world';

/** One thing that a driver must do, as a small run that shows whether it does. */
export interface ConformanceCase {
  /** `group/what-it-is-about`, unique. */
  readonly id: string;
  /** The rules it holds, the one it is about first. */
  readonly rules: readonly [RuleId, ...RuleId[]];
  /** What a conforming driver does, as a sentence. */
  readonly title: string;
  /** What goes wrong on a machine whose driver does not. */
  readonly why: string;
  /** Small enough for every interleaving: at most three descriptors on two channels. */
  readonly explorable?: boolean;
  /** Whether the world stands before anything is probed; else the devices are registered and have one client. */
  readonly bare?: boolean;
  /** Rules under whose BUG the kernel may stop instead: the driver of Linux does, and conforms. */
  readonly bugs?: readonly RuleId[];
  /** The run, as a kernel thread. */
  readonly run: (world: CaseWorld) => ThreadBody;
}

/** Thrown by a case where driver or platform lack what it needs. */
export class CaseSkipped extends Error {
  constructor(readonly reason: string) {
    super(reason);
    this.name = 'CaseSkipped';
  }
}

/** Thrown by a case that cannot go on: what should have been is not. */
export class CaseFailed extends Error {
  constructor(
    readonly rule: RuleId,
    readonly expected: string,
    readonly happened: string,
  ) {
    super(`expected ${expected}; ${happened}`);
    this.name = 'CaseFailed';
  }
}

/** One thing that was wrong. */
export interface Complaint {
  /** Id of the rule that was broken. */
  readonly rule: string;
  readonly expected: string;
  readonly happened: string;
  /** picoseconds */
  readonly time: number;
  /** The function, channel or buffer that noticed. */
  readonly where: string;
}

/** How a case ended. */
export type CaseOutcome = 'passed' | 'failed' | 'skipped';

export interface CaseResult {
  readonly id: string;
  readonly outcome: CaseOutcome;
  /** Why it was skipped. */
  readonly reason?: string;
  /** What was wrong, in the order of time; empty unless it failed. */
  readonly complaints: readonly Complaint[];
  /** Lines of trace around the first complaint. */
  readonly excerpt: readonly string[];
  /** picoseconds since power-on at the end */
  readonly simulated: number;
}
