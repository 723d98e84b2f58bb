/** How the engines of the IOP3xx walk their chains (hw-iop3xx 2, 4): the same rules for DMA channels and AAU. */
import { createTarget } from '../../../index';
import type { BusFaultKind } from '../../../index';
import { bytesAt, KIB, NS, putWord, same, scribble, US, wordAt } from '../board';
import { putAau, putDma, XOR_BLOCK, xorBlocks } from '../descriptors';
import { engineOf, EnginePins, ENGINES, RESUMED, START } from '../engines';

const DRAM = 64 * KIB;
const BYTES = 96;
const LINE = 0x100;

const CASES = (['iop321', 'iop331'] as const).flatMap((platform) =>
  ENGINES[platform].map(({ name, kind }, k) => [platform, name, kind, k] as const),
);

describe.each(CASES)('%s %s', (platform, name, kind, number) => {
  const target = createTarget(platform, { dramBytes: DRAM });
  const base = target.memoryBase;
  const engine = new EnginePins(target, ENGINES[platform][number]);
  const { facts } = engine;
  const NOWHERE = base + 0x0900_0000;

  const at = (k: number): number => base + 0x1000 + 0x40 * k;
  const source = (k: number): number => base + 0x4000 + LINE * k;
  /** Each descriptor's own; the bytes that tell who ran, in which order and how often, are at REGION. */
  const destination = (k: number): number => base + 0x8000 + LINE * k;

  function put(
    k: number,
    words: { next?: number; interrupt?: boolean; count?: number; source?: number; destination?: number },
  ): void {
    const all = { count: BYTES, source: source(k), destination: destination(k), ...words };
    if (kind === 'aau') putAau(target, at(k), { ...all, blocks: xorBlocks([all.source]) });
    else putDma(target, at(k), all);
  }

  /** `count` copies, the first `chain` of them linked. */
  function world(chain: number, count: number, interrupts: (k: number) => boolean = () => false): void {
    target.reset();
    scribble(bytesAt(target, source(0), LINE * count), 7);
    for (let k = 0; k < count; k++) put(k, { next: k + 1 < chain ? at(k + 1) : 0, interrupt: interrupts(k) });
  }

  const copied = (k: number): boolean =>
    same(bytesAt(target, destination(k), BYTES), bytesAt(target, source(k), BYTES));
  const raised = (): readonly number[] => target.assertedInterrupts();

  beforeEach(() => target.reset());

  describe('start', () => {
    it('is visible as active to the read that follows, keeps enable set and ends at the last descriptor', () => {
      world(3, 3);
      engine.start(at(0));
      expect(engine.active).toBe(true);
      engine.untilIdle();
      expect([engine.current, engine.next, engine.status, engine.control]).toEqual([at(2), 0, 0, START]);
      expect([0, 1, 2].map(copied)).toEqual([true, true, true]);
    });

    it('with next address 0 stays idle', () => {
      engine.control = START;
      target.advance(10 * US);
      expect([engine.status, engine.control]).toEqual([0, START]);
    });

    it('needs the edge of enable', () => {
      world(1, 1);
      engine.control = START;
      engine.write(facts.next, at(0));
      engine.control = START;
      target.advance(10 * US);
      expect(engine.current).toBe(0);
      expect(copied(0)).toBe(false);
    });

    it("with FreeBSD's enable and resume in one write goes by the next address, not by the stale current one", () => {
      world(1, 3);
      engine.run(at(0));
      // The old tail links to somebody else; only the next address counts.
      putWord(target, at(0), at(2));
      engine.control = 0;
      engine.write(facts.next, at(1));
      engine.control = START | RESUMED;
      engine.untilIdle();
      expect([copied(1), copied(2)]).toEqual([true, false]);
      expect([engine.current, engine.control, engine.status]).toEqual([at(1), START, 0]);
    });

    it('takes the low five bits of addresses as zero', () => {
      world(2, 2);
      putWord(target, at(0), at(1) | 0x1f);
      engine.run(at(0) | 0x1f);
      expect(engine.current).toBe(at(1));
      expect(copied(0) && copied(1)).toBe(true);
    });

    it('makes the next address read only until the chain has ended', () => {
      world(3, 4);
      engine.start(at(0));
      engine.write(facts.next, at(3));
      engine.untilIdle();
      expect([0, 1, 2, 3].map(copied)).toEqual([true, true, true, false]);
      expect(target.findings()).toEqual([expect.objectContaining({ kind: 'rule', where: name })]);
    });

    it('of the null descriptor of Linux is silent and touches nothing', () => {
      if (kind === 'aau') putAau(target, at(0), { count: 0, blocks: [], write: false });
      else putDma(target, at(0), { count: 0 });
      engine.run(at(0));
      expect([engine.status, engine.current, raised().length, target.findings().length]).toEqual([0, at(0), 0, 0]);
    });
  });

  describe('which flag a completion sets', () => {
    const { eot, eoc } = facts;

    it.each([
      ['nothing without interrupt enable', [false], 0],
      ['end of chain alone for a last one', [true], eoc],
      ['end of transfer for one in the middle', [true, false], eot],
      ['end of chain alone for the last of three', [false, false, true], eoc],
      ['both for both', [true, true], eot | eoc],
    ])('%s', (_, interrupts, flags) => {
      world(interrupts.length, interrupts.length, (k) => interrupts[k]);
      engine.run(at(0));
      expect(engine.status).toBe(flags);
      expect(raised()).toEqual([...(flags & eot ? [facts.irq.eot] : []), ...(flags & eoc ? [facts.irq.eoc] : [])]);
    });

    it('end of chain, not end of transfer, for a last one even when a resume is pending and the chain goes on', () => {
      world(1, 2, (k) => k === 0);
      engine.start(at(0));
      // fetched, with its data still under way: the link comes too late for the fetch
      target.advance(700_000);
      engine.append(at(0), at(1));
      engine.untilIdle();
      expect(copied(1)).toBe(true);
      expect(engine.status).toBe(eoc);
    });

    it('nothing a second time when an idle engine is resumed', () => {
      world(1, 2, (k) => k === 0);
      engine.run(at(0));
      engine.clear();
      engine.append(at(0), at(1));
      engine.untilIdle();
      expect([engine.status, copied(1)]).toEqual([0, true]);
    });

    it('each is cleared by its own one, drops its own line, and survives zeros and the clearing of the other', () => {
      world(2, 2, () => true);
      engine.run(at(0));
      engine.write(facts.status, 0);
      expect(engine.status).toBe(eot | eoc);
      engine.write(facts.status, eot);
      expect([engine.status, raised()]).toEqual([eoc, [facts.irq.eoc]]);
      engine.write(facts.status, eoc);
      expect([engine.status, raised()]).toEqual([0, []]);
    });

    it('the active bit can not be written', () => {
      engine.write(facts.status, facts.active);
      expect(engine.active).toBe(false);
      world(3, 3);
      engine.start(at(0));
      engine.write(facts.status, facts.active);
      expect(engine.active).toBe(true);
    });

    it('an interrupt comes with a byte count of 0', () => {
      put(0, { count: 0, interrupt: true, source: 0, destination: 0 });
      engine.run(at(0));
      expect(engine.status).toBe(eoc);
    });
  });

  describe('append', () => {
    /**
     * Copies that move one region down by a byte, or for the AAU fold another line in: they do not commute, so the
     * bytes tell which ran, in which order and how often.
     */
    const REGION = base + 0xc000;

    function race(chain: number, count: number): void {
      target.reset();
      scribble(bytesAt(target, REGION, 2 * BYTES), 99);
      for (let k = 0; k < count; k++) {
        scribble(bytesAt(target, source(k), BYTES), k);
        const words = { next: k + 1 < chain ? at(k + 1) : 0, count: BYTES, interrupt: k === count - 1 };
        if (kind === 'aau') {
          const blocks = [...xorBlocks([REGION + 1]), { command: XOR_BLOCK, value: source(k) }];
          putAau(target, at(k), { ...words, destination: REGION, blocks });
        } else putDma(target, at(k), { ...words, source: REGION + 1, destination: REGION });
      }
    }

    function afterAll(count: number): Uint8Array {
      const region = scribble(new Uint8Array(2 * BYTES), 99);
      for (let k = 0; k < count; k++) {
        const other = scribble(new Uint8Array(BYTES), k);
        region.set(Uint8Array.from(other, (byte, i) => region[i + 1] ^ (kind === 'aau' ? byte : 0)));
      }
      return region;
    }

    function expectAll(count: number, when: string): void {
      engine.untilIdle(100 * US);
      const data = same(bytesAt(target, REGION, 2 * BYTES), afterAll(count));
      const seen = [when, data, engine.current, engine.next, engine.status, engine.control];
      expect(seen).toEqual([when, true, at(count - 1), 0, facts.eoc, START]);
    }

    function duration(chain: number): number {
      race(chain, chain);
      engine.start(at(0));
      const begin = target.now;
      target.runUntil(() => engine.raised('eoc'), 100 * US);
      return target.now - begin;
    }

    it.each([1, 2, 3])('runs every descriptor once whenever the bell is rung behind a chain of %i', (chain) => {
      const end = duration(chain) + 400 * NS;
      for (let time = 0; time <= end; time += 5 * NS) {
        race(chain, chain + 1);
        engine.start(at(0));
        target.advance(time);
        engine.append(at(chain - 1), at(chain));
        expectAll(chain + 1, `${time} ps`);
      }
    });

    it('runs every descriptor once when the link is in memory long before the bell', () => {
      const end = duration(2) + 200 * NS;
      for (let link = 0; link <= end; link += 97 * NS) {
        for (let bell = link; bell <= end; bell += 89 * NS) {
          race(2, 3);
          engine.start(at(0));
          target.advance(link);
          putWord(target, at(1), at(2));
          target.advance(bell - link);
          engine.resume();
          expectAll(3, `${link} ps, ${bell} ps`);
        }
      }
    });

    it('runs every descriptor once when two appends follow each other at any distance', () => {
      const end = duration(1) + 400 * NS;
      for (let first = 0; first <= end; first += 71 * NS) {
        for (let second = first; second <= end + 400 * NS; second += 83 * NS) {
          race(1, 3);
          engine.start(at(0));
          target.advance(first);
          engine.append(at(0), at(1));
          target.advance(second - first);
          engine.append(at(1), at(2));
          expectAll(3, `${first} ps, ${second} ps`);
        }
      }
    });

    it('moves the current address on no sooner than the data of the one before are there', () => {
      world(3, 3);
      engine.start(at(0));
      while (engine.active) {
        const behind = (engine.current - at(0)) / 0x40;
        for (let k = 0; k < behind; k++) expect(copied(k)).toBe(true);
      }
    });
  });

  describe('errors', () => {
    it.each([
      ['its source', { source: NOWHERE }],
      ['its destination', { destination: NOWHERE }],
    ])('an address nobody claims as %s halts the engine there, with the error line up', (_, second) => {
      world(3, 3, () => true);
      put(1, { next: at(2), interrupt: true, ...second });
      engine.run(at(0));
      expect(engine.status).toBe(facts.eot | (1 << 5));
      expect(raised()).toEqual([facts.irq.eot, facts.irq.error]);
      expect([engine.current, engine.next, engine.control]).toEqual([at(1), at(2), START]);
      target.advance(100 * US);
      expect(copied(2)).toBe(false);
      engine.resume();
      target.advance(100 * US);
      expect(copied(2)).toBe(false);
      engine.start(at(2));
      engine.untilIdle();
      expect(copied(2)).toBe(true);
      expect(engine.status).toBe(facts.eot | facts.eoc);
    });

    it('an address nobody claims as descriptor halts it, and so does a start there', () => {
      world(1, 1);
      putWord(target, at(0), NOWHERE);
      engine.run(at(0));
      expect([engine.status, engine.current]).toEqual([1 << 5, NOWHERE]);
      engine.run(NOWHERE + 0x20);
      expect([engine.status, engine.current]).toEqual([1 << 5, NOWHERE + 0x20]);
    });

    it.each<BusFaultKind>(['master-abort', 'target-abort', 'mcu-abort', 'parity'])(
      'a %s on the bus sets bit 5, which ones clear',
      (fault) => {
        world(1, 1, () => true);
        target.inject({ kind: fault, address: source(0), length: 8, access: 'read', times: 1 });
        engine.run(at(0));
        expect([engine.status, raised()]).toEqual([1 << 5, [facts.irq.error]]);
        engine.write(facts.status, 1 << 5);
        expect([engine.status, raised()]).toEqual([0, []]);
      },
    );

    it('leave the other engines running', () => {
      const other = new EnginePins(target, ENGINES[platform][(number + 1) % 3]);
      world(1, 1);
      put(0, { source: NOWHERE });
      const words = { count: 4096, destination: base + 0xe000 };
      if (other.facts.kind === 'aau') putAau(target, at(9), { ...words, blocks: xorBlocks([source(0)]) });
      else putDma(target, at(9), { ...words, source: source(0) });
      other.start(at(9));
      engine.run(at(0));
      other.untilIdle();
      expect(other.status).toBe(0);
      expect(same(bytesAt(target, base + 0xe000, 4096), bytesAt(target, source(0), 4096))).toBe(true);
    });
  });

  it('clearing enable stops it at a block boundary or after, and setting it again goes on', () => {
    for (let time = 0; time < 8 * US; time += 130 * NS) {
      world(2, 2, (k) => k === 1);
      put(0, { next: at(1), count: 5000, source: source(0), destination: base + 0xa000 });
      scribble(bytesAt(target, source(0), 5000), 1);
      engine.start(at(0));
      target.advance(time);
      engine.control = 0;
      engine.untilIdle();
      target.advance(20 * US);
      engine.control = START;
      engine.untilIdle();
      expect(same(bytesAt(target, base + 0xa000, 5000), bytesAt(target, source(0), 5000))).toBe(true);
      expect([engine.current, engine.status]).toEqual([at(1), facts.eoc]);
    }
  });

  it('reads 0 in every register after reset, and ones in reserved bits of control are a guest error', () => {
    for (let offset = 0; offset < facts.window; offset += 4) expect(engine.read(offset)).toBe(0);
    target.reset();
    engine.control = 0xffff_fff0;
    target.advance(US);
    expect(engine.control).toBe(0);
    expect(target.findings()).toEqual([expect.objectContaining({ kind: 'rule' })]);
  });
});

it('the two DMA channels and the AAU run together without disturbing each other', () => {
  for (const platform of ['iop321', 'iop331'] as const) {
    const target = createTarget(platform, { dramBytes: DRAM });
    const base = target.memoryBase;
    scribble(bytesAt(target, base + 0x4000, 0x4000), 3);
    const engines = ENGINES[platform].map((facts) => new EnginePins(target, facts));
    engines.forEach(({ facts }, k) => {
      for (let i = 0; i < 4; i++) {
        const at = base + 0x400 * k + 0x40 * i + 0x40;
        const words = {
          next: i < 3 ? at + 0x40 : 0,
          count: 1000 + k,
          destination: base + 0x8000 + 0x1000 * k + 1000 * i,
        };
        const source = base + 0x4000 + 0x800 * k + i;
        if (facts.kind === 'aau') putAau(target, at, { ...words, blocks: xorBlocks([source]), interrupt: i === 3 });
        else putDma(target, at, { ...words, source, interrupt: i === 3 });
      }
    });
    engines.forEach((engine, k) => engine.start(base + 0x400 * k + 0x40));
    for (const engine of engines) engine.untilIdle();
    engines.forEach((engine, k) => {
      expect(engine.status).toBe(engine.facts.eoc);
      for (let i = 0; i < 4; i++) {
        const seen = bytesAt(target, base + 0x8000 + 0x1000 * k + 1000 * i, 1000);
        expect(same(seen, bytesAt(target, base + 0x4000 + 0x800 * k + i, 1000))).toBe(true);
      }
    });
    expect(engineOf(platform, 'aau').irq.eoc).toBe(7);
    expect([...target.assertedInterrupts()].sort((a, b) => a - b)).toEqual([1, 3, 7]);
    expect(wordAt(target, base + 0x40)).toBe(base + 0x80);
  }
});
