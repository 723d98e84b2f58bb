import { CASE_GROUPS, CASES } from '../../conformance/cases';
import { runCase } from '../../conformance/run-case';
import { goodParts, stackOf } from '../../conformance/stack';
import type { PlatformName } from '../../emulator/platforms';
import { PLATFORMS } from '../../emulator/platforms';

const WITH_ENGINES: readonly PlatformName[] = ['iop342', 'iop331', 'iop321'];

describe('the cases', () => {
  const passed = new Set<string>();

  it.each(WITH_ENGINES)('are passed by iop-adma on %s', (name) => {
    const stack = stackOf(goodParts());
    for (const subject of CASES) {
      const { id, complaints, outcome } = runCase(subject, { platform: PLATFORMS[name], stack, seed: 1 });
      expect({ id, complaints }).toEqual({ id, complaints: [] });
      if (outcome === 'passed') passed.add(id);
    }
  });

  it('are none that is skipped on all of them', () => {
    expect(CASES.filter(({ id }) => !passed.has(id)).map(({ id }) => id)).toEqual([]);
  });

  it('have ids of their own, each in a group', () => {
    const ids = CASES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(Object.keys(CASE_GROUPS)).toContain(id.split('/')[0]);
  });

  it('are run in memory that holds noise, and say so when it is not what it should be', () => {
    const [subject] = CASES;
    const broken = runCase(
      {
        ...subject,
        *run(world) {
          world.buffer().bytes[7] ^= 1;
          world.checkData('SW-13');
          yield* world.settle(0);
        },
      },
      { platform: PLATFORMS.iop342, stack: stackOf(goodParts()), seed: 1 },
    );
    expect(broken.complaints.map(({ rule, where }) => [rule, where])).toEqual([['SW-13', 'buffer 0']]);
  });
});
