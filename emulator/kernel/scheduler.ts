import type { FindingLog } from '../findings';
import { GuestHang } from '../findings';
import type { Actor, Footprint } from '../sim/actor';
import { Priority } from '../sim/actor';
import type { EventHandle } from '../sim/event-queue';
import { MILLISECOND, SECOND } from '../sim/time';
import type { Costs } from './costs';
import type { Processor } from './processor';
import type { Tasklets } from './tasklet';

/** Simulated time after which a guest whose threads all wait, none for a timer, counts as hung. */
const HANG_LIMIT = 10 * SECOND;

/** A jiffy: HZ is 100 on both families of IOP, as everywhere on ARM unless a machine says otherwise. */
const TICK = 10 * MILLISECOND;

/** The body of a thread: a generator that yields where it blocks. */
export type ThreadBody = Generator<void, void, void>;

/** A kernel thread. */
export interface Thread {
  readonly name: string;
  state: 'ready' | 'blocked' | 'done';
  readonly body: ThreadBody;
}

/** Threads, first come first served; a running thread gives up the processor only where it blocks. */
export class Scheduler {
  private readonly ready: Thread[] = [];
  private running: Thread | undefined;
  private previous: Thread | undefined;
  /** Threads that wait for a timer. */
  private sleeping = 0;
  /** When a thread last ran. */
  private lastRun = 0;
  private readonly timerActor: Actor = { name: 'timer', priority: Priority.timer };
  private readonly timerFootprint: Footprint = { reads: [], writes: ['threads'] };

  constructor(
    private readonly processor: Processor,
    private readonly costs: Costs,
    private readonly tasklets: Tasklets,
    private readonly findings: FindingLog,
  ) {}

  /** The thread that runs now. */
  get current(): Thread {
    if (this.running === undefined) throw new GuestHang('KS-01', 'blocks outside any thread', this.processor.context);
    return this.running;
  }

  /** Starts a thread; it runs when the processor gets to it. */
  spawn(name: string, body: ThreadBody): Thread {
    const thread: Thread = { name, state: 'ready', body };
    this.ready.push(thread);
    return thread;
  }

  /** Makes a blocked thread ready; harmless for any other. */
  wake(thread: Thread): void {
    if (thread.state !== 'blocked') return;
    thread.state = 'ready';
    this.ready.push(thread);
    this.processor.spend(this.costs.wakeUp);
  }

  /** Gives up the processor until somebody wakes this thread. */
  *block(): ThreadBody {
    this.current.state = 'blocked';
    yield;
  }

  /** Lets other threads run first. */
  *yieldProcessor(): ThreadBody {
    this.ready.push(this.current);
    yield;
  }

  /** Sleeps for `delay` picoseconds. */
  *sleep(delay: number): ThreadBody {
    this.wakeAt(this.current, this.now + delay);
    yield* this.block();
  }

  /** `schedule_timeout_uninterruptible(1)`: sleeps until the timer ticks next. */
  *sleepTick(): ThreadBody {
    yield* this.sleep(TICK - (this.now % TICK));
  }

  /** Picoseconds since power-on. */
  get now(): number {
    return this.processor.now;
  }

  /** Wakes a thread at a moment (picoseconds), if it is blocked then. */
  wakeAt(thread: Thread, time: number): EventHandle {
    this.sleeping++;
    const { sim } = this.processor.machine;
    return sim.schedule(this.timerActor, time - sim.now, this.timerFootprint, () => this.timerFired(thread));
  }

  /** Takes a wake-up back that has not come yet. */
  cancelWake(timer: EventHandle): void {
    if (this.processor.machine.sim.cancel(timer)) this.sleeping--;
  }

  /**
   * Runs threads and events until `finished` holds.
   * Throws GuestHang when no thread is ready and no event is pending, or when events go on for ten seconds of
   * simulated time without any thread to run or to wake by timer: an engine in an endless chain, say.
   */
  run(finished: () => boolean): void {
    while (!finished()) {
      this.tasklets.runAtIrqExit();
      const thread = this.ready.shift();
      if (thread !== undefined) this.resume(thread);
      else this.wait();
    }
  }

  private wait(): void {
    if (!this.processor.idle()) this.processor.hang('KS-08', 'every thread is blocked and nothing is pending', 'idle');
    const nobody = this.ready.length === 0 && this.sleeping === 0;
    if (nobody && this.processor.now - this.lastRun > HANG_LIMIT) {
      this.processor.hang('KS-08', 'no thread has run for 10 s and none will wake by itself', 'idle');
    }
  }

  private resume(thread: Thread): void {
    this.running = thread;
    this.processor.context = 'thread';
    if (thread !== this.previous) this.processor.spend(this.costs.threadSwitch);
    this.previous = thread;
    this.processor.machine.trace?.emit('cpu.thread', { name: thread.name });
    if (thread.body.next().done) thread.state = 'done';
    this.processor.machine.trace?.emit('cpu.thread-end', { name: thread.name });
    this.running = undefined;
    this.lastRun = this.processor.now;
    if (this.tasklets.disabledDepth > 0 || this.processor.irqsOff > 0 || this.processor.locksHeld > 0) {
      this.findings.add(
        'rule',
        'KS-01',
        thread.name,
        'blocked or ended with a lock held, interrupts or bottom halves off',
      );
    }
  }

  /** A timer is an interrupt whose handler only wakes: its time is spent when the thread is switched to. */
  private timerFired(thread: Thread): void {
    this.sleeping--;
    if (thread.state !== 'blocked') return;
    thread.state = 'ready';
    this.ready.push(thread);
  }
}
