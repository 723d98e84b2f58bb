/** A worker thread for code that may hang, crash or end its process: whoever asks gets an answer in any case. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Host milliseconds a worker may be silent before it counts as hanging. */
const PATIENCE = 10_000;
/** After so many hangs it gets a fifth of the time: one defect hangs many jobs. */
const HANGS_UNTIL_IMPATIENT = 3;
const IMPATIENCE = 5;

/** What becomes of a job that has no answer, in words for a person. */
export class Lost {
  constructor(
    readonly says: string,
    readonly hangs: boolean,
  ) {}
}

/** What goes from worker to host: a sign of life, or the end of the job. */
export type FromWorker<Answer> = { readonly alive: true } | { readonly answer: Answer };

export class IsolatedWorker<Job, Answer> {
  private worker: Worker | undefined;
  private hangs = 0;
  /** The job before, whether its answer is there or not. */
  private last: Promise<unknown> = Promise.resolve();

  /**
   * @param file of the thread, without extension: it calls `serve`
   * @param patience host milliseconds a worker may be silent before it counts as hanging
   */
  constructor(
    private readonly file: string,
    private readonly patience = PATIENCE,
  ) {}

  /**
   * Has a job done, after those that were asked for before. A worker that is silent for too long, or dies, loses it, and
   * the next job gets a new worker.
   */
  run(job: Job): Promise<Answer | Lost> {
    const answer = this.last.then(() => this.next(job));
    this.last = answer.catch(() => undefined);
    return answer;
  }

  private async next(job: Job): Promise<Answer | Lost> {
    const worker = (this.worker ??= this.newWorker());
    const patience = this.hangs < HANGS_UNTIL_IMPATIENT ? this.patience : this.patience / IMPATIENCE;
    const answer = await exchange<Job, Answer>(worker, job, patience);
    if (answer instanceof Lost) {
      if (answer.hangs) this.hangs++;
      await this.close();
    }
    return answer;
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    await this.worker?.terminate();
    this.worker = undefined;
  }

  /** A worker that goes on by itself after its answer may still die: the next job gets a new one then. */
  private newWorker(): Worker {
    const worker = newWorker(this.file);
    worker.on('error', () => undefined);
    worker.once('exit', () => {
      if (this.worker === worker) this.worker = undefined;
    });
    return worker;
  }
}

function exchange<Job, Answer>(worker: Worker, job: Job, patience: number): Promise<Answer | Lost> {
  return new Promise((resolve) => {
    const end = (answer: Answer | Lost): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      resolve(answer);
    };
    const onMessage = (message: FromWorker<Answer>): void => {
      if ('alive' in message) timer.refresh();
      else end(message.answer);
    };
    const onError = (error: unknown): void => end(new Lost(`it crashes: ${String(error)}`, false));
    const onExit = (code: number): void => end(new Lost(`it ends its process with ${code}`, false));
    const hang = new Lost(`no answer for ${patience / 1000} s: it hangs`, true);
    const timer = setTimeout(() => end(hang), patience);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(job);
  });
}

/** From source a worker needs the transpiler that this process has; compiled it needs nothing. */
function newWorker(file: string): Worker {
  const source = __filename.endsWith('.ts');
  const project = { ...process.env, TS_NODE_PROJECT: join(__dirname, '../../tsconfig.json') };
  const options = source ? { execArgv: ['--require', require.resolve('ts-node/register')], env: project } : {};
  const worker = new Worker(`${file}${source ? '.ts' : '.js'}`, { ...options, stdout: true });
  // Whatever the code under test prints is a message; stdout belongs to the command.
  worker.stdout.pipe(process.stderr, { end: false });
  return worker;
}
