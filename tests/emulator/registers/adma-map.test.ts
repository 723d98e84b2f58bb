/** The register map of section 2, retyped, against what the board shows. */
import { ADMA_REGISTERS, ERROR_BITS } from '../../../emulator/adma/registers';
import { board, CHANNELS, ChannelPins, KIB, putWord, REG, US } from '../board';

const NAMED: readonly [number, string][] = [
  [0x00, 'ACCR'],
  [0x04, 'ACSR'],
  [0x08, 'ADAR'],
  [0x18, 'IIPCR'],
  [0x1c, 'IIPAR'],
  [0x20, 'IIPUAR'],
  [0x24, 'ANDAR'],
  [0x28, 'ADCR'],
  [0x2c, 'CARMD'],
  [0x30, 'ABCR'],
  [0x34, 'DLADR'],
  [0x38, 'DUADR'],
];

it('has every register of the manual at its offset, and no other', () => {
  const sources = Array.from({ length: 16 }, (_, i): [number, string][] => [
    [0x3c + 8 * i, `SLAR${i}`],
    [0x40 + 8 * i, `SUAR${i}`],
  ]);
  expect(ADMA_REGISTERS.map(({ offset, name }) => [offset, name])).toEqual([
    ...NAMED,
    ...sources.flat(),
    [0x1fc, 'TPDIK'],
  ]);
});

it("drives the error line with the bits of Intel's error mask", () => {
  expect(ERROR_BITS).toBe(0x23e);
});

describe.each([0, 1, 2])('channel %i', (index) => {
  it('reads zero everywhere after reset', () => {
    const target = board({ dramBytes: 64 * KIB });
    const channel = new ChannelPins(target, index);
    for (const { offset } of ADMA_REGISTERS) expect(channel.read(offset)).toBe(0);
    expect(target.findings()).toEqual([]);
  });

  it('keeps only what software may set in its control register', () => {
    const target = board({ dramBytes: 64 * KIB });
    const channel = new ChannelPins(target, index);
    channel.write(REG.ACCR, 0x2000_0001);
    expect(channel.read(REG.ACCR)).toBe(0x2000_0001);
    channel.write(REG.ACCR, 0);
    expect(channel.read(REG.ACCR)).toBe(0);
    channel.write(REG.ACCR, 2);
    channel.write(REG.ACCR, 0);
    // Resume can only be set by software.
    expect(channel.read(REG.ACCR)).toBe(2);
  });

  it('is reached by bytes and half-words as well as by words', () => {
    const target = board({ dramBytes: 64 * KIB });
    const at = CHANNELS[index] + REG.IIPCR;
    target.write32(at, 0x8899_aabb);
    target.write(at + 1, 0x77, 1);
    target.write(at + 2, 0xf1e2, 2);
    expect(target.read32(at)).toBe(0xf1e2_77bb);
    expect([0, 1, 2, 3].map((byte) => target.read(at + byte, 1))).toEqual([0xbb, 0x77, 0xe2, 0xf1]);
    expect([0, 2].map((half) => target.read(at + half, 2))).toEqual([0x77bb, 0xf1e2]);
  });

  it('starts nothing when bytes beside the enable bit are written', () => {
    const target = board({ dramBytes: 64 * KIB });
    const channel = new ChannelPins(target, index);
    channel.write(REG.ANDAR, 0x1000);
    target.write(channel.base + 3, 0x20, 1);
    target.advance(US);
    expect(channel.active).toBe(false);
    expect(channel.read(REG.ACCR)).toBe(0x2000_0000);
    target.write(channel.base, 1, 1);
    expect(channel.active).toBe(true);
  });
});

describe('DRAM', () => {
  it('is reached by bytes, half-words and words, little-endian and unsigned', () => {
    const target = board({ dramBytes: 64 * KIB });
    target.write32(0x100, 0xfedc_ba98);
    expect(Array.from(target.memory.subarray(0x100, 0x104))).toEqual([0x98, 0xba, 0xdc, 0xfe]);
    expect(target.read32(0x100)).toBe(0xfedc_ba98);
    expect(target.read(0x102, 2)).toBe(0xfedc);
    expect(target.read(0x103, 1)).toBe(0xfe);
    target.write(0x101, 0x12, 1);
    target.write(0x102, 0x3456, 2);
    expect(target.read32(0x100)).toBe(0x3456_1298);
  });

  it('is one memory, whichever way it is looked at', () => {
    const target = board({ dramBytes: 64 * KIB });
    putWord(target, 0x200, 0x0102_0304);
    expect(target.memory[0x200]).toBe(4);
    expect(new Uint8Array(target.wasmMemory.buffer)[0x203]).toBe(1);
    expect(target.memoryBase).toBe(0);
  });

  it('costs a load its bus time, so that a program which polls memory lets the hardware go on', () => {
    const target = board({ dramBytes: 64 * KIB });
    const before = target.now;
    target.read32(0x100);
    expect(target.now).toBeGreaterThan(before + 10_000);
    expect(target.now).toBeLessThan(before + 200_000);
  });
});
