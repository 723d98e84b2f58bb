/**
 * A unit that walks chains of descriptors in memory: an IOP13xx ADMA channel, an IOP3xx DMA channel or AAU
 * (reference/hw-iop13xx 4, hw-iop3xx 4). It works in timed phases: fetch → per block: read source 0, 1, …,
 * write → status write-back. A phase is one arbitrated bus transaction and one event; a source is sampled at
 * the end of its own read phase, a destination changes at the end of its write phase.
 *
 * Order that drivers rely on: destination data → write-back → address of the current descriptor and status →
 * interrupt.
 */
import type { BusFaultKind } from '../faults/bus-faults';
import type { RegisterWindow } from '../memory/address-map';
import { Route } from '../memory/bus';
import { RegisterBank } from '../registers/bank';
import type { Actor, Footprint } from '../sim/actor';
import { Priority } from '../sim/actor';
import { HashEvent } from '../trace/hash';
import type { UnitContext } from '../unit';
import { DataEngine } from './data-engine';
import { Fold, Operation } from './operation';
import type { ChainPersonality } from './personality';
import type { UnitStatistics } from './statistics';

/** Where a unit sits and which interrupt sources it drives. */
export interface ChainUnitConfig {
  readonly name: string;
  /** physical address of its registers */
  readonly base: number;
  readonly irq: { readonly eot: number; readonly eoc: number; readonly error: number };
}

const enum Phase {
  idle,
  fetch,
  reread,
  seed,
  read,
  write,
  digest,
  writeBack,
  suspended,
}

/** Store queues of a unit, each as long as the longest block. */
const QUEUE_BYTES = 1024;
/** Descriptors are 32-byte aligned; the low bits of an address are ignored. */
const DESCRIPTOR_MASK = 0xffff_ffe0;

export class ChainUnit implements RegisterWindow {
  readonly name: string;
  readonly base: number;
  readonly size: number;
  readonly statistics: UnitStatistics = { descriptors: 0, bytes: 0, phases: 0, busyTime: 0, errors: 0 };

  private readonly bank: RegisterBank;
  private readonly values: Uint32Array;
  private readonly words: Uint32Array;
  private readonly control: number;
  private readonly status: number;
  private readonly current: number;
  private readonly next: number;
  private readonly actor: Actor;
  private readonly footprint: Footprint;
  private readonly data: DataEngine;
  private readonly operation = new Operation();

  private phase: Phase = Phase.idle;
  /** What to do when a suspended unit is enabled again. */
  private afterSuspend: () => void = () => undefined;
  /** Source or destination of the running phase. */
  private index = 0;
  private done = 0;
  private block = 0;
  private result = 0;
  private activeSince = 0;
  /** Whether the re-read under way belongs to a descriptor whose completion is still to be signalled. */
  private completing = false;
  /** Brent's search for an endless chain: a descriptor remembered, and steps until the next is. */
  private landmark = 0;
  private stepsLeft = 1;
  private stride = 1;

  constructor(
    private readonly config: ChainUnitConfig,
    private readonly personality: ChainPersonality,
    private readonly context: UnitContext,
  ) {
    this.name = config.name;
    this.base = config.base;
    this.size = personality.windowBytes;
    this.bank = new RegisterBank(config.name, personality.registers, this.size, context.findings);
    this.values = this.bank.values;
    this.control = personality.control.offset >>> 2;
    this.status = personality.status.offset >>> 2;
    this.current = personality.current.offset >>> 2;
    this.next = personality.next.offset >>> 2;
    this.words = this.values.subarray(this.next);
    this.actor = { name: config.name, priority: Priority.hardware };
    this.footprint = { reads: ['dram', config.name], writes: ['dram', config.name, 'irq'] };
    const { dram, datapath } = context;
    this.data = new DataEngine(datapath, [dram.reserveSilicon(QUEUE_BYTES), dram.reserveSilicon(QUEUE_BYTES)]);
    this.bank.onWrite(personality.control, (before) => this.controlWritten(before));
    this.bank.onWrite(personality.status, () => this.driveLines());
    this.bank.onWrite(personality.next, (before) => this.nextWritten(before));
  }

  read32(offset: number): number {
    return this.bank.read(offset);
  }

  write32(offset: number, value: number, lanes: number): void {
    this.bank.write(offset, value, lanes);
  }

  /** Picoseconds with the active bit set since power-on, the running stretch included. */
  get busyTime(): number {
    return this.statistics.busyTime + (this.isActive ? this.context.sim.now - this.activeSince : 0);
  }

  private get isActive(): boolean {
    return (this.values[this.status] & this.personality.active) !== 0;
  }

  private get enabled(): boolean {
    return (this.values[this.control] & this.personality.enable) !== 0;
  }

  private get resumePending(): boolean {
    return (this.values[this.control] & this.personality.resume) !== 0;
  }

  // --- what software writes ------------------------------------------------------------------------------

  private controlWritten(before: number): void {
    this.forgetLandmark();
    if (!this.enabled) return;
    const rising = !(before & this.personality.enable);
    if (this.phase === Phase.suspended && rising) {
      this.setActive(true);
      this.afterSuspend();
    } else if (this.phase === Phase.idle && rising && this.values[this.next] !== 0) {
      this.setActive(true);
      this.context.trace?.emit('engine.start', { unit: this.name, descriptor: this.values[this.next] });
      this.requestFetch(this.context.bus.timing.T_START);
    } else if (this.phase === Phase.idle && this.resumePending) {
      this.resumeFromIdle();
    }
  }

  private nextWritten(before: number): void {
    if (this.isActive) {
      this.values[this.next] = before;
      this.note('rule', '2.3', `${this.personality.next.name} written while the unit is active; ignored`);
    } else if (this.phase === Phase.suspended) {
      this.phase = Phase.idle;
    }
  }

  /** The unit is idle and the resume bit becomes set (hw-iop13xx 4.3, case 3). */
  private resumeFromIdle(): void {
    if (this.values[this.status] & this.personality.errors) return;
    if (this.values[this.current] === 0) {
      this.values[this.control] &= ~this.personality.resume;
      this.note('rule', '4.3', 'resume without a current descriptor');
      return;
    }
    this.setActive(true);
    this.requestReread();
  }

  // --- phases --------------------------------------------------------------------------------------------

  /** The current address moves here, with what the descriptor before has left in memory and ahead of its interrupt. */
  private requestFetch(delay: number): void {
    const { bus, sim, dram } = this.context;
    const address = this.values[this.next];
    this.values[this.current] = address;
    this.watchForLoop(address);
    const bytes = 4 * this.personality.descriptorWords(dram, address);
    this.enter(Phase.fetch, bus.read(sim.now + delay, Route.port, address, bytes) + bus.timing.T_DECODE);
  }

  private requestReread(): void {
    const { bus, sim } = this.context;
    this.values[this.control] &= ~this.personality.resume;
    this.enter(Phase.reread, bus.read(sim.now, Route.port, this.values[this.current], 4));
  }

  private requestBlock(): void {
    const left = this.operation.count - this.done;
    const most = this.personality.blockBytes(this.values[this.control]);
    this.block = left < most ? left : most;
    this.index = 0;
    this.requestSource();
  }

  /** The next source that has to be read, or what follows the last one. */
  private requestSource(): void {
    const { operation } = this;
    while (this.index < operation.sourceCount) {
      const fold = operation.folds[this.index];
      if (fold !== Fold.skip && fold !== Fold.pattern) {
        const { bus, sim } = this.context;
        const address = operation.sources[this.index] + this.done;
        this.enter(Phase.read, bus.read(sim.now, operation.readRoute, address, this.block));
        return;
      }
      this.data.fold(operation, this.index++, 0, this.block);
    }
    if (operation.checkFirst || operation.checkSecond) this.result |= this.data.check(operation, this.block);
    this.index = 0;
    this.requestDestination();
  }

  private requestDestination(): void {
    const { operation } = this;
    if (this.index === operation.destinationCount) {
      this.blockDone();
      return;
    }
    const { bus, sim } = this.context;
    const address = operation.destinations[this.index] + this.done;
    this.enter(Phase.write, bus.write(sim.now, operation.writeRoute, address, this.block));
  }

  private enter(phase: Phase, end: number): void {
    const { sim } = this.context;
    this.phase = phase;
    sim.schedule(this.actor, end - sim.now, this.footprint, this.onPhaseEnd);
  }

  private readonly onPhaseEnd = (): void => {
    this.statistics.phases++;
    switch (this.phase) {
      case Phase.read:
        return this.sourceRead();
      case Phase.write:
        return this.destinationWritten();
      case Phase.fetch:
        return this.fetched();
      case Phase.reread:
        return this.reread();
      case Phase.seed:
        return this.seedRead();
      case Phase.digest:
        return this.digestWritten();
      case Phase.writeBack:
        return this.writtenBack();
      case Phase.idle:
      case Phase.suspended:
        return;
    }
  };

  /** The descriptor has arrived: its words become the registers. */
  private fetched(): void {
    const { dram, bus, sim } = this.context;
    const { words, operation } = this;
    const address = this.values[this.current];
    const count = this.personality.descriptorWords(dram, address);
    if (this.failed(address, 4 * count, false)) return;
    for (let word = 0; word < count; word++) words[word] = dram.word(address + 4 * word);
    words[0] = (words[0] & DESCRIPTOR_MASK) >>> 0;
    this.context.trace?.emit('engine.fetch', { unit: this.name, descriptor: address, next: words[0] });
    operation.clear();
    this.personality.decode(words, operation, this.note);
    this.done = 0;
    this.result = 0;
    if (operation.count === 0) this.finishData();
    else if (operation.crcAddress >= 0) this.enter(Phase.seed, bus.read(sim.now, Route.port, operation.crcAddress, 4));
    else this.requestBlock();
  }

  private seedRead(): void {
    const { crcAddress, crcContinues } = this.operation;
    if (this.failed(crcAddress, 4, false)) return;
    this.data.seedCrc(this.context.dram.word(crcAddress), crcContinues);
    this.requestBlock();
  }

  private sourceRead(): void {
    const { operation, index } = this;
    const { dram, trace } = this.context;
    const address = operation.sources[index] + this.done;
    if (this.failed(address, this.block, false)) return;
    trace?.emit('engine.read', { unit: this.name, source: index, address, bytes: this.block });
    this.data.fold(operation, index, address - dram.base, this.block);
    this.statistics.bytes += this.block;
    this.index++;
    this.requestSource();
  }

  private destinationWritten(): void {
    const { operation, index } = this;
    const { dram, trace } = this.context;
    const address = operation.destinations[index] + this.done;
    if (this.failed(address, this.block, true)) return;
    this.data.write(operation, index, address - dram.base, this.block);
    if (operation.fill) this.statistics.bytes += this.block;
    trace?.emit('engine.write', { unit: this.name, address, bytes: this.block });
    this.index++;
    this.requestDestination();
  }

  private blockDone(): void {
    this.done += this.block;
    const go = this.done < this.operation.count ? this.continueBlocks : this.continueFinish;
    if (this.enabled) go();
    else this.suspend(go);
  }

  private readonly continueBlocks = (): void => this.requestBlock();
  private readonly continueFinish = (): void => this.finishData();
  private readonly continueFetch = (): void => this.requestFetch(this.context.bus.timing.T_NEXT);

  /** All data are through: the CRC, then the status are written, where the descriptor asks for them. */
  private finishData(): void {
    const { operation } = this;
    const { bus, sim } = this.context;
    if (operation.crcAddress >= 0 && operation.count > 0) {
      this.enter(Phase.digest, bus.write(sim.now, Route.port, operation.crcAddress, 4));
    } else {
      this.finishStatus();
    }
  }

  private digestWritten(): void {
    const { crcAddress } = this.operation;
    if (this.failed(crcAddress, 4, true)) return;
    this.context.dram.setWord(crcAddress, this.data.finishedCrc());
    this.finishStatus();
  }

  private finishStatus(): void {
    const { bus, sim } = this.context;
    const { statusWord } = this.operation;
    if (statusWord >= 0) {
      this.enter(Phase.writeBack, bus.write(sim.now, Route.port, this.values[this.current] + 4 * statusWord, 4));
    } else if (this.result !== 0 && this.personality.checkFlag !== undefined) {
      this.note('unmodelled', '4.6', 'a check failed with status write-back off: halts with a flag (stand-in)');
      this.halt(this.personality.checkFlag, 'result not zero');
    } else {
      this.complete();
    }
  }

  private writtenBack(): void {
    const { statusWord, complete } = this.operation;
    const address = this.values[this.current] + 4 * statusWord;
    if (this.failed(address, 4, true)) return;
    const status = (this.words[statusWord] | complete | this.result) >>> 0;
    this.words[statusWord] = status;
    this.context.dram.setWord(address, status);
    this.complete();
  }

  // --- the end of a descriptor -----------------------------------------------------------------------------

  /** The three cases of the resume bit (hw-iop13xx 4.1, 4.3). */
  private complete(): void {
    const { hash, sim, trace } = this.context;
    const descriptor = this.values[this.current];
    this.statistics.descriptors++;
    hash.add(HashEvent.descriptor, descriptor, sim.now);
    trace?.emit('engine.complete', { unit: this.name, descriptor, result: this.result });
    if (this.values[this.next] !== 0) {
      this.values[this.control] &= ~this.personality.resume;
      this.goOn();
    } else if (this.resumePending) {
      this.completing = true;
      this.requestReread();
    } else {
      this.endChain();
    }
  }

  private reread(): void {
    const { dram, trace } = this.context;
    const address = this.values[this.current];
    if (this.failed(address, 4, false)) return;
    const next = (dram.word(address) & DESCRIPTOR_MASK) >>> 0;
    this.values[this.next] = next;
    trace?.emit('engine.reread', { unit: this.name, descriptor: address, next });
    if (next !== 0) this.goOn();
    else this.endChain();
  }

  /** There is a next descriptor. */
  private goOn(): void {
    const flag = this.takeSignal();
    if (this.enabled) this.continueFetch();
    else this.suspend(this.continueFetch);
    if (flag) this.raise(this.personality.endOfTransfer);
  }

  /** There is no next descriptor. The resume bit is examined once more after busy has dropped. */
  private endChain(): void {
    const flag = this.takeSignal();
    this.phase = Phase.idle;
    this.setActive(false);
    this.context.trace?.emit('engine.idle', { unit: this.name });
    if (flag) this.raise(this.personality.endOfChain);
    if (this.enabled && this.resumePending) this.resumeFromIdle();
  }

  /** Whether the descriptor that ends here is to be signalled; a re-read from idle follows no descriptor. */
  private takeSignal(): boolean {
    const fromIdle = this.phase === Phase.reread && !this.completing;
    this.completing = false;
    return !fromIdle && this.operation.interrupt;
  }

  private raise(flag: number): void {
    this.values[this.status] |= flag;
    this.driveLines();
  }

  private suspend(go: () => void): void {
    this.afterSuspend = go;
    this.phase = Phase.suspended;
    this.setActive(false);
  }

  /** Software has a hand in the chain: what comes round again from now on may be meant. */
  private forgetLandmark(): void {
    this.landmark = 0;
    this.stride = 1;
    this.stepsLeft = 1;
  }

  /** A chain that comes back to itself, untouched by software, never ends: a finding, not a hang. */
  private watchForLoop(address: number): void {
    if (address === this.landmark) {
      this.note('rule', '4.1', `the chain is endless: descriptor 0x${address.toString(16)} comes round again`);
      this.landmark = 0;
      this.stepsLeft = Infinity;
      return;
    }
    if (--this.stepsLeft > 0) return;
    this.stride = Math.min(this.stride * 2, 0x4000_0000);
    this.stepsLeft = this.stride;
    this.landmark = address;
  }

  // --- errors ----------------------------------------------------------------------------------------------

  /** Whether the transaction fails; if so the unit has halted. */
  private failed(address: number, bytes: number, write: boolean): boolean {
    const { dram, faults } = this.context;
    const kind = dram.contains(address, bytes) ? faults.strike(address, bytes, write) : 'master-abort';
    if (kind === undefined) return false;
    if (kind === 'parity') this.keepParityAddress(address);
    this.halt(this.personality.faultFlags[kind], kind);
    return true;
  }

  private keepParityAddress(address: number): void {
    const [low, high] = this.personality.parityAddress ?? [];
    if (low === undefined || high === undefined) return;
    this.values[low.offset >>> 2] = address >>> 0;
    this.values[high.offset >>> 2] = Math.floor(address / 0x1_0000_0000);
  }

  private halt(flag: number, kind: BusFaultKind | 'result not zero'): void {
    this.statistics.errors++;
    this.completing = false;
    this.phase = Phase.idle;
    this.setActive(false);
    this.context.trace?.emit('engine.error', { unit: this.name, descriptor: this.values[this.current], kind });
    this.raise(flag);
  }

  private readonly note = (kind: 'rule' | 'unmodelled', section: string, text: string): void => {
    this.context.findings.add(kind, `${this.personality.reference} ${section}`, this.name, text);
  };

  // --- status ----------------------------------------------------------------------------------------------

  private setActive(active: boolean): void {
    const { now } = this.context.sim;
    const { status } = this;
    if (active) {
      this.activeSince = now;
      this.values[status] |= this.personality.active;
    } else if (this.isActive) {
      this.statistics.busyTime += now - this.activeSince;
      this.values[status] &= ~this.personality.active;
    }
  }

  private driveLines(): void {
    const status = this.values[this.status];
    const { irq } = this.config;
    const { endOfTransfer, endOfChain, errors } = this.personality;
    this.context.setInterruptLine(irq.eot, (status & endOfTransfer) !== 0);
    this.context.setInterruptLine(irq.eoc, (status & endOfChain) !== 0);
    this.context.setInterruptLine(irq.error, (status & errors) !== 0);
  }
}
