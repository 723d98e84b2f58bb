import { CASES } from '../../conformance/cases';
import { exploreCase, replayCase } from '../../conformance/explored-case';
import { ChoicesError } from '../../conformance/explorer/choices';
import { MUTANTS } from '../../conformance/mutants';
import { goodParts, stackOf } from '../../conformance/stack';
import type { PlatformName } from '../../emulator/platforms';
import { PLATFORMS } from '../../emulator/platforms';

/** Runs of each case on each platform; `ADMA_EXPLORE` sets more. */
const RUNS = Number(process.env['ADMA_EXPLORE'] ?? 30);
const WITH_ENGINES: readonly PlatformName[] = ['iop342', 'iop331', 'iop321'];
const SMALL = CASES.filter(({ explorable }) => explorable === true);
/** Runs of them all, over the platforms. */
let total = 0;

afterAll(() => {
  process.stdout.write(`${total} orders of events explored; ADMA_EXPLORE=${RUNS} npx jest ${__filename}\n`);
});

describe.each(WITH_ENGINES)('every small case on %s', (name) => {
  const platform = PLATFORMS[name];

  it.each(SMALL.map((subject) => [subject.id, subject] as const))(
    '%s: iop-adma keeps the rule in all orders that were tried',
    (_, subject) => {
      const options = { platform, stack: stackOf(goodParts()), seed: 1 };
      const { result, explored } = exploreCase(subject, options, RUNS, 'exhaustive', () => undefined);
      expect(result.complaints).toEqual([]);
      total += explored.explored;
    },
    60_000 + 20 * RUNS,
  );
});

describe('an order of events', () => {
  const platform = PLATFORMS.iop342;
  const subject = CASES.find(({ id }) => id === 'append/behind-a-finished-tail')!;
  const broken = goodParts();
  MUTANTS.find(({ id }) => id === 'doorbell-before-link')!.install(broken);
  const options = { platform, stack: stackOf(broken), seed: 1 };

  it('shows a race that time never loses, with the trace around it, and again from its string', () => {
    const { result, explored } = exploreCase(subject, options, 1000, 'exhaustive', () => undefined);
    expect(result.outcome).toBe('failed');
    expect(result.excerpt.length).toBeGreaterThan(0);
    expect(replayCase(subject, options, explored.choices!)).toEqual(result);
    expect(replayCase(subject, options, '0').outcome).toBe('passed');
  });

  it('of another case is refused', () => {
    expect(() => replayCase(subject, options, '0x9999.1')).toThrow(ChoicesError);
    expect(() => replayCase(subject, options, '77')).toThrow(ChoicesError);
  });
});
