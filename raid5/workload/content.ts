import { scramble } from '../../emulator/sim/random';
import { SECTOR } from '../geometry';

const WORDS = SECTOR / 4;
const STEP = 0x9e37_79b1;

/**
 * What the `version`-th write of a run puts into a sector: 128 words that follow from seed, sector and
 * version alone, so that whoever knows which write came last knows every byte. Version 0 is a sector never
 * written: zeros.
 */
export class SectorContent {
  constructor(private readonly seed: number) {}

  /** Writes the content of consecutive sectors into `words` from word `at` on. */
  fill(words: Uint32Array, at: number, sector: number, sectors: number, version: number): void {
    for (let i = 0; i < sectors; i++) this.fillSector(words, at + i * WORDS, sector + i, version);
  }

  /**
   * Compares one sector with what it should hold.
   * @returns offset of the first wrong byte in the sector, or -1
   */
  firstDifference(words: Uint32Array, at: number, sector: number, version: number): number {
    const start = version === 0 ? 0 : this.start(sector, version);
    for (let i = 0; i < WORDS; i++) {
      const difference = words[at + i] ^ (version === 0 ? 0 : word(start, i));
      if (difference !== 0) return 4 * i + (lowestBit(difference) >>> 3);
    }
    return -1;
  }

  private fillSector(words: Uint32Array, at: number, sector: number, version: number): void {
    const start = this.start(sector, version);
    for (let i = 0; i < WORDS; i++) words[at + i] = word(start, i);
  }

  private start(sector: number, version: number): number {
    // Unlike in a plain XOR, sector and version cannot change places.
    const place = Math.imul(scramble(this.seed ^ sector), STEP);
    return scramble(place + scramble(version + Math.floor(sector / 0x1_0000_0000)));
  }
}

function lowestBit(value: number): number {
  return 31 - Math.clz32(value & -value);
}

function word(start: number, index: number): number {
  const x = (start + Math.imul(index, STEP)) | 0;
  return x ^ (x >>> 15);
}
