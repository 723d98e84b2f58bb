import type { AsyncTx, Page, ThreadBody } from 'iop-adma';
import { asyncMemcpy, AsyncTxFlags, initAsyncSubmit, PAGE_SIZE } from 'iop-adma';

/** Contents on their way along a path of pages. */
export interface Job {
  readonly path: readonly Page[];
  /** How far they are: an index into the path, 0 at first. */
  at: number;
}

/** Carries each job to the end of its path, one copy at a time, all jobs at once. Returns when all have arrived. */
export function* carryAll(api: AsyncTx, jobs: readonly Job[]): ThreadBody {
  const wait = api.kernel.waitQueue();
  const queue = [...jobs];
  let left = jobs.length;

  /** Starts the next copy of a job, if there is one. In the thread. */
  function step(job: Job): void {
    const { path, at } = job;
    if (at === path.length - 1) {
      left--;
      return;
    }
    const arrived = (): void => {
      job.at++;
      queue.push(job);
      wait.wake();
    };
    asyncMemcpy(api, path[at + 1], path[at], 0, 0, PAGE_SIZE, initAsyncSubmit(AsyncTxFlags.ACK, null, arrived));
  }

  while (left > 0) {
    for (const job of queue.splice(0)) step(job);
    api.issuePendingAll();
    yield* wait.wait(() => queue.length > 0 || left === 0);
  }
}

/** Your predictions about the function as it was given; null is no answer. */
export const predictions = {
  /** On an engine: how many callbacks have begun when the machine stops? */
  callbacksBeforeTheEnd: 1 as number | null,
  /** Without engines, for a path of six pages: how many calls of `step` are on the stack at once, at most? */
  deepest: 6 as number | null,
};
