import type { IopAdmaChan } from '../../dmaengine/iop-adma/channel';
import type { IopAdmaSteps } from '../../dmaengine/iop-adma/steps';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { WaitQueue } from '../../emulator/kernel/wait';

/**
 * The driver as it was before 26 June 2007 in one respect: cleanup, and with it callbacks, wait for a workqueue instead
 * of running as a soft interrupt (oracle P4). The worker is a thread and takes its turn among the others. For one kernel.
 */
export function workqueueSteps(driver: IopAdmaSteps): IopAdmaSteps {
  const queued: IopAdmaChan[] = [];
  let wait: WaitQueue | undefined;
  function* worker(queue: WaitQueue): ThreadBody {
    for (;;) {
      yield* queue.wait(() => queued.length > 0);
      const chan = queued.shift()!;
      chan.kernel.spend(chan.kernel.costs.workqueueHop);
      chan.lock.lockBh('iop_adma_work');
      chan.steps.cleanup(chan);
      chan.lock.unlockBh();
    }
  }
  return {
    ...driver,
    tasklet: (chan) => {
      if (queued.includes(chan)) return;
      queued.push(chan);
      if (wait === undefined) {
        wait = chan.kernel.waitQueue();
        chan.kernel.scheduler.spawn('iop_adma_wq', worker(wait));
      }
      wait.wake();
    },
  };
}
