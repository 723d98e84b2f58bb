/**
 * Blocks that say themselves whether they are right, as fio's `verify=` writes them: a header with a CRC-32C of the
 * block, or a pattern. Whoever reads such a block needs no model of the disk to check it.
 */
import { seconds } from '../../emulator/sim/time';
import { SECTOR } from '../geometry';
import type { SectorContent } from './content';
import { crc32c } from './crc32c';

/** How the blocks of a job are made and checked. */
export interface BlockCheck {
  readonly method: 'crc32c' | 'pattern';
  /** What the data repeat, from the start of the request; undefined: data that follow from seed, sector and write. */
  readonly pattern: Uint8Array | undefined;
  /** Bytes from one header to the next, a multiple of 512 that divides every request. */
  readonly interval: number;
  /** Which clone of which job writes, from 0. */
  readonly thread: number;
}

/** A block that does not check. */
export interface BlockFailure {
  /** array sector */
  readonly sector: number;
  readonly problem: string;
}

/** The fields of fio's `struct verify_header`, and behind them the CRC of the data. */
const MAGIC = 0xacca;
const VERIFY_CRC32C = 5;
const [TYPE_AT, LENGTH_AT, SEED_AT, OFFSET_AT, SECONDS_AT, NANOSECONDS_AT] = [2, 4, 8, 16, 24, 28];
const [THREAD_AT, NUMBER_AT, HEADER_CRC_AT, DATA_CRC_AT] = [32, 34, 36, 40];
const HEADER = 44;

/** What one write put on the array. */
interface Stamp {
  readonly sector: number;
  readonly sectors: number;
  readonly check: BlockCheck;
  /** One for each interval; none for a bare pattern. */
  readonly headers: readonly Uint8Array[];
}

export class CheckedContent {
  /** Blocks read and checked. */
  blocks = 0;
  failedBlocks = 0;
  readonly failures: BlockFailure[] = [];
  private readonly stamps = new Map<number, Stamp>();
  private readonly words = new Uint32Array(SECTOR / 4);
  private readonly bytes = new Uint8Array(this.words.buffer);

  /** @param plain what everything else is made of */
  constructor(private readonly plain: SectorContent) {}

  /** Whether any write is of this kind. */
  get any(): boolean {
    return this.stamps.size > 0;
  }

  /**
   * Decides what a write puts on the array, headers included.
   * @param version of the write, as in the model
   * @param now simulated time, for the header
   */
  stamp(version: number, sector: number, sectors: number, check: BlockCheck, now: number): void {
    const headers: Uint8Array[] = [];
    const stamp: Stamp = { sector, sectors, check, headers };
    this.stamps.set(version, stamp);
    if (check.method === 'pattern') return;
    const step = check.interval / SECTOR;
    for (let first = 0; first < sectors; first += step) {
      const header = new Uint8Array(HEADER);
      this.writeHeader(header, (sector + first) * SECTOR, version, check, now);
      let sum = 0;
      for (let i = first; i < first + step; i++) {
        this.makeSector(stamp, sector + i, version);
        sum = crc32c(i === first ? this.bytes.subarray(HEADER) : this.bytes, sum);
      }
      new DataView(header.buffer).setUint32(DATA_CRC_AT, sum, true);
      headers.push(header);
    }
  }

  /** Writes the content of consecutive sectors into `words` from word `at` on. */
  fill(words: Uint32Array, at: number, sector: number, sectors: number, version: number): void {
    const stamp = this.stamps.get(version);
    if (stamp === undefined) return this.plain.fill(words, at, sector, sectors, version);
    for (let i = 0; i < sectors; i++) {
      this.makeSector(stamp, sector + i, version);
      words.set(this.words, at + i * this.words.length);
    }
  }

  /** Offset of the first byte of a sector that is not as written, or -1. */
  firstDifference(words: Uint32Array, at: number, sector: number, version: number): number {
    const stamp = this.stamps.get(version);
    if (stamp === undefined) return this.plain.firstDifference(words, at, sector, version);
    this.makeSector(stamp, sector, version);
    const read = new Uint8Array(words.buffer, words.byteOffset + 4 * at, SECTOR);
    return this.bytes.findIndex((byte, i) => byte !== read[i]);
  }

  /**
   * Checks every block that lies whole in what was read, by what stands in it alone.
   * @param data what was read from `sector` on
   * @param versionOf the write that a sector holds: a block that another write has cut into is left out, as fio does
   */
  checkRead(data: Uint8Array, sector: number, versionOf: (sector: number) => number): void {
    const sectors = data.length / SECTOR;
    for (let i = 0; i < sectors;) {
      const version = versionOf(sector + i);
      const stamp = this.stamps.get(version);
      const step = stamp === undefined ? 1 : stamp.check.interval / SECTOR;
      const starts = stamp !== undefined && (sector + i - stamp.sector) % step === 0;
      if (!starts || i + step > sectors || !isWhole(sector + i, step, version, versionOf)) {
        i++;
        continue;
      }
      this.checkBlock(data.subarray(i * SECTOR, (i + step) * SECTOR), sector + i, stamp);
      i += step;
    }
  }

  private checkBlock(block: Uint8Array, sector: number, { check, sector: first }: Stamp): void {
    this.blocks++;
    const problem =
      check.method === 'pattern'
        ? patternProblem(block, check.pattern!, (sector - first) * SECTOR)
        : headerProblem(block, sector * SECTOR);
    if (problem === undefined) return;
    this.failedBlocks++;
    if (this.failures.length < 16) this.failures.push({ sector, problem });
  }

  /** What `sector` holds after the write, into `words`. */
  private makeSector({ sector: first, check, headers }: Stamp, sector: number, version: number): void {
    const start = (sector - first) * SECTOR;
    const { pattern, interval } = check;
    if (pattern === undefined) this.plain.fill(this.words, 0, sector, 1, version);
    else for (let i = 0; i < SECTOR; i++) this.bytes[i] = pattern[(start + i) % pattern.length];
    const header = start % interval === 0 ? headers.at(start / interval) : undefined;
    if (header !== undefined) this.bytes.set(header);
  }

  private writeHeader(header: Uint8Array, offset: number, version: number, check: BlockCheck, now: number): void {
    const view = new DataView(header.buffer);
    const whole = Math.floor(seconds(now));
    view.setUint16(0, MAGIC, true);
    view.setUint16(TYPE_AT, VERIFY_CRC32C, true);
    view.setUint32(LENGTH_AT, check.interval, true);
    view.setBigUint64(SEED_AT, BigInt(version), true);
    view.setBigUint64(OFFSET_AT, BigInt(offset), true);
    view.setUint32(SECONDS_AT, whole, true);
    view.setUint32(NANOSECONDS_AT, Math.floor((seconds(now) - whole) * 1e9), true);
    view.setUint16(THREAD_AT, check.thread, true);
    view.setUint16(NUMBER_AT, version, true);
    view.setUint32(HEADER_CRC_AT, crc32c(header.subarray(0, HEADER_CRC_AT)), true);
  }
}

function isWhole(sector: number, sectors: number, version: number, versionOf: (sector: number) => number): boolean {
  for (let i = 1; i < sectors; i++) if (versionOf(sector + i) !== version) return false;
  return true;
}

function headerProblem(block: Uint8Array, offset: number): string | undefined {
  const view = new DataView(block.buffer, block.byteOffset, HEADER);
  if (view.getUint16(0, true) !== MAGIC) return 'bad magic in the header';
  if (view.getUint32(HEADER_CRC_AT, true) !== crc32c(block.subarray(0, HEADER_CRC_AT))) return 'bad CRC of the header';
  if (view.getUint32(LENGTH_AT, true) !== block.length) return 'bad length in the header';
  if (view.getBigUint64(OFFSET_AT, true) !== BigInt(offset)) return 'bad offset in the header';
  return view.getUint32(DATA_CRC_AT, true) === crc32c(block.subarray(HEADER)) ? undefined : 'bad CRC-32C of the data';
}

function patternProblem(block: Uint8Array, pattern: Uint8Array, start: number): string | undefined {
  const wrong = block.findIndex((byte, i) => byte !== pattern[(start + i) % pattern.length]);
  return wrong < 0 ? undefined : `bad pattern at byte ${wrong}`;
}
