/**
 * One channel of the IOP13xx application DMA unit (reference/hw-iop13xx). It walks a chain of descriptors
 * in memory in timed phases: fetch → per 1 KiB block: read source 0, 1, …, write → status write-back. Each
 * phase is one arbitrated bus transaction and one event; a source is sampled at the end of its own read
 * phase and the destination changes at the end of the write phase.
 *
 * Order that drivers rely on (5.2): destination data → status write-back → ADAR and ACSR → interrupt.
 */
import type { BusFaultKind } from '../faults/bus-faults';
import type { RegisterWindow } from '../memory/address-map';
import { Route } from '../memory/bus';
import { RegisterBank } from '../registers/bank';
import type { Actor, Footprint } from '../sim/actor';
import { Priority } from '../sim/actor';
import { HashEvent } from '../trace/hash';
import type { UnitContext } from '../unit';
import { descriptorWords, Direction, FIRST_WORD_OFFSET, wordRegister, Word } from './descriptor';
import {
  abcr,
  ACCR,
  accr,
  ACSR,
  acsr,
  ADAR,
  adcr,
  ADMA_REGISTERS,
  ADMA_WINDOW_BYTES,
  ERROR_BITS,
  IIPAR,
  IIPUAR,
} from './registers';

/** Where a channel sits and which interrupt sources it drives. */
export interface AdmaChannelConfig {
  readonly name: string;
  /** physical address of its registers */
  readonly base: number;
  readonly irq: { readonly eot: number; readonly eoc: number; readonly error: number };
}

/** What a channel has done since power-on. */
export interface ChannelStatistics {
  descriptors: number;
  /** bytes read from sources or filled */
  bytes: number;
  phases: number;
  /** picoseconds with ACTIVE set */
  busyTime: number;
  errors: number;
}

const enum Phase {
  idle,
  fetch,
  reread,
  read,
  write,
  writeBack,
  suspended,
}

const CONTROL = ACCR.offset >>> 2;
const STATUS = ACSR.offset >>> 2;
const CURRENT = ADAR.offset >>> 2;
const NEXT = FIRST_WORD_OFFSET >>> 2;
const ANDAR = wordRegister(Word.next);

const ENABLE = accr.ENABLE.mask;
const RESUME = accr.RESUME.mask;
const ACTIVE = acsr.ACTIVE.mask;
const EOT = acsr.END_OF_TRANSFER.mask;
const EOC = acsr.END_OF_CHAIN.mask;

const INT_EN = adcr.INT_EN.mask;
const ZERO_RESULT = adcr.ZERO_RESULT.mask;
const FILL = adcr.FILL.mask;
const WRITE_BACK = adcr.STATUS_WRITE_BACK.mask;

/** Modes this channel does not execute; a descriptor that asks for one completes without moving data. */
const UNMODELLED_MODES =
  adcr.CRC.mask | adcr.ENDIAN_SWAP.mask | adcr.PQ_UPDATE.mask | adcr.DUAL_XOR.mask | adcr.PQ.mask;

const FAULT_FLAG: Readonly<Record<BusFaultKind, number>> = {
  'master-abort': acsr.MASTER_ABORT.mask,
  'target-abort': acsr.TARGET_ABORT.mask,
  'mcu-abort': acsr.MCU_ABORT.mask,
  parity: acsr.PARITY.mask,
};

/** What ABCR holds once the transfer is complete and the result is not zero. */
const COMPLETE = abcr.COMPLETE.mask;
const NOT_ZERO = abcr.NOT_ZERO.mask;

export class AdmaChannel implements RegisterWindow {
  readonly name: string;
  readonly base: number;
  readonly size = ADMA_WINDOW_BYTES;
  readonly statistics: ChannelStatistics = { descriptors: 0, bytes: 0, phases: 0, busyTime: 0, errors: 0 };

  private readonly bank: RegisterBank;
  private readonly values: Uint32Array;
  private readonly actor: Actor;
  private readonly footprint: Footprint;
  private readonly queue: number;

  private phase: Phase = Phase.idle;
  /** What to do when a suspended channel is enabled again. */
  private afterSuspend: () => void = () => undefined;
  private readonly sources = new Float64Array(16);
  private sourceCount = 0;
  private sourceIndex = 0;
  private destination = 0;
  private control = 0;
  private count = 0;
  private done = 0;
  private block = 0;
  private readRoute: Route = Route.port;
  private writeRoute: Route = Route.port;
  private result = 0;
  private activeSince = 0;

  constructor(
    private readonly config: AdmaChannelConfig,
    private readonly context: UnitContext,
  ) {
    this.name = config.name;
    this.base = config.base;
    this.bank = new RegisterBank(config.name, ADMA_REGISTERS, this.size, context.findings);
    this.values = this.bank.values;
    this.actor = { name: config.name, priority: Priority.hardware };
    this.footprint = { reads: ['dram', config.name], writes: ['dram', config.name, 'irq'] };
    this.queue = context.dram.reserveSilicon(context.bus.timing.BLOCK);
    this.bank.onWrite(ACCR, (before) => this.controlWritten(before));
    this.bank.onWrite(ACSR, () => this.driveLines());
    this.bank.onWrite(ANDAR, (before) => this.nextWritten(before));
  }

  read32(offset: number): number {
    return this.bank.read(offset);
  }

  write32(offset: number, value: number, lanes: number): void {
    this.bank.write(offset, value, lanes);
  }

  /** Picoseconds with ACTIVE set since power-on, the running stretch included. */
  get busyTime(): number {
    const running = this.values[STATUS] & ACTIVE ? this.context.sim.now - this.activeSince : 0;
    return this.statistics.busyTime + running;
  }

  // --- what software writes ------------------------------------------------------------------------------

  private controlWritten(before: number): void {
    const control = this.values[CONTROL];
    if (!(control & ENABLE)) return;
    if (this.phase === Phase.suspended && !(before & ENABLE)) {
      this.setActive(true);
      this.afterSuspend();
    } else if (this.phase === Phase.idle && !(before & ENABLE) && this.values[NEXT] !== 0) {
      this.setActive(true);
      this.context.trace?.emit('adma.start', { channel: this.name, descriptor: this.values[NEXT] });
      this.requestFetch(this.context.bus.timing.T_START);
    } else if (this.phase === Phase.idle && control & RESUME) {
      this.resumeFromIdle();
    }
  }

  private nextWritten(before: number): void {
    if (this.values[STATUS] & ACTIVE) {
      this.values[NEXT] = before;
      this.context.findings.add(
        'rule',
        'hw-iop13xx 2.3',
        this.name,
        'ANDAR written while the channel is active; ignored',
      );
    } else if (this.phase === Phase.suspended) {
      this.phase = Phase.idle;
    }
  }

  /** Case 3 of section 4.3: the unit is idle and the resume bit becomes set. */
  private resumeFromIdle(): void {
    if (this.values[STATUS] & ERROR_BITS) return;
    if (this.values[CURRENT] === 0) {
      this.values[CONTROL] &= ~RESUME;
      this.context.findings.add('rule', 'hw-iop13xx 4.3', this.name, 'resume without a current descriptor');
      return;
    }
    this.setActive(true);
    this.requestReread();
  }

  // --- phases --------------------------------------------------------------------------------------------

  /** ADAR moves here, with what the descriptor before has left in memory and ahead of its interrupt. */
  private requestFetch(delay: number): void {
    const { bus, sim, dram } = this.context;
    const address = this.values[NEXT];
    this.values[CURRENT] = address;
    const control = dram.contains(address, 8) ? dram.word(address + 4 * Word.control) : 0;
    const bytes = 4 * descriptorWords(sourcesOf(control));
    const end = bus.read(sim.now + delay, Route.port, address, bytes) + bus.timing.T_DECODE;
    this.enter(Phase.fetch, end);
  }

  private requestReread(): void {
    const { bus, sim } = this.context;
    this.values[CONTROL] &= ~RESUME;
    this.enter(Phase.reread, bus.read(sim.now, Route.port, this.values[CURRENT], 4));
  }

  private requestBlock(): void {
    const left = this.count - this.done;
    const { BLOCK } = this.context.bus.timing;
    this.block = left < BLOCK ? left : BLOCK;
    this.sourceIndex = 0;
    if (this.control & FILL) this.requestWrite();
    else this.requestRead();
  }

  private requestRead(): void {
    const { bus, sim } = this.context;
    const address = this.sources[this.sourceIndex] + this.done;
    this.enter(Phase.read, bus.read(sim.now, this.readRoute, address, this.block));
  }

  private requestWrite(): void {
    const { bus, sim } = this.context;
    this.enter(Phase.write, bus.write(sim.now, this.writeRoute, this.destination + this.done, this.block));
  }

  private requestWriteBack(): void {
    const { bus, sim } = this.context;
    this.enter(Phase.writeBack, bus.write(sim.now, Route.port, this.values[CURRENT] + 4 * Word.count, 4));
  }

  private enter(phase: Phase, end: number): void {
    const { sim } = this.context;
    this.phase = phase;
    sim.schedule(this.actor, end - sim.now, this.footprint, this.onPhaseEnd);
  }

  private readonly onPhaseEnd = (): void => {
    this.statistics.phases++;
    switch (this.phase) {
      case Phase.fetch:
        return this.fetched();
      case Phase.reread:
        return this.reread();
      case Phase.read:
        return this.blockRead();
      case Phase.write:
        return this.blockWritten();
      case Phase.writeBack:
        return this.writtenBack();
      case Phase.idle:
      case Phase.suspended:
        return;
    }
  };

  /** The descriptor has arrived: its words become the registers. */
  private fetched(): void {
    const { dram } = this.context;
    const values = this.values;
    const address = values[CURRENT];
    const words = descriptorWords(dram.contains(address, 8) ? sourcesOf(dram.word(address + 4 * Word.control)) : 1);
    if (this.failed(address, 4 * words, false)) return;
    for (let word = 0; word < words; word++) values[NEXT + word] = dram.word(address + 4 * word);
    values[NEXT] = (values[NEXT] & ANDAR_MASK) >>> 0;
    this.context.trace?.emit('adma.fetch', { channel: this.name, descriptor: address, next: values[NEXT] });
    this.decode();
    if (this.count === 0) this.finishData();
    else this.requestBlock();
  }

  private decode(): void {
    const values = this.values;
    const control = values[NEXT + Word.control];
    this.control = control;
    this.count = values[NEXT + Word.count] & abcr.BYTE_COUNT.mask;
    this.destination = address64(values[NEXT + Word.destinationLow], values[NEXT + Word.destinationUpper]);
    this.sourceCount = sourcesOf(control);
    for (let i = 0; i < this.sourceCount; i++) {
      const word = NEXT + Word.sources + 2 * i;
      this.sources[i] = address64(values[word], values[word + 1] & UPPER_ADDRESS_MASK);
    }
    this.done = 0;
    this.result = 0;
    const direction = (control & adcr.DIRECTION.mask) >>> adcr.DIRECTION.shift;
    this.readRoute = direction === Direction.internalToLocal ? Route.internal : Route.port;
    this.writeRoute = direction === Direction.localToInternal ? Route.internal : Route.port;
    if (direction === Direction.hostToLocal || direction === Direction.localToHost) {
      this.unmodelled('3.2', 'a transfer to or from the host interface runs as a local one');
    }
    if (control & UNMODELLED_MODES) {
      this.unmodelled('3.2', `control 0x${control.toString(16)} asks for a mode that is not modelled; no data moved`);
      this.count = 0;
    }
  }

  private blockRead(): void {
    const { dram, datapath, trace } = this.context;
    const address = this.sources[this.sourceIndex] + this.done;
    if (this.failed(address, this.block, false)) return;
    trace?.emit('adma.read', { channel: this.name, source: this.sourceIndex, address, bytes: this.block });
    const offset = address - dram.base;
    if (this.sourceIndex === 0) datapath.load(this.queue, offset, this.block);
    else datapath.accumulate(this.queue, offset, this.block);
    this.statistics.bytes += this.block;
    if (++this.sourceIndex < this.sourceCount) this.requestRead();
    else if (this.control & ZERO_RESULT) this.blockChecked();
    else this.requestWrite();
  }

  private blockChecked(): void {
    if (!this.context.datapath.isZero(this.queue, this.block)) this.result |= NOT_ZERO;
    this.blockDone();
  }

  private blockWritten(): void {
    const { dram, datapath, trace } = this.context;
    const address = this.destination + this.done;
    if (this.failed(address, this.block, true)) return;
    const offset = address - dram.base;
    if (this.control & FILL) {
      datapath.fill(offset, this.values[NEXT + Word.data], this.block);
      this.statistics.bytes += this.block;
    } else {
      datapath.store(offset, this.queue, this.block);
    }
    trace?.emit('adma.write', { channel: this.name, address, bytes: this.block });
    this.blockDone();
  }

  private blockDone(): void {
    this.done += this.block;
    const go = this.done < this.count ? this.continueBlocks : this.continueFinish;
    if (this.values[CONTROL] & ENABLE) go();
    else this.suspend(go);
  }

  private readonly continueBlocks = (): void => this.requestBlock();
  private readonly continueFinish = (): void => this.finishData();
  private readonly continueFetch = (): void => this.requestFetch(this.context.bus.timing.T_NEXT);

  private finishData(): void {
    if (this.control & WRITE_BACK) this.requestWriteBack();
    else if (this.result === 0) this.complete();
    else this.haltOnResult();
  }

  private writtenBack(): void {
    const address = this.values[CURRENT] + 4 * Word.count;
    if (this.failed(address, 4, true)) return;
    const status = (this.values[NEXT + Word.count] | COMPLETE | this.result) >>> 0;
    this.values[NEXT + Word.count] = status;
    this.context.dram.setWord(address, status);
    this.complete();
  }

  /** Sections 4.1, 4.3 and 4.5: the three cases of the resume bit and the choice of the interrupt. */
  private complete(): void {
    const { hash, sim, trace } = this.context;
    const values = this.values;
    this.statistics.descriptors++;
    hash.add(HashEvent.descriptor, values[CURRENT], sim.now);
    trace?.emit('adma.complete', {
      channel: this.name,
      descriptor: values[CURRENT],
      status: values[NEXT + Word.count],
    });
    if (values[NEXT] !== 0) {
      values[CONTROL] &= ~RESUME;
      this.goOn();
    } else if (values[CONTROL] & RESUME) {
      this.completing = true;
      this.requestReread();
    } else {
      this.endChain();
    }
  }

  /** Whether the re-read under way belongs to a descriptor whose completion is still to be signalled. */
  private completing = false;

  private reread(): void {
    const { dram, trace } = this.context;
    const values = this.values;
    const address = values[CURRENT];
    if (this.failed(address, 4, false)) return;
    values[NEXT] = (dram.word(address + 4 * Word.next) & ANDAR_MASK) >>> 0;
    trace?.emit('adma.reread', { channel: this.name, descriptor: address, next: values[NEXT] });
    if (values[NEXT] !== 0) this.goOn();
    else this.endChain();
  }

  /** There is a next descriptor. */
  private goOn(): void {
    this.signal(EOT);
    if (this.values[CONTROL] & ENABLE) this.continueFetch();
    else this.suspend(this.continueFetch);
  }

  /** There is no next descriptor. The resume bit is examined once more after busy has dropped. */
  private endChain(): void {
    this.signal(EOC);
    this.phase = Phase.idle;
    this.setActive(false);
    this.context.trace?.emit('adma.idle', { channel: this.name });
    if (this.values[CONTROL] & RESUME && this.values[CONTROL] & ENABLE) this.resumeFromIdle();
  }

  private signal(flag: number): void {
    const fromIdle = this.phase === Phase.reread && !this.completing;
    this.completing = false;
    if (fromIdle || !(this.control & INT_EN)) return;
    this.values[STATUS] |= flag;
    this.driveLines();
  }

  private suspend(go: () => void): void {
    this.afterSuspend = go;
    this.phase = Phase.suspended;
    this.setActive(false);
  }

  // --- errors --------------------------------------------------------------------------------------------

  /** Whether the transaction fails; if so the channel has halted (section 4.7). */
  private failed(address: number, bytes: number, write: boolean): boolean {
    const { dram, faults } = this.context;
    const kind = dram.contains(address, bytes) ? faults.strike(address, bytes, write) : 'master-abort';
    if (kind === undefined) return false;
    if (kind === 'parity') {
      this.values[IIPAR.offset >>> 2] = address >>> 0;
      this.values[IIPUAR.offset >>> 2] = Math.floor(address / 0x1_0000_0000);
    }
    this.halt(FAULT_FLAG[kind], kind);
    return true;
  }

  /** A non-zero result with write-back off: flag, vector and continuation are unknown; halts like an error. */
  private haltOnResult(): void {
    this.unmodelled('4.6', 'zero-result check failed with status write-back off: halts with ACSR bit 1 (stand-in)');
    this.halt(acsr.ERROR_1.mask, 'result not zero');
  }

  private halt(flag: number, kind: string): void {
    this.statistics.errors++;
    this.completing = false;
    this.phase = Phase.idle;
    this.values[STATUS] |= flag;
    this.setActive(false);
    this.context.trace?.emit('adma.error', { channel: this.name, descriptor: this.values[CURRENT], kind });
    this.driveLines();
  }

  private unmodelled(section: string, text: string): void {
    this.context.findings.add('unmodelled', `hw-iop13xx ${section}`, this.name, text);
  }

  // --- status --------------------------------------------------------------------------------------------

  private setActive(active: boolean): void {
    const { now } = this.context.sim;
    if (active) {
      this.activeSince = now;
      this.values[STATUS] |= ACTIVE;
    } else if (this.values[STATUS] & ACTIVE) {
      this.statistics.busyTime += now - this.activeSince;
      this.values[STATUS] &= ~ACTIVE;
    }
  }

  private driveLines(): void {
    const status = this.values[STATUS];
    const { irq } = this.config;
    this.context.setInterruptLine(irq.eot, (status & EOT) !== 0);
    this.context.setInterruptLine(irq.eoc, (status & EOC) !== 0);
    this.context.setInterruptLine(irq.error, (status & ERROR_BITS) !== 0);
  }
}

const ANDAR_MASK = 0xffff_ffe0;
const UPPER_ADDRESS_MASK = 0x00ff_ffff;

function sourcesOf(control: number): number {
  return ((control & adcr.SOURCE_SELECT.mask) >>> adcr.SOURCE_SELECT.shift) + 1;
}

function address64(low: number, upper: number): number {
  return low + upper * 0x1_0000_0000;
}
