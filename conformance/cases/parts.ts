/** What cases are put together from. */
import type { DmaChan } from '../../dmaengine/device';
import { PAGE_SIZE } from '../../emulator/kernel/pages';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import { CaseSkipped } from '../case';
import type { Span } from '../world/buffers';
import { shadowOf } from '../world/buffers';
import type { CaseWorld } from '../world/case-world';
import { hasInterrupts } from '../world/devices';
import { plainWeighted, plainXor } from '../../dmaengine/dmatest/plain';
import type { OperationKind, OperationSpec } from '../world/operation';
import { NEEDS } from '../world/operation';

/** Stretches of memory start at lines of so many bytes, which satisfies any alignment a device may ask for. */
const LINE = 64;

/** Every kind of operation, the plainest first. */
export const KINDS = Object.keys(NEEDS) as readonly OperationKind[];

/** Sizes around which something changes: a word, a cache line, the engines' block of 1 KiB, a page, several. */
export const SIZES = [1, 3, 4, 31, 32, 33, 1023, 1024, 1025, 4096, 16384] as const;

/** Source counts around which the formats of descriptors change, as far as an engine goes. */
export function sourceCounts(most: number): number[] {
  return [1, 2, 4, 5, 8, 9, 13, 15, 16, 17, 31, 32].filter((count) => count < most).concat(most);
}

/** So many stretches of so many bytes, each in a buffer of its own. @param offset of each in its buffer */
export function spans(world: CaseWorld, count: number, len: number, offset = 0): Span[] {
  return world.blocks(count, offset + len).map((buffer) => buffer.span(offset, len));
}

/** The processor writes bytes there. */
export function pokeAll({ buffer, offset }: Span, bytes: ArrayLike<number>): void {
  for (let i = 0; i < bytes.length; i++) buffer.poke(offset + i, bytes[i]);
}

/** Changes one bit, so that a check has something to find. */
export function flip({ buffer, offset }: Span, at: number, bit = 0): void {
  buffer.poke(offset + at, buffer.shadow[offset + at] ^ (1 << bit));
}

/** Makes the last span what lets all of them sum to zero. */
export function makeZeroSum(all: readonly Span[]): void {
  pokeAll(all[all.length - 1], plainXor(all.slice(0, -1).map(shadowOf), all[0].len));
}

/** Makes P and Q right for the data. */
export function makeSyndrome(p: Span, q: Span, from: readonly Span[], coefficients: readonly number[]): void {
  const data = from.map(shadowOf);
  pokeAll(p, plainXor(data, p.len));
  pokeAll(q, plainWeighted(data, coefficients, q.len));
}

/** So many coefficients other than 0. */
export function someCoefficients(world: CaseWorld, count: number): number[] {
  return Array.from({ length: count }, () => 1 + (world.random.next() % 255));
}

/** Hands out stretches of memory, several of a page: what is written beside one is seen. */
export function spanMaker(world: CaseWorld): (len: number) => Span {
  let page = world.buffer();
  let used = 0;
  return (len) => {
    if (used + len > page.size) {
      page = world.buffer(Math.ceil(len / PAGE_SIZE));
      used = 0;
    }
    const span = page.span(used, len);
    used += LINE * Math.ceil(len / LINE);
    return span;
  };
}

/**
 * An operation of this kind on memory of its own.
 * @param sources of those that combine
 * @param take where the memory comes from
 */
export function specOf(
  world: CaseWorld,
  kind: OperationKind,
  len: number,
  sources = 2,
  take = spanMaker(world),
): OperationSpec {
  const data = (): Span[] => Array.from({ length: sources }, () => take(len));
  switch (kind) {
    case 'copy':
      return { kind, to: take(len), from: take(len) };
    case 'fill':
      return { kind, to: take(len), value: 0xa5 };
    case 'xor':
      return { kind, to: take(len), from: data() };
    case 'xor_val':
      return { kind, from: data() };
    case 'pq':
    case 'pq_val':
      return { kind, p: take(len), q: take(len), from: data(), coefficients: someCoefficients(world, sources) };
    case 'interrupt':
      return { kind };
  }
}

/** The plainest kind that moves data and that the channel can do; undefined where it moves none. */
export function plainKind({ device }: DmaChan): OperationKind | undefined {
  return (['copy', 'xor', 'fill', 'pq'] as const).find((kind) => device.capMask.has(NEEDS[kind]));
}

/** A channel that moves data, with a maker of its plainest operation. */
export interface Mover {
  readonly chan: DmaChan;
  readonly kind: OperationKind;
  readonly move: (len: number) => OperationSpec;
}

/** Every channel that moves data; skips the case where none does. */
export function movers(world: CaseWorld): Mover[] {
  const all = world.channels(1).flatMap((chan) => {
    const kind = plainKind(chan);
    const take = spanMaker(world);
    return kind === undefined ? [] : [{ chan, kind, move: (len: number) => specOf(world, kind, len, 2, take) }];
  });
  if (all.length === 0) throw new CaseSkipped('no channel moves data');
  return all;
}

/** Channels whose completions interrupt. */
export function interrupting(world: CaseWorld): Mover[] {
  const all = movers(world).filter(({ chan }) => hasInterrupts(chan.device));
  if (all.length === 0) throw new CaseSkipped('no channel interrupts');
  return all;
}

/** Chains of copies: each stretch into the next. */
export function hops(all: readonly Span[]): OperationSpec[] {
  return all.slice(1).map((to, i) => ({ kind: 'copy', to, from: all[i] }));
}

/** Whether the channel's device can do this kind. */
export function can({ device }: DmaChan, kind: OperationKind): boolean {
  return device.capMask.has(NEEDS[kind]);
}

/**
 * Does something at moments spread evenly over a transfer, from before its first byte until after its last interrupt:
 * a transfer like it is timed first.
 * @param move the transfer
 * @param at gets each moment, picoseconds after the transfer is issued
 */
export function* sweep(
  world: CaseWorld,
  chan: DmaChan,
  move: () => OperationSpec,
  moments: number,
  at: (moment: number) => ThreadBody,
): ThreadBody {
  const first = world.start(chan, move(), { callback: true });
  const begin = world.kernel.now;
  world.issue(chan);
  yield* world.callbacks(first);
  const duration = world.kernel.now - begin;
  for (let i = 0; i <= moments; i++) yield* at(Math.round((duration * i) / moments));
}

/** Sweeps over a transfer of so many bytes on every channel that moves data. */
export function* sweepEach(
  world: CaseWorld,
  len: number,
  moments: number,
  at: (mover: Mover, moment: number) => ThreadBody,
): ThreadBody {
  for (const mover of movers(world)) {
    yield* sweep(
      world,
      mover.chan,
      () => mover.move(len),
      moments,
      (moment) => at(mover, moment),
    );
  }
}

/** The thread keeps the processor to itself for a while: no interrupt, no tasklet. */
export function withInterruptsOff(world: CaseWorld, run: () => void): void {
  const { processor, tasklets } = world.kernel;
  processor.irqsOff++;
  run();
  processor.irqsOff--;
  processor.spend(0);
  tasklets.runAtIrqExit();
}

/** The same with interrupts taken, and what they raise left for later. */
export function withBottomHalvesOff(world: CaseWorld, run: () => void): void {
  const { tasklets } = world.kernel;
  tasklets.disable();
  run();
  tasklets.enable();
}
