/** Every case that is small enough, on one platform, in many orders of events. */
import { CASES } from '../../../conformance/cases';
import { exploreCase } from '../../../conformance/explored-case';
import { goodParts, stackOf } from '../../../conformance/stack';
import type { PlatformName } from '../../../emulator/platforms';
import { PLATFORMS } from '../../../emulator/platforms';

/** Runs of each case; `ADMA_EXPLORE` sets more. */
const RUNS = Number(process.env['ADMA_EXPLORE'] ?? 30);
const SMALL = CASES.filter(({ explorable }) => explorable === true);

/** Explores them all, and says how to do it again. */
export function exploreSmallCases(name: PlatformName): void {
  const platform = PLATFORMS[name];
  let total = 0;

  afterAll(() => {
    const again = `ADMA_EXPLORE=${RUNS} npx jest tests/conformance/explored/${name}`;
    process.stdout.write(`${total} orders of events explored on ${name}; again: ${again}\n`);
  });

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
}
