/** The tests of one channel that the kernel's dmatest leaves out (reference/oracle 1.1, blind spots). */
import type { SeededRandom } from '../../emulator/sim/random';
import type { DmaChan } from '../device';
import type { DmaEngine } from '../engine';
import { CHECK_KINDS, CheckThread } from './checks';
import { canMove } from './moves';
import { OWN_DATA_KINDS, OwnDataThread } from './own-data';
import type { DmaTestParameters } from './parameters';
import { ExhaustionThread, LateAckThread } from './pool';
import type { TestThread } from './thread';

/** One test that a channel is able to do. */
export interface ExtendedTest {
  /** `pq-continue` */
  readonly name: string;
  /** Makes its thread. @param name of the thread */
  readonly make: (dma: DmaEngine, parameters: DmaTestParameters, random: SeededRandom, name: string) => TestThread;
}

/**
 * Every such test that a channel is able to do. Those of the pool want the channel for themselves, so threads run one
 * after the other.
 */
export function extendedTestsOf(chan: DmaChan): ExtendedTest[] {
  const { capMask } = chan.device;
  const sums = OWN_DATA_KINDS.filter(({ capability }) => capMask.has(capability)).map((kind): ExtendedTest => ({
    name: kind.name,
    make: (dma, parameters, random, name) => new OwnDataThread(dma, chan, kind, parameters, random, name),
  }));
  const checks = CHECK_KINDS.filter(({ capability }) => capMask.has(capability)).map((kind): ExtendedTest => ({
    name: kind.name,
    make: (dma, parameters, random, name) => new CheckThread(dma, chan, kind, parameters, random, name),
  }));
  const pool: ExtendedTest[] = [
    {
      name: 'late-ack',
      make: (dma, parameters, random, name) => new LateAckThread(dma, chan, parameters, random, name),
    },
    {
      name: 'exhaustion',
      make: (dma, parameters, random, name) => new ExhaustionThread(dma, chan, parameters, random, name),
    },
  ];
  return [...sums, ...checks, ...(canMove(chan) ? pool : [])];
}
