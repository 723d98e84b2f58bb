const GRANULE_SECTORS = 256;

/** A request with a place in the order. */
interface Entry {
  readonly write: boolean;
  readonly first: number;
  readonly end: number;
  /** Earlier requests that must finish first. */
  blockers: number;
  readonly dependants: Entry[];
  readonly start: () => void;
  readonly granules: readonly number[];
}

/**
 * Keeps overlapping requests in the order they came: one that touches a sector an earlier unfinished one
 * writes, or writes a sector an earlier one touches, starts when that one has finished.
 */
export class RequestOrder {
  private readonly pending = new Map<number, Set<Entry>>();

  /**
   * Adds a request and starts it when nothing earlier is in its way, at once if possible.
   * @returns what to call when the request has finished
   */
  add(write: boolean, sector: number, sectors: number, start: () => void): () => void {
    const granules = granulesOf(sector, sectors);
    const entry: Entry = { write, first: sector, end: sector + sectors, blockers: 0, dependants: [], start, granules };
    for (const earlier of this.conflicting(entry)) {
      earlier.dependants.push(entry);
      entry.blockers++;
    }
    for (const granule of granules) this.at(granule).add(entry);
    if (entry.blockers === 0) start();
    return () => this.finish(entry);
  }

  private conflicting(entry: Entry): Set<Entry> {
    const found = new Set<Entry>();
    for (const granule of entry.granules) {
      for (const other of this.at(granule)) {
        if ((other.write || entry.write) && other.first < entry.end && entry.first < other.end) found.add(other);
      }
    }
    return found;
  }

  private finish(entry: Entry): void {
    for (const granule of entry.granules) {
      const entries = this.at(granule);
      entries.delete(entry);
      if (entries.size === 0) this.pending.delete(granule);
    }
    for (const dependant of entry.dependants) if (--dependant.blockers === 0) dependant.start();
  }

  private at(granule: number): Set<Entry> {
    let entries = this.pending.get(granule);
    if (entries === undefined) {
      entries = new Set();
      this.pending.set(granule, entries);
    }
    return entries;
  }
}

function granulesOf(sector: number, sectors: number): number[] {
  const first = Math.floor(sector / GRANULE_SECTORS);
  const last = Math.floor((sector + sectors - 1) / GRANULE_SECTORS);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
