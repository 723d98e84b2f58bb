import type { DmaTxResult } from '../../dmaengine/tx-result';
import { AsyncTx } from '../../async_tx/async-tx';
import { ChainTestThread } from '../../async_tx/chain-test';
import { asyncTxAck } from '../../dmaengine/descriptor';
import { DMATEST_DEFAULTS } from '../../dmaengine/dmatest/parameters';
import type { DmaTestParameters } from '../../dmaengine/dmatest/parameters';
import type { DmaTestSummary } from '../../dmaengine/dmatest/thread';
import { PLATFORMS } from '../../emulator/platforms';
import type { PlatformRecord } from '../../emulator/platforms/platform';
import { SeededRandom } from '../../emulator/sim/random';
import { AsyncWorld, nothingLeft } from './world';

/** A thread of chains in a world of its own, after `spoil` had its way. */
function run(
  platform: PlatformRecord,
  parameters: Partial<DmaTestParameters> = {},
  spoil: (world: AsyncWorld) => void = () => undefined,
): { summary: DmaTestSummary; world: AsyncWorld; switches: number; classes: Set<string> } {
  const world = new AsyncWorld(platform);
  const all = { ...DMATEST_DEFAULTS, iterations: 30, timeout: 50, ...parameters };
  const thread = new ChainTestThread(world.dma, all, new SeededRandom(7), 'all-chain0');
  spoil(world);
  const summary = world.thread(thread.run());
  const classes = summary.messages.flatMap((message) => /result #\d+: '([^']+)'/.exec(message)?.[1] ?? []);
  return { summary, world, switches: thread.api.statistics.channelSwitches, classes: new Set(classes) };
}

describe('chains across channels', () => {
  afterEach(() => jest.restoreAllMocks());

  it.each(['iop342', 'iop331', 'iop321'] as const)('come out right on %s, by interrupt and polled (AX-40)', (name) => {
    const platform = PLATFORMS[name];
    for (const polled of [false, true]) {
      const { summary, world, switches } = run(platform, { polled });
      expect(summary).toMatchObject({ tests: 30, failures: 0, messages: [] });
      // More than one change of channel a chain.
      expect(switches).toBeGreaterThan(30);
      world.finish();
      expect(world.leftovers()).toEqual(nothingLeft(3));
      expect(world.rules()).toEqual([]);
    }
  });

  it('come out right without an engine', () => {
    expect(run(PLATFORMS.none).summary).toMatchObject({ tests: 30, failures: 0, messages: [] });
  });

  it('have wrong bytes when a step does not wait for the one before (AX-31)', () => {
    jest.spyOn(AsyncTx.prototype, 'submit').mockImplementation((_chan, tx, submit) => {
      tx.callback = submit.callback;
      tx.txSubmit(tx);
      if (submit.dependTx !== null) asyncTxAck(submit.dependTx);
    });
    const { classes } = run(PLATFORMS.iop342);
    expect(classes).toContain('data error');
    expect(classes).toContain('callbacks out of order');
  });

  it('time out when a completed step does not start the next one (SW-10)', () => {
    const { classes } = run(PLATFORMS.iop342, { iterations: 3 }, ({ chans }) => {
      for (const chan of chans) {
        const { complete } = chan.steps;
        Object.assign(chan, {
          steps: {
            ...chan.steps,
            complete: (on: typeof chan, slot: Parameters<typeof complete>[1], newest: number, result: DmaTxResult) => {
              slot.next = undefined;
              return complete(on, slot, newest, result);
            },
          },
        });
      }
    });
    expect(classes).toContain('test timed out');
    expect(classes).toContain('callback lost');
  });

  it('notice a callback that runs twice (AX-41)', () => {
    const submit = AsyncTx.prototype.submit;
    jest.spyOn(AsyncTx.prototype, 'submit').mockImplementation(function (this: AsyncTx, chan, tx, control) {
      const { callback } = control;
      const twice = callback === undefined ? undefined : () => (callback(), callback());
      submit.call(this, chan, tx, { ...control, callback: twice });
    });
    expect(run(PLATFORMS.iop342).classes).toEqual(new Set(['callback repeated']));
  });
});
