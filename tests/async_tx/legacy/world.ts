/** Copies from page to page on channels a test names, through the face of 2007. */
import type { AsyncTxResult } from '../../../async_tx/async-tx';
import type { Generation } from '../../../async_tx/generation';
import { MODERN } from '../../../async_tx/generation';
import { LegacyTxFlags } from '../../../async_tx/legacy/flags';
import { GENERATION_2_6_23, GENERATION_2_6_23_RC, GENERATION_2_6_26 } from '../../../async_tx/legacy/generations';
import { asyncMemcpy } from '../../../async_tx/legacy/operations';
import type { Page } from '../../../emulator/kernel/pages';
import { PLATFORMS } from '../../../emulator/platforms';
import type { PlatformRecord } from '../../../emulator/platforms/platform';
import { AsyncWorld, expectBytes, nothingLeft } from '../world';

/** Every generation by the name of its kernel, oldest first, and the number of its wait. */
export const GENERATIONS: readonly (readonly [string, Generation])[] = [
  ['2.6.23-rc', GENERATION_2_6_23_RC],
  ['2.6.23', GENERATION_2_6_23],
  ['2.6.26', GENERATION_2_6_26],
  ['today', MODERN],
];

/** Those that hang dependants on a list. */
export const WITH_LISTS = GENERATIONS.slice(0, 2);

export class Relay {
  readonly world: AsyncWorld;
  readonly pages: Page[];
  /** Which copies called back, in order. */
  readonly called: number[] = [];
  /** What every page held before. */
  readonly before: Uint8Array[];

  constructor(generation: Generation, copies: number, platform: PlatformRecord = PLATFORMS.iop342) {
    this.world = new AsyncWorld(platform, generation);
    this.pages = Array.from({ length: copies + 1 }, (_, i) => this.world.noise(i));
    this.before = this.pages.map((page) => this.world.bytes(page).slice());
  }

  /** Copy number `i`, of page i into page i + 1. */
  copy(i: number, channel: number, depend: AsyncTxResult, flags = 0): AsyncTxResult {
    const { api, chans } = this.world;
    api.channel = chans[channel];
    const called = (param: unknown): void => {
      this.called.push(param as number);
    };
    return asyncMemcpy(api, this.pages[i + 1], this.pages[i], 0, 0, 4096, flags, depend, called, i);
  }

  /** A chain over these channels as the document has it: each acks the one before, the last one itself. */
  chain(channels: readonly number[]): AsyncTxResult {
    let tx: AsyncTxResult = null;
    channels.forEach((channel, i) => {
      const flags = i === channels.length - 1 ? LegacyTxFlags.ACK : 0;
      tx = this.copy(i, channel, tx, flags | (i > 0 ? LegacyTxFlags.DEP_ACK : 0));
    });
    return tx;
  }

  /** Every page holds what the first one held, nothing is left, no rule was broken. */
  expectDone(): void {
    const { world, pages, before } = this;
    world.finish();
    world.finish();
    for (const page of pages) expectBytes(world.bytes(page), before[0]);
    expect(world.leftovers()).toEqual(nothingLeft(world.chans.length));
    expect(world.rules()).toEqual([]);
  }
}
