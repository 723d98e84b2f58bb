/** Chains that never end: a finding, once, and never a hang of the host (hw-iop13xx 4.1; the watchdog). */
import { createTarget } from '../../../index';
import type { Target } from '../../../index';
import { bytesAt, KIB, putDescriptor, putWord, US } from '../board';
import { putAau, putDma, xorBlocks } from '../descriptors';
import { EnginePins, ENGINES, RESUMED, START } from '../engines';
import type { BoardName, EngineFacts } from '../engines';

const CASES = (['iop342', 'iop321', 'iop331'] as const).flatMap((platform) =>
  ENGINES[platform].map((facts) => [platform, facts.name, facts] as const),
);

function put(target: Target, { kind }: EngineFacts, at: number, next: number, count: number): void {
  const source = target.memoryBase + 0x8000;
  const destination = target.memoryBase + 0x9000;
  if (kind === 'adma') putDescriptor(target, at, { next, count, destination, sources: [source] });
  else if (kind === 'dma') putDma(target, at, { next, count, source, destination });
  else putAau(target, at, { next, count, destination, blocks: xorBlocks([source]), write: count > 0 });
}

function endless(target: Target): string[] {
  return target
    .findings()
    .filter(({ text }) => text.includes('endless'))
    .map(({ rule, where }) => `${rule} ${where}`);
}

describe.each(CASES)('%s %s', (platform: BoardName, name, facts) => {
  const target = createTarget(platform, { dramBytes: 64 * KIB });
  const engine = new EnginePins(target, facts);
  const at = (k: number): number => target.memoryBase + 0x400 + 0x20 * k;
  const rule = `${facts.kind === 'adma' ? 'hw-iop13xx' : 'hw-iop3xx'} 4.1 ${name}`;

  /** A lead-in, then a loop. */
  function chain(lead: number, loop: number, count: number): void {
    target.reset();
    for (let k = 0; k < lead + loop; k++) put(target, facts, at(k), at(k + 1 < lead + loop ? k + 1 : lead), count);
  }

  it.each([
    ['to itself', 0, 1],
    ['of two', 0, 2],
    ['of three behind one', 1, 3],
    ['of one behind 200', 200, 1],
    ['of 7 behind 100', 100, 7],
    ['of 300', 0, 300],
  ])('a loop %s is found once, of null descriptors and of copies', (_, lead, loop) => {
    for (const count of [0, 40]) {
      chain(lead, loop, count);
      engine.start(at(0));
      expect(target.runUntil(() => !engine.active, 2000 * US)).toBe(false);
      expect(endless(target)).toEqual([rule]);
      target.advance(500 * US);
      expect(endless(target)).toEqual([rule]);
      expect(target.findings()).toHaveLength(1);
    }
  });

  it('can be stopped by clearing enable, and used again', () => {
    chain(0, 2, 40);
    engine.start(at(0));
    target.advance(100 * US);
    engine.control = 0;
    engine.untilIdle(10 * US);
    put(target, facts, at(9), 0, 40);
    bytesAt(target, target.memoryBase + 0x8000, 40).fill(5);
    engine.run(at(9));
    expect(engine.current).toBe(at(9));
    expect(bytesAt(target, target.memoryBase + 0x9000, 40).every((byte) => byte === 5)).toBe(true);
    expect(endless(target)).toHaveLength(1);
  });

  it('can be broken open by software, and ends', () => {
    chain(0, 3, 40);
    engine.start(at(0));
    target.advance(100 * US);
    putWord(target, at(1), 0);
    engine.untilIdle(10 * US);
    expect(engine.current).toBe(at(1));
  });

  it('a long straight chain of null descriptors is none', () => {
    target.reset();
    for (let k = 0; k < 900; k++) put(target, facts, at(k), k < 899 ? at(k + 1) : 0, 0);
    engine.run(at(0), 10_000 * US);
    expect(engine.current).toBe(at(899));
    expect(target.findings()).toEqual([]);
  });

  it('slots that are used again with a resume each time are none', () => {
    target.reset();
    put(target, facts, at(0), 0, 40);
    engine.run(at(0));
    for (let k = 1; k < 200; k++) {
      put(target, facts, at(k % 3), 0, 40);
      putWord(target, at((k - 1) % 3), at(k % 3));
      engine.control = START | RESUMED;
      target.advance((k % 7) * 100_000);
      engine.untilIdle();
    }
    expect(engine.current).toBe(at(199 % 3));
    expect(target.findings()).toEqual([]);
  });
});
