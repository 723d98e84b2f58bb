/**
 * The plain model of an array's contents: for every sector which write was acknowledged last, and which one was begun
 * last. A sector may hold either, or anything begun between them; nothing else, unless it is known to be lost.
 */
import { SECTOR } from '../geometry';
import type { SectorRun } from '../workload/model-disk';
import { ModelDisk } from '../workload/model-disk';

const WORDS = SECTOR / 4;

export class Versions {
  private readonly latest = new ModelDisk();
  private readonly settled = new ModelDisk();
  private readonly ranges: SectorRun[] = [];
  /** Writes that were begun and not acknowledged. */
  private readonly open = new Set<number>();
  private readonly lost = new Set<number>();

  /** @param sectors of the array, all zeros at first, which is version 0 */
  constructor(readonly sectors: number) {}

  /** A write begins; returns its version. */
  begin(sector: number, sectors: number): number {
    const version = this.ranges.push({ sector, sectors });
    this.latest.write(sector, sectors, version);
    this.open.add(version);
    return version;
  }

  /** A write was acknowledged. */
  settle(version: number): void {
    const { sector, sectors } = this.ranges[version - 1];
    this.open.delete(version);
    for (let at = sector; at < sector + sectors; at++) {
      if (this.settled.version(at) < version) this.settled.write(at, 1, version);
      this.lost.delete(at);
    }
  }

  /** Nobody can know what a sector holds, until it is written again. */
  lose(sector: number): void {
    this.lost.add(sector);
  }

  /** What writes that were never acknowledged touch, in the order they were begun: old or new, sector by sector. */
  undecided(): readonly SectorRun[] {
    return [...this.open].map((version) => this.ranges[version - 1]);
  }

  /** Every sector ever written, as runs of at most `longest` sectors. */
  written(longest: number): Generator<SectorRun, void, void> {
    return this.latest.writtenRuns(longest);
  }

  /** What a sector holds after a write. */
  fill(words: Uint32Array, sector: number, version: number): void {
    for (let at = 0; at < WORDS; at++) words[at] = wordOf(sector, version, at);
  }

  /** What was acknowledged when a read of this sector began: older may not come back. */
  floor(sector: number): number {
    return this.settled.version(sector);
  }

  /** Whether a sector that was read holds a write it may hold; `lost`: it does not, and nobody promised it would. */
  judge(words: Uint32Array, sector: number, floor: number): 'right' | 'wrong' | 'lost' {
    const version = this.versionIn(words, sector);
    if (version >= floor && version <= this.latest.version(sector)) return 'right';
    return this.lost.has(sector) ? 'lost' : 'wrong';
  }

  /** What was found is what is there from now on: nothing is under way any more. Bytes of no write stay unknown. */
  adopt(words: Uint32Array, sector: number): void {
    const version = this.versionIn(words, sector);
    if (version < 0) return;
    this.lost.delete(sector);
    this.latest.write(sector, 1, version);
    this.settled.write(sector, 1, version);
  }

  /** Writes that were under way are over, acknowledged or not: what they left has been found out. */
  decide(): void {
    this.open.clear();
  }

  /** The write whose bytes a sector holds, -1 for bytes of none. */
  private versionIn(words: Uint32Array, sector: number): number {
    const version = words[0];
    if (version > 0) {
      const range = this.ranges.at(version - 1);
      if (range === undefined || sector < range.sector || sector >= range.sector + range.sectors) return -1;
    }
    for (let at = 0; at < WORDS; at++) if (words[at] !== wordOf(sector, version, at)) return -1;
    return version;
  }
}

function wordOf(sector: number, version: number, at: number): number {
  if (version === 0) return 0;
  if (at === 0) return version;
  const x = Math.imul(version, 0x9e37_79b1) + Math.imul(sector + 1, 0x85eb_ca6b) + Math.imul(at, 0xc2b2_ae35);
  return (x ^ (x >>> 13)) >>> 0;
}
