import { asyncMemcpy } from '../../async_tx/memcpy';
import { asyncMemset } from '../../async_tx/memset';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import { asyncTriggerCallback } from '../../async_tx/trigger-callback';
import { asyncXor } from '../../async_tx/xor';
import { asyncTxTestAck } from '../../dmaengine/descriptor';
import type { DmaAsyncTxDescriptor } from '../../dmaengine/descriptor';
import type { Page } from '../../emulator/kernel/pages';
import { PLATFORMS } from '../../emulator/platforms';
import type { PlatformRecord } from '../../emulator/platforms/platform';
import { AsyncWorld, boardWith, DIVIDED, expectBytes, nothingLeft, queued, xorModel } from './world';

const { ACK, XOR_ZERO_DST } = AsyncTxFlags;

type Tx = DmaAsyncTxDescriptor | null;

/** A row of pages, each to be copied from the one before, and the order in which the copies called back. */
class Relay {
  readonly world: AsyncWorld;
  readonly pages: Page[];
  readonly called: number[] = [];
  readonly contents: Uint8Array;

  constructor(copies: number, platform: PlatformRecord = PLATFORMS.iop342) {
    this.world = new AsyncWorld(platform);
    this.pages = Array.from({ length: copies + 1 }, (_, i) => this.world.noise(i));
    this.contents = this.world.bytes(this.pages[0]).slice();
  }

  /** Copy number `i`, on the given channel. */
  copy(i: number, channel: number, depend: Tx, flags = 0): Tx {
    const { api, chans } = this.world;
    api.channel = chans[channel];
    const submit = initAsyncSubmit(flags, depend, () => this.called.push(i));
    return asyncMemcpy(api, this.pages[i + 1], this.pages[i], 0, 0, 4096, submit);
  }

  /** Everything executed once, in order, on the right data, and nothing is left. */
  expectDone(): void {
    const { world, pages, called, contents } = this;
    world.finish();
    expect(called).toEqual(pages.slice(1).map((_, i) => i));
    for (const page of pages) expectBytes(world.bytes(page), contents);
    expect(world.leftovers()).toEqual(nothingLeft(world.chans.length));
    expect(world.rules()).toEqual([]);
  }
}

describe('a chain over channels', () => {
  it.each([
    ['A(1) → B(2) → C(1)', [0, 1, 0]],
    ['A(1) → B(1) → C(2)', [0, 0, 1]],
    ['A(1) → B(2) → C(2)', [0, 1, 1]],
    ['A(1) → B(2) → C(3)', [0, 1, 2]],
    ['A(1) → B(2) → C(1) → D(2) → E(1)', [0, 1, 0, 1, 0]],
    ['A(3) → B(1) → C(1) → D(1) → E(2) → F(2) → G(3)', [2, 0, 0, 0, 1, 1, 2]],
  ])('%s executes in order, attached before A completes and meanwhile (AX-40, X-02, X-04)', (_, channels) => {
    for (const blocked of [true, false]) {
      const relay = new Relay(channels.length);
      const { tasklets } = relay.world.kernel;
      relay.world.call(() => {
        // With tasklets blocked no end is noticed before the whole chain stands.
        if (blocked) tasklets.disable();
        let tx: Tx = null;
        channels.forEach((channel, i) => {
          tx = relay.copy(i, channel, tx, i === channels.length - 1 ? ACK : 0);
        });
        if (!blocked) return;
        expect(relay.called).toEqual([]);
        tasklets.enable();
      });
      relay.expectDone();
    }
  });

  it.each([
    ['the same channel', 0],
    ['another channel', 1],
  ])('goes on, on %s, behind a link that is complete and not acked (AX-42)', (_, channel) => {
    const relay = new Relay(3);
    const { world } = relay;
    const first = world.call(() => relay.copy(0, 0, null));
    world.finish();
    expect(relay.called).toEqual([0]);
    expect(queued(first).cookie).toBe(0);
    const second = world.call(() => relay.copy(1, channel, first));
    expect(asyncTxTestAck(queued(first))).toBe(true);
    world.finish();
    expect(relay.called).toEqual([0, 1]);
    world.call(() => relay.copy(2, 0, second, ACK));
    world.finish();
    // The first link leaves its channel with the next operation there at the latest.
    relay.expectDone();
  });

  it('flushes the channel of what it waits for, so that nobody else need do so (AX-35, WT-09)', () => {
    const relay = new Relay(2);
    const { world } = relay;
    world.call(() => {
      const first = relay.copy(0, 0, null);
      const second = relay.copy(1, 1, first);
      expect(world.api.quiesceTx(second)).toBeNull();
      expect(relay.called).toEqual([0, 1]);
    });
    relay.expectDone();
  });

  it('is flushed when it is waited for, and no channel besides: waiting issues only its own (DX-04, SW-01)', () => {
    const relay = new Relay(2);
    const { world } = relay;
    world.call(() => {
      relay.copy(0, 0, null, ACK);
      const second = relay.copy(1, 1, null);
      expect(world.api.quiesceTx(second)).toBeNull();
      world.kernel.spend(1e8);
      expect(relay.called).toEqual([1]);
    });
    world.finish();
    expect(relay.called).toEqual([1, 0]);
    expect(world.rules()).toEqual([]);
  });

  it('takes an interrupt descriptor, acked at once, for each change of channel (AX-35, AX-37)', () => {
    const relay = new Relay(3);
    const { world } = relay;
    const { cookies } = world;
    world.call(() => {
      let tx: Tx = null;
      [0, 1, 0].forEach((channel, i) => (tx = relay.copy(i, channel, tx, i === 2 ? ACK : 0)));
    });
    expect(world.api.statistics.channelSwitches).toBe(2);
    relay.expectDone();
    expect(world.cookies - cookies).toBe(3 + 2);
  });

  it('waits for each link in turn when the channel grants no interrupt descriptor (AX-36)', () => {
    const relay = new Relay(4);
    const { world } = relay;
    for (const { device } of world.chans) jest.spyOn(device, 'devicePrepDmaInterrupt').mockReturnValue(null);
    world.call(() => {
      let tx: Tx = null;
      [0, 1, 0, 2].forEach((channel, i) => {
        tx = relay.copy(i, channel, tx, i === 3 ? ACK : 0);
        expect(relay.called).toEqual([0, 1, 2].slice(0, i));
      });
    });
    relay.expectDone();
  });

  it('does the same on channels that cannot interrupt at all (AX-36)', () => {
    const plain = { capabilities: ['memcpy'] } as const;
    const relay = new Relay(4, boardWith([plain, plain]));
    relay.world.call(() => {
      let tx: Tx = null;
      [0, 1, 0, 1].forEach((channel, i) => (tx = relay.copy(i, channel, tx, i === 3 ? ACK : 0)));
    });
    relay.expectDone();
  });

  it('panics when the link to wait for ends in an error (AX-36)', () => {
    const relay = new Relay(2);
    const [{ device }] = relay.world.chans;
    jest.spyOn(device, 'devicePrepDmaInterrupt').mockReturnValue(null);
    const attach = (): void => {
      const first = relay.copy(0, 0, null);
      jest.spyOn(device, 'deviceTxStatus').mockReturnValue('error');
      relay.copy(1, 1, first);
    };
    expect(() => relay.world.call(attach)).toThrow(expect.objectContaining({ rule: 'AX-36' }));
  });
});

describe('a chain of different operations on divided channels', () => {
  it('changes channels by itself and keeps the data right (AX-20, AX-40)', () => {
    const world = new AsyncWorld(DIVIDED);
    const { api } = world;
    const [a, b, sum, copy, end] = [1, 2, 3, 4, 5].map((seed) => world.noise(seed));
    const model = xorModel([world.bytes(a), world.bytes(b)]);
    const filled = new Uint8Array(4096).fill(0x3c);
    const called: string[] = [];
    const chans: string[] = [];
    world.call(() => {
      const step = (name: string, depend: Tx, flags: number) => initAsyncSubmit(flags, depend, () => called.push(name));
      const first = asyncMemset(api, end, 0x3c, 0, 4096, step('fill', null, 0));
      const second = asyncXor(api, sum, [a, b], 0, 4096, step('xor', first, XOR_ZERO_DST));
      const third = asyncMemcpy(api, copy, sum, 0, 0, 4096, step('copy', second, 0));
      const last = asyncXor(api, end, [end, copy], 0, 4096, step('end', third, 0));
      asyncTriggerCallback(api, step('trigger', last, ACK));
      chans.push(...[first, second, third, last].map((tx) => queued(tx).chan.name));
    });
    world.finish();
    expect(chans).toEqual(['dma2chan0', 'dma1chan0', 'dma0chan0', 'dma1chan0']);
    expect(called).toEqual(['fill', 'xor', 'copy', 'end', 'trigger']);
    expectBytes(world.bytes(end), xorModel([filled, model]));
    expect(world.leftovers()).toEqual(nothingLeft(3));
    expect(world.rules()).toEqual([]);
  });
});

describe('what was submitted', () => {
  it('is submitted once although cleanup passes it again and again (X-05, AX-41, IA-75)', () => {
    const relay = new Relay(2);
    const { world } = relay;
    const [one, two] = world.chans;
    world.call(() => {
      const first = relay.copy(0, 0, null);
      relay.copy(1, 1, first, ACK);
    });
    const used = two.cookie;
    world.finish();
    world.call(() => {
      for (let i = 0; i < 3; i++) {
        for (const chan of [one, two]) {
          chan.lock.lockBh('test');
          chan.steps.cleanup(chan);
          chan.lock.unlockBh();
        }
      }
    });
    expect(two.cookie - used).toBeLessThanOrEqual(1);
    relay.expectDone();
  });
});
