/**
 * What one descriptor asks for, in the terms all engines share: a list of sources, each folded into one or
 * two store queues, and up to two destinations that the queues are written to. Units decode their own
 * descriptor formats into this record; the walk through the chain then needs to know no format.
 */
import { MAX_SOURCES } from '../datapath/datapath';
import { Route } from '../memory/bus';

/** How a source enters the store queues. */
export const Fold = {
  /** not read at all */
  skip: 0,
  /** first queue := source */
  load: 1,
  /** first queue := first queue XOR source */
  xor: 2,
  /** first queue := source, second queue := multiplier ⊗ source */
  loadPq: 3,
  /** first queue XOR source, second queue XOR multiplier ⊗ source */
  xorPq: 4,
  /** second queue := second queue XOR source */
  xorSecond: 5,
  /** first queue := a 32-bit pattern, given in place of the address; nothing is read */
  pattern: 6,
} as const;
export type Fold = (typeof Fold)[keyof typeof Fold];

/** One record a unit, filled again for every descriptor. */
export class Operation {
  /** Bytes of every source and destination. */
  count = 0;
  /** Bytes whose blocks are behind: all their destinations are written. */
  done = 0;
  sourceCount = 0;
  readonly sources = new Float64Array(MAX_SOURCES);
  readonly folds = new Uint8Array(MAX_SOURCES);
  readonly multipliers = new Uint8Array(MAX_SOURCES);

  /** Sources go through the multiplier, which costs time. */
  multiplies = false;

  destinationCount = 0;
  readonly destinations = new Float64Array(2);
  /** Which queue goes to which destination. */
  readonly destinationQueues = new Uint8Array(2);

  /** The destination is filled with `pattern`; there are no sources. */
  fill = false;
  pattern = 0;
  /** Bytes are swapped within each 32-bit word on the way. */
  swap = false;

  /** Queues whose being zero is the result: none, the first, the second or both. */
  checkFirst = false;
  checkSecond = false;
  /** Status bits when the queue is not zero. */
  notZeroFirst = 0;
  notZeroSecond = 0;

  /** Address of seed and result of a CRC-32C, -1 for none. */
  crcAddress = -1;
  /** The seed is a finished CRC to go on from. */
  crcContinues = false;

  /** Word of the descriptor the status is written back to, -1 for none. */
  statusWord = -1;
  /** Status bits when the operation is complete. */
  complete = 0;

  /** Interrupt when complete. */
  interrupt = false;
  readRoute: Route = Route.port;
  writeRoute: Route = Route.port;

  /** Makes the record say nothing. */
  clear(): void {
    this.count = 0;
    this.done = 0;
    this.sourceCount = 0;
    this.multiplies = false;
    this.destinationCount = 0;
    this.fill = false;
    this.pattern = 0;
    this.swap = false;
    this.checkFirst = false;
    this.checkSecond = false;
    this.notZeroFirst = 0;
    this.notZeroSecond = 0;
    this.crcAddress = -1;
    this.crcContinues = false;
    this.statusWord = -1;
    this.complete = 0;
    this.interrupt = false;
    this.readRoute = Route.port;
    this.writeRoute = Route.port;
  }

  /**
   * An operation that neither reads nor writes memory does the same in every block: one is enough, and none
   * where nothing enters the queues.
   */
  shortenIfUnseen(block: number): void {
    if (this.destinationCount > 0) return;
    for (let i = 0; i < this.sourceCount; i++) if (this.folds[i] !== Fold.pattern) return;
    this.count = this.sourceCount === 0 && !this.checkFirst && !this.checkSecond ? 0 : Math.min(this.count, block);
  }

  /** Adds a source. */
  addSource(address: number, fold: Fold, multiplier = 1): void {
    this.sources[this.sourceCount] = address;
    this.folds[this.sourceCount] = fold;
    this.multipliers[this.sourceCount++] = multiplier;
  }

  /** Adds a destination for a queue: 0 the first, 1 the second. */
  addDestination(address: number, queue: 0 | 1): void {
    this.destinations[this.destinationCount] = address;
    this.destinationQueues[this.destinationCount++] = queue;
  }
}
