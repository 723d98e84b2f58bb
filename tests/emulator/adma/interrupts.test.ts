import { ACTIVE, board, bytesAt, ChannelPins, EOC, EOT, IRQ, KIB, NS, putDescriptor, REG, US } from '../board';
import type { Target } from '../../../index';

/** A chain of copies of 64 bytes; descriptor k at 0x1000 + 0x20 k. */
function chain(target: Target, interrupts: readonly boolean[], base = 0x1000): number {
  interrupts.forEach((interrupt, k) => {
    putDescriptor(target, base + 0x20 * k, {
      next: k + 1 < interrupts.length ? base + 0x20 * (k + 1) : 0,
      interrupt,
      count: 64,
      destination: 0x8000 + 64 * k,
      sources: [0x4000 + 64 * k],
    });
  });
  return base;
}

describe('which flag a completion sets (hw-iop13xx 4.5)', () => {
  it.each([
    ['nothing for a lone descriptor without interrupt enable', [false], 0],
    ['end of chain, not end of transfer, for a lone descriptor with it', [true], EOC],
    ['end of transfer for one in the middle', [true, false], EOT],
    ['end of chain for the last alone', [false, false, true], EOC],
    ['both when one in the middle and the last ask for it', [true, true], EOT | EOC],
    ['nothing for a chain that does not ask', [false, false, false], 0],
  ])('sets %s', (_, interrupts, flags) => {
    const target = board({ dramBytes: 64 * KIB });
    const channel = new ChannelPins(target);
    channel.run(chain(target, interrupts));
    expect(channel.read(REG.ACSR)).toBe(flags);
    expect(target.assertedInterrupts()).toEqual([
      ...(flags & EOT ? [IRQ.eot[0]] : []),
      ...(flags & EOC ? [IRQ.eoc[0]] : []),
    ]);
  });

  it('carries on by itself after an end of transfer', () => {
    const target = board({ dramBytes: 64 * KIB });
    const channel = new ChannelPins(target);
    channel.start(chain(target, [true, false, false]));
    expect(target.runUntil(() => channel.raised('eot'), 100 * US)).toBe(true);
    channel.untilIdle();
    expect(channel.read(REG.ADAR)).toBe(0x1040);
  });

  it('decides after the re-read: a resumed tail whose chain goes on reports end of transfer', () => {
    const target = board({ dramBytes: 64 * KIB });
    const channel = new ChannelPins(target);
    chain(target, [true]);
    chain(target, [false], 0x2000);
    channel.start(0x1000);
    channel.append(0x1000, 0x2000);
    channel.untilIdle();
    expect(channel.read(REG.ADAR)).toBe(0x2000);
    expect(channel.read(REG.ACSR)).toBe(EOT);
  });

  it('decides after the re-read: a resumed tail without a link reports end of chain, once', () => {
    const target = board({ dramBytes: 64 * KIB });
    const channel = new ChannelPins(target);
    channel.start(chain(target, [true]));
    channel.resume();
    channel.untilIdle();
    expect(channel.read(REG.ACSR)).toBe(EOC);
  });

  it('reports nothing a second time for a tail that had finished when the channel was resumed', () => {
    const target = board({ dramBytes: 64 * KIB });
    const channel = new ChannelPins(target);
    channel.run(chain(target, [true]));
    channel.write(REG.ACSR, EOC);
    chain(target, [false], 0x2000);
    channel.append(0x1000, 0x2000);
    channel.untilIdle();
    expect(channel.read(REG.ADAR)).toBe(0x2000);
    expect(channel.read(REG.ACSR)).toBe(0);
  });

  it('does not clear an end of chain by resuming', () => {
    const target = board({ dramBytes: 64 * KIB });
    const channel = new ChannelPins(target);
    channel.run(chain(target, [true]));
    chain(target, [false], 0x2000);
    channel.append(0x1000, 0x2000);
    channel.untilIdle();
    expect(channel.read(REG.ACSR)).toBe(EOC);
  });

  it.each([0, 1, 2])('drives the sources of channel %i and no others', (index) => {
    const target = board({ dramBytes: 64 * KIB });
    const channel = new ChannelPins(target, index);
    channel.run(chain(target, [true, true]));
    expect(target.assertedInterrupts()).toEqual([IRQ.eot[index], IRQ.eoc[index]]);
  });
});

describe('write one to clear', () => {
  function bothFlags(): ChannelPins {
    const target = board({ dramBytes: 64 * KIB });
    const channel = new ChannelPins(target);
    channel.run(chain(target, [true, true]));
    return channel;
  }

  it('clears each flag and drops its line alone', () => {
    const channel = bothFlags();
    channel.write(REG.ACSR, EOT);
    expect(channel.read(REG.ACSR)).toBe(EOC);
    expect(channel.target.assertedInterrupts()).toEqual([IRQ.eoc[0]]);
    channel.write(REG.ACSR, EOC);
    expect(channel.read(REG.ACSR)).toBe(0);
    expect(channel.target.assertedInterrupts()).toEqual([]);
  });

  it('clears nothing where zeros are written', () => {
    const channel = bothFlags();
    channel.write(REG.ACSR, 0);
    expect(channel.read(REG.ACSR)).toBe(EOT | EOC);
  });

  it('can not change ACTIVE', () => {
    const target = board({ dramBytes: 64 * KIB });
    const channel = new ChannelPins(target);
    channel.write(REG.ACSR, ACTIVE);
    expect(channel.active).toBe(false);
    channel.start(chain(target, [false, false, false]));
    channel.write(REG.ACSR, ACTIVE);
    expect(channel.active).toBe(true);
  });

  it('keeps an end of transfer that comes after the clear', () => {
    const target = board({ dramBytes: 64 * KIB });
    const channel = new ChannelPins(target);
    channel.start(chain(target, [true, true, false]));
    target.runUntil(() => channel.raised('eot'), 100 * US);
    channel.write(REG.ACSR, EOT);
    expect(channel.read(REG.ACSR)).toBe(ACTIVE);
    expect(target.runUntil(() => channel.raised('eot'), 100 * US)).toBe(true);
  });

  it('with an old status does not lose a flag that only the other handler knows', () => {
    const target = board({ dramBytes: 64 * KIB });
    const channel = new ChannelPins(target);
    channel.start(chain(target, [true, true]));
    target.runUntil(() => channel.raised('eot'), 100 * US);
    channel.untilIdle();
    channel.write(REG.ACSR, EOT);
    expect(channel.read(REG.ACSR)).toBe(EOC);
  });
});

describe('order of what can be observed (hw-iop13xx 5.2)', () => {
  it('has destination, write-back and the move of ADAR before the interrupt', () => {
    const target = board({ dramBytes: 64 * KIB });
    const channel = new ChannelPins(target);
    bytesAt(target, 0x4000, 3000).fill(0x5a);
    putDescriptor(target, 0x1000, {
      next: 0x1020,
      interrupt: true,
      writeBack: true,
      count: 1500,
      destination: 0x8000,
      sources: [0x4000],
    });
    putDescriptor(target, 0x1020, { count: 1500, destination: 0x9000, sources: [0x4000] });
    channel.start(0x1000);
    target.runUntil(() => channel.raised('eot'), 100 * US);
    expect(bytesAt(target, 0x8000, 1500).every((byte) => byte === 0x5a)).toBe(true);
    expect(bytesAt(target, 0x100f, 1)[0]).toBe(0x80);
    // A driver that reads ADAR in its handler must find the finished descriptor behind it.
    expect(channel.read(REG.ADAR)).toBe(0x1020);
    expect(channel.active).toBe(true);
  });

  it('has busy already low when the end of chain is signalled', () => {
    const target = board({ dramBytes: 64 * KIB });
    const channel = new ChannelPins(target);
    channel.start(chain(target, [true]));
    target.runUntil(() => channel.raised('eoc'), 100 * US);
    expect(channel.read(REG.ACSR)).toBe(EOC);
    expect(channel.read(REG.ADAR)).toBe(0x1000);
  });

  it('moves ADAR only once data and write-back of the descriptor before are in memory, at any moment', () => {
    const target = board({ dramBytes: 64 * KIB });
    const channel = new ChannelPins(target);
    const count = 4;
    for (let time = 0, ended = false; !ended; time += 7.5 * NS) {
      target.reset();
      bytesAt(target, 0x4000, 0x400 * count).fill(0x77);
      for (let k = 0; k < count; k++) {
        putDescriptor(target, 0x1000 + 0x20 * k, {
          next: k + 1 < count ? 0x1020 + 0x20 * k : 0,
          writeBack: true,
          count: 96,
          destination: 0x8000 + 0x100 * k,
          sources: [0x4000 + 0x100 * k],
        });
      }
      channel.start(0x1000);
      target.advance(time);
      const current = channel.read(REG.ADAR);
      const behind = current === 0 ? 0 : (current - 0x1000) / 0x20;
      for (let k = 0; k < behind; k++) {
        expect(bytesAt(target, 0x8000 + 0x100 * k, 96).every((byte) => byte === 0x77)).toBe(true);
        expect(bytesAt(target, 0x100f + 0x20 * k, 1)[0]).toBe(0x80);
      }
      ended = !channel.active;
    }
  });
});
