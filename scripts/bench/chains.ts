/** Descriptor chains through the channels of an IOP342 in timed phases, driven through a Target only. */
import type { Target } from '../../index';
import { createTarget } from '../../index';
import type { Benchmark } from './harness';
import { timed } from './harness';

const BYTES = 4096;
const BLOCK = 1024;
const STRIDE = 64;
const CHAIN = 0x10_0000;
const DATA = 0x280_0000;
const DRAM_BYTES = 48 * 2 ** 20;
/** Operands of a channel lie in a window of this size. */
const WINDOW = 0x4_0000;
/** adma0 of the IOP342 and the registers a chain needs (hw-iop13xx 1.3, 2). */
const ADMA0 = 0xffd8_0000;
const CHANNEL = 0x200;
const ACCR = 0x00;
const ACSR = 0x04;
const ADAR = 0x08;
const ANDAR = 0x24;
const ACTIVE = 1 << 13;

/** What every descriptor of a chain does. */
export interface Load {
  readonly name: string;
  readonly channels: number;
  readonly descriptors: number;
  readonly sources: number;
  readonly bytes: number;
}

/** A machine whose channels have started on their chains. */
export interface RunningChains {
  /** Phases a simulated second since the start. */
  phasesPerSecond(): number;
}

/** A board of the size that chains need. */
export function chainTarget(): Target {
  return createTarget('iop342', { dramBytes: DRAM_BYTES });
}

/** Builds the chains of a load on a board that has just been reset, and rings the doorbells. */
export function startChains(target: Target, load: Load): RunningChains {
  const words = new Uint32Array(target.wasmMemory.buffer);
  for (let channel = 0; channel < load.channels; channel++) fill(words, channel, load);
  for (let channel = 0; channel < load.channels; channel++) {
    const base = ADMA0 + CHANNEL * channel;
    target.write32(base + ANDAR, chainOf(channel, load.descriptors));
    target.write32(base + ACCR, 1);
  }
  const started = target.now;
  const done = (channel: number): number =>
    (target.read32(ADMA0 + CHANNEL * channel + ADAR) - chainOf(channel, load.descriptors)) / STRIDE;
  return {
    phasesPerSecond: () => {
      const descriptors = Array.from({ length: load.channels }, (_, channel) => done(channel)).reduce((a, b) => a + b);
      return (descriptors * phasesOf(load) * 1e12) / (target.now - started);
    },
  };
}

function phasesOf({ bytes, sources }: Load): number {
  return 1 + (bytes / BLOCK) * (sources + 1);
}

function chains(load: Load): Benchmark {
  const { channels, descriptors, sources, bytes } = load;
  let board: Target | undefined;
  return {
    name: load.name,
    run() {
      const target = (board ??= chainTarget());
      target.reset();
      startChains(target, load);
      const before = target.now;
      const seconds = timed(() => {
        for (let channel = 0; channel < channels; channel++) {
          while (target.read32(ADMA0 + CHANNEL * channel + ACSR) & ACTIVE) target.advance(1e9);
        }
      });
      const total = channels * descriptors;
      return {
        seconds,
        amounts: {
          phases: total * phasesOf(load),
          descriptors: total,
          ...(bytes === 0 ? {} : { 'source bytes': total * sources * bytes }),
          'simulated seconds': (target.now - before) / 1e12,
        },
      };
    },
  };
}

function chainOf(channel: number, descriptors: number): number {
  return CHAIN + channel * descriptors * STRIDE;
}

function fill(words: Uint32Array, channel: number, { descriptors, sources, bytes }: Load): void {
  // local → internal bus, so many sources
  const control = (3 << 1) | ((sources - 1) << 3);
  const data = DATA + channel * WINDOW;
  const first = chainOf(channel, descriptors);
  for (let i = 0; i < descriptors; i++) {
    const at = first + i * STRIDE;
    words.set([i + 1 < descriptors ? at + STRIDE : 0, control, 0, bytes, data, 0], at / 4);
    for (let s = 0; s < sources; s++) words.set([data + (s + 1) * BYTES, 0], at / 4 + 6 + 2 * s);
  }
}

/** The loads that the figures of the README and the goals speak of. */
export const CHAIN_BENCHMARKS: readonly Benchmark[] = [
  chains({ name: 'XOR of 5 × 4 KiB, one channel', channels: 1, descriptors: 20_000, sources: 5, bytes: BYTES }),
  chains({ name: 'XOR of 5 × 4 KiB, three channels', channels: 3, descriptors: 20_000, sources: 5, bytes: BYTES }),
  chains({ name: 'copy of 4 KiB, one channel', channels: 1, descriptors: 60_000, sources: 1, bytes: BYTES }),
  chains({ name: 'null descriptors, one channel', channels: 1, descriptors: 80_000, sources: 1, bytes: 0 }),
];
