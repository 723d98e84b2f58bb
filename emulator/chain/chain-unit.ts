/**
 * A unit that walks chains of descriptors in memory: an IOP13xx ADMA channel, an IOP3xx DMA channel or AAU
 * (reference/hw-iop13xx 4, hw-iop3xx 4): fetch → execute → status write-back → next, with start, append,
 * suspend and error.
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
import type { Execution, ExecutionHost } from './execution';
import { LoopWatch } from './loop-watch';
import { Operation } from './operation';
import type { ChainPersonality } from './personality';
import { keepParityAddress } from './personality';
import { phaseDetails } from './phase-details';
import { PhasedExecution } from './phased-execution';
import { StatusRegister } from './status-register';
import type { UnitStatistics } from './statistics';
import { WholeExecution } from './whole-execution';

/** Where a unit sits and which interrupt sources it drives. */
export interface ChainUnitConfig {
  readonly name: string;
  /** physical address of its registers */
  readonly base: number;
  readonly irq: { readonly eot: number; readonly eoc: number; readonly error: number };
}

type State = 'idle' | 'running' | 'suspended';

// Looked up once: a name of another module costs a look-up at every use.
const { port } = Route;

/** Store queues of a unit, each as long as the longest block. */
const QUEUE_BYTES = 1024;
/** Descriptors are 32-byte aligned; the low bits of an address are ignored. */
const DESCRIPTOR_MASK = 0xffff_ffe0;

export class ChainUnit implements RegisterWindow, ExecutionHost {
  readonly name: string;
  readonly base: number;
  readonly size: number;
  readonly statistics: UnitStatistics = { descriptors: 0, bytes: 0, phases: 0, busyTime: 0, errors: 0 };

  private readonly bank: RegisterBank;
  private readonly values: Uint32Array;
  private readonly words: Uint32Array;
  private readonly control: number;
  private readonly status: StatusRegister;
  private readonly current: number;
  private readonly next: number;
  private readonly actor: Actor;
  /** Whose event a re-read is that nothing signals the end of. */
  private readonly silent: Actor;
  private readonly footprint: Footprint;
  private readonly operation = new Operation();
  private readonly execution: Execution;

  /** Coarse timing: a descriptor is sampled when it is asked for, so that all of it is one event. */
  private readonly samplesEarly: boolean;

  private state: State = 'idle';
  /** What to do when a suspended unit is enabled again. */
  private afterSuspend: () => void = () => undefined;
  /** Status bits of a check that failed. */
  private result = 0;
  /** When the phase under way was asked for. */
  phaseStart = 0;
  /** Whether the re-read under way belongs to a descriptor whose completion is still to be signalled. */
  private completing = false;
  private readonly loopWatch = new LoopWatch();

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
    this.status = new StatusRegister(config, personality, context, this.values, this.statistics);
    this.current = personality.current.offset >>> 2;
    this.next = personality.next.offset >>> 2;
    this.words = this.values.subarray(this.next);
    this.actor = { name: config.name, priority: Priority.hardware };
    this.silent = { ...this.actor, hasty: true };
    const { dram, datapath } = context;
    const data = new DataEngine(datapath, [dram.reserveSilicon(QUEUE_BYTES), dram.reserveSilicon(QUEUE_BYTES)]);
    this.samplesEarly = context.phases === 'coarse';
    const how = this.samplesEarly ? WholeExecution : PhasedExecution;
    this.execution = new how(this, context, this.operation, data);
    const { fetched, reread, writtenBack } = this;
    const own = { fetched, reread, writtenBack };
    const details = phaseDetails(config.base, this.bank, personality, context, this.operation, this.execution, own);
    this.footprint = { reads: [], writes: [], details };
    this.bank.onWrite(personality.control, (before) => this.controlWritten(before));
    this.bank.onWrite(personality.status, () => this.status.driveLines());
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
    return this.status.busyTime;
  }

  /** Address of the current descriptor. */
  get descriptor(): number {
    return this.values[this.current];
  }

  /** What its registers hold now, by offset / 4: for who records them. */
  get registers(): Uint32Array {
    return this.values;
  }

  /** Most bytes of one phase. */
  get blockBytes(): number {
    return this.personality.blockBytes(this.values[this.control]);
  }

  private get enabled(): boolean {
    return (this.values[this.control] & this.personality.enable) !== 0;
  }

  private get resumePending(): boolean {
    return (this.values[this.control] & this.personality.resume) !== 0;
  }

  // --- what software writes ------------------------------------------------------------------------------

  private controlWritten(before: number): void {
    this.loopWatch.forget();
    if (!this.enabled) return;
    const rising = !(before & this.personality.enable);
    if (this.state === 'suspended' && rising) {
      this.status.setActive(true);
      this.afterSuspend();
    } else if (this.state === 'idle' && rising && this.values[this.next] !== 0) {
      this.status.setActive(true);
      this.requestFetch(this.context.bus.timing.T_START);
    } else if (this.state === 'idle' && this.resumePending) {
      this.resumeFromIdle();
    }
  }

  private nextWritten(before: number): void {
    if (this.status.isActive) {
      this.values[this.next] = before;
      this.note('rule', '2.3', `${this.personality.next.name} written while the unit is active; ignored`);
    } else if (this.state === 'suspended') {
      this.state = 'idle';
    }
  }

  /** The unit is idle and the resume bit becomes set (hw-iop13xx 4.3, case 3). */
  private resumeFromIdle(): void {
    if (this.status.failed) return;
    if (this.values[this.current] === 0) {
      this.values[this.control] &= ~this.personality.resume;
      this.note('rule', '4.3', 'resume without a current descriptor');
      return;
    }
    this.status.setActive(true);
    this.requestReread();
  }

  // --- fetch, execute, write back --------------------------------------------------------------------------

  /** The current address moves here, with what the descriptor before has left in memory and ahead of its interrupt. */
  private requestFetch(delay: number): void {
    const { bus, sim, dram } = this.context;
    const address = this.values[this.next];
    this.values[this.current] = address;
    if (this.loopWatch.closesLoop(address)) {
      this.note('rule', '4.1', `the chain is endless: descriptor 0x${address.toString(16)} comes round again`);
    }
    const bytes = 4 * this.personality.descriptorWords(dram, address, this.values[this.control]);
    const arrival = bus.read(sim.now + delay, port, address, bytes, this.name) + bus.timing.T_DECODE;
    if (this.samplesEarly && dram.contains(address, bytes) && !this.context.faults.any) {
      this.phaseStart = sim.now;
      this.load(address);
      this.execution.begin(arrival);
    } else {
      this.after(arrival, this.fetched);
    }
  }

  private requestReread(): void {
    const { bus, sim } = this.context;
    this.values[this.control] &= ~this.personality.resume;
    const actor = this.completing ? this.actor : this.silent;
    this.after(bus.read(sim.now, port, this.values[this.current], 4, this.name), this.reread, actor);
  }

  after(end: number, handler: () => void, actor = this.actor): void {
    const { sim } = this.context;
    this.state = 'running';
    this.statistics.phases++;
    this.phaseStart = sim.now;
    sim.schedule(actor, end - sim.now, this.footprint, handler);
  }

  betweenBlocks(go: () => void): void {
    if (this.personality.suspendsAfter === 'block') this.goOnOrSuspend(go);
    else go();
  }

  private goOnOrSuspend(go: () => void): void {
    if (this.enabled) go();
    else this.suspend(go);
  }

  /** The descriptor has arrived: its words become the registers. */
  private readonly fetched = (): void => {
    const { dram, sim } = this.context;
    const address = this.values[this.current];
    const count = this.personality.descriptorWords(dram, address, this.values[this.control]);
    this.operation.done = 0;
    if (this.failed(address, 4 * count, false)) return;
    this.load(address);
    this.execution.begin(sim.now);
  };

  /** Loads the words of a descriptor into the registers and decodes them. */
  private load(address: number): void {
    const { dram, trace } = this.context;
    const { words, operation, personality } = this;
    const control = this.values[this.control];
    const count = personality.descriptorWords(dram, address, control);
    for (let word = 0; word < count; word++) words[word] = dram.word(address + 4 * word);
    words[0] = (words[0] & DESCRIPTOR_MASK) >>> 0;
    trace?.emit('engine.fetch', { unit: this.name, descriptor: address, next: words[0], since: this.phaseStart });
    operation.clear();
    personality.decode(words, operation, this.note, control);
    operation.shortenIfUnseen(this.blockBytes);
  }

  /** All data are through: the status is written, where the descriptor asks for it. */
  executed(result: number): void {
    this.result = result;
    if (this.operation.statusWord >= 0) this.after(this.statusWritten(this.context.sim.now), this.writtenBack);
    else this.conclude();
  }

  /** The same when the time of the status write has passed already. */
  executedWhole(result: number): void {
    this.result = result;
    if (this.operation.statusWord >= 0) this.writtenBack();
    else this.conclude();
  }

  /** When a status write that is asked for at `time` is through; `time` itself where there is none. */
  statusWritten(time: number): number {
    const { statusWord } = this.operation;
    if (statusWord < 0) return time;
    return this.context.bus.write(time, port, this.values[this.current] + 4 * statusWord, 4, this.name);
  }

  private conclude(): void {
    if (this.result !== 0 && this.personality.checkFlag !== undefined) {
      this.note('unmodelled', '4.6', 'a check failed with status write-back off: halts with a flag (stand-in)');
      this.halt(this.personality.checkFlag, 'result not zero');
    } else {
      this.complete();
    }
  }

  private readonly writtenBack = (): void => {
    const { statusWord, complete } = this.operation;
    const address = this.values[this.current] + 4 * statusWord;
    if (this.failed(address, 4, true)) return;
    const status = (this.words[statusWord] | complete | this.result) >>> 0;
    this.words[statusWord] = status;
    this.context.dram.setWord(address, status);
    this.complete();
  };

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
      this.goOn(false);
    } else if (this.resumePending) {
      this.completing = !this.personality.signalsBeforeReread;
      if (!this.completing && this.operation.interrupt) this.status.raise(this.personality.endOfChain);
      this.requestReread();
    } else {
      this.endChain(false);
    }
  }

  private readonly reread = (): void => {
    const { dram, trace } = this.context;
    const address = this.values[this.current];
    if (this.failed(address, 4, false)) return;
    const next = (dram.word(address) & DESCRIPTOR_MASK) >>> 0;
    this.values[this.next] = next;
    trace?.emit('engine.reread', { unit: this.name, descriptor: address, next });
    const fromIdle = !this.completing;
    this.completing = false;
    if (next !== 0) this.goOn(fromIdle);
    else this.endChain(fromIdle);
  };

  /** There is a next descriptor. @param fromIdle no descriptor ends here: nothing to signal */
  private goOn(fromIdle: boolean): void {
    const signal = !fromIdle && this.operation.interrupt;
    this.goOnOrSuspend(this.continueFetch);
    if (signal) this.status.raise(this.personality.endOfTransfer);
  }

  private readonly continueFetch = (): void => this.requestFetch(this.context.bus.timing.T_NEXT);

  /** There is no next descriptor. The resume bit is examined once more after busy has dropped. */
  private endChain(fromIdle: boolean): void {
    this.state = 'idle';
    this.status.setActive(false);
    if (!fromIdle && this.operation.interrupt) this.status.raise(this.personality.endOfChain);
    if (this.enabled && this.resumePending) this.resumeFromIdle();
  }

  private suspend(go: () => void): void {
    this.afterSuspend = go;
    this.state = 'suspended';
    this.status.setActive(false);
  }

  // --- errors ----------------------------------------------------------------------------------------------

  failed(address: number, bytes: number, write: boolean): boolean {
    const { dram, faults } = this.context;
    const kind = dram.contains(address, bytes) ? faults.strike(address, bytes, write, this.name) : 'master-abort';
    if (kind === undefined) return false;
    if (kind === 'parity') keepParityAddress(this.values, this.personality, address);
    this.halt(this.personality.faultFlags[kind], kind);
    return true;
  }

  private halt(flag: number, kind: BusFaultKind | 'result not zero'): void {
    const { operation } = this;
    this.statistics.errors++;
    this.completing = false;
    this.state = 'idle';
    this.context.trace?.emit('engine.error', { unit: this.name, descriptor: this.values[this.current], kind });
    this.status.setActive(false);
    // SI-42: the count register says what is left, in whole blocks.
    if (operation.destinationCount > 0) this.words[this.personality.countWord] -= operation.done;
    operation.done = 0;
    this.status.raise(flag);
  }

  private readonly note = (kind: 'rule' | 'unmodelled', section: string, text: string): void => {
    this.context.findings.add(kind, `${this.personality.reference} ${section}`, this.name, text);
  };
}
