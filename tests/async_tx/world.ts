/** Small worlds for tests of async_tx: a board, a kernel, dmaengine booted on it, and pages with a byte model. */
import type { AsyncTxResult } from '../../async_tx/async-tx';
import { AsyncTx } from '../../async_tx/async-tx';
import type { Generation } from '../../async_tx/generation';
import { MODERN } from '../../async_tx/generation';
import { bootDmaEngine } from '../../dmaengine/boot';
import type { AsyncTxConfig } from '../../dmaengine/config';
import type { DmaChan } from '../../dmaengine/device';
import type { DmaEngine } from '../../dmaengine/engine';
import type { IopAdmaChan } from '../../dmaengine/iop-adma/channel';
import type { Page } from '../../emulator/kernel/pages';
import { PLATFORMS } from '../../emulator/platforms';
import type { EngineCapability, PlatformRecord } from '../../emulator/platforms/platform';
import type { TraceWriter } from '../../emulator/trace/trace';
import { World } from '../dmaengine/iop-adma/world';

/** async_tx on a pretended table: the next operation runs on the channel a test names. */
export class PinnedAsyncTx extends AsyncTx {
  /** Undefined for the real choice. */
  channel: DmaChan | undefined;

  override findChannel(...choice: Parameters<AsyncTx['findChannel']>): DmaChan | undefined {
    const usual = super.findChannel(...choice);
    return this.channel ?? usual;
  }
}

export class AsyncWorld extends World {
  readonly dma: DmaEngine;
  readonly api: PinnedAsyncTx;

  constructor(
    platform: PlatformRecord = PLATFORMS.iop342,
    generation: Generation = MODERN,
    trace?: TraceWriter,
    config: AsyncTxConfig = {},
  ) {
    super({}, platform, trace);
    this.dma = this.thread(bootDmaEngine(this.kernel, { steps: generation.driver }, config));
    this.api = new PinnedAsyncTx(this.dma, generation);
  }

  /** The engine channels in order. */
  get chans(): readonly IopAdmaChan[] {
    return this.dma.devices.flatMap(({ channels }) => channels as readonly IopAdmaChan[]);
  }

  /** Descriptors that came out of all operations so far: every one took a cookie, and nothing else did. */
  get cookies(): number {
    return this.chans.reduce((sum, { cookie }) => sum + cookie, 0);
  }

  /** Issues what is pending, lets everything come to its end, and has it noticed: not every end interrupts. */
  finish(): void {
    this.call(() => this.api.issuePendingAll());
    this.settle();
    this.call(() => this.chans.forEach((chan) => chan.device.deviceTxStatus!(chan, chan.cookie)));
  }

  /** A page with pseudo-random bytes of its own. */
  noise(seed: number): Page {
    return this.page((i) => noiseByte(seed, i));
  }

  /** What is left when everything was acknowledged: no mapping, one descriptor on every chain, its slots busy. */
  leftovers(): { mapped: number; chained: number[]; busy: number[] } {
    const { chans } = this;
    return {
      mapped: this.kernel.dma.live,
      chained: chans.map(({ chain }) => chain.length),
      busy: chans.map(({ pool, chain }) => pool!.slots.length - pool!.free - (chain.last?.slotCnt ?? 0)),
    };
  }
}

/** `leftovers` of an idle world with `engines` channels. */
export function nothingLeft(engines: number): ReturnType<AsyncWorld['leftovers']> {
  return { mapped: 0, chained: new Array<number>(engines).fill(1), busy: new Array<number>(engines).fill(0) };
}

/** A byte of a reproducible sequence. */
export function noiseByte(seed: number, index: number): number {
  return (Math.imul(index + 1, 2654435761) ^ Math.imul(seed + 1, 40503 * 65537)) >>> 24;
}

/** XOR of byte strings of one length: the plain model. */
export function xorModel(parts: readonly Uint8Array[]): Uint8Array {
  const sum = new Uint8Array(parts[0].length);
  for (const part of parts) part.forEach((byte, i) => (sum[i] ^= byte));
  return sum;
}

/** Compares byte strings; a quick `toEqual` that names the first byte that differs. */
export function expectBytes(actual: Uint8Array, expected: Uint8Array): void {
  expect(actual).toHaveLength(expected.length);
  const at = actual.findIndex((byte, i) => byte !== expected[i]);
  if (at >= 0) expect({ at, byte: actual[at] }).toEqual({ at, byte: expected[at] });
}

/** A board whose every channel has so many slots. */
export function withSlots(platform: PlatformRecord, slots: number): PlatformRecord {
  return { ...platform, engines: platform.engines.map((engine) => ({ ...engine, poolBytes: 32 * slots })) };
}

/** iop342 with other engines: what each can, and how many slots it has. */
export function boardWith(
  engines: readonly { readonly capabilities?: readonly EngineCapability[]; readonly slots?: number }[],
): PlatformRecord {
  const { iop342 } = PLATFORMS;
  return {
    ...iop342,
    engines: engines.map(({ capabilities, slots }, index) => ({
      ...iop342.engines[index],
      ...(capabilities === undefined ? {} : { capabilities }),
      ...(slots === undefined ? {} : { poolBytes: 32 * slots }),
    })),
  };
}

/** As on an IOP3xx: one channel copies, one combines, one does the rest; a chain must change channels. */
export const DIVIDED = boardWith([
  { capabilities: ['memcpy', 'interrupt'] },
  { capabilities: ['xor', 'xor_val', 'interrupt'] },
  { capabilities: ['memcpy', 'memset', 'interrupt'] },
]);

/** The two worlds in which every operation must give the same bytes. */
export const BOTH: readonly (readonly [string, PlatformRecord])[] = [
  ['on engines', PLATFORMS.iop342],
  ['without any', PLATFORMS.none],
];

/** Whether an operation was queued. */
export function queued(tx: AsyncTxResult): NonNullable<AsyncTxResult> {
  if (tx === null) throw new Error('the operation was done synchronously');
  return tx;
}
