/**
 * The relation that pruning rests on, tested on the machine itself: two events in a row that do not depend on each other
 * are executed the other way round, and memory, registers and interrupt lines are compared.
 */
import { driverCase } from '../../../conformance/explorer/driver-case';
import type { DriverCase } from '../../../conformance/explorer/driver-case';
import { PLATFORMS } from '../../../emulator/platforms';
import type { Machine } from '../../../emulator/platforms/machine';
import type { Accesses } from '../../../emulator/sim/accesses';
import type { Enumerator, Move } from '../../../emulator/sim/choice';
import { PROCESSOR } from '../../../emulator/sim/explored';
import { SeededRandom } from '../../../emulator/sim/random';
import { copies, dependentMoves } from './cases';

interface Taken {
  readonly moves: readonly Move[];
  readonly actor: string;
  readonly accesses: Accesses;
}

class Stop extends Error {}

/** Follows a list of actors, then asks; stops before the step that it is told to. */
class Follower implements Enumerator {
  readonly taken: Taken[] = [];

  constructor(
    private readonly actors: readonly string[],
    private readonly pick: (moves: readonly Move[]) => number,
    private readonly stopAt = Infinity,
  ) {}

  order(_point: string, moves: readonly Move[], accesses: Accesses): number {
    if (this.taken.length === this.stopAt) throw new Stop();
    const wanted = this.actors[this.taken.length];
    const answer = wanted === undefined ? this.pick(moves) : moves.findIndex(({ actor }) => actor === wanted);
    expect(answer).toBeGreaterThanOrEqual(0);
    this.taken.push({ moves, actor: moves[answer].actor, accesses });
    return answer;
  }

  choose(): number {
    return 0;
  }
}

/** Everything hardware knows, but for time. */
function state({ dram, engines, intc }: Machine): string {
  let hash = 0;
  for (const word of dram.allWords) hash = (Math.imul(hash, 31) + word) | 0;
  const registers = engines.map(({ size, read32 }, i) =>
    Array.from({ length: size / 4 }, (_, word) => read32.call(engines[i], 4 * word)),
  );
  return JSON.stringify([hash, registers, intc.asserted()]);
}

/** Runs a case along some actors and returns the state of its machine before step `stopAt`. */
function stateAfter(subject: DriverCase, actors: readonly string[]): string {
  let machine!: Machine;
  const watched = driverCase({
    ...subject,
    *body(world) {
      machine = world.machine;
      yield* subject.body(world);
    },
  });
  const follower = new Follower(actors, () => 0, actors.length);
  expect(() => watched.run(follower)).toThrow(Stop);
  return state(machine);
}

it.each([
  ['two copies of iop342', copies(2)],
  ['two channels of iop342', dependentMoves(PLATFORMS.iop342, [0, 1], true)],
  ['the AAU and a DMA channel of iop321', dependentMoves(PLATFORMS.iop321, [2, 0], true)],
  ['the AAU and a DMA channel of iop331', dependentMoves(PLATFORMS.iop331, [2, 0], true)],
])('%s: independent neighbours commute', (_, subject) => {
  const random = new SeededRandom(17);
  let tried = 0;
  const pairs = new Set<string>();
  for (let run = 0; run < 8; run++) {
    const eager = 1 + random.below(7);
    const follower = new Follower([], (moves) => {
      if (moves[0].actor === PROCESSOR && random.below(8) >= eager) return 0;
      return random.below(moves.length);
    });
    expect(driverCase(subject).run(follower)).toEqual({ ok: true });
    const { taken } = follower;
    const actors = taken.map(({ actor }) => actor);
    for (let i = 0; i + 2 < taken.length; i++) {
      const [a, b] = [taken[i], taken[i + 1]];
      const bothPending = a.moves.some(({ actor }) => actor === b.actor);
      if (a.actor === b.actor || !bothPending || [a.actor, b.actor].includes(PROCESSOR)) continue;
      if (a.accesses.conflictsWith(b.accesses)) continue;
      if (++tried % 3 > 0) continue;
      pairs.add([a.actor, b.actor].sort().join(' '));
      const before = actors.slice(0, i);
      const asIs = stateAfter(subject, [...before, a.actor, b.actor]);
      expect([i, ...before, stateAfter(subject, [...before, b.actor, a.actor])]).toEqual([i, ...before, asIs]);
    }
  }
  expect(tried).toBeGreaterThan(12);
  expect(pairs.size).toBeGreaterThanOrEqual(2);
});
