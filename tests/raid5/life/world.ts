/** Short lives of small arrays. */
import { MILLISECOND } from '../../../emulator/sim/time';
import type { BenchPlan } from '../../../raid5/life/bench';
import type { Check } from '../../../raid5/life/checks';
import type { LifeEvent } from '../../../raid5/life/events';
import type { LifeReport } from '../../../raid5/life/report';
import { lifeReport } from '../../../raid5/life/report';
import { LifeRun } from '../../../raid5/life/run';
import type { TraceRequest } from '../../../raid5/workload/msr-trace';
import { TraceSource } from '../../../raid5/workload/request-source';

export const MS = MILLISECOND;

export interface LifeWish {
  readonly plan?: Partial<BenchPlan>;
  readonly spares?: number;
  readonly events?: readonly LifeEvent[];
  readonly checks?: readonly Check[];
  /** Requests at their recorded times; by default a burst of writes all over the array, as fast as they go. */
  readonly requests?: readonly TraceRequest[];
}

/** Small writes and some reads that touch every stripe, in an order that repeats nowhere. */
export function burst(sectors: number, count: number): TraceRequest[] {
  let state = 12345;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  return Array.from({ length: count }, (_, i) => {
    const length = 1 + below(20);
    const kind = below(4) === 0 ? 'read' : 'write';
    return request(kind, below(sectors - length), length, i);
  });
}

/** A request in sectors. @param at milliseconds after the first */
export function request(kind: 'read' | 'write', sector: number, sectors: number, line: number, at = 0): TraceRequest {
  return { kind, offset: sector * 512, length: sectors * 512, line, ticks: at * 10_000 };
}

export function planOf(wish: Partial<BenchPlan> = {}): BenchPlan {
  const disks = wish.disks ?? 4;
  return {
    ...{ seed: 1, platform: 'iop342', level: 5, layout: 'left-symmetric', disks, chunk: 4096, size: 192 },
    ...{ bitmapChunk: undefined, cache: 32, model: 'ssd', rmwLevel: 1, dramBytes: 8 * 1024 * 1024 },
    ...wish,
  };
}

/** A whole life, and what it has to say. */
export function live(wish: LifeWish): LifeReport {
  return lifeReport(run(wish), 0, 'again');
}

export function run({ plan, spares = 0, events = [], checks = [], requests }: LifeWish): LifeRun {
  const full = planOf(plan);
  const sectors = full.size * (full.disks - (full.level === 6 ? 2 : 1));
  const paced = requests !== undefined;
  const source = new TraceSource(requests ?? burst(sectors, 60), paced ? 'trace' : 'asap', 1, 8);
  const life = new LifeRun({ plan: full, spares, stages: [[source]], events, checks });
  for (let slices = 0; life.advance(5000); slices++) if (slices > 2000) throw new Error('the life does not end');
  return life;
}
