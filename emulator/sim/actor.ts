/**
 * What an event may read and what it may change, as names of resources (`dram`, `adma0`, `irq`, …). Two
 * events whose footprints do not conflict may be explored in one order only.
 */
export interface Footprint {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

/**
 * A source of events: a channel, a disk, a timer. Events of one actor never overtake each other; events
 * of different actors at the same time fire by priority (lower first), then in the order of scheduling.
 */
export interface Actor {
  readonly name: string;
  readonly priority: number;
}

/** Order among events of the same moment. Hardware settles before anything looks at it. */
export const Priority = { store: 0, hardware: 1, disk: 2, timer: 3, workload: 4 } as const;
