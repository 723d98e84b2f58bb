/**
 * Sums that the kernel's test leaves out: every source has data and an offset of its own, counts may be even,
 * coefficients are any, P or Q may be disabled, and a sum may go on in a second descriptor.
 */
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { SeededRandom } from '../../emulator/sim/random';
import { DmaCapability } from '../capability';
import type { DmaChan, Prepared } from '../device';
import type { DmaEngine } from '../engine';
import { DmaCtrl } from '../flags';
import { dmaMaxPq } from '../pq';
import type { Placed } from './channel-thread';
import { ChannelTestThread } from './channel-thread';
import type { DmaTestParameters } from './parameters';
import { Comparison, fillRandom, plainWeighted, plainXor } from './plain';
import type { TestBuffer } from './thread';

/** One sum, drawn at random. */
interface Draw {
  /** sources of each descriptor; every one after the first continues */
  readonly counts: readonly number[];
  readonly coefficients: readonly number[];
  /** `DmaCtrl` bits of what is not wanted */
  readonly disabled: number;
}

/** What a kind of sum draws. */
export interface OwnDataKind {
  readonly name: string;
  readonly capability: DmaCapability;
  /** most sources of one test */
  readonly most: (chan: DmaChan) => number;
  readonly draw: (chan: DmaChan, random: SeededRandom) => Draw;
}

const { PREP_PQ_DISABLE_P, PREP_PQ_DISABLE_Q, PREP_CONTINUE, PREP_FENCE, CTRL_ACK } = DmaCtrl;
const DISABLES = [0, PREP_PQ_DISABLE_P, PREP_PQ_DISABLE_Q] as const;

const maxPq = ({ device }: DmaChan): number => dmaMaxPq(device, 0);

function drawPq(random: SeededRandom, counts: readonly number[], disabled: number): Draw {
  const sources = counts.reduce((sum, count) => sum + count, 0);
  return { counts, coefficients: Array.from({ length: sources }, () => random.below(256)), disabled };
}

export const OWN_DATA_KINDS: readonly OwnDataKind[] = [
  {
    name: 'xor-data',
    capability: DmaCapability.XOR,
    most: ({ device }) => device.maxXor,
    draw: ({ device }, random) => {
      return { counts: [2 + random.below(device.maxXor - 1)], coefficients: [], disabled: PREP_PQ_DISABLE_Q };
    },
  },
  {
    name: 'pq-data',
    capability: DmaCapability.PQ,
    most: maxPq,
    draw: (chan, random) => drawPq(random, [1 + random.below(maxPq(chan))], 0),
  },
  {
    name: 'pq-single',
    capability: DmaCapability.PQ,
    most: maxPq,
    draw: (chan, random) => drawPq(random, [1 + random.below(maxPq(chan))], DISABLES[1 + random.below(2)]),
  },
  {
    name: 'pq-continue',
    capability: DmaCapability.PQ,
    most: (chan) => 2 * maxPq(chan),
    draw: (chan, random) => {
      const disabled = DISABLES[random.below(DISABLES.length)];
      const more = dmaMaxPq(chan.device, PREP_CONTINUE | disabled);
      return drawPq(random, [1 + random.below(maxPq(chan)), 1 + random.below(more)], disabled);
    },
  },
];

/** Submits without waiting: what continues follows at once. */
function queue(tx: Prepared | undefined): string | undefined {
  if (tx === null || tx === undefined) return 'prep error';
  return tx.txSubmit(tx) < 0 ? 'submit error' : undefined;
}

/** One thread of such sums on one channel. */
export class OwnDataThread extends ChannelTestThread {
  private readonly sources: readonly TestBuffer[];
  private readonly p: TestBuffer;
  private readonly q: TestBuffer;

  constructor(
    dma: DmaEngine,
    chan: DmaChan,
    private readonly kind: OwnDataKind,
    parameters: DmaTestParameters,
    random: SeededRandom,
    name: string,
  ) {
    const { xorAlign, pqAlign } = chan.device;
    super(dma, chan, parameters, random, name, kind.capability === DmaCapability.XOR ? xorAlign : pqAlign);
    this.sources = Array.from({ length: kind.most(chan) }, () => this.buffer());
    this.p = this.buffer();
    this.q = this.buffer();
  }

  protected override *test(number: number): ThreadBody {
    const { random, p, q } = this;
    const draw = this.kind.draw(this.chan, random);
    const length = this.drawLength();
    const count = draw.counts.reduce((sum, each) => sum + each, 0);
    const sources = this.sources.slice(0, count).map((buffer) => ({ buffer, start: this.drawOffset(length) }));
    // One offset for both, since they have to agree in the low bits (hw-iop13xx 6.1).
    const start = this.drawOffset(length);
    for (const { bytes } of [...this.sources.slice(0, count), p, q]) fillRandom(bytes, random);
    const before = [...sources.map(({ buffer }) => buffer), p, q].map(({ bytes }) => bytes.slice());
    const problem = yield* this.timed(length, this.transfer(draw, sources, start, length));
    const where = `with ${draw.counts.join('+')} sources, flags 0x${draw.disabled.toString(16)}, dst_off=0x${start.toString(16)} len=0x${length.toString(16)}`;
    if (problem !== undefined) this.fail(number, problem, where);
    else if (!this.parameters.noverify) this.judge(number, this.verdict(draw, sources, start, length, before), where);
  }

  private *transfer(
    { counts, coefficients, disabled }: Draw,
    placed: readonly Placed[],
    start: number,
    length: number,
  ): Generator<void, string | undefined, void> {
    const withP = !(disabled & PREP_PQ_DISABLE_P);
    const withQ = !(disabled & PREP_PQ_DISABLE_Q);
    const dests = [...(withP ? [this.p] : []), ...(withQ ? [this.q] : [])].map((buffer) => ({ buffer, start }));
    const { unmap, sources, destinations } = this.map(placed, dests, length);
    const pair = [withP ? destinations[0] : 0, withQ ? destinations[dests.length - 1] : 0] as const;
    let problem: string | undefined;
    let done = 0;
    for (const [index, count] of counts.entries()) {
      const last = index === counts.length - 1;
      const flags = disabled | (index > 0 ? PREP_CONTINUE : 0) | (last ? this.lastFlags : CTRL_ACK | PREP_FENCE);
      const part = [sources, coefficients].map((list) => list.slice(done, done + count));
      const tx = this.prep(pair, part[0], part[1], length, flags);
      problem = last ? yield* this.carryOut(tx) : queue(tx);
      if (problem !== undefined) break;
      done += count;
    }
    unmap.put();
    return problem;
  }

  private prep(
    pair: readonly [number, number],
    srcs: readonly number[],
    scf: readonly number[],
    length: number,
    flags: number,
  ): Prepared | undefined {
    const { chan } = this;
    return this.kind.capability === DmaCapability.XOR
      ? chan.device.devicePrepDmaXor?.(chan, pair[0], srcs, srcs.length, length, flags & ~PREP_PQ_DISABLE_Q)
      : chan.device.devicePrepDmaPq?.(chan, pair, srcs, srcs.length, scf, length, flags);
  }

  private verdict(
    { coefficients, disabled }: Draw,
    sources: readonly Placed[],
    start: number,
    length: number,
    before: readonly Uint8Array[],
  ): Comparison {
    const comparison = new Comparison();
    sources.forEach(({ buffer }, i) => {
      comparison.same(buffer.bytes, before[i], (_, place) => `srcbuf${i}${place} overwritten`);
    });
    const parts = sources.map((placed, i) => before[i].subarray(placed.start, placed.start + length));
    const sums: readonly (readonly [string, TestBuffer, Uint8Array | undefined])[] = [
      ['P', this.p, disabled & PREP_PQ_DISABLE_P ? undefined : plainXor(parts, length)],
      ['Q', this.q, disabled & PREP_PQ_DISABLE_Q ? undefined : plainWeighted(parts, coefficients, length)],
    ];
    sums.forEach(([name, { bytes }, sum], i) => {
      const expected = before[sources.length + i].slice();
      if (sum !== undefined) expected.set(sum, start);
      comparison.same(bytes, expected, (at, place) => {
        if (sum === undefined) return `${name}${place} written though disabled`;
        return `${name}${place} ${at >= start && at < start + length ? 'wrong' : 'written outside its region'}`;
      });
    });
    return comparison;
  }
}
