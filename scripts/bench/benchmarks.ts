import { ARRAY_BENCHMARKS } from './array';
import { CHAIN_BENCHMARKS } from './chains';
import type { Benchmark } from './harness';
import { OPERATION_BENCHMARKS } from './operations';
import { SCALE_BENCHMARKS } from './scale';
import { defaultWorkload } from './workload';

/** Everything that is measured as amounts a second, each in a process of its own. */
export const BENCHMARKS: readonly Benchmark[] = [
  defaultWorkload('iop342'),
  defaultWorkload('none'),
  ...ARRAY_BENCHMARKS,
  ...SCALE_BENCHMARKS,
  ...OPERATION_BENCHMARKS,
  ...CHAIN_BENCHMARKS,
];
