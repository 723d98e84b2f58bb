/** A toy machine for the explorer: cells, actors that read and write them one event after the other, a processor. */
import type { Explorable, Verdict } from '../../../conformance/explorer/explorer';
import type { Chooser } from '../../../emulator/sim/choice';
import { ExploredSimulator } from '../../../emulator/sim/explored';

/** One step: `cells[to] = 3 * cells[to] + cells[from] + constant`, which does not commute with its like. */
export interface ToyStep {
  readonly to: number;
  readonly from: number;
  readonly constant: number;
}

export interface ToyProgram {
  readonly cells: number;
  /** Steps of each source of events. */
  readonly actors: readonly (readonly ToyStep[])[];
  /** Steps of the processor, each behind a point of its own. */
  readonly processor: readonly ToyStep[];
}

export class Toy implements Explorable {
  readonly name = 'toy';
  /** Final states reached, as text. */
  readonly states = new Set<string>();
  runs = 0;

  /** @param verdict of a final state; well unless given */
  constructor(
    private readonly program: ToyProgram,
    private readonly verdict: (cells: readonly number[]) => Verdict = () => ({ ok: true }),
  ) {}

  run(chooser: Chooser): Verdict {
    const sim = new ExploredSimulator(chooser);
    const cells = new Array<number>(this.program.cells).fill(1);
    const execute = ({ to, from, constant }: ToyStep): void => {
      cells[to] = (3 * cells[to] + cells[from] + constant) % 1_000_003;
    };
    this.program.actors.forEach((steps, index) => {
      const actor = { name: `actor ${index}`, priority: 1 };
      let next = 0;
      const footprint = {
        reads: [],
        writes: [],
        details: (accesses: typeof sim.accesses) => {
          accesses.reads(steps[next].from, 1);
          accesses.writes(steps[next].to, 1);
        },
      };
      const fire = (): void => {
        execute(steps[next++]);
        if (next < steps.length) sim.schedule(actor, 1, footprint, fire);
      };
      if (steps.length > 0) sim.schedule(actor, 1, footprint, fire);
    });
    for (const step of this.program.processor) {
      while (sim.offer('step')) continue;
      sim.accesses.reads(step.from, 1);
      sim.accesses.writes(step.to, 1);
      execute(step);
    }
    while (sim.step()) continue;
    this.runs++;
    this.states.add(cells.join(' '));
    return this.verdict(cells);
  }
}
