import { AddressMap } from '../../../emulator/memory/address-map';
import type { RegisterWindow } from '../../../emulator/memory/address-map';
import { Dram } from '../../../emulator/memory/dram';

const window = (name: string, base: number, size: number): RegisterWindow => ({
  name,
  base,
  size,
  read32: () => 0,
  write32: () => undefined,
});

describe('address map', () => {
  it('finds the window of an address, first byte and last, and no other', () => {
    const map = new AddressMap(new Dram(0, 65_536));
    map.add(window('b', 0xffd8_0200, 0x200));
    map.add(window('a', 0xffd8_0000, 0x200));
    expect(map.window(0xffd8_01ff)?.name).toBe('a');
    expect(map.window(0xffd8_0200)?.name).toBe('b');
    expect(map.window(0xffd8_0400)).toBeUndefined();
    expect(map.window(0x100)).toBeUndefined();
    expect(map.all().map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('refuses windows that overlap', () => {
    const map = new AddressMap(new Dram(0, 65_536));
    map.add(window('a', 0x1000_0000, 0x200));
    expect(() => map.add(window('b', 0x1000_01fc, 0x200))).toThrow(/a/);
    expect(() => map.add(window('c', 0x1000_0200, 0x200))).not.toThrow();
  });
});

describe('DRAM', () => {
  it('has the size asked for and knows its own addresses', () => {
    const dram = new Dram(0xa000_0000, 131_072);
    expect(dram.bytes).toHaveLength(131_072);
    expect(dram.contains(0xa000_0000, 131_072)).toBe(true);
    expect(dram.contains(0x9fff_ffff, 2)).toBe(false);
    expect(dram.contains(0xa001_ffff, 2)).toBe(false);
    dram.setWord(0xa000_0010, 0xdead_beef);
    expect(dram.word(0xa000_0010)).toBe(0xdead_beef);
    expect(Array.from(dram.bytes.subarray(16, 20))).toEqual([0xef, 0xbe, 0xad, 0xde]);
  });

  it.each([0, -65_536, 1000, 65_537])('refuses a size of %i bytes', (size) => {
    expect(() => new Dram(0, size)).toThrow(RangeError);
  });

  it('keeps silicon storage out of what the guest can address', () => {
    const dram = new Dram(0, 65_536);
    const queue = dram.reserveSilicon(1024);
    const other = dram.reserveSilicon(1024);
    expect(queue).toBeGreaterThanOrEqual(65_536);
    expect(other).toBeGreaterThanOrEqual(queue + 1024);
    expect(dram.contains(queue, 1)).toBe(false);
    expect(dram.wasm.buffer.byteLength).toBeGreaterThanOrEqual(other + 1024);
  });

  it('is all zeros after power-on', () => {
    const dram = new Dram(0, 65_536);
    dram.allBytes.fill(0xff);
    dram.clear();
    expect(dram.allBytes.every((byte) => byte === 0)).toBe(true);
    expect(dram.reserveSilicon(8)).toBe(65_536);
  });
});
