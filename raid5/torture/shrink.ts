import type { TorturePlan } from './plan';
import type { TortureVerdict } from './run';
import { torture } from './run';

/** Leaves out steps as long as the run still fails; the steps that are left, by their numbers in the plan. */
export function shrink(plan: TorturePlan, verdict: TortureVerdict): number[] {
  const { failure } = verdict;
  if (failure === undefined) return plan.steps.map((_, i) => i);
  let kept = plan.steps.flatMap((_, i) => (i <= failure.step ? [i] : []));
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < kept.length;) {
      const fewer = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (torture(withSteps(plan, fewer)).failure === undefined) at += size;
      else kept = fewer;
    }
  }
  return kept;
}

/** The same plan with some of its steps. @param numbers of the steps */
export function withSteps(plan: TorturePlan, numbers: readonly number[]): TorturePlan {
  return { ...plan, steps: plan.steps.filter((_, i) => numbers.includes(i)) };
}
