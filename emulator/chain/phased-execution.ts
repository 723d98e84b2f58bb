/**
 * An operation in its phases: for each block read source 0, 1, …, then write; a seed before and a digest after
 * where there is a CRC. A phase is one arbitrated bus transaction and one event; a source is sampled at the end
 * of its own read phase, a destination changes at the end of its write phase.
 */
import { Route } from '../memory/bus';
import type { Accesses } from '../sim/accesses';
import type { TracePoints } from '../trace/trace';
import type { UnitContext } from '../unit';
import type { DataEngine } from './data-engine';
import type { Execution, ExecutionHost } from './execution';
import type { Operation } from './operation';
import { Fold } from './operation';

// Looked up once: a name of another module costs a look-up at every use.
const { pattern, skip } = Fold;
const { port } = Route;

export class PhasedExecution implements Execution {
  /** Source or destination of the running phase. */
  private index = 0;
  private block = 0;
  private result = 0;

  constructor(
    private readonly host: ExecutionHost,
    private readonly context: UnitContext,
    private readonly operation: Operation,
    private readonly data: DataEngine,
  ) {}

  begin(): void {
    this.result = 0;
    if (this.operation.count === 0) this.host.executed(0);
    else if (this.operation.crcAddress >= 0) this.requestSeed();
    else this.requestBlock();
  }

  touches(accesses: Accesses, handler: () => void): boolean {
    const { operation, index, block } = this;
    const { crcAddress } = operation;
    if (handler === this.sourceRead) accesses.reads(operation.sources[index] + operation.done, block);
    else if (handler === this.destinationWritten)
      accesses.writes(operation.destinations[index] + operation.done, block);
    else if (handler === this.seedRead) accesses.reads(crcAddress, 4);
    else accesses.writes(crcAddress, 4);
    return handler === this.seedRead || (handler === this.sourceRead && operation.destinationCount > 0);
  }

  // --- what is asked of the bus ----------------------------------------------------------------------------

  private requestSeed(): void {
    const { bus, sim } = this.context;
    this.host.after(bus.read(sim.now, port, this.operation.crcAddress, 4, this.host.name), this.seedRead);
  }

  private requestBlock(): void {
    const left = this.operation.count - this.operation.done;
    const most = this.host.blockBytes;
    this.block = left < most ? left : most;
    this.index = 0;
    this.requestSource();
  }

  /** The next source that has to be read, or what follows the last one. */
  private requestSource(): void {
    const { operation } = this;
    while (this.index < operation.sourceCount) {
      const fold = operation.folds[this.index];
      if (fold !== skip && fold !== pattern) {
        const { bus, sim } = this.context;
        const address = operation.sources[this.index] + operation.done;
        const end = bus.read(sim.now, operation.readRoute, address, this.block, this.host.name);
        this.host.after(operation.multiplies ? end + bus.timing.T_GF : end, this.sourceRead);
        return;
      }
      this.data.fold(operation, this.index++, 0, this.block);
      if (fold === pattern) this.host.statistics.bytes += this.block;
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
    const address = operation.destinations[this.index] + operation.done;
    const end = bus.write(sim.now, operation.writeRoute, address, this.block, this.host.name);
    this.host.after(end, this.destinationWritten);
  }

  // --- what has happened -----------------------------------------------------------------------------------

  private readonly seedRead = (): void => {
    const { crcAddress, crcContinues } = this.operation;
    if (this.host.failed(crcAddress, 4, false)) return;
    this.data.seedCrc(this.context.dram.word(crcAddress), crcContinues);
    this.requestBlock();
  };

  private readonly sourceRead = (): void => {
    const { host, operation, index, block } = this;
    const address = operation.sources[index] + operation.done;
    if (host.failed(address, block, false)) return;
    this.context.trace?.emit('engine.read', { ...this.access(address), source: index });
    this.data.fold(operation, index, address - this.context.dram.base, block);
    host.statistics.bytes += block;
    this.index++;
    this.requestSource();
  };

  private readonly destinationWritten = (): void => {
    const { host, operation, index, block } = this;
    const address = operation.destinations[index] + operation.done;
    if (host.failed(address, block, true)) return;
    this.data.write(operation, index, address - this.context.dram.base, block);
    if (operation.fill) host.statistics.bytes += block;
    this.context.trace?.emit('engine.write', this.access(address));
    this.index++;
    this.requestDestination();
  };

  private access(address: number): TracePoints['engine.write'] {
    const { name, descriptor, phaseStart } = this.host;
    return { unit: name, descriptor, address, bytes: this.block, since: phaseStart };
  }

  /** Between blocks a unit can be suspended. */
  private blockDone(): void {
    const { operation } = this;
    operation.done += this.block;
    this.host.betweenBlocks(operation.done < operation.count ? this.nextBlock : this.dataDone);
  }

  private readonly nextBlock = (): void => this.requestBlock();

  private readonly dataDone = (): void => {
    const { crcAddress } = this.operation;
    if (crcAddress < 0) {
      this.host.executed(this.result);
      return;
    }
    const { bus, sim } = this.context;
    this.host.after(bus.write(sim.now, port, crcAddress, 4, this.host.name), this.digestWritten);
  };

  private readonly digestWritten = (): void => {
    const { crcAddress } = this.operation;
    if (this.host.failed(crcAddress, 4, true)) return;
    this.context.dram.setWord(crcAddress, this.data.finishedCrc());
    this.host.executed(this.result);
  };
}
