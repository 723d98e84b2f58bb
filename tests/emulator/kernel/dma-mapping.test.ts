import { GuestPanic } from '../../../emulator/findings';
import { DmaDirection } from '../../../emulator/kernel/dma-mapping';
import type { Kernel } from '../../../emulator/kernel/kernel';
import { KIB } from '../board';
import { boot } from './world';

const rules = (kernel: Kernel): string[] => kernel.findings.all().map(({ rule }) => rule);

describe('DMA mapping', () => {
  it('gives the address of the bytes and counts what is alive', () => {
    const { kernel } = boot();
    const page = kernel.pages.alloc();
    const address = kernel.dma.map(page, 100, 50, DmaDirection.toDevice);
    expect(address).toBe(page.address + 100);
    expect(kernel.dma.live).toBe(1);
    kernel.dma.unmap(address, 50, DmaDirection.toDevice);
    expect(kernel.dma.live).toBe(0);
    expect(rules(kernel)).toEqual([]);
  });

  it('undone twice is a finding and does not spoil the balance', () => {
    const { kernel } = boot();
    const page = kernel.pages.alloc();
    const address = kernel.dma.map(page, 0, 4096, DmaDirection.fromDevice);
    kernel.dma.unmap(address, 4096, DmaDirection.fromDevice);
    kernel.dma.unmap(address, 4096, DmaDirection.fromDevice);
    expect(rules(kernel)).toEqual(['KS-05']);
    expect(kernel.dma.live).toBe(0);
  });

  it('undone with another direction is a finding; the mapping stays alive', () => {
    const { kernel } = boot();
    const page = kernel.pages.alloc();
    const address = kernel.dma.map(page, 0, 4096, DmaDirection.bidirectional);
    kernel.dma.unmap(address, 4096, DmaDirection.toDevice);
    expect(rules(kernel)).toEqual(['KS-05']);
    expect(kernel.dma.live).toBe(1);
  });

  it('may stand several times on one page and has to be undone as often', () => {
    const { kernel } = boot();
    const page = kernel.pages.alloc();
    for (let i = 0; i < 3; i++) kernel.dma.map(page, 0, 64, DmaDirection.toDevice);
    for (let i = 0; i < 3; i++) kernel.dma.unmap(page.address, 64, DmaDirection.toDevice);
    expect(rules(kernel)).toEqual([]);
    kernel.dma.unmap(page.address, 64, DmaDirection.toDevice);
    expect(rules(kernel)).toEqual(['KS-05']);
  });

  it('costs cache maintenance by the byte to map and nothing to unmap, as on every XScale', () => {
    const { kernel } = boot();
    const page = kernel.pages.alloc();
    const cost = (action: () => void): number => {
      const before = kernel.now;
      action();
      return kernel.now - before;
    };
    const full = kernel.costs.cacheMaintenance * 4096;
    expect(cost(() => kernel.dma.map(page, 0, 4096, DmaDirection.toDevice))).toBe(full);
    expect(cost(() => kernel.dma.unmap(page.address, 4096, DmaDirection.toDevice))).toBe(0);
    expect(cost(() => kernel.dma.map(page, 0, 4096, DmaDirection.fromDevice))).toBe(full);
    expect(cost(() => kernel.dma.unmap(page.address, 4096, DmaDirection.fromDevice))).toBe(0);
  });

  it.each([
    ['reads', false, DmaDirection.toDevice, []],
    ['writes', true, DmaDirection.toDevice, ['KS-04']],
    ['reads', false, DmaDirection.fromDevice, ['KS-04']],
    ['writes', true, DmaDirection.fromDevice, ['KS-04']],
    ['reads', false, DmaDirection.bidirectional, ['KS-04']],
    ['writes', true, DmaDirection.bidirectional, ['KS-04']],
  ])('sees the processor that %s (%p) a page mapped with direction %i', (_, write, direction, expected) => {
    const { kernel } = boot();
    const page = kernel.pages.alloc();
    kernel.dma.map(page, 0, 4096, direction);
    kernel.dma.processorTouches(page.address + 17, write, 'test');
    expect(rules(kernel)).toEqual(expected);
    kernel.dma.unmap(page.address, 4096, direction);
    kernel.dma.processorTouches(page.address + 17, write, 'test');
    expect(rules(kernel)).toEqual(expected);
  });
});

describe('pages', () => {
  it('are aligned, different, never the first frame, and come back', () => {
    const { kernel } = boot();
    const pages = Array.from({ length: 8 }, () => kernel.pages.alloc());
    expect(new Set(pages.map(({ address }) => address)).size).toBe(8);
    for (const { address } of pages) {
      expect(address % 4096).toBe(0);
      expect(address).toBeGreaterThan(0);
    }
    for (const page of pages) kernel.pages.free(page);
    expect(kernel.pages.used).toBe(0);
    expect(pages).toContain(kernel.pages.alloc());
  });

  it('freed twice are a finding', () => {
    const { kernel } = boot();
    const page = kernel.pages.alloc();
    kernel.pages.free(page);
    kernel.pages.free(page);
    expect(rules(kernel)).toEqual(['KS-06']);
  });

  it('freed while mapped are a finding', () => {
    const { kernel } = boot();
    const page = kernel.pages.alloc();
    kernel.dma.map(page, 0, 64, DmaDirection.toDevice);
    kernel.pages.free(page);
    expect(rules(kernel)).toEqual(['KS-06']);
  });

  it('run out in a panic, not in an exception of ours', () => {
    const { kernel } = boot({ dramBytes: 64 * KIB });
    for (let i = 0; i < 15; i++) kernel.pages.alloc();
    expect(() => kernel.pages.alloc()).toThrow(GuestPanic);
  });
});
