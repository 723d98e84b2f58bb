import type { Accesses } from './accesses';

/**
 * What an event reads and what it changes. Two events whose footprints do not conflict may be explored in one
 * order only. Lines of the machine's own units are not part of it: it sees for itself which of them an event moves. Whoever
 * moves a line past the machine, as a disk's host adapter does, names it.
 */
export interface Footprint {
  /** Named things that every event reads or changes. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /**
   * Adds what the event with this handler touches, which is about to fire: address ranges, for the most part. What
   * it returns is called when the handler is through, for what only then is known. Asked in explored mode only, so
   * that timed mode builds nothing.
   */
  readonly details?: (accesses: Accesses, handler: () => void) => (() => void) | void;
}

/**
 * A source of events: a channel, a disk, a timer. Events of one actor never overtake each other; events
 * of different actors at the same time fire by priority (lower first), then in the order of scheduling.
 */
export interface Actor {
  readonly name: string;
  readonly priority: number;
  /** Whether it is slow beside all hardware, whatever its priority: a timer. */
  readonly patient?: boolean;
  /** Whether its events are over, in explored mode, before a register read of the processor samples anything. */
  readonly hasty?: boolean;
}

/** Order among events of the same moment. Hardware settles before anything looks at it. */
export const Priority = { store: 0, hardware: 1, disk: 2, timer: 3, workload: 4 } as const;

/** Whether an actor's events wait in explored mode until nothing else is under way: time-outs and what workloads plan. */
export function isPatient({ patient, priority }: Actor): boolean {
  return patient ?? priority >= Priority.timer;
}
