/** A booted kernel on a small board, and interrupt lines that a test can pull. */
import { Kernel } from '../../../emulator/kernel/kernel';
import { PLATFORMS } from '../../../emulator/platforms';
import type { MachineOptions } from '../../../emulator/platforms/machine';
import { Machine } from '../../../emulator/platforms/machine';
import { KIB } from '../board';

/** Sources no engine drives. */
export const LINE_A = 8;
export const LINE_B = 9;

const wire = { name: 'wire', priority: 1 };
const footprint = { reads: [], writes: ['irq'] };

export interface World {
  readonly machine: Machine;
  readonly kernel: Kernel;
  /** Pulls an interrupt line up `delay` picoseconds from now. */
  pull(source: number, delay: number): void;
  /** Lets something happen outside the processor `delay` picoseconds from now. */
  later(delay: number, action: () => void): void;
  /** Installs a handler that lets go of its line and then does `work`. */
  handle(source: number, work: () => void): void;
}

export function boot(options: MachineOptions = {}): World {
  const machine = new Machine(PLATFORMS.iop342, { dramBytes: 256 * KIB, ...options });
  const kernel = new Kernel(machine);
  const later = (delay: number, action: () => void): void => {
    machine.sim.schedule(wire, delay, footprint, action);
  };
  return {
    machine,
    kernel,
    later,
    pull: (source, delay) => later(delay, () => machine.intc.setLine(source, true)),
    handle: (source, work) =>
      kernel.interrupts.request(source, `line ${source}`, () => {
        machine.intc.setLine(source, false);
        work();
      }),
  };
}

/** Runs `body` as a thread until it ends. */
export function runThread(kernel: Kernel, body: () => Generator<void, void, void>): void {
  let done = false;
  kernel.scheduler.spawn(
    'test',
    (function* () {
      yield* body();
      done = true;
    })(),
  );
  kernel.scheduler.run(() => done);
}
