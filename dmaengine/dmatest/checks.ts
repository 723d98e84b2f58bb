/**
 * Check operations, which the kernel's test leaves out: sums that are right, sums spoiled by one byte inside the
 * region, and bytes spoiled outside it, which must not matter. Memory must be as it was (XV-03, PV-04).
 */
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { SeededRandom } from '../../emulator/sim/random';
import { DmaCapability } from '../capability';
import type { DmaChan, Prepared } from '../device';
import type { DmaEngine } from '../engine';
import type { SumCheckResult } from '../flags';
import { DmaCtrl, SumCheck } from '../flags';
import { dmaMaxPq } from '../pq';
import type { Placed } from './channel-thread';
import { ChannelTestThread } from './channel-thread';
import type { DmaTestParameters } from './parameters';
import { Comparison, fillRandom, plainWeighted, plainXor } from './plain';
import type { TestBuffer } from './thread';

/** What a check leaves when it leaves nothing: no value of `SumCheck`. */
const UNTOUCHED = 0x55;

const { PREP_PQ_DISABLE_P, PREP_PQ_DISABLE_Q } = DmaCtrl;
const DISABLES = [0, PREP_PQ_DISABLE_P, PREP_PQ_DISABLE_Q] as const;

/** A kind of check. The operands are the data, and then the sums: P, or P and Q. */
export interface CheckKind {
  readonly name: string;
  readonly capability: DmaCapability;
  /** how many sums stand behind the data */
  readonly sums: 1 | 2;
  /** most operands of one descriptor */
  readonly most: (chan: DmaChan) => number;
}

export const CHECK_KINDS: readonly CheckKind[] = [
  { name: 'xor-val', capability: DmaCapability.XOR_VAL, sums: 1, most: ({ device }) => device.maxXor },
  { name: 'pq-val', capability: DmaCapability.PQ_VAL, sums: 2, most: ({ device }) => dmaMaxPq(device, 0) },
];

/** One thread of checks on one channel. */
export class CheckThread extends ChannelTestThread {
  private readonly operands: readonly TestBuffer[];

  constructor(
    dma: DmaEngine,
    chan: DmaChan,
    private readonly kind: CheckKind,
    parameters: DmaTestParameters,
    random: SeededRandom,
    name: string,
  ) {
    const { xorAlign, pqAlign } = chan.device;
    super(dma, chan, parameters, random, name, kind.sums === 1 ? xorAlign : pqAlign);
    this.operands = Array.from({ length: kind.most(chan) }, () => this.buffer());
  }

  protected override *test(number: number): ThreadBody {
    const { random, kind } = this;
    const length = this.drawLength();
    // At least as many data as sums: the engine checks no P+Q of fewer than two (hw-iop13xx 3.4, PV-01).
    const least = 2 * kind.sums;
    const count = least + random.below(this.operands.length - least + 1);
    const operands = this.operands.slice(0, count).map((buffer) => ({ buffer, start: this.drawOffset(length) }));
    const coefficients = Array.from({ length: count - kind.sums }, () => random.below(256));
    const disabled = kind.sums === 1 ? 0 : DISABLES[random.below(DISABLES.length)];
    this.fill(operands, coefficients, length);
    const spoiled = random.below(2) === 0 ? 'nothing' : this.spoil(operands, length);
    const expected = this.expected(operands, coefficients, length, disabled);
    const before = operands.map(({ buffer }) => buffer.bytes.slice());
    const result = { value: UNTOUCHED };
    const problem = yield* this.timed(length, this.transfer(operands, coefficients, disabled, length, result));
    const where = `with ${count - kind.sums} sources, ${spoiled} spoiled, flags 0x${disabled.toString(16)}, len=0x${length.toString(16)}: check says 0x${result.value.toString(16)}, right is 0x${expected.toString(16)}`;
    if (problem !== undefined) this.fail(number, problem, where);
    else if (result.value !== expected) this.fail(number, misjudged(result.value, expected), where);
    else if (!this.parameters.noverify) this.judge(number, unchanged(operands, before), where);
  }

  /** Random data, and the sums that go with it. */
  private fill(operands: readonly Placed[], coefficients: readonly number[], length: number): void {
    for (const { buffer } of operands) fillRandom(buffer.bytes, this.random);
    const data = operands.slice(0, coefficients.length).map((operand) => region(operand, length));
    const [p, q] = operands.slice(coefficients.length);
    p.buffer.bytes.set(plainXor(data, length), p.start);
    if (this.kind.sums === 2) q.buffer.bytes.set(plainWeighted(data, coefficients, length), q.start);
  }

  /** One byte of one operand, inside the region or outside it; says where. */
  private spoil(operands: readonly Placed[], length: number): string {
    const index = this.random.below(operands.length);
    const { buffer, start } = operands[index];
    const at = this.random.below(4) === 0 ? this.random.below(buffer.bytes.length) : start + this.random.below(length);
    buffer.bytes[at] ^= 1 + this.random.below(255);
    return `byte 0x${at.toString(16)} of operand ${index}`;
  }

  /** What is right for the bytes as they are. */
  private expected(
    operands: readonly Placed[],
    coefficients: readonly number[],
    length: number,
    disabled: number,
  ): number {
    const data = operands.slice(0, coefficients.length).map((operand) => region(operand, length));
    const [p, q] = operands.slice(coefficients.length).map((operand) => region(operand, length));
    const differs = (a: Uint8Array, b: Uint8Array): boolean => a.some((byte, i) => byte !== b[i]);
    let wrong = 0;
    if (!(disabled & PREP_PQ_DISABLE_P) && differs(p, plainXor(data, length))) wrong |= SumCheck.P_RESULT;
    const withQ = this.kind.sums === 2 && !(disabled & PREP_PQ_DISABLE_Q);
    if (withQ && differs(q, plainWeighted(data, coefficients, length))) wrong |= SumCheck.Q_RESULT;
    return wrong;
  }

  private *transfer(
    operands: readonly Placed[],
    coefficients: readonly number[],
    disabled: number,
    length: number,
    result: SumCheckResult,
  ): Generator<void, string | undefined, void> {
    const { unmap, sources } = this.map(operands, [], length);
    const problem = yield* this.carryOut(this.prep(sources, coefficients, disabled, length, result));
    unmap.put();
    return problem;
  }

  private prep(
    sources: readonly number[],
    coefficients: readonly number[],
    disabled: number,
    length: number,
    result: SumCheckResult,
  ): Prepared | undefined {
    const { chan, lastFlags } = this;
    const { device } = chan;
    if (this.kind.sums === 1)
      return device.devicePrepDmaXorVal?.(chan, sources, sources.length, length, result, lastFlags);
    const data = coefficients.length;
    const pair = [
      disabled & PREP_PQ_DISABLE_P ? 0 : sources[data],
      disabled & PREP_PQ_DISABLE_Q ? 0 : sources[data + 1],
    ] as const;
    const flags = lastFlags | disabled;
    return device.devicePrepDmaPqVal?.(chan, pair, sources.slice(0, data), data, coefficients, length, result, flags);
  }
}

/** The class of a wrong answer. */
function misjudged(value: number, expected: number): string {
  if (value === UNTOUCHED) return 'check left no result';
  if (value === 0) return 'check passed wrong data';
  return expected === 0 ? 'check refused right data' : 'check blamed the wrong sum';
}

function region({ buffer, start }: Placed, length: number): Uint8Array {
  return buffer.bytes.slice(start, start + length);
}

function unchanged(operands: readonly Placed[], before: readonly Uint8Array[]): Comparison {
  const comparison = new Comparison();
  operands.forEach(({ buffer }, i) => {
    comparison.same(buffer.bytes, before[i], (_, place) => `operand ${i}${place} overwritten by a check`);
  });
  return comparison;
}
