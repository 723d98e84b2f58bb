/** Runs three saturated channels in steady state and prints the heap bytes that one phase leaves behind. */
import { chainTarget, startChains } from '../../scripts/bench/chains';

const WARM_UP = 4e11;
const MEASURED = 8e11;

const target = chainTarget();
const running = startChains(target, {
  name: 'steady state',
  channels: 3,
  descriptors: 140_000,
  sources: 5,
  bytes: 4096,
});
target.advance(WARM_UP);
(globalThis as { gc?: () => void }).gc?.();
const before = process.memoryUsage().heapUsed;
target.advance(MEASURED);
const left = process.memoryUsage().heapUsed - before;
process.stdout.write(
  JSON.stringify({ bytes: left, phases: Math.round((running.phasesPerSecond() * MEASURED) / 1e12) }),
);
