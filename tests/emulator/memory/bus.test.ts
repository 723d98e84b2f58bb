/**
 * Bus arithmetic, measured from outside on whole transfers (hw-iop13xx 5.2, "sanity figures").
 *
 * The sanity figures assume that every access misses its row and that all transactions use the dedicated
 * port. Two things differ here and are allowed for by name: one side of each transfer goes over the internal
 * bus (direction 3: the write), which adds IB_EXTRA = 8 IBCLK a block, and a refresh closes the DRAM for
 * 20 MCLK every 7.8 µs (at most 1.3 %). Row misses are forced by operands that share one bank: 16 banks of
 * 8 KiB rows, so 128 KiB apart.
 */
import type { Target } from '../../../index';
import {
  board,
  bytesAt,
  ChannelPins,
  IBCLK,
  INTERNAL_TO_LOCAL,
  KIB,
  LOCAL_TO_INTERNAL,
  putDescriptor,
  putWord,
  US,
} from '../board';

const BANKS_APART = 128 * KIB;
const IB_EXTRA = 8;
/** 20 MCLK of 5 ns in 7.8 µs. */
const REFRESH_SHARE = 0.1 / 7.8;

interface Transfer {
  readonly sources: number;
  readonly direction?: number;
  /** bytes between the operands; a multiple of 128 KiB puts all of them into one bank */
  readonly apart: number;
  readonly misaligned?: number;
}

/** IBCLK per KiB of result, start-up and descriptor taken out by measuring two lengths. */
function perKib(transfer: Transfer): number {
  const target = board({ dramBytes: 4096 * KIB });
  const time = (kib: number): number => {
    target.reset();
    const at = (k: number): number => 0x1_0000 + transfer.apart * k;
    putDescriptor(target, 0x1000, {
      interrupt: true,
      direction: transfer.direction ?? LOCAL_TO_INTERNAL,
      count: kib * KIB,
      destination: at(transfer.sources) + (transfer.misaligned ?? 0),
      sources: Array.from({ length: transfer.sources }, (_, k) => at(k)),
    });
    const channel = new ChannelPins(target);
    channel.start(0x1000);
    const begin = target.now;
    expect(target.runUntil(() => channel.raised('eoc'), 10_000 * US)).toBe(true);
    return target.now - begin;
  };
  const [short, long] = [8, 104];
  return (time(long) - time(short)) / (long - short) / IBCLK;
}

describe('one channel, every access a row miss', () => {
  it.each([
    ['copy', 1, 310],
    ['XOR of 4', 4, 808],
    ['XOR of 16', 16, 2800],
  ])('%s takes the sanity figure of the manual model per KiB', (_, sources, figure) => {
    for (const direction of [LOCAL_TO_INTERNAL, INTERNAL_TO_LOCAL]) {
      const reads = direction === INTERNAL_TO_LOCAL ? sources : 1;
      const measured = perKib({ sources, direction, apart: BANKS_APART });
      expect(measured).toBeGreaterThanOrEqual(figure + reads * IB_EXTRA);
      expect(measured).toBeLessThan((figure + reads * IB_EXTRA) * (1 + REFRESH_SHARE) + 1);
    }
  });
});

describe('one channel, operands in different banks', () => {
  it.each([
    ['copy', 1, 310],
    ['XOR of 4', 4, 808],
    ['XOR of 12', 12, 2136],
  ])('%s saves the row miss of seven blocks in eight', (_, sources, figure) => {
    const open = figure + IB_EXTRA - sources * 12 * (7 / 8);
    const measured = perKib({ sources, apart: BANKS_APART + 8 * KIB });
    // Each refresh closes the rows again: at most one miss a stream every 7.8 µs.
    const reopened = (sources * 12 * measured * IBCLK) / (7.8 * US);
    expect(measured).toBeGreaterThanOrEqual(open - 1);
    expect(measured).toBeLessThan(open * (1 + REFRESH_SHARE) + reopened + 1);
  });
});

it('pays a read-modify-write of 10 MCLK at each ragged edge of the destination', () => {
  const aligned = perKib({ sources: 1, apart: BANKS_APART });
  const ragged = perKib({ sources: 1, apart: BANKS_APART, misaligned: 3 });
  expect(ragged - aligned).toBeGreaterThan(39);
  expect(ragged - aligned).toBeLessThan(42);
});

describe('three channels that saturate the DRAM', () => {
  const TOTAL = 384 * KIB;
  const PEAK = 3.2e9;

  function saturate(sources: readonly number[]): { target: Target; channels: ChannelPins[]; seconds: number } {
    const target = board({ dramBytes: 8192 * KIB });
    const channels = sources.map((_, index) => new ChannelPins(target, index));
    channels.forEach((channel, index) => {
      const area = 0x1_0000 + index * (2048 * KIB + 24 * KIB);
      bytesAt(target, area, TOTAL).fill(1);
      putDescriptor(target, 0x1000 + 0x100 * index, {
        interrupt: true,
        count: TOTAL,
        destination: area + 1024 * KIB + 8 * KIB,
        sources: Array.from({ length: sources[index] }, (_, k) => area + (k === 0 ? 0 : 512 * KIB)),
      });
      channel.start(0x1000 + 0x100 * index);
    });
    const begin = target.now;
    expect(target.runUntil(() => channels.some((channel) => channel.raised('eoc')), 10_000 * US)).toBe(true);
    return { target, channels, seconds: (target.now - begin) / 1e12 };
  }

  /** Bytes written so far: destinations start as zeros, results are not zero. */
  function written(target: Target, index: number): number {
    const from = 0x1_0000 + index * (2048 * KIB + 24 * KIB) + 1032 * KIB;
    const end = bytesAt(target, from, TOTAL).indexOf(0);
    return end < 0 ? TOTAL : end;
  }

  it('reach the peak of the DRAM less refresh, and never pass it', () => {
    const { target, seconds } = saturate([1, 1, 1]);
    const bytes = [0, 1, 2].reduce((sum, index) => sum + 2 * written(target, index), 0);
    expect(bytes / seconds).toBeLessThanOrEqual(PEAK * (1 - REFRESH_SHARE) * 1.001);
    expect(bytes / seconds).toBeGreaterThan(PEAK * 0.9);
  });

  it('share it evenly when they do the same', () => {
    const { target } = saturate([1, 1, 1]);
    const shares = [0, 1, 2].map((index) => written(target, index));
    const mean = shares.reduce((sum, share) => sum + share, 0) / 3;
    for (const share of shares) expect(Math.abs(share / mean - 1)).toBeLessThan(0.02);
  });

  it('get one transaction each in turn when they do different things', () => {
    // Two sources of ones would XOR to zero; three leave ones.
    const { target } = saturate([1, 3, 3]);
    const traffic = [2, 4, 4].map((blocks, index) => blocks * written(target, index));
    const mean = traffic.reduce((sum, share) => sum + share, 0) / 3;
    for (const share of traffic) expect(Math.abs(share / mean - 1)).toBeLessThan(0.02);
  });

  it('are each slower than alone, together faster than one', () => {
    const { seconds: together } = saturate([1, 1, 1]);
    const { seconds: alone } = saturate([1]);
    expect(together).toBeGreaterThan(alone * 1.5);
    expect(together).toBeLessThan(alone * 3);
  });
});

it('leaves no event behind when everything is idle: refresh is arithmetic', () => {
  const target = board({ dramBytes: 64 * KIB });
  putDescriptor(target, 0x1000, { count: 100, destination: 0x4000, sources: [0x2000] });
  putWord(target, 0x1000, 0);
  new ChannelPins(target).run(0x1000);
  // An hour and a half of simulated time: stepping through refreshes would take minutes of ours.
  target.advance(5_400_000_000 * US);
  expect(target.now).toBeGreaterThan(5_400_000_000 * US);
});
