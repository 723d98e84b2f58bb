/** What the application accelerator computes: descriptors of every size, commands, checks (hw-iop3xx 3.2 – 3.6). */
import * as fc from 'fast-check';
import { createTarget } from '../../../index';
import { bytesAt, KIB, NS, putWord, same, scribble, snapshot, US, wordAt, xorOf } from '../board';
import {
  AAU_CHECK,
  AAU_COMMAND_WORDS,
  AAU_COMPLETE,
  AAU_DUAL_XOR,
  AAU_NOT_ZERO,
  AAU_SIZES,
  AAU_WORDS,
  AAU_WRITE,
  aauSourceWord,
  DIRECT_BLOCK,
  FILL_BLOCK,
  NULL_BLOCK,
  putAau,
  putAauDualXor,
  XOR_BLOCK,
  xorBlocks,
} from '../descriptors';
import type { AauWords, Block } from '../descriptors';
import { engineOf, EnginePins, SMALL_QUEUE } from '../engines';
import { Interpreter } from '../fuzz/interpreter';

const DRAM = 64 * KIB;

it('lays its descriptors out with the extended control words at 12, 21 and 30', () => {
  expect(AAU_COMMAND_WORDS.slice(1)).toEqual([12, 21, 30]);
  expect(Array.from({ length: 32 }, (_, i) => aauSourceWord(i))).toEqual([
    ...[1, 2, 3, 4, 8, 9, 10, 11],
    ...[13, 14, 15, 16, 17, 18, 19, 20],
    ...[22, 23, 24, 25, 26, 27, 28, 29],
    ...[31, 32, 33, 34, 35, 36, 37, 38],
  ]);
});

describe.each(['iop321', 'iop331'] as const)('%s', (platform) => {
  const target = createTarget(platform, { dramBytes: DRAM });
  const base = target.memoryBase;
  const aau = new EnginePins(target, engineOf(platform, 'aau'));
  const AT = base + 0x400;
  const FIRST = base + 0x1000;
  const MOST = 2600;

  const place = fc.integer({ min: FIRST, max: base + DRAM - MOST });
  const count = fc.oneof(
    fc.integer({ min: 1, max: 40 }),
    fc.integer({ min: 1, max: MOST }),
    fc.constantFrom(512, 1024),
  );

  beforeEach(() => {
    target.reset();
    aau.controlBits = 0;
  });

  const zero = (address: number, length: number): boolean => bytesAt(target, address, length).every((b) => b === 0);

  function run(words: AauWords): void {
    putAau(target, AT, words);
    aau.run(AT);
  }

  describe.each(AAU_SIZES)('a descriptor of %i sources', (size) => {
    it('XORs them all at any alignment, overlaps included, and touches nothing else', () => {
      fc.assert(
        fc.property(
          fc.array(place, { minLength: size, maxLength: size }),
          place,
          count,
          (sources, destination, bytes) => {
            target.reset();
            scribble(target.memory, bytes);
            putAau(target, AT, { count: bytes, destination, blocks: xorBlocks(sources), size });
            const expected = snapshot(target, base, DRAM);
            for (let done = 0; done < bytes; done += 1024) {
              const n = Math.min(1024, bytes - done);
              const parts = sources.map((at) => expected.slice(at - base + done, at - base + done + n));
              expected.set(xorOf(parts), destination - base + done);
            }
            aau.run(AT);
            expect(aau.status).toBe(0);
            expect(same(target.memory, expected)).toBe(true);
            expect(target.findings()).toEqual([]);
          },
        ),
        { numRuns: 12 },
      );
    });

    it.each(Array.from({ length: size }, (_, i) => i))('takes source %i from its own word, by its own command', (i) => {
      const blocks: Block[] = Array.from({ length: size }, (_, k) => ({
        command: k === i ? DIRECT_BLOCK : NULL_BLOCK,
        value: FIRST + 0x40 * k,
      }));
      bytesAt(target, FIRST, 0x40 * size).forEach((_, k, all) => (all[k] = k >> 6));
      bytesAt(target, base + 0x8000, 32).fill(0xff);
      run({ count: 32, destination: base + 0x8000, blocks, size });
      expect(bytesAt(target, base + 0x8000, 32).every((byte) => byte === i)).toBe(true);
    });

    it('holds its words in the registers 0x0C + 4 · word', () => {
      const blocks = xorBlocks(Array.from({ length: size }, (_, k) => FIRST + 0x40 * k));
      run({ count: 100, destination: base + 0x8000, blocks, size });
      for (let word = 0; word < AAU_WORDS[size]; word++) {
        expect(aau.read(0x0c + 4 * word)).toBe(wordAt(target, AT + 4 * word));
      }
    });

    it('reads no source it does not hold, whatever commands stand in the words behind', () => {
      for (let word = 0; word < 39; word++) putWord(target, AT + 4 * word, 0x0100_0000);
      for (const word of AAU_COMMAND_WORDS) putWord(target, AT + 4 * word, 0o11111111 << 1);
      scribble(bytesAt(target, FIRST, 64), 5);
      const blocks = Array.from({ length: size }, () => ({ command: DIRECT_BLOCK, value: FIRST }));
      run({ count: 64, destination: base + 0x8000, blocks, size });
      expect(aau.status).toBe(0);
      expect(same(bytesAt(target, base + 0x8000, 64), bytesAt(target, FIRST, 64))).toBe(true);
    });
  });

  it("runs Linux's control words: 0x8000049F, 0x8200249F, fill 0x80000004, NetBSD's copy 0x8000000E", () => {
    const sources = [0, 1, 2, 3, 4].map((k) => FIRST + 0x100 * k);
    sources.forEach((source, k) => scribble(bytesAt(target, source, 64), k));
    const parts = sources.map((source) => snapshot(target, source, 64));
    const to = base + 0x8000;
    const cases: [number, Uint8Array][] = [
      [0x8000_049f, xorOf(parts.slice(0, 4))],
      [0x8200_249f, xorOf(parts)],
      [0x8000_000e, parts[0]],
      [0x8000_0004, Uint8Array.from({ length: 64 }, (_, i) => FIRST >>> (8 * (i % 4)))],
    ];
    for (const [control, expected] of cases) {
      bytesAt(target, to, 64).fill(0x3c);
      putAau(target, AT, { count: 64, destination: to, blocks: xorBlocks(sources) });
      putWord(target, AT + 28, control);
      aau.run(AT);
      expect(same(bytesAt(target, to, 64), expected)).toBe(true);
      expect((aau.status & aau.facts.eoc) !== 0).toBe((control & 1) !== 0);
      aau.clear();
    }
  });

  it('equals the interpreter for any commands on any blocks in chains, the queue going on where block 1 is an XOR', () => {
    const command = fc.constantFrom(NULL_BLOCK, XOR_BLOCK, XOR_BLOCK, FILL_BLOCK, DIRECT_BLOCK);
    const block = fc.record({ command, value: place });
    const descriptor = fc.record({
      blocks: fc.array(block, { minLength: 1, maxLength: 32 }),
      count,
      destination: place,
      write: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(descriptor, { minLength: 1, maxLength: 5 }), fc.boolean(), (chain, small) => {
        target.reset();
        aau.controlBits = small ? SMALL_QUEUE : 0;
        scribble(target.memory, chain.length);
        const at = (k: number): number => base + 0x200 + 0x100 * k;
        chain.forEach((words, k) => putAau(target, at(k), { ...words, next: k + 1 < chain.length ? at(k + 1) : 0 }));
        const model = new Interpreter(snapshot(target, base, DRAM), base, platform, 'aau');
        model.block = small ? 512 : 1024;
        chain.forEach((_, k) => model.execute(at(k)));
        aau.run(at(0));
        expect(aau.status).toBe(0);
        expect(same(target.memory, model.memory)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('continues the store queue over descriptors when block 1 is a plain XOR', () => {
    const parts = [1, 2, 3].map((k) => scribble(bytesAt(target, FIRST + 0x400 * k, 200), k).slice());
    const [a, b, c] = [1, 2, 3].map((k) => FIRST + 0x400 * k);
    putAau(target, AT, { next: AT + 0x20, count: 200, write: false, blocks: xorBlocks([a, b]) });
    const blocks = [{ command: XOR_BLOCK, value: c }];
    putAau(target, AT + 0x20, { count: 200, destination: base + 0x8000, blocks });
    aau.run(AT);
    expect(same(bytesAt(target, base + 0x8000, 200), xorOf(parts))).toBe(true);
  });

  it.each([3, 4, 5, 6])('ignores a block with the reserved command %i, with a finding', (command) => {
    scribble(bytesAt(target, FIRST, 64), 1);
    const blocks = [
      { command: DIRECT_BLOCK, value: FIRST },
      { command, value: FIRST + 0x100 },
    ];
    run({ count: 64, destination: base + 0x8000, blocks });
    expect(same(bytesAt(target, base + 0x8000, 64), bytesAt(target, FIRST, 64))).toBe(true);
    expect(target.findings()).toEqual([expect.objectContaining({ kind: 'rule', rule: 'hw-iop3xx 3.3', where: 'aau' })]);
  });

  it('fills with the pattern as a stream of bytes that starts at the destination', () => {
    for (const offset of [0, 1, 2, 3]) {
      for (const bytes of [1, 7, 1024, 2050]) {
        bytesAt(target, base + 0x8000, 0x1000).fill(0);
        run({
          count: bytes,
          destination: base + 0x8010 + offset,
          blocks: [{ command: FILL_BLOCK, value: 0x4433_2211 }],
        });
        const expected = new Uint8Array(0x1000);
        for (let i = 0; i < bytes; i++) expected[0x10 + offset + i] = 0x11 * (1 + (i % 4));
        expect(same(bytesAt(target, base + 0x8000, 0x1000), expected)).toBe(true);
      }
    }
  });

  it('writes nothing without destination write enable', () => {
    scribble(target.memory, 1);
    putAau(target, AT, { count: 2000, destination: base + 0x8000, blocks: xorBlocks([FIRST]), write: false });
    const before = snapshot(target, base, DRAM);
    aau.run(AT);
    expect(same(target.memory, before)).toBe(true);
  });

  it.each([
    ['count 0', { count: 0, blocks: xorBlocks([0x1000, 0x1000]), destination: 0x1000 }],
    ['no command and no write', { count: 4000, blocks: [], write: false }],
    ['no command and no write, over 16 MiB − 1', { count: 0x00ff_ffff, blocks: [], write: false }],
  ])('completes a null descriptor (%s) without looking at its addresses', (_, words) => {
    scribble(target.memory, 1);
    putAau(target, AT, { ...words, interrupt: true });
    const before = snapshot(target, base, DRAM);
    aau.run(AT);
    expect(aau.status).toBe(aau.facts.eoc);
    expect(aau.current).toBe(AT);
    expect(same(target.memory, before)).toBe(true);
    expect(target.findings()).toEqual([]);
  });

  it('takes 24 bits of the byte count; 2^24 is none', () => {
    scribble(bytesAt(target, FIRST, 64), 1);
    run({ count: 0xff00_0008, destination: base + 0x8000, blocks: xorBlocks([FIRST]) });
    expect(same(bytesAt(target, base + 0x8000, 8), bytesAt(target, FIRST, 8))).toBe(true);
    expect(zero(base + 0x8008, 64)).toBe(true);
    run({ count: 0x0100_0000, destination: base + 0x9000, blocks: xorBlocks([FIRST]), interrupt: true });
    expect(aau.status).toBe(aau.facts.eoc);
    expect(zero(base + 0x9000, 64)).toBe(true);
  });

  it('moves in blocks of 512 bytes with the small queue, of 1 KiB without', () => {
    for (const [bits, block] of [
      [SMALL_QUEUE, 512],
      [0, 1024],
    ]) {
      target.reset();
      aau.controlBits = bits;
      const destination = base + 0x8000;
      bytesAt(target, FIRST, 4096).fill(7);
      putAau(target, AT, { count: 4096, destination, blocks: xorBlocks([FIRST]) });
      aau.start(AT);
      const lengths = new Set<number>();
      while (aau.active) {
        lengths.add(bytesAt(target, destination, 4096).filter((byte) => byte === 7).length);
        target.advance(20 * NS);
      }
      const steps = Array.from({ length: 4096 / block + 1 }, (_, k) => block * k);
      expect([...lengths].sort((a, b) => a - b)).toEqual(steps.filter((n) => lengths.has(n)));
      expect(lengths.size).toBeGreaterThan(4096 / block - 1);
      expect(aau.control).toBe(bits | 1);
    }
  });

  describe('zero-result check', () => {
    it('writes complete and the result back into the control word, and nothing else', () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 31 }),
          fc.integer({ min: 1, max: 1024 }),
          fc.option(fc.nat(), { freq: 2 }),
          (data, bytes, wrong) => {
            target.reset();
            const sources = Array.from({ length: data + 1 }, (_, i) => FIRST + 1500 * i + (i % 7));
            const parity = bytesAt(target, sources[data], bytes);
            for (const source of sources.slice(0, data)) {
              scribble(bytesAt(target, source, bytes), source).forEach((byte, i) => (parity[i] ^= byte));
            }
            if (wrong !== null) bytesAt(target, sources[wrong % sources.length], bytes)[wrong % bytes] ^= 4;
            const blocks = xorBlocks(sources);
            putAau(target, AT, { count: bytes, blocks, check: true, write: false, interrupt: true });
            const before = snapshot(target, base, DRAM);
            const control = wordAt(target, AT + 28);
            aau.run(AT);
            const result = AAU_COMPLETE | (wrong === null ? 0 : AAU_NOT_ZERO);
            expect(wordAt(target, AT + 28)).toBe((control | result) >>> 0);
            putWord(target, AT + 28, control);
            expect(same(target.memory, before)).toBe(true);
            expect(aau.status).toBe(aau.facts.eoc);
          },
        ),
        { numRuns: 40 },
      );
    });

    it('carries on with the chain after a bad result', () => {
      bytesAt(target, FIRST, 1)[0] = 1;
      const words = { count: 64, check: true, write: false };
      putAau(target, AT, { ...words, next: AT + 0x20, blocks: xorBlocks([FIRST, FIRST + 64]) });
      putAau(target, AT + 0x20, { ...words, blocks: xorBlocks([FIRST + 64, FIRST + 128]), interrupt: true });
      aau.run(AT);
      const control = (at: number): number => wordAt(target, at + 28) & (AAU_COMPLETE | AAU_NOT_ZERO);
      expect(control(AT)).toBe(AAU_COMPLETE | AAU_NOT_ZERO);
      expect(control(AT + 0x20)).toBe(AAU_COMPLETE);
      expect(aau.status).toBe(aau.facts.eoc);
    });

    it('is recorded where the part has none that is documented, and where it is longer than the queue', () => {
      run({ count: 64, check: true, write: false, blocks: xorBlocks([FIRST, FIRST + 64]) });
      const first = platform === 'iop321' ? [['unmodelled', 'hw-iop3xx 0.4']] : [];
      expect(target.findings().map(({ kind, rule }) => [kind, rule])).toEqual(first);
      target.reset();
      run({ count: 1025, check: true, write: false, blocks: xorBlocks([FIRST, FIRST + 2048]) });
      const second = [...first, ['rule', 'hw-iop3xx 3.6']];
      expect(target.findings().map(({ kind, rule }) => [kind, rule])).toEqual(second);
    });

    it('with destination write enable does both', () => {
      bytesAt(target, FIRST, 64).fill(3);
      run({ count: 64, check: true, destination: base + 0x8000, blocks: xorBlocks([FIRST]) });
      expect(wordAt(target, AT + 28) & (AAU_COMPLETE | AAU_NOT_ZERO)).toBe(AAU_COMPLETE | AAU_NOT_ZERO);
      expect(bytesAt(target, base + 0x8000, 64).every((byte) => byte === 3)).toBe(true);
      expect(AAU_CHECK | AAU_WRITE).toBe(wordAt(target, AT + 28) & (AAU_CHECK | AAU_WRITE));
    });
  });

  it('dual XOR: H = S1 ^ S2 ^ H source, D = S1 ^ S2 ^ D source; the ninth word is the second destination', () => {
    fc.assert(
      fc.property(fc.tuple(place, place, place, place), place, place, count, (sources, h, d, bytes) => {
        target.reset();
        scribble(target.memory, bytes);
        putAauDualXor(target, AT, { count: bytes, destination: h, second: d, sources });
        const expected = snapshot(target, base, DRAM);
        for (let done = 0; done < bytes; done += 1024) {
          const n = Math.min(1024, bytes - done);
          const [a, b, oldH, oldD] = sources.map((at) => expected.slice(at - base + done, at - base + done + n));
          expected.set(xorOf([a, b, oldH]), h - base + done);
          expected.set(xorOf([a, b, oldD]), d - base + done);
        }
        aau.run(AT);
        expect(same(target.memory, expected)).toBe(true);
        expect(wordAt(target, AT + 28) & AAU_DUAL_XOR).toBe(AAU_DUAL_XOR);
        expect(target.findings().map(({ kind }) => kind)).toEqual(platform === 'iop321' ? ['unmodelled'] : []);
      }),
      { numRuns: 40 },
    );
  });

  it('writes back nothing for descriptors that are no checks', () => {
    run({ count: 64, destination: base + 0x8000, blocks: xorBlocks([FIRST, FIRST + 64]) });
    expect(wordAt(target, AT + 28) & (AAU_COMPLETE | AAU_NOT_ZERO)).toBe(0);
  });

  it('takes longer for every source it reads', () => {
    const times = AAU_SIZES.map((size) => {
      target.reset();
      const sources = Array.from({ length: size }, (_, k) => FIRST + 0x400 * k);
      putAau(target, AT, { count: 1024, destination: base + 0xf000, blocks: xorBlocks(sources) });
      aau.run(AT);
      return target.now;
    });
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[3]).toBeGreaterThan(4 * times[0]);
    expect(times[3]).toBeLessThan(100 * US);
  });
});
