/**
 * The plain model of an array's contents: for every sector which write was acknowledged last, and which one was begun
 * last. A sector may hold either, or anything begun between them; nothing else.
 */
import { SECTOR } from '../geometry';

const WORDS = SECTOR / 4;

export class Versions {
  private readonly latest: Uint32Array;
  private readonly settled: Uint32Array;
  private readonly ranges: (readonly [first: number, end: number])[] = [];

  /** @param sectors of the array, all zeros at first, which is version 0 */
  constructor(readonly sectors: number) {
    this.latest = new Uint32Array(sectors);
    this.settled = new Uint32Array(sectors);
  }

  /** A write begins; returns its version. */
  begin(sector: number, count: number): number {
    const version = this.ranges.push([sector, sector + count]);
    this.latest.fill(version, sector, sector + count);
    return version;
  }

  /** A write was acknowledged. */
  settle(version: number): void {
    const [first, end] = this.ranges[version - 1];
    for (let at = first; at < end; at++) this.settled[at] = Math.max(this.settled[at], version);
  }

  /** What a sector holds after a write. */
  fill(words: Uint32Array, sector: number, version: number): void {
    for (let at = 0; at < WORDS; at++) words[at] = wordOf(sector, version, at);
  }

  /** What was acknowledged when a read of this sector began: older may not come back. */
  floor(sector: number): number {
    return this.settled[sector];
  }

  /** Whether a sector that was read holds a write it may hold. */
  allows(words: Uint32Array, sector: number, floor: number): boolean {
    const version = this.versionIn(words, sector);
    return version >= floor && version <= this.latest[sector];
  }

  /** What was found is what is there from now on: nothing is under way any more. */
  adopt(words: Uint32Array, sector: number): void {
    const version = Math.max(this.versionIn(words, sector), 0);
    this.latest[sector] = version;
    this.settled[sector] = version;
  }

  /** Nobody knows what a sector holds: whatever it is, it is there from now on. */
  private versionIn(words: Uint32Array, sector: number): number {
    const version = words[0];
    if (version > 0) {
      const range = this.ranges.at(version - 1);
      if (range === undefined || sector < range[0] || sector >= range[1]) return -1;
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
