/** Measures the benchmark whose number is given and prints its figures as JSON: a child of bench.ts. */
import { BENCHMARKS } from './benchmarks';
import { measure } from './harness';

const [number, times] = process.argv.slice(2).map(Number);
process.stdout.write(JSON.stringify(measure(BENCHMARKS[number], times)));
