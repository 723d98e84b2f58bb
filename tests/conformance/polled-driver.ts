/**
 * A driver that shares no habit with iop-adma: one channel, no interrupts, no pool. Each descriptor has a page of its
 * own, and the engine gets one at a time, started by hand; whoever asks for a status moves things on. Written from the
 * manual's register table (hw-iop13xx 2.2, 5) and the API document alone.
 */
import type {
  DmaChan,
  DmaDevice,
  DmaDriver,
  DmaStatus,
  EngineRecord,
  Kernel,
  Page,
  Prepared,
  SpinLock,
} from '../../index';
import {
  asyncTxTestAck,
  DmaAsyncTxDescriptor,
  DmaCapability,
  dmaCookieAssign,
  dmaCookieComplete,
  dmaCookieInit,
  dmaCookieStatus,
  dmaengineDescCallbackInvoke,
  dmaRunDependencies,
  TX_NO_ERROR,
} from '../../index';

const ACCR = 0x00;
const ACSR = 0x04;
const ANDAR = 0x24;
const ENABLE = 1;
const ACTIVE = 1 << 13;
/** Aborts, parity, and two without a name; written back they are cleared. */
const ERRORS = 0x23e;
/** Words of a descriptor: control, byte count, destination, first source. */
const [NEXT, CONTROL, COUNT, DEST, SOURCE] = [0, 1, 3, 4, 6];
/** Local to internal bus, moves data. */
const COPY = 0x6;
const MOST = 16 * 1024 * 1024 - 1;

class PolledDescriptor extends DmaAsyncTxDescriptor {
  constructor(
    readonly polled: PolledChan,
    readonly page: Page,
  ) {
    super(polled, polled.kernel.spinLock('polled.tx'), (tx) => polled.submit(tx as PolledDescriptor));
    this.phys = page.address;
  }
}

class PolledChan implements DmaChan {
  chanId = -1;
  name = '';
  cookie = 0;
  completedCookie = 0;
  clientCount = 0;
  tableCount = 0;
  readonly lock: SpinLock;
  /** Submitted, not started. */
  private readonly waiting: PolledDescriptor[] = [];
  private running: PolledDescriptor | undefined;
  /** Complete and not acked. */
  private kept: PolledDescriptor[] = [];
  /** Cookies that failed with nobody to take the result. */
  readonly failed = new Set<number>();

  constructor(
    readonly device: DmaDevice,
    readonly kernel: Kernel,
    private readonly base: number,
  ) {
    this.lock = kernel.spinLock('polled');
    dmaCookieInit(this);
  }

  prepare(flags: number, words: Readonly<Record<number, number>>): Prepared {
    const tx = new PolledDescriptor(this, this.kernel.pages.alloc());
    tx.init(flags);
    for (let word = 0; word < 8; word++) this.kernel.store32(tx.phys + 4 * word, words[word] ?? 0);
    return tx;
  }

  submit(tx: PolledDescriptor): number {
    this.lock.lockBh('polled_submit');
    const cookie = dmaCookieAssign(tx);
    this.waiting.push(tx);
    this.lock.unlockBh();
    return cookie;
  }

  /** Goes on where the engine has stopped; the lock is taken with bottom halves off, and not held over callbacks. */
  poll(): void {
    this.lock.lockBh('polled_poll');
    const done = this.running;
    const status = done === undefined ? ACTIVE : this.kernel.readl(this.base + ACSR);
    if (done !== undefined && (status & ACTIVE) === 0) {
      this.running = undefined;
      this.kernel.writel(this.base + ACSR, status & ERRORS);
      this.finish(done, (status & ERRORS) === 0);
    }
    if (this.running === undefined) this.start();
    this.recycle();
    this.lock.unlockBh();
  }

  free(): void {
    this.recycle();
    for (const { page } of [...this.kept, ...this.waiting]) this.kernel.pages.free(page);
    this.kept = [];
    this.waiting.length = 0;
  }

  start(): void {
    const next = this.waiting.shift();
    if (next === undefined) return;
    this.running = next;
    // The last word stored is read back, so that all of them are in memory before the engine looks.
    this.kernel.load32(next.phys + 28);
    this.kernel.writel(this.base + ACCR, 0);
    this.kernel.writel(this.base + ANDAR, next.phys);
    this.kernel.writel(this.base + ACCR, ENABLE);
    this.kernel.readl(this.base + ACCR);
  }

  private finish(tx: PolledDescriptor, fine: boolean): void {
    const residue = this.kernel.load32(tx.phys + 4 * COUNT);
    if (!fine && tx.callbackResult === undefined) this.failed.add(tx.cookie);
    dmaCookieComplete(tx);
    this.kept.push(tx);
    dmaengineDescCallbackInvoke(this.kernel, tx, fine ? TX_NO_ERROR : { result: 'aborted', residue, errors: [] });
    tx.unmap?.put();
    tx.unmap = undefined;
  }

  private recycle(): void {
    for (const tx of this.kept) dmaRunDependencies(tx);
    const acked = this.kept.filter(asyncTxTestAck);
    this.kept = this.kept.filter((tx) => !asyncTxTestAck(tx));
    for (const { page } of acked) this.kernel.pages.free(page);
  }
}

function device(kernel: Kernel, { unit }: EngineRecord, parent: string): DmaDevice {
  const channels: PolledChan[] = [];
  const made: DmaDevice = {
    parent,
    capMask: new Set([DmaCapability.MEMCPY]),
    channels,
    devId: -1,
    privatecnt: 0,
    maxXor: 0,
    maxPq: 0,
    copyAlign: 0,
    xorAlign: 0,
    pqAlign: 0,
    fillAlign: 0,
    deviceAllocChanResources: () => 1,
    deviceFreeChanResources: (chan: DmaChan) => (chan as PolledChan).free(),
    devicePrepDmaMemcpy: (chan, dest, src, len, flags) =>
      len === 0 || len > MOST
        ? null
        : (chan as PolledChan).prepare(flags, {
            [NEXT]: 0,
            [CONTROL]: COPY,
            [COUNT]: len,
            [DEST]: dest,
            [SOURCE]: src,
          }),
    deviceTxStatus: (chan, cookie, state): DmaStatus => {
      const polled = chan as PolledChan;
      if (dmaCookieStatus(polled, cookie, state) === 'in_progress') polled.poll();
      const status = dmaCookieStatus(polled, cookie, state);
      return status === 'complete' && polled.failed.has(cookie) ? 'error' : status;
    },
    deviceIssuePending: (chan) => (chan as PolledChan).poll(),
  };
  channels.push(new PolledChan(made, kernel, unit.base));
  return made;
}

/** Drives the first ADMA channel of an IOP13xx, and leaves every other engine alone. */
export const driver: DmaDriver = {
  name: 'polled',
  *probe(kernel, engine, parent) {
    return engine.kind === 'adma' && engine.unit.name === 'adma0' ? device(kernel, engine, parent) : undefined;
  },
};
