/**
 * A small driver for the ADMA channels of the IOP13xx: copies and interrupts, on one chain of descriptors that grows
 * while the engine works on it. docs/driver-guide.md builds it step by step.
 */
import type {
  DmaChan,
  DmaDevice,
  DmaDriver,
  DmaStatus,
  DmaTxResult,
  DmaTxState,
  EngineRecord,
  Kernel,
  Page,
  Prepared,
  SpinLock,
  Tasklet,
} from 'iop-adma';
import {
  asyncTxTestAck,
  DmaAsyncTxDescriptor,
  DmaCapability,
  dmaCookieAssign,
  dmaCookieComplete,
  dmaCookieInit,
  dmaCookieStatus,
  DmaCtrl,
  dmaengineDescCallbackInvoke,
  dmaRunDependencies,
  PAGE_SIZE,
  TX_NO_ERROR,
} from 'iop-adma';

// Registers of a channel, in bytes from its base.
const ACCR = 0x00;
export const ACSR = 0x04;
export const ADAR = 0x08;
const ANDAR = 0x24;

// Bits of ACCR.
const ENABLE = 1 << 0;
const RESUME = 1 << 1;

// Bits of ACSR. All but the first are cleared by writing them back.
export const ACTIVE = 1 << 13;
const END_OF_TRANSFER = 1 << 12;
const END_OF_CHAIN = 1 << 11;
export const ERRORS = 0x23e;

// Words of a descriptor, in bytes from its start.
export const NEXT = 0x00;
const CONTROL = 0x04;
const COUNT = 0x0c;
const DESTINATION = 0x10;
const SOURCE = 0x18;
const DESCRIPTOR_BYTES = 32;

// Bits of the control word: a copy in local memory whose status is written back to the COUNT word.
const COPY = 0x1006;
const INT_EN = 1 << 0;
/** Set in the COUNT word when the engine is done with the descriptor. */
const COMPLETE = 1 << 31;
const MOST_BYTES = 0xff_ffff;

/** So many submitted descriptors ring the doorbell without being asked. */
const THRESHOLD = 4;

export class AdmaDescriptor extends DmaAsyncTxDescriptor {
  constructor(chan: AdmaChan, phys: number) {
    super(chan, chan.kernel.spinLock('adma.tx'), (tx) => chan.submit(tx));
    this.phys = phys;
  }
}

export class AdmaChan implements DmaChan {
  chanId = -1;
  name = '';
  cookie = 0;
  completedCookie = 0;
  clientCount = 0;
  tableCount = 0;

  /** Guards the chain; keeps the tasklet out. */
  readonly lock: SpinLock;
  /** Guards what a hard interrupt touches as well: whether the engine runs. Inside of `lock`. */
  readonly engineLock: SpinLock;
  readonly tasklet: Tasklet;
  /** Where the descriptors are, while the channel has a client. */
  protected page: Page | undefined;
  protected free: AdmaDescriptor[] = [];
  /** Submitted and not recycled, in the order of submission. */
  protected chain: AdmaDescriptor[] = [];
  /** Linked, and the engine was not told yet. */
  protected pending = 0;
  /** Address of the descriptor that the engine failed at and still stands at. */
  protected failed: number | undefined;
  /** Cookies of failed operations that nobody took the result of. */
  protected readonly failedCookies = new Set<number>();

  constructor(
    readonly device: DmaDevice,
    readonly kernel: Kernel,
    readonly engine: EngineRecord,
  ) {
    this.lock = kernel.spinLock('adma');
    this.engineLock = kernel.spinLock('adma.engine');
    this.tasklet = kernel.tasklets.create('adma', () => this.runTasklet());
    dmaCookieInit(this);
  }

  read(register: number): number {
    return this.kernel.readl(this.engine.unit.base + register);
  }

  write(register: number, value: number): void {
    this.kernel.writel(this.engine.unit.base + register, value);
  }

  // --- resources ---------------------------------------------------------------------------------------------

  /** The first client has come; asked again, nothing changes. */
  allocResources(): number {
    if (this.page === undefined) {
      const page = this.kernel.pages.alloc();
      this.page = page;
      for (let at = 0; at < PAGE_SIZE; at += DESCRIPTOR_BYTES) {
        this.free.push(new AdmaDescriptor(this, page.address + at));
      }
    }
    return PAGE_SIZE / DESCRIPTOR_BYTES;
  }

  /** The last client has gone: what is done is reported, then the engine is switched off. */
  freeResources(): void {
    this.lock.lockBh('adma_free');
    this.cleanup();
    this.write(ACCR, 0);
    this.chain = [];
    this.free = [];
    this.pending = 0;
    if (this.page !== undefined) this.kernel.pages.free(this.page);
    this.page = undefined;
    this.lock.unlockBh();
  }

  // --- descriptors -------------------------------------------------------------------------------------------

  /** A descriptor with these words, or null while all are in use. */
  prepare(dest: number, src: number, len: number, flags: number): Prepared {
    this.lock.lockBh('adma_prep');
    const tx = this.take();
    if (tx !== undefined) {
      tx.init(flags);
      const interrupt = (flags & DmaCtrl.PREP_INTERRUPT) !== 0 ? INT_EN : 0;
      this.kernel.store32(tx.phys + NEXT, 0);
      this.kernel.store32(tx.phys + CONTROL, COPY | interrupt);
      this.kernel.store32(tx.phys + COUNT, len);
      this.kernel.store32(tx.phys + DESTINATION, dest);
      this.kernel.store32(tx.phys + DESTINATION + 4, 0);
      this.kernel.store32(tx.phys + SOURCE, src);
      this.kernel.store32(tx.phys + SOURCE + 4, 0);
    }
    this.lock.unlockBh();
    return tx ?? null;
  }

  /** Where none is left finished work is looked for, since the tasklet may be kept from running; the next try finds it. */
  protected take(): AdmaDescriptor | undefined {
    const tx = this.free.shift();
    if (tx === undefined) this.cleanup();
    return tx;
  }

  /** Gives the operation its cookie and links it behind the last one. */
  submit(tx: AdmaDescriptor): number {
    this.lock.lockBh('adma_submit');
    const cookie = dmaCookieAssign(tx);
    const tail = this.chain.at(-1);
    this.chain.push(tx);
    if (tail !== undefined) this.link(tail, tx);
    this.pending++;
    if (this.pending >= THRESHOLD) this.ring();
    this.lock.unlockBh();
    return cookie;
  }

  protected link(tail: AdmaDescriptor, tx: AdmaDescriptor): void {
    this.kernel.store32(tail.phys + NEXT, tx.phys);
    this.flush(tail.phys + NEXT);
  }

  /** Reading back the word that was stored last empties the write buffer. */
  protected flush(address: number): void {
    this.kernel.load32(address);
  }

  // --- the doorbell ------------------------------------------------------------------------------------------

  issuePending(): void {
    this.lock.lockBh('adma_issue_pending');
    if (this.pending > 0) this.ring();
    this.lock.unlockBh();
  }

  /** Starts the engine, or lets it look once more at the link of the descriptor where it is. */
  protected ring(): void {
    this.engineLock.lockIrq('adma_ring');
    // Behind a failure the engine stands still until cleanup has reported it.
    if (this.failed === undefined) {
      this.pending = 0;
      if (this.started) this.write(ACCR, ENABLE | RESUME);
      else this.start(this.chain[0]);
    }
    this.engineLock.unlockIrq();
  }

  protected get started(): boolean {
    return (this.read(ACCR) & ENABLE) !== 0;
  }

  protected start(first: AdmaDescriptor): void {
    this.flush(first.phys + SOURCE + 4);
    this.write(ANDAR, first.phys);
    this.write(ACCR, ENABLE);
  }

  // --- interrupts --------------------------------------------------------------------------------------------

  requestInterrupts(): void {
    const { irq, name } = this.engine.unit;
    const { interrupts } = this.kernel;
    interrupts.request(irq.eot, `${name} eot`, () => this.onEnd(END_OF_TRANSFER));
    interrupts.request(irq.eoc, `${name} eoc`, () => this.onEnd(END_OF_CHAIN));
    interrupts.request(irq.error, `${name} error`, () => this.onError());
  }

  freeInterrupts(): void {
    const { eot, eoc, error } = this.engine.unit.irq;
    for (const source of [eot, eoc, error]) this.kernel.interrupts.free(source);
    this.kernel.tasklets.kill(this.tasklet);
  }

  /** Hard half: lowers its own line, and no other. */
  protected onEnd(bit: number): void {
    this.write(ACSR, bit);
    this.kernel.tasklets.schedule(this.tasklet);
  }

  protected onError(): void {
    this.engineLock.lock('adma_error');
    this.takeError();
    this.engineLock.unlock();
    this.kernel.tasklets.schedule(this.tasklet);
  }

  /** Soft half. */
  protected runTasklet(): void {
    this.lock.lock('adma_tasklet');
    this.cleanup();
    this.lock.unlock();
  }

  // --- cleanup -----------------------------------------------------------------------------------------------

  /** Reports what the engine is done with, submits what waited for it, recycles what is acked. Lock held. */
  protected cleanup(): void {
    this.engineLock.lockIrq('adma_cleanup');
    this.takeError();
    // Its own copy: a later error is the business of a later cleanup.
    const { failed } = this;
    this.engineLock.unlockIrq();
    for (const tx of this.chain) {
      if (isReported(tx)) continue;
      const complete = this.isComplete(tx);
      if (!complete && tx.phys !== failed) break;
      this.report(tx, complete ? TX_NO_ERROR : this.abortedAt(tx));
    }
    if (failed !== undefined) this.goOnBehind(failed);
    for (const tx of this.chain) if (isReported(tx)) this.runDependencies(tx);
    this.recycle();
  }

  protected isComplete(tx: AdmaDescriptor): boolean {
    return (this.kernel.load32(tx.phys + COUNT) & COMPLETE) !== 0;
  }

  protected report(tx: AdmaDescriptor, result: DmaTxResult): void {
    if (result.result === 'aborted' && tx.callbackResult === undefined) this.failedCookies.add(tx.cookie);
    dmaCookieComplete(tx);
    dmaengineDescCallbackInvoke(this.kernel, tx, result);
    this.unmap(tx);
  }

  protected unmap(tx: AdmaDescriptor): void {
    tx.unmap?.put();
    tx.unmap = undefined;
  }

  /** Also of descriptors that were reported long ago: until the ack something may be hung on them. */
  protected runDependencies(tx: AdmaDescriptor): void {
    dmaRunDependencies(tx);
  }

  protected recycle(): void {
    const gone = new Set(this.chain.filter((tx, i) => this.mayGo(tx, this.chain.at(i + 1))));
    this.chain = this.chain.filter((tx) => !gone.has(tx));
    this.free.push(...gone);
  }

  /** A descriptor is free once it is reported and acked, and the engine has left it for the next one. */
  protected mayGo(tx: AdmaDescriptor, next: AdmaDescriptor | undefined): boolean {
    return isReported(tx) && asyncTxTestAck(tx) && next !== undefined && isReported(next);
  }

  status(cookie: number, state?: DmaTxState): DmaStatus {
    if (dmaCookieStatus(this, cookie, state) === 'in_progress') {
      this.lock.lockBh('adma_status');
      this.cleanup();
      this.lock.unlockBh();
    }
    const status = dmaCookieStatus(this, cookie, state);
    return status === 'complete' && this.failedCookies.has(cookie) ? 'error' : status;
  }

  // --- errors ------------------------------------------------------------------------------------------------

  /** Notes where an engine with an error stands, and switches it off, so that no doorbell sets it going again. */
  protected takeError(): void {
    const errors = this.read(ACSR) & ERRORS;
    if (errors === 0) return;
    this.failed = this.read(ADAR);
    this.write(ACCR, 0);
    this.write(ACSR, errors);
  }

  /** How far it came nobody knows: none of it counts. */
  protected abortedAt(tx: AdmaDescriptor): DmaTxResult {
    return { result: 'aborted', residue: this.kernel.load32(tx.phys + COUNT), errors: ['bus error'] };
  }

  /** Starts the engine behind the descriptor it failed at, or where nothing follows lets the next doorbell do so. */
  protected goOnBehind(failed: number): void {
    this.failed = undefined;
    this.pending = 0;
    this.write(ANDAR, this.kernel.load32(failed + NEXT));
    this.write(ACCR, ENABLE | RESUME);
  }
}

/** A cookie of 0: the operation is over, and its submitter knows. */
export function isReported(tx: AdmaDescriptor): boolean {
  return tx.cookie === 0;
}

/** One device with one channel, for each ADMA engine. @param Chan what the channel is made of */
export function driverOf(Chan: new (...given: ConstructorParameters<typeof AdmaChan>) => AdmaChan): DmaDriver {
  return {
    name: 'adma',
    *probe(kernel, engine, parent) {
      if (engine.kind !== 'adma') return undefined;
      const channels: AdmaChan[] = [];
      const device: DmaDevice = {
        parent,
        channels,
        capMask: new Set([DmaCapability.MEMCPY, DmaCapability.INTERRUPT]),
        devId: -1,
        privatecnt: 0,
        maxXor: 0,
        maxPq: 0,
        copyAlign: 0,
        xorAlign: 0,
        pqAlign: 0,
        fillAlign: 0,
        deviceAllocChanResources: (chan) => (chan as AdmaChan).allocResources(),
        deviceFreeChanResources: (chan) => (chan as AdmaChan).freeResources(),
        devicePrepDmaMemcpy: (chan, dest, src, len, flags) =>
          len === 0 || len > MOST_BYTES ? null : (chan as AdmaChan).prepare(dest, src, len, flags),
        devicePrepDmaInterrupt: (chan, flags) => (chan as AdmaChan).prepare(0, 0, 0, flags | DmaCtrl.PREP_INTERRUPT),
        deviceTxStatus: (chan, cookie, state) => (chan as AdmaChan).status(cookie, state),
        deviceIssuePending: (chan) => (chan as AdmaChan).issuePending(),
      };
      const channel = new Chan(device, kernel, engine);
      channel.write(ACSR, ERRORS | END_OF_TRANSFER | END_OF_CHAIN);
      channel.requestInterrupts();
      channels.push(channel);
      return device;
    },
    remove(device) {
      for (const chan of device.channels) (chan as AdmaChan).freeInterrupts();
    },
  };
}

export const driver = driverOf(AdmaChan);
