/** The program above an array with metadata: hands its requests to md, in the order they come, and hears of their ends. */
import type { Kernel } from '../../emulator/kernel/kernel';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { WaitQueue } from '../../emulator/kernel/wait';
import { SECTOR } from '../geometry';
import type { RequestOutcome, RequestTaker } from '../workload/client';
import { MAX_BIO_SECTORS } from '../workload/client';
import type { WorkRequest } from '../workload/request-source';
import type { LifeBench } from './bench';
import type { Answer, Request } from './request';
import { submitVersioned } from './request';

interface Waiting {
  readonly request: Request;
  readonly arrival: number;
  readonly onEnd: (outcome: RequestOutcome) => void;
}

/** One a machine: what it had under way when the power failed has no end. */
export class LifeClient implements RequestTaker {
  /** Requests given and not answered. */
  inFlight = 0;
  private readonly kernel: Kernel;
  private readonly waiting: Waiting[] = [];
  private readonly given: WaitQueue;

  /** @param answered judges every piece that md was given */
  constructor(
    private readonly bench: LifeBench,
    private readonly answered: (request: Request, answer: Answer) => void,
  ) {
    this.kernel = bench.kernel;
    this.given = this.kernel.waitQueue();
    this.kernel.scheduler.spawn('submit', this.submitThread());
  }

  request({ kind, offset, length }: WorkRequest, onEnd: (outcome: RequestOutcome) => void): void {
    this.inFlight++;
    const request = { write: kind === 'write', sector: offset / SECTOR, sectors: length / SECTOR };
    this.waiting.push({ request, arrival: this.kernel.now, onEnd });
    this.given.wake();
  }

  private *submitThread(): ThreadBody {
    for (;;) {
      yield* this.given.wait(() => this.waiting.length > 0);
      yield* this.submit(this.waiting.shift()!);
    }
  }

  private *submit({ request: { write, sector, sectors }, arrival, onEnd }: Waiting): ThreadBody {
    const { kernel, bench } = this;
    kernel.spend(kernel.costs.request);
    let pieces = Math.ceil(sectors / MAX_BIO_SECTORS);
    let failed = false;
    let submitted = -1;
    for (let done = 0; done < sectors; done += MAX_BIO_SECTORS) {
      const piece = { write, sector: sector + done, sectors: Math.min(MAX_BIO_SECTORS, sectors - done) };
      yield* submitVersioned(kernel, bench.md, bench.versions, piece, false, (answer) => {
        failed ||= answer.failed;
        this.answered(piece, answer);
        if (--pieces > 0) return;
        this.inFlight--;
        const submission = (submitted < 0 ? kernel.now : submitted) - arrival;
        onEnd({ write, bytes: sectors * SECTOR, latency: kernel.now - arrival, submission, failed });
      });
    }
    submitted = kernel.now;
  }
}
