/** What the engine computes, against a plain model of bytes, and that it touches nothing else. */
import * as fc from 'fast-check';
import {
  board,
  bytesAt,
  ChannelPins,
  COMPLETE,
  EOC,
  INTERNAL_TO_LOCAL,
  KIB,
  LOCAL_TO_INTERNAL,
  NOT_ZERO,
  NS,
  putDescriptor,
  REG,
  same,
  scribble,
  snapshot,
  US,
  wordAt,
} from '../board';
import type { Target } from '../../../index';

const DRAM = 64 * KIB;
const DESCRIPTOR = 0x400;
const FIRST = 0x1000;

/** Forbids every access that a descriptor does not name: the stretches between what is allowed abort. */
function fenceOff(target: Target, access: 'read' | 'write', allowed: readonly (readonly [number, number])[]): void {
  const sorted = [...allowed].sort((a, b) => a[0] - b[0]);
  let from = 0;
  for (const [start, end] of [...sorted, [DRAM, DRAM] as const]) {
    if (start > from) {
      target.inject({ kind: 'target-abort', address: from, length: start - from, access, times: Infinity });
    }
    from = Math.max(from, end);
  }
}

/** 4.9: for each block of at most 1 KiB every source is read, then the block is written. */
function modelXor(memory: Uint8Array, sources: readonly number[], destination: number, count: number): void {
  for (let done = 0; done < count; done += 1024) {
    const size = Math.min(1024, count - done);
    const block = new Uint8Array(size);
    for (const source of sources) for (let i = 0; i < size; i++) block[i] ^= memory[source + done + i];
    memory.set(block, destination + done);
  }
}

const count = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 3500 }), fc.constantFrom(1024, 2048));
const place = fc.integer({ min: FIRST, max: DRAM - 3500 });
const direction = fc.constantFrom(LOCAL_TO_INTERNAL, INTERNAL_TO_LOCAL);

describe('XOR and copy', () => {
  const target = board({ dramBytes: DRAM });
  const channel = new ChannelPins(target);

  it('equal the byte model for 1 to 16 sources at any alignment, overlaps included, and touch nothing else', () => {
    fc.assert(
      fc.property(
        fc.array(place, { minLength: 1, maxLength: 16 }),
        place,
        count,
        direction,
        fc.boolean(),
        fc.nat(),
        (sources, destination, bytes, way, writeBack, seed) => {
          target.reset();
          scribble(target.memory, seed);
          putDescriptor(target, DESCRIPTOR, { count: bytes, direction: way, writeBack, destination, sources });
          const expected = snapshot(target, 0, DRAM);
          modelXor(expected, sources, destination, bytes);
          const status: [number, number] = [DESCRIPTOR + 12, DESCRIPTOR + 16];
          if (writeBack) expected[DESCRIPTOR + 15] |= 0x80;
          fenceOff(target, 'read', [
            [DESCRIPTOR, DESCRIPTOR + 24 + 8 * sources.length],
            ...sources.map((source) => [source, source + bytes] as const),
          ]);
          fenceOff(target, 'write', [[destination, destination + bytes], ...(writeBack ? [status] : [])]);

          channel.run(DESCRIPTOR);

          expect(channel.read(REG.ACSR)).toBe(0);
          expect(same(target.memory, expected)).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('work in place over any one of the sources', () => {
    fc.assert(
      fc.property(fc.array(place, { minLength: 2, maxLength: 16 }), count, fc.nat(15), (sources, bytes, pick) => {
        target.reset();
        scribble(target.memory, bytes);
        const destination = sources[pick % sources.length];
        putDescriptor(target, DESCRIPTOR, { count: bytes, destination, sources });
        const expected = snapshot(target, 0, DRAM);
        modelXor(expected, sources, destination, bytes);
        channel.run(DESCRIPTOR);
        expect(same(target.memory, expected)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('ignore bits of the descriptor that other modes own', () => {
    target.reset();
    scribble(bytesAt(target, 0x4000, 64), 1);
    // 10, 11: CRC options without CRC; 19: P disable without P+Q; 30, 31: PCI attributes.
    const extra = (1 << 10) | (1 << 11) | (1 << 19) | (3 << 30);
    putDescriptor(target, DESCRIPTOR, { count: 64, extra, data: 0xffff_ffff, destination: 0x8000, sources: [0x4000] });
    channel.run(DESCRIPTOR);
    expect(same(bytesAt(target, 0x8000, 64), bytesAt(target, 0x4000, 64))).toBe(true);
  });
});

describe('fill', () => {
  const target = board({ dramBytes: DRAM });
  const channel = new ChannelPins(target);

  it('anchors its pattern to addresses, writes what it names and reads nothing but its descriptor', () => {
    fc.assert(
      fc.property(
        place,
        count,
        fc.integer({ min: 0, max: 0xffff_ffff }),
        direction,
        (destination, bytes, data, way) => {
          target.reset();
          scribble(target.memory, bytes);
          const words = { count: bytes, fill: true, data, destination, direction: way, sources: [0x0900_0000] };
          putDescriptor(target, DESCRIPTOR, words);
          const expected = snapshot(target, 0, DRAM);
          for (let at = destination; at < destination + bytes; at++) expected[at] = (data >>> (8 * (at % 4))) & 0xff;
          fenceOff(target, 'read', [[DESCRIPTOR, DESCRIPTOR + 32]]);
          fenceOff(target, 'write', [[destination, destination + bytes]]);

          channel.run(DESCRIPTOR);

          expect(channel.read(REG.ACSR)).toBe(0);
          expect(same(target.memory, expected)).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('zero-result check', () => {
  const target = board({ dramBytes: DRAM });
  const channel = new ChannelPins(target);

  it('tells exactly whether the XOR of its sources is zero, and writes nothing but its status', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 15 }),
        count,
        fc.option(fc.nat(), { freq: 2 }),
        fc.integer({ min: 1, max: 255 }),
        (data, bytes, wrong, flip) => {
          target.reset();
          const sources = Array.from({ length: data + 1 }, (_, i) => FIRST + 3600 * i + (i % 7));
          const parity = bytesAt(target, sources[data], bytes);
          for (const source of sources.slice(0, data)) {
            scribble(bytesAt(target, source, bytes), source).forEach((byte, i) => (parity[i] ^= byte));
          }
          if (wrong !== null) bytesAt(target, sources[wrong % sources.length], bytes)[wrong % bytes] ^= flip;
          const destination = FIRST;
          putDescriptor(target, DESCRIPTOR, { zeroCheck: true, writeBack: true, count: bytes, destination, sources });
          const expected = snapshot(target, 0, DRAM);
          expected[DESCRIPTOR + 15] |= wrong === null ? 0x80 : 0xc0;
          channel.run(DESCRIPTOR);
          expect(same(target.memory, expected)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('carries on with the chain after a bad result that is written back', () => {
    target.reset();
    bytesAt(target, 0x4000, 1)[0] = 1;
    const words = { zeroCheck: true, writeBack: true, count: 64, sources: [0x4000, 0x5000] };
    putDescriptor(target, 0x400, { ...words, next: 0x440 });
    putDescriptor(target, 0x440, { ...words, interrupt: true, sources: [0x5000, 0x6000] });
    channel.run(0x400);
    expect(wordAt(target, 0x40c)).toBe(COMPLETE + NOT_ZERO + 64);
    expect(wordAt(target, 0x44c)).toBe(COMPLETE + 64);
    expect(channel.read(REG.ACSR)).toBe(EOC);
  });
});

describe('when bytes are sampled and changed', () => {
  const sources = [0x4000, 0x5000, 0x6000];
  const BYTES = 512;

  /** Runs one XOR, changes memory `time` after the start, and returns the destination. */
  function disturbed(target: Target, time: number, change: () => void): Uint8Array {
    target.reset();
    for (const source of sources) bytesAt(target, source, BYTES).fill(0x0f);
    putDescriptor(target, DESCRIPTOR, { count: BYTES, destination: 0x8000, sources });
    const channel = new ChannelPins(target);
    channel.start(DESCRIPTOR);
    target.advance(time);
    change();
    channel.untilIdle();
    return bytesAt(target, 0x8000, BYTES);
  }

  it('takes a source whole at its own read phase, one source after the other', () => {
    const target = board({ dramBytes: DRAM });
    const lastSeen = sources.map((source) => {
      let seen = -1;
      for (let time = 0; time < 1200 * NS; time += 10 * NS) {
        const result = disturbed(target, time, () => bytesAt(target, source, BYTES).fill(0xf0));
        expect(result.every((byte) => byte === result[0])).toBe(true);
        expect([0x0f, 0xf0]).toContain(result[0]);
        if (result[0] !== 0x0f) {
          expect(seen).toBe(time - 10 * NS < 0 ? -1 : time - 10 * NS);
          seen = time;
        }
      }
      return seen;
    });
    expect(lastSeen[0]).toBeGreaterThan(0);
    expect(lastSeen[1]).toBeGreaterThan(lastSeen[0] + 100 * NS);
    expect(lastSeen[2]).toBeGreaterThan(lastSeen[1] + 100 * NS);
  });

  it('changes the destination at the write phase: what is there before is overwritten, what comes after stays', () => {
    const target = board({ dramBytes: DRAM });
    let turned = 0;
    let last = 0x0f;
    for (let time = 0; time < 1500 * NS; time += 10 * NS) {
      const result = disturbed(target, time, () => bytesAt(target, 0x8000, BYTES).fill(0x33));
      expect(result.every((byte) => byte === result[0])).toBe(true);
      if (result[0] !== last) turned++;
      last = result[0];
    }
    expect(last).toBe(0x33);
    expect(turned).toBe(1);
  });

  it('takes the descriptor whole when it is fetched, not when the channel is started', () => {
    const target = board({ dramBytes: DRAM });
    const late = disturbed(target, 10 * NS, () => putDescriptor(target, DESCRIPTOR, { count: 0 }));
    expect(late.every((byte) => byte === 0)).toBe(true);
    const tooLate = disturbed(target, 300 * NS, () => putDescriptor(target, DESCRIPTOR, { count: 0 }));
    expect(tooLate.every((byte) => byte === 0x0f)).toBe(true);
    expect(target.now).toBeLessThan(100 * US);
  });
});
