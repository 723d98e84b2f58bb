import { dmaWaitForAsyncTx } from '../../../async_tx/legacy/operations';
import { LegacyStatus } from '../../../dmaengine/legacy/status';
import { GENERATION_2_6_23, GENERATION_2_6_23_RC, GENERATION_2_6_26 } from '../../../async_tx/legacy/generations';
import { GuestHang } from '../../../emulator/findings';
import { expectBytes, queued } from '../world';
import { GENERATIONS, Relay } from './world';

const KEEPING = GENERATIONS.filter(([release]) => release !== '2.6.23');

describe.each(KEEPING)('the wait of %s', (_, generation) => {
  it.each([[[0, 1]], [[0, 1, 2]], [[0, 1, 0]]])(
    'for the end of a chain over channels %j returns when it has executed, though nobody flushed (WT-10, X-01)',
    (channels) => {
      const relay = new Relay(generation, channels.length);
      const { world, pages, before } = relay;
      world.call(() => {
        const tx = relay.chain(channels);
        expect(relay.called).toEqual([]);
        expect(queued(tx).cookie).toBe(-16);
        expect(dmaWaitForAsyncTx(world.api, tx)).toBe(LegacyStatus.SUCCESS);
        expect(relay.called).toEqual(channels.map((__, i) => i));
        expectBytes(world.bytes(pages[channels.length]), before[0]);
      });
      relay.expectDone();
    },
  );
});

describe('the wait of 2.6.23, the one of the pull request', () => {
  it('for two says SUCCESS while the first waits to be issued and the second to be submitted (WT-04, X-01)', () => {
    const relay = new Relay(GENERATION_2_6_23, 2);
    const { world, pages, before } = relay;
    world.call(() => {
      const tx = relay.chain([0, 1]);
      expect(dmaWaitForAsyncTx(world.api, tx)).toBe(LegacyStatus.SUCCESS);
      expect(queued(tx).cookie).toBe(-16);
    });
    world.settle();
    expect(relay.called).toEqual([]);
    expectBytes(world.bytes(pages[2]), before[2]);
    relay.expectDone();
    expect(relay.called).toEqual([0, 1]);
  });

  it('for three never ends: only the channel in the middle is flushed (WT-05, X-01)', () => {
    const relay = new Relay(GENERATION_2_6_23, 3);
    const { world } = relay;
    const wait = (): void =>
      world.call(() => {
        dmaWaitForAsyncTx(world.api, relay.chain([0, 1, 2]));
      });
    expect(wait).toThrow(GuestHang);
    expect(relay.called).toEqual([]);
    // The first copy and the interrupt behind it, which wait for the doorbell; the middle one rang.
    expect(world.chans.map(({ pending }) => pending)).toEqual([2, 0, 0]);
  });

  it('for three, the first one flushed, says SUCCESS before the last was submitted (WT-04)', () => {
    const relay = new Relay(GENERATION_2_6_23, 3);
    const { world } = relay;
    world.call(() => {
      const tx = relay.chain([0, 1, 2]);
      world.api.issuePendingAll();
      expect(dmaWaitForAsyncTx(world.api, tx)).toBe(LegacyStatus.SUCCESS);
      expect(relay.called).toEqual([0]);
      expect(queued(tx).cookie).toBe(-16);
    });
    relay.expectDone();
  });
});

describe('a child of a descriptor that is complete, with soft interrupts off', () => {
  /** The wait, called where no tasklet can run. */
  function waiting(generation: typeof GENERATION_2_6_23): { relay: Relay; wait: () => LegacyStatus } {
    const relay = new Relay(generation, 2);
    const { world } = relay;
    const first = world.call(() => relay.copy(0, 0, null));
    world.finish();
    expect(queued(first).cookie).toBe(0);
    const wait = (): LegacyStatus =>
      world.call(() => {
        world.kernel.tasklets.disable();
        return dmaWaitForAsyncTx(world.api, relay.copy(1, 1, first));
      });
    return { relay, wait };
  }

  it('is waited for in vain by the candidates of 2.6.23: a complete parent is not looked at (WT-02, X-01)', () => {
    const { relay, wait } = waiting(GENERATION_2_6_23_RC);
    expect(wait).toThrow(GuestHang);
    expect(relay.called).toEqual([0]);
  });

  it('is not in 2.6.26, which climbs to the interrupt descriptor (WT-07, WT-10)', () => {
    const { relay, wait } = waiting(GENERATION_2_6_26);
    expect(wait()).toBe(LegacyStatus.SUCCESS);
    expect(relay.called).toEqual([0, 1]);
  });
});

it('no descriptor is SUCCESS in every generation; the words are those of 2007 (WT-01, CK-15)', () => {
  for (const [, generation] of GENERATIONS) {
    expect(dmaWaitForAsyncTx(new Relay(generation, 1).world.api, null)).toBe(0);
  }
  expect(LegacyStatus).toEqual({ SUCCESS: 0, IN_PROGRESS: 1, ERROR: 2 });
});
