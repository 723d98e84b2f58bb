/** What the IOP3xx DMA channels move (hw-iop3xx 3.1, 3.6). */
import * as fc from 'fast-check';
import { createTarget } from '../../../index';
import { bytesAt, KIB, putWord, same, scribble, snapshot, wordAt } from '../board';
import { crcRegister } from '../datapath/model';
import { DMA_CRC, DMA_CRC_COMPLETE, DMA_CRC_SEED_DISABLE, putDma } from '../descriptors';
import { engineOf, EnginePins } from '../engines';

const DRAM = 64 * KIB;

describe.each([
  ['iop321', 0],
  ['iop321', 1],
  ['iop331', 0],
  ['iop331', 1],
] as const)('%s, DMA channel %i', (platform, index) => {
  const target = createTarget(platform, { dramBytes: DRAM });
  const base = target.memoryBase;
  const dma = new EnginePins(target, engineOf(platform, 'dma', index));
  const AT = base + 0x400;
  const FROM = base + 0x1000;
  const TO = base + 0x8000;
  const SEED = base + 0x800;

  beforeEach(() => target.reset());

  it('copies at all alignments of both ends, and touches nothing else', () => {
    const page = scribble(new Uint8Array(DRAM), 3);
    for (let source = 0; source < 8; source++) {
      for (let destination = 0; destination < 8; destination++) {
        for (const count of [1, 7, 8, 100 + source]) {
          target.memory.set(page);
          putDma(target, AT, { count, source: FROM + source, destination: TO + destination });
          const expected = snapshot(target, base, DRAM);
          expected.copyWithin(TO + destination - base, FROM + source - base, FROM + source - base + count);
          dma.run(AT);
          if (!same(target.memory, expected)) throw new Error(`${source} → ${destination}, ${count} bytes`);
        }
      }
    }
    expect(dma.status).toBe(0);
    expect(target.findings()).toEqual([]);
  });

  it('copies any length, in blocks of 1 KiB where the ends overlap', () => {
    const place = fc.integer({ min: FROM, max: base + DRAM - 5000 });
    fc.assert(
      fc.property(place, place, fc.integer({ min: 1, max: 5000 }), (source, destination, count) => {
        target.reset();
        scribble(target.memory, count);
        putDma(target, AT, { count, source, destination });
        const expected = snapshot(target, base, DRAM);
        for (let done = 0; done < count; done += 1024) {
          const from = source - base + done;
          expected.copyWithin(destination - base + done, from, from + Math.min(1024, count - done));
        }
        dma.run(AT);
        expect(same(target.memory, expected)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('holds the words of the descriptor in NDAR, PADR, PUADR, LADR, BCR and DCR', () => {
    putDma(target, AT, { count: 100, source: FROM, destination: TO, interrupt: true });
    dma.run(AT);
    expect([0x10, 0x14, 0x18, 0x1c, 0x20, 0x24].map((offset) => dma.read(offset))).toEqual([0, FROM, 0, TO, 100, 0x5e]);
    expect(dma.read(0x0c)).toBe(AT);
    for (const offset of [0x0c, 0x14, 0x18, 0x1c, 0x20, 0x24]) dma.write(offset, 0xffff_ffff);
    expect([0x0c, 0x14, 0x20].map((offset) => dma.read(offset))).toEqual([AT, FROM, 100]);
  });

  it('takes 24 bits of the byte count; none raises the interrupt all the same', () => {
    scribble(bytesAt(target, FROM, 64), 1);
    putDma(target, AT, { count: 0xff00_0008, source: FROM, destination: TO });
    dma.run(AT);
    expect(same(bytesAt(target, TO, 8), bytesAt(target, FROM, 8))).toBe(true);
    expect(bytesAt(target, TO + 8, 64).every((byte) => byte === 0)).toBe(true);
    putDma(target, AT, { count: 0x0100_0000, interrupt: true });
    dma.run(AT);
    expect(dma.status).toBe(dma.facts.eoc);
  });

  it('a source with an upper address is a master abort', () => {
    putDma(target, AT, { count: 8, source: 0x1_0000_0000 + FROM, destination: TO });
    dma.run(AT);
    expect(dma.status).toBe(dma.facts.masterAbort);
  });

  it('records a transfer to or from PCI', () => {
    putDma(target, AT, { count: 8, source: FROM, destination: TO });
    putWord(target, AT + 20, 0x0e);
    dma.run(AT);
    expect(target.findings()).toEqual([expect.objectContaining({ kind: 'unmodelled', rule: 'hw-iop3xx 3.1' })]);
  });

  if (platform === 'iop321') {
    it('has no CRC: the data are copied, the rest is left alone, and that is recorded', () => {
      scribble(bytesAt(target, FROM, 64), 1);
      putWord(target, SEED, 0xffff_ffff);
      putDma(target, AT, { count: 64, source: FROM, destination: TO, extra: DMA_CRC, crc: SEED });
      const control = wordAt(target, AT + 20);
      dma.run(AT);
      expect(same(bytesAt(target, TO, 64), bytesAt(target, FROM, 64))).toBe(true);
      expect(wordAt(target, SEED)).toBe(0xffff_ffff);
      expect(wordAt(target, AT + 20)).toBe(control);
      expect(target.findings()).toEqual([expect.objectContaining({ kind: 'unmodelled', rule: 'hw-iop3xx 0.4' })]);
    });
    return;
  }

  describe('CRC-32C', () => {
    const crc = (bytes: Iterable<number>): number => ~crcRegister(0xffff_ffff, bytes) >>> 0;

    it.each([
      [new Array<number>(32).fill(0), 0x8a91_36aa],
      [new Array<number>(32).fill(0xff), 0x62a8_ab43],
      [Array.from({ length: 32 }, (_, i) => i), 0x46dd_794e],
      [Array.from({ length: 32 }, (_, i) => 31 - i), 0x113f_db5c],
    ])(
      'of the data of RFC 3720, written behind the address in word 6, status in the control word',
      (data, expected) => {
        bytesAt(target, FROM + 1, 32).set(data);
        putWord(target, SEED, 0xffff_ffff);
        putDma(target, AT, {
          count: 32,
          source: FROM + 1,
          destination: TO,
          extra: DMA_CRC,
          crc: SEED,
          interrupt: true,
        });
        const control = wordAt(target, AT + 20);
        dma.run(AT);
        expect(wordAt(target, SEED)).toBe(expected);
        expect(wordAt(target, AT + 20)).toBe((control | DMA_CRC_COMPLETE) >>> 0);
        expect([...bytesAt(target, TO, 32)]).toEqual(data);
        expect(dma.status).toBe(dma.facts.eoc);
      },
    );

    it('goes on over fragments with the seed fetch disabled, copies in between', () => {
      scribble(bytesAt(target, FROM, 4000), 1);
      putWord(target, SEED, 0xffff_ffff);
      const lengths = [1, 1023, 1500, 7];
      let from = FROM;
      lengths.forEach((count, k) => {
        const at = AT + 0x40 * k;
        const extra = DMA_CRC | (k > 0 ? DMA_CRC_SEED_DISABLE : 0);
        putDma(target, at, { next: at + 0x20, count, source: from, destination: TO, extra, crc: SEED });
        const next = k + 1 < lengths.length ? at + 0x40 : 0;
        putDma(target, at + 0x20, { next, count, source: FROM, destination: TO });
        from += count;
      });
      dma.run(AT);
      expect(wordAt(target, SEED)).toBe(crc(bytesAt(target, FROM, from - FROM)));
    });

    it('with count 0 leaves the seed', () => {
      putWord(target, SEED, 0x1234_5678);
      putDma(target, AT, { count: 0, extra: DMA_CRC, crc: SEED });
      dma.run(AT);
      expect(wordAt(target, SEED)).toBe(0x1234_5678);
    });

    it('aborts before any data move when nobody claims the address of the seed', () => {
      scribble(bytesAt(target, FROM, 64), 1);
      putDma(target, AT, { count: 64, source: FROM, destination: TO, extra: DMA_CRC, crc: 0x9000_0000 });
      dma.run(AT);
      expect(dma.status).toBe(dma.facts.masterAbort);
      expect(bytesAt(target, TO, 64).every((byte) => byte === 0)).toBe(true);
    });

    it('of a plain copy is none: word 6 is not looked at and nothing is written back', () => {
      putDma(target, AT, { count: 64, source: FROM, destination: TO, crc: 0x9000_0000 });
      const control = wordAt(target, AT + 20);
      dma.run(AT);
      expect(dma.status).toBe(0);
      expect(wordAt(target, AT + 20)).toBe(control);
    });
  });
});
