/**
 * `dmatest`: random transfers on a channel, checked byte by byte inside and outside the region they name. Its
 * parameters, pattern, verdict classes and summary line are the kernel's (reference/oracle 1.1).
 */
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { SeededRandom } from '../../emulator/sim/random';
import { DmaCapability } from '../capability';
import type { DmaChan, Prepared } from '../device';
import type { DmaEngine } from '../engine';
import { dmaMaxPq } from '../pq';
import { ChannelTestThread, whereOf } from './channel-thread';
import type { DmaTestParameters } from './parameters';
import type { Region } from './pattern';
import { fillDestination, fillSource, MEMSET_VALUE, Verifier } from './pattern';
import type { TestBuffer } from './thread';

/** What a thread tests. */
export type DmaTestKind = 'copy' | 'set' | 'xor' | 'pq';

/** What a kind needs of a device, and how it asks. */
interface Kind {
  readonly capability: DmaCapability;
  readonly align: (chan: DmaChan) => number;
  readonly sources: (chan: DmaChan, parameters: DmaTestParameters) => number;
  readonly destinations: number;
  readonly prep: (
    chan: DmaChan,
    dests: readonly number[],
    srcs: readonly number[],
    len: number,
    flags: number,
  ) => Prepared | undefined;
}

/** In the order in which `dmatest_add_channel` starts them. */
const KINDS: Readonly<Record<DmaTestKind, Kind>> = {
  copy: {
    capability: DmaCapability.MEMCPY,
    align: (chan) => chan.device.copyAlign,
    sources: () => 1,
    destinations: 1,
    prep: (chan, [dest], [src], len, flags) => chan.device.devicePrepDmaMemcpy?.(chan, dest, src, len, flags),
  },
  set: {
    capability: DmaCapability.MEMSET,
    align: (chan) => chan.device.fillAlign,
    sources: () => 1,
    destinations: 1,
    prep: (chan, [dest], _srcs, len, flags) => chan.device.devicePrepDmaMemset?.(chan, dest, MEMSET_VALUE, len, flags),
  },
  xor: {
    capability: DmaCapability.XOR,
    align: (chan) => chan.device.xorAlign,
    sources: ({ device }, { xorSources }) => minOdd(xorSources | 1, device.maxXor),
    destinations: 1,
    prep: (chan, [dest], srcs, len, flags) => chan.device.devicePrepDmaXor?.(chan, dest, srcs, srcs.length, len, flags),
  },
  pq: {
    capability: DmaCapability.PQ,
    align: (chan) => chan.device.pqAlign,
    sources: ({ device }, { pqSources }) => minOdd(pqSources | 1, dmaMaxPq(device, 0)),
    destinations: 2,
    prep: (chan, [p, q], srcs, len, flags) => {
      const ones = srcs.map(() => 1);
      return chan.device.devicePrepDmaPq?.(chan, [p, q], srcs, srcs.length, ones, len, flags);
    },
  },
};

/** Which kinds a channel can be tested with. */
export function kindsOf(chan: DmaChan): DmaTestKind[] {
  return (Object.keys(KINDS) as DmaTestKind[]).filter((kind) => chan.device.capMask.has(KINDS[kind].capability));
}

/** `min_odd`: the smaller one, made odd. */
function minOdd(a: number, b: number): number {
  const least = Math.min(a, b);
  return least % 2 === 1 ? least : least - 1;
}

/** `dmatest_func`: one thread of tests on one channel. */
export class DmaTestThread extends ChannelTestThread {
  private readonly kind: Kind;
  private readonly memset: boolean;
  private readonly sources: readonly TestBuffer[];
  private readonly destinations: readonly TestBuffer[];

  constructor(
    dma: DmaEngine,
    chan: DmaChan,
    kind: DmaTestKind,
    parameters: DmaTestParameters,
    random: SeededRandom,
    name: string,
  ) {
    super(dma, chan, parameters, random, name, KINDS[kind].align(chan));
    this.kind = KINDS[kind];
    this.memset = kind === 'set';
    this.sources = Array.from({ length: this.kind.sources(chan, parameters) }, () => this.buffer());
    this.destinations = Array.from({ length: this.kind.destinations }, () => this.buffer());
  }

  protected override *test(number: number): ThreadBody {
    const length = this.drawLength();
    const source = { start: this.drawOffset(length), length };
    const destination = { start: this.drawOffset(length), length };
    for (const { bytes } of this.sources) fillSource(bytes, source, this.memset);
    for (const { bytes } of this.destinations) fillDestination(bytes, destination, this.memset);
    const problem = yield* this.timed(length, this.transfer(source, destination));
    const where = whereOf(source, destination);
    if (problem !== undefined) this.fail(number, problem, where);
    else if (!this.parameters.noverify) this.judge(number, this.verdict(source, destination), where);
  }

  private *transfer(source: Region, destination: Region): Generator<void, string | undefined, void> {
    const { start, length } = destination;
    const { unmap, sources, destinations } = this.map(
      this.sources.map((buffer) => ({ buffer, start: source.start })),
      this.destinations.map((buffer) => ({ buffer, start })),
      length,
    );
    const problem = yield* this.carryOut(this.kind.prep(this.chan, destinations, sources, length, this.lastFlags));
    unmap.put();
    return problem;
  }

  private verdict(source: Region, destination: Region): Verifier['verdict'] {
    const verifier = new Verifier(this.memset);
    for (const { bytes } of this.sources) verifier.source(bytes, source);
    for (const { bytes } of this.destinations) verifier.destination(bytes, destination, source.start);
    return verifier.verdict;
  }
}
