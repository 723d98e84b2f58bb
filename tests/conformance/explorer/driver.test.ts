import type { DriverCase, DriverWorld } from '../../../conformance/explorer/driver-case';
import { driverCase } from '../../../conformance/explorer/driver-case';
import { explore } from '../../../conformance/explorer/explore';
import type { Explorable, ExploreOptions, ExploreReport } from '../../../conformance/explorer/explorer';
import { replay } from '../../../conformance/explorer/replay';
import type { IopAdmaSteps } from '../../../dmaengine/iop-adma/steps';
import { PLATFORMS } from '../../../emulator/platforms';
import { BROKEN_STEPS, copies, dependentMoves, issuedFromInterrupt, polledCopies, unacknowledged } from './cases';

const { iop321, iop331, iop342 } = PLATFORMS;

const exhaust = (subject: Explorable, options: Partial<ExploreOptions> = {}): ExploreReport =>
  explore(subject, { strategy: 'exhaustive', budget: 40_000, seed: 0, ...options });

const withSteps = (subject: DriverCase, steps: IopAdmaSteps): Explorable =>
  driverCase({ ...subject, variant: { steps } });

describe('the driver', () => {
  it.each([
    ['two copies on an ADMA channel', copies(2), 2000],
    ['two sums on the AAU of iop331', copies(2, iop331, 2), 1900],
    ['two polled copies', polledCopies(2), 100],
    ['a doorbell from an interrupt handler', issuedFromInterrupt(), 100],
    ['a descriptor without an ack', unacknowledged(), 10],
    ['a copy that depends on one of another channel of iop342', dependentMoves(iop342, [0, 1], false), 30],
    ['a copy that depends on a sum of the AAU of iop331', dependentMoves(iop331, [2, 0], false), 30],
    ['a copy that depends on a sum of the AAU of iop321', dependentMoves(iop321, [2, 0], false), 30],
  ])('keeps its rules in every order of %s', (_, subject, atLeast) => {
    const report = exhaust(driverCase(subject));
    expect(report).toMatchObject({ exhausted: true });
    expect(report).not.toHaveProperty('failure');
    expect(report.explored).toBeGreaterThanOrEqual(atLeast);
  });

  it.each([
    [0, dependentMoves(iop342, [0, 1], true)],
    [0, dependentMoves(iop331, [2, 0], true)],
    [0, dependentMoves(iop321, [2, 0], true)],
  ])('keeps them with at most %i preemptions, 3 descriptors on 2 channels', (preemptions, subject) => {
    const report = exhaust(driverCase(subject), { preemptions });
    expect(report).toMatchObject({ exhausted: true, bound: preemptions });
    expect(report).not.toHaveProperty('failure');
  });
});

describe('what the processor sees', () => {
  /** The values that the processor reads in the orders of an exploration, each order as a text. */
  const views = (subject: DriverCase, options: Partial<ExploreOptions>): Set<string> => {
    const seen = new Set<string>();
    let view: string[] = [];
    const watch = ({ kernel, machine }: DriverWorld): void => {
      const note = (what: string, value: number): number => {
        view.push(`${kernel.processor.context} ${what} ${value}`);
        return value;
      };
      const [sample, vector] = [machine.sampleRegister.bind(machine), machine.readCp6.bind(machine)];
      const load = kernel.load32.bind(kernel);
      machine.sampleRegister = (address) => note(`readl ${address}`, sample(address));
      machine.readCp6 = (crn, crm) => note(`mrc ${crn}`, vector(crn, crm));
      kernel.load32 = (address) => note(`load ${address}`, load(address));
    };
    const { name, run } = driverCase({
      ...subject,
      *body(world) {
        watch(world);
        yield* subject.body(world);
      },
    });
    const watched: Explorable = {
      name,
      run: (chooser) => {
        view = [];
        const verdict = run(chooser);
        seen.add(view.join('\n'));
        return verdict;
      },
    };
    exhaust(watched, options);
    return seen;
  };

  it.each([
    ['a dependent copy', dependentMoves(iop342, [0, 1], false)],
    ['a doorbell from an interrupt handler', issuedFromInterrupt()],
  ])('in random orders of %s, it sees in one of the orders that pruning leaves', (_, subject) => {
    const all = views(subject, {});
    for (const strategy of ['random', 'pct'] as const) {
      const some = views(subject, { strategy, budget: 200, seed: 11 });
      expect(some.size).toBeGreaterThan(5);
      for (const view of some) expect(all).toContain(view);
    }
  });
});

describe('a driver with', () => {
  it.each([
    ['a link that is not flushed (I-03)', copies(2), 'KS-08'],
    ['busy sampled before current (I-10)', issuedFromInterrupt(), 'IA-50'],
    ['a tasklet without the lock (I-01)', copies(2), 'IA-73'],
    ['interrupt bits cleared when the tasklet has run (IA-71)', copies(2), 'KS-08'],
    ['append before link (IA-43)', dependentMoves(iop331, [2, 0], false), 'KS-08'],
    ['recycled before it is acknowledged (IA-59)', unacknowledged(), 'IA-59'],
  ])('%s is found out, and its string of choices replays', (steps, subject, rule) => {
    const broken = withSteps(subject, BROKEN_STEPS[steps]);
    const { failure } = exhaust(broken);
    expect(failure?.verdict.rule).toBe(rule);
    expect(replay(broken, failure!.choices)).toEqual(failure!.verdict);
  });

  it('a race is found by chance as well, and then minimised', () => {
    const broken = withSteps(issuedFromInterrupt(), BROKEN_STEPS['busy sampled before current (I-10)']);
    for (const strategy of ['random', 'pct'] as const) {
      const report = exhaust(broken, { strategy, budget: 3000, seed: 5 });
      expect(report.failure?.verdict.rule).toBe('IA-50');
      expect(replay(broken, report.failure!.choices)).toEqual(report.failure!.verdict);
      expect(exhaust(broken, { strategy, budget: 3000, seed: 5 })).toEqual(report);
    }
  });
});

it('the same seed gives the same report, another one other orders', () => {
  for (const strategy of ['random', 'pct'] as const) {
    const report = (seed: number): ExploreReport => exhaust(driverCase(copies(2)), { strategy, budget: 100, seed });
    expect(report(1)).toEqual(report(1));
    expect(report(1)).not.toEqual(report(2));
  }
});
