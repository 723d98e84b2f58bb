import type { Datapath } from '../datapath/datapath';
import { Fold } from './operation';
import type { Operation } from './operation';

// Looked up once: a name of another module costs a look-up at every use.
const { load, xor, loadPq, xorPq, xorSecond, pattern, skip } = Fold;

/**
 * The store queues of one unit and what happens in them: folding sources in, testing and writing out. All
 * positions are offsets into the WebAssembly.Memory.
 */
export class DataEngine {
  private crc = 0;

  /** @param queues offsets of the first and the second queue */
  constructor(
    private readonly datapath: Datapath,
    private readonly queues: readonly [number, number],
  ) {}

  /** Folds `bytes` of source `index`, which stand at `at`, into the queues. */
  fold(operation: Operation, index: number, at: number, bytes: number): void {
    const { datapath } = this;
    const [first, second] = this.queues;
    switch (operation.folds[index] as Fold) {
      case load:
        datapath.load(first, at, bytes);
        if (operation.crcAddress >= 0) this.crc = datapath.crc32c(this.crc, first, bytes);
        break;
      case xor:
        datapath.accumulate(first, at, bytes);
        break;
      case loadPq:
        datapath.loadPq(first, second, at, operation.multipliers[index], bytes);
        break;
      case xorPq:
        datapath.accumulatePq(first, second, at, operation.multipliers[index], bytes);
        break;
      case xorSecond:
        datapath.accumulate(second, at, bytes);
        break;
      case pattern:
        datapath.fill(first, operation.sources[index], bytes);
        break;
      case skip:
        break;
    }
  }

  /** Writes a queue, or the pattern of a fill, to `at`. */
  write(operation: Operation, destination: number, at: number, bytes: number): void {
    if (operation.fill) {
      this.datapath.fill(at, operation.pattern, bytes);
      return;
    }
    const queue = this.queues[operation.destinationQueues[destination]];
    if (operation.swap) this.datapath.swap32(queue, bytes);
    this.datapath.store(at, queue, bytes);
  }

  /** The status bits of the queues that should be zero and are not. */
  check(operation: Operation, bytes: number): number {
    const first = operation.checkFirst && !this.datapath.isZero(this.queues[0], bytes);
    const second = operation.checkSecond && !this.datapath.isZero(this.queues[1], bytes);
    return (first ? operation.notZeroFirst : 0) | (second ? operation.notZeroSecond : 0);
  }

  /**
   * Starts a CRC-32C from the word in memory: a raw seed, or a finished CRC to go on from, whose final
   * inversion is undone (hw-iop13xx 4.8).
   */
  seedCrc(word: number, finished: boolean): void {
    this.crc = finished ? ~word : word;
  }

  /** The finished CRC-32C, as it is stored. */
  finishedCrc(): number {
    return ~this.crc >>> 0;
  }
}
