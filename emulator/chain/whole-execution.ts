/**
 * A descriptor in one event (coarse timing): its transactions are asked for one after the other when it is
 * fetched, so that it takes the time its phases would take, and all its data move at the end.
 */
import { Route } from '../memory/bus';
import type { Accesses } from '../sim/accesses';
import type { TracePoints } from '../trace/trace';
import type { UnitContext } from '../unit';
import type { DataEngine } from './data-engine';
import type { Execution, ExecutionHost } from './execution';
import type { Operation } from './operation';
import { Fold } from './operation';

export class WholeExecution implements Execution {
  constructor(
    private readonly host: ExecutionHost,
    private readonly context: UnitContext,
    private readonly operation: Operation,
    private readonly data: DataEngine,
  ) {}

  begin(start: number): void {
    const end = this.operation.count === 0 ? start : this.end(start);
    this.host.after(this.host.statusWritten(end), this.run);
  }

  /** A descriptor in one event is not for exploring: it may touch anything. */
  touches(accesses: Accesses): boolean {
    accesses.writes(0, Infinity);
    return false;
  }

  /** When the last transaction is through; a block that no memory answers ends the operation there. */
  private end(start: number): number {
    const { operation } = this;
    const { bus, dram } = this.context;
    const master = this.host.name;
    let time = start;
    if (operation.crcAddress >= 0) time = bus.read(time, Route.port, operation.crcAddress, 4, master);
    for (let done = 0; done < operation.count; done += this.host.blockBytes) {
      const block = this.blockAt(done);
      for (let i = 0; i < operation.sourceCount; i++) {
        if (!this.reads(i)) continue;
        const address = operation.sources[i] + done;
        time = bus.read(time, operation.readRoute, address, block, master);
        if (operation.multiplies) time += bus.timing.T_GF;
        if (!dram.contains(address, block)) return time;
      }
      for (let i = 0; i < operation.destinationCount; i++) {
        const address = operation.destinations[i] + done;
        time = bus.write(time, operation.writeRoute, address, block, master);
        if (!dram.contains(address, block)) return time;
      }
    }
    return operation.crcAddress >= 0 ? bus.write(time, Route.port, operation.crcAddress, 4, master) : time;
  }

  private readonly run = (): void => {
    const { host, operation, data } = this;
    const { dram } = this.context;
    const { crcAddress } = operation;
    if (operation.count === 0) {
      host.executedWhole(0);
      return;
    }
    if (crcAddress >= 0) {
      if (host.failed(crcAddress, 4, false)) return;
      data.seedCrc(dram.word(crcAddress), operation.crcContinues);
    }
    let result = 0;
    for (let done = 0; done < operation.count; done += host.blockBytes) {
      const block = this.blockAt(done);
      if (!this.fold(done, block)) return;
      if (operation.checkFirst || operation.checkSecond) result |= data.check(operation, block);
      if (!this.write(done, block)) return;
      operation.done += block;
    }
    if (crcAddress >= 0) {
      if (host.failed(crcAddress, 4, true)) return;
      dram.setWord(crcAddress, data.finishedCrc());
    }
    host.betweenBlocks(() => host.executedWhole(result));
  };

  private fold(done: number, block: number): boolean {
    const { host, operation, data } = this;
    const { dram, trace } = this.context;
    for (let i = 0; i < operation.sourceCount; i++) {
      const address = operation.sources[i] + done;
      if (this.reads(i)) {
        if (host.failed(address, block, false)) return false;
        trace?.emit('engine.read', { ...this.access(address, block), source: i });
      }
      if (operation.folds[i] !== Fold.skip) host.statistics.bytes += block;
      data.fold(operation, i, address - dram.base, block);
    }
    return true;
  }

  private write(done: number, block: number): boolean {
    const { host, operation, data } = this;
    const { dram, trace } = this.context;
    for (let i = 0; i < operation.destinationCount; i++) {
      const address = operation.destinations[i] + done;
      if (host.failed(address, block, true)) return false;
      data.write(operation, i, address - dram.base, block);
      if (operation.fill) host.statistics.bytes += block;
      trace?.emit('engine.write', this.access(address, block));
    }
    return true;
  }

  /** There are no phases: every transfer is seen at the end. */
  private access(address: number, bytes: number): TracePoints['engine.write'] {
    const { name, descriptor } = this.host;
    return { unit: name, descriptor, address, bytes, since: this.context.sim.now };
  }

  private blockAt(done: number): number {
    const left = this.operation.count - done;
    return left < this.host.blockBytes ? left : this.host.blockBytes;
  }

  private reads(source: number): boolean {
    const fold = this.operation.folds[source];
    return fold !== Fold.skip && fold !== Fold.pattern;
  }
}
