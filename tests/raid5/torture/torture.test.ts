import { SparseMedia } from '../../../raid5/disks/media';
import { planOf, STEP_KINDS } from '../../../raid5/torture/plan';
import { torture } from '../../../raid5/torture/run';
import { shrink, withSteps } from '../../../raid5/torture/shrink';

/** As many as CI's budget allows where it says so (ADMA_FUZZ), fewer at a desk. */
const SEEDS = process.env['ADMA_FUZZ'] === undefined ? 30 : 200;

describe('torture', () => {
  it('finds every acknowledged byte and right parity, whatever happens', () => {
    const taken = new Map<string, number>();
    let redone = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const verdict = torture(planOf(seed));
      expect({ seed, failure: verdict.failure }).toEqual({ seed, failure: undefined });
      for (const [kind, times] of Object.entries(verdict.taken)) taken.set(kind, (taken.get(kind) ?? 0) + times);
      redone += verdict.redone;
    }
    for (const kind of STEP_KINDS) expect([kind, taken.get(kind)! > SEEDS / 6]).toEqual([kind, true]);
    expect(redone).toBeGreaterThan(SEEDS);
  }, 400_000);

  it('is the same for the same seed', () => {
    expect(torture(planOf(11))).toEqual(torture(planOf(11)));
    expect(planOf(11)).not.toEqual(planOf(12));
  });

  describe('of disks that lose writes', () => {
    afterEach(() => jest.restoreAllMocks());

    it('fails, and the failing run shrinks to steps that still fail', () => {
      const writeBlock = SparseMedia.prototype.writeBlock;
      let count = 0;
      jest.spyOn(SparseMedia.prototype, 'writeBlock').mockImplementation(function (this: SparseMedia, ...args) {
        if (++count % 300 !== 0) writeBlock.apply(this, args);
      });
      const plan = planOf(3);
      const run = (steps: readonly number[]) => {
        count = 0;
        return torture(withSteps(plan, steps));
      };
      const all = plan.steps.map((_, i) => i);
      const verdict = run(all);
      expect(verdict.failure).toBeDefined();
      const kept = shrink(plan, verdict);
      expect(kept.length).toBeLessThan(all.length);
      expect(kept.length).toBeGreaterThan(0);
    });
  });
});
