const EXTENT = 2048;

/** A run of consecutive sectors. */
export interface SectorRun {
  readonly sector: number;
  readonly sectors: number;
}

/**
 * The plain model of the disk: for every sector, which write came last. It knows nothing about stripes,
 * parity or engines. Sparse, in extents of 1 MiB of disk.
 */
export class ModelDisk {
  private readonly extents = new Map<number, Uint32Array>();

  /** Notes that `version` (> 0) is now what these sectors hold. */
  write(sector: number, sectors: number, version: number): void {
    for (let i = sector; i < sector + sectors; i++) {
      const index = Math.floor(i / EXTENT);
      let extent = this.extents.get(index);
      if (extent === undefined) {
        extent = new Uint32Array(EXTENT);
        this.extents.set(index, extent);
      }
      extent[i % EXTENT] = version;
    }
  }

  /** The write that a sector holds, 0 for none. */
  version(sector: number): number {
    return this.extents.get(Math.floor(sector / EXTENT))?.[sector % EXTENT] ?? 0;
  }

  /** Every sector ever written, in order, as runs of at most `longest` sectors that cross no extent. */
  *writtenRuns(longest: number): Generator<SectorRun, void, void> {
    for (const index of [...this.extents.keys()].sort((a, b) => a - b)) {
      const extent = this.extents.get(index)!;
      let first = -1;
      for (let i = 0; i <= EXTENT; i++) {
        const written = i < EXTENT && extent[i] !== 0;
        if (first < 0 && written) first = i;
        if (first >= 0 && (!written || i - first === longest)) {
          yield { sector: index * EXTENT + first, sectors: i - first };
          first = written ? i : -1;
        }
      }
    }
  }

  /** Sectors ever written. */
  get writtenSectors(): number {
    let count = 0;
    for (const extent of this.extents.values()) for (const version of extent) if (version !== 0) count++;
    return count;
  }
}
