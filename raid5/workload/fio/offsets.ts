/** Where the next request goes. Everything is counted in units of the job's smallest block size. */
import type { FioJob } from './job';
import { Lfsr, Tausworthe } from './random';

/** A run of units. */
export interface Span {
  readonly first: number;
  readonly units: number;
}

export interface Offsets {
  /**
   * The place of the next request; it may be shorter than asked for where what is free, or the region, ends.
   * A region that is through starts again.
   */
  next(units: number, direction: 'read' | 'write'): Span;
}

/** From the start to the end of the region, reads and writes each at their own pace, as in fio. */
export class SequentialOffsets implements Offsets {
  private readonly position = { read: 0, write: 0 };

  constructor(private readonly count: number) {}

  next(units: number, direction: 'read' | 'write'): Span {
    const first = this.position[direction];
    const span = { first, units: Math.min(units, this.count - first) };
    this.position[direction] = (first + span.units) % this.count;
    return span;
  }
}

/** Anywhere, whatever came before (`norandommap`). */
export class FreeOffsets implements Offsets {
  constructor(
    private readonly count: number,
    private readonly random: { next(): number },
  ) {}

  next(units: number): Span {
    const first = this.random.next();
    return { first, units: Math.min(units, this.count - first) };
  }
}

/** Numbers that stand for themselves until they are set; memory for what is set only. */
class SparseLinks {
  private static readonly SLAB = 64;
  private readonly slabs = new Map<number, Float64Array>();

  get(unit: number): number {
    return this.slabs.get(Math.floor(unit / SparseLinks.SLAB))?.[unit % SparseLinks.SLAB] ?? unit;
  }

  set(unit: number, link: number): void {
    const index = Math.floor(unit / SparseLinks.SLAB);
    let slab = this.slabs.get(index);
    if (slab === undefined) {
      slab = Float64Array.from({ length: SparseLinks.SLAB }, (_, i) => index * SparseLinks.SLAB + i);
      this.slabs.set(index, slab);
    }
    slab[unit % SparseLinks.SLAB] = link;
  }

  clear(): void {
    this.slabs.clear();
  }
}

/** Anywhere, but every unit once before any comes twice: fio's random map. */
export class MappedOffsets implements Offsets {
  /** For every unit itself while it is free, else one further on the way to the next free one; `count`: none left. */
  private readonly free = new SparseLinks();
  private left: number;

  constructor(
    private readonly count: number,
    private readonly random: { next(): number },
  ) {
    this.left = count;
  }

  next(units: number): Span {
    const { free, count } = this;
    if (this.left === 0) {
      free.clear();
      this.left = count;
    }
    // A unit that is taken stands for the next free one, as fio's axmap has it.
    let first = this.nextFree(this.random.next());
    if (first === count) first = this.nextFree(0);
    let length = 0;
    while (length < units && first + length < count && free.get(first + length) === first + length) {
      free.set(first + length, first + length + 1);
      length++;
    }
    this.left -= length;
    return { first, units: length };
  }

  private nextFree(unit: number): number {
    const { free } = this;
    let at = unit;
    for (let link = free.get(at); link !== at; link = free.get(at)) {
      const next = free.get(link);
      free.set(at, next);
      at = next;
    }
    return at;
  }
}

/** The offsets of one thread of a job. @param count units in its region */
export function offsetsOf(job: FioJob, count: number, seed: number): Offsets {
  if (!job.random) return new SequentialOffsets(count);
  const tausworthe = new Tausworthe(seed);
  const random = job.randomGenerator === 'lfsr' ? new Lfsr(count, seed) : { next: () => tausworthe.below(count) };
  return job.norandommap ? new FreeOffsets(count, random) : new MappedOffsets(count, random);
}
