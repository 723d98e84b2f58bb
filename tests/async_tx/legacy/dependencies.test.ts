import { LegacyTxFlags } from '../../../async_tx/legacy/flags';
import { GENERATION_2_6_26 } from '../../../async_tx/legacy/generations';
import { MODERN } from '../../../async_tx/generation';
import { asyncTxTestAck } from '../../../dmaengine/descriptor';
import { boardWith, expectBytes, queued } from '../world';
import { GENERATIONS, Relay, WITH_LISTS } from './world';

const { ACK, DEP_ACK } = LegacyTxFlags;

describe.each(WITH_LISTS)('a dependency in %s', (_, generation) => {
  it('takes its children on a list, as many as there are, on other channels (AX-38, SW-07)', () => {
    const relay = new Relay(generation, 3);
    const { world } = relay;
    world.call(() => {
      const first = relay.copy(0, 0, null);
      const children = [relay.copy(1, 1, first), relay.copy(2, 2, first, DEP_ACK)];
      expect(queued(first).dependants).toEqual(children);
      expect(children.map((tx) => [queued(tx).cookie, queued(tx).parent])).toEqual([
        [-16, first],
        [-16, first],
      ]);
      // The copy itself, and an interrupt for each child.
      expect(world.chans[0].pending).toBe(3);
      const interrupts = [world.chans[0].chain.last!.chainPrev!, world.chans[0].chain.last!];
      expect(interrupts.map(asyncTxTestAck)).toEqual([true, true]);
    });
    world.finish();
    expect(relay.called[0]).toBe(0);
    expect([...relay.called].sort()).toEqual([0, 1, 2]);
    expect(world.rules()).toEqual([]);
  });

  it('keeps its link to a child that was submitted (SW-09)', () => {
    const relay = new Relay(generation, 2);
    const { world } = relay;
    const [first, second] = world.call(() => {
      const parent = relay.copy(0, 0, null);
      return [parent, relay.copy(1, 1, parent)];
    });
    world.finish();
    expect(queued(second).cookie).toBe(0);
    expect(queued(second).parent).toBe(first);
  });

  it('that is complete gets a child through dependency_added, which runs it at once (AX-38, AX-42, SW-10, SW-11)', () => {
    const relay = new Relay(generation, 2);
    const { world } = relay;
    const first = world.call(() => relay.copy(0, 0, null));
    world.finish();
    const added = jest.spyOn(world.chans[0].device, 'deviceDependencyAdded');
    world.call(() => {
      const second = relay.copy(1, 1, first, ACK | DEP_ACK);
      expect(added.mock.calls).toEqual([[world.chans[0]]]);
      expect(queued(second).cookie).toBeGreaterThan(0);
    });
    world.call(() => relay.copy(0, 0, null, ACK));
    relay.expectDone();
  });

  it('that runs is not told of its child (SW-11)', () => {
    const relay = new Relay(generation, 2);
    const added = jest.spyOn(relay.world.chans[0].device, 'deviceDependencyAdded');
    relay.world.call(() => relay.chain([0, 1]));
    expect(added).not.toHaveBeenCalled();
    relay.expectDone();
  });

  it('that is acked is a BUG for a child on another channel, and none for one on its own (AX-38, AX-39)', () => {
    const relay = new Relay(generation, 2);
    relay.world.call(() => relay.copy(1, 0, relay.copy(0, 0, null, ACK), ACK));
    relay.expectDone();
    const failing = new Relay(generation, 2);
    const attach = (): unknown => failing.world.call(() => failing.copy(1, 1, failing.copy(0, 0, null, ACK)));
    expect(attach).toThrow(expect.objectContaining({ rule: 'AX-38' }));
  });

  it('that is not submitted yet is overtaken by its child on the same channel (AX-39, X-02, X-03)', () => {
    const relay = new Relay(generation, 3);
    const { world, pages, before } = relay;
    world.call(() => {
      const tx = relay.copy(0, 0, null);
      const second = queued(relay.copy(1, 1, tx, DEP_ACK));
      const third = queued(relay.copy(2, 1, second, DEP_ACK | ACK));
      expect([second.cookie, third.cookie > 0]).toEqual([-16, true]);
    });
    world.finish();
    world.finish();
    expect([...relay.called].sort()).toEqual([0, 1, 2]);
    expect(relay.called.indexOf(2)).toBeLessThan(relay.called.indexOf(1));
    // The third copied what the second had not brought yet.
    expectBytes(world.bytes(pages[2]), before[0]);
    expectBytes(world.bytes(pages[3]), before[2]);
  });

  it('without an interrupt on its channel is waited for, its child then submitted by the poll (AX-38, AX-53)', () => {
    const plain = { capabilities: ['memcpy'] } as const;
    const relay = new Relay(generation, 2, boardWith([plain, plain]));
    relay.world.call(() => {
      const second = relay.chain([0, 1]);
      expect(queued(second).cookie).toBeGreaterThan(0);
      expect(relay.called).toEqual([0]);
    });
    relay.expectDone();
    expect(relay.called).toEqual([0, 1]);
  });

  it('panics when that wait ends in an error (AX-50)', () => {
    const plain = { capabilities: ['memcpy'] } as const;
    const relay = new Relay(generation, 2, boardWith([plain, plain]));
    jest.spyOn(relay.world.chans[0].device, 'deviceTxStatus').mockReturnValue('error');
    jest.spyOn(relay.world.chans[1].device, 'deviceTxStatus').mockReturnValue('error');
    expect(() => relay.world.call(() => relay.chain([0, 1]))).toThrow(expect.objectContaining({ rule: 'AX-50' }));
  });
});

describe.each([
  ['2.6.26', GENERATION_2_6_26],
  ['today', MODERN],
])('a dependency in %s', (_, generation) => {
  it('that is not submitted yet runs before its child on the same channel (AX-31, AX-40)', () => {
    const relay = new Relay(generation, 3);
    relay.world.call(() => relay.chain([0, 1, 1]));
    relay.expectDone();
    expect(relay.called).toEqual([0, 1, 2]);
  });

  it('takes no second child (AX-30)', () => {
    const relay = new Relay(generation, 3);
    const attach = (): void =>
      relay.world.call(() => {
        // The first one's end is not noticed, so that the second goes on waiting.
        relay.world.kernel.tasklets.disable();
        const first = queued(relay.copy(0, 0, null));
        const second = queued(relay.copy(1, 1, first));
        relay.copy(2, 1, second);
        second.flags = 0;
        relay.copy(2, 2, second);
      });
    expect(attach).toThrow(expect.objectContaining({ rule: 'AX-30' }));
  });
});

describe.each(GENERATIONS)('an acknowledgement in %s', (release, generation) => {
  it.each([
    ['the same channel', 0],
    ['another channel', 1],
  ])('of the dependency, on %s, comes when it is asked for, and unasked only today (AX-07)', (_, channel) => {
    for (const flags of [0, DEP_ACK]) {
      const relay = new Relay(generation, 2);
      relay.world.call(() => {
        const first = queued(relay.copy(0, 0, null));
        const second = queued(relay.copy(1, channel, first, flags));
        expect([first, second].map(asyncTxTestAck)).toEqual([flags === DEP_ACK || release === 'today', false]);
      });
    }
  });

  it('of the new descriptor is asked for with ACK (AX-06)', () => {
    const relay = new Relay(generation, 1);
    relay.world.call(() => expect(asyncTxTestAck(queued(relay.copy(0, 0, null, ACK)))).toBe(true));
    relay.expectDone();
  });
});
