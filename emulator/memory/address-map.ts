import type { Dram } from './dram';

/** A unit behind a window of addresses: 32-bit registers, narrower accesses through byte lanes. */
export interface RegisterWindow {
  readonly name: string;
  /** physical address of the first register */
  readonly base: number;
  /** bytes */
  readonly size: number;
  /** @param offset bytes from `base`, a multiple of 4 */
  read32(offset: number): number;
  /**
   * @param offset bytes from `base`, a multiple of 4
   * @param lanes mask of the bits that are written; all ones for a full word
   */
  write32(offset: number, value: number, lanes: number): void;
}

/** Which unit an address belongs to. */
export class AddressMap {
  private readonly windows: RegisterWindow[] = [];

  constructor(readonly dram: Dram) {}

  /** Adds a window; windows must not overlap. */
  add(window: RegisterWindow): void {
    for (const other of this.windows) {
      if (window.base < other.base + other.size && other.base < window.base + window.size) {
        throw new RangeError(`${window.name} and ${other.name} claim the same addresses`);
      }
    }
    this.windows.push(window);
    this.windows.sort((a, b) => a.base - b.base);
  }

  /** The window that claims this address, undefined for DRAM and for addresses nobody claims. */
  window(address: number): RegisterWindow | undefined {
    for (const window of this.windows) {
      if (address >= window.base && address < window.base + window.size) return window;
    }
    return undefined;
  }

  /** All windows, by address. */
  all(): readonly RegisterWindow[] {
    return this.windows;
  }
}
