/** What the self-tests of probe have in common: pages, mappings, and one line of the log for each run. */
import type { DmaDirection } from '../../emulator/kernel/dma-mapping';
import type { Page } from '../../emulator/kernel/pages';
import { PAGE_SIZE } from '../../emulator/kernel/pages';
import { MILLISECOND } from '../../emulator/sim/time';
import type { Prepared } from '../device';
import { DmaCtrl } from '../flags';
import type { IopAdmaChan } from './channel';

/** A test that runs in a thread; true when it passed. */
export type SelfTest = Generator<void, boolean, void>;

/** What every descriptor of a self-test is prepared with. */
export const FLAGS = DmaCtrl.PREP_INTERRUPT | DmaCtrl.CTRL_ACK;
/** Picoseconds until a copy has to be over (ST-01). */
export const COPY_WAIT = 1 * MILLISECOND;
/** Picoseconds until anything else has to be over (ST-02). */
export const XOR_WAIT = 8 * MILLISECOND;

/** The pages of one test and what is done with them. */
export class Bench {
  private readonly mapped: { readonly address: number; readonly bytes: number; readonly direction: DmaDirection }[] =
    [];

  constructor(
    readonly chan: IopAdmaChan,
    readonly pages: readonly Page[],
  ) {}

  /** Maps the first bytes of a page until the next run is over. */
  map(page: Page, bytes: number, direction: DmaDirection): number {
    const address = this.chan.kernel.dma.map(page, 0, bytes, direction);
    this.mapped.push({ address, bytes, direction });
    return address;
  }

  /** Fills a page, byte by byte, as the processor. */
  fill(page: Page, byteAt: (index: number) => number): void {
    const bytes = this.touch(page, true);
    for (let i = 0; i < PAGE_SIZE; i++) bytes[i] = byteAt(i);
    this.chan.kernel.spend(this.chan.kernel.costs.fill * PAGE_SIZE);
  }

  /** Zeroes some bytes of a page, as the processor. */
  clear(page: Page, offset: number, length: number): void {
    this.touch(page, true).fill(0, offset, offset + length);
    this.chan.kernel.spend(this.chan.kernel.costs.fill * length);
  }

  /** Whether the first `length` bytes are as they should be, modulo 256. */
  holds(page: Page, length: number, byteAt: (index: number) => number): boolean {
    const bytes = this.touch(page, false);
    this.chan.kernel.spend(this.chan.kernel.costs.compare * length);
    for (let i = 0; i < length; i++) if (bytes[i] !== (byteAt(i) & 0xff)) return false;
    return true;
  }

  /** Submits, waits, unmaps, judges and prints. */
  *run(name: string, prepared: Prepared | undefined, wait: number, right: () => boolean): SelfTest {
    const { chan } = this;
    let verdict = 'failed, no descriptor';
    if (prepared !== undefined && prepared !== null) {
      const cookie = prepared.txSubmit(prepared);
      chan.device.deviceIssuePending?.(chan);
      yield* chan.kernel.scheduler.sleep(wait);
      verdict = chan.device.deviceTxStatus?.(chan, cookie) === 'complete' ? 'passed' : 'timed out';
    }
    for (const { address, bytes, direction } of this.mapped) chan.kernel.dma.unmap(address, bytes, direction);
    this.mapped.length = 0;
    if (verdict === 'passed' && !right()) verdict = 'failed compare';
    const passed = verdict === 'passed';
    chan.kernel.printk(`${chan.device.parent}: Self-test ${name} ${verdict}${passed ? '' : ', disabling'}`);
    return passed;
  }

  private touch(page: Page, write: boolean): Uint8Array {
    const { dma, machine } = this.chan.kernel;
    dma.processorTouches(page.address, write, 'iop_adma self-test');
    const start = page.address - machine.dram.base;
    return machine.dram.bytes.subarray(start, start + PAGE_SIZE);
  }
}
