import { parentPort } from 'node:worker_threads';
import type { FromWorker } from './isolated-worker';

/** Milliseconds between two signs of life. */
const HEARTBEAT = 500;

/** The worker's side of `IsolatedWorker`: answers one job after the other. @param handle gets a routine to call now and then */
export function serve<Job, Answer>(handle: (job: Job, alive: () => void) => Answer): void {
  const port = parentPort;
  if (port === null) throw new Error('no worker thread');
  let last = performance.now();
  const alive = (): void => {
    const now = performance.now();
    if (now - last < HEARTBEAT) return;
    last = now;
    port.postMessage({ alive: true } satisfies FromWorker<Answer>);
  };
  port.on('message', (job: Job) => port.postMessage({ answer: handle(job, alive) } satisfies FromWorker<Answer>));
}
