/**
 * The program above the array: hands requests to md with data that can be checked afterwards, keeps
 * overlapping ones in order, and compares what it reads with the plain model.
 */
import type { Kernel } from '../../emulator/kernel/kernel';
import { PAGE_SIZE } from '../../emulator/kernel/pages';
import type { Page } from '../../emulator/kernel/pages';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { WaitQueue } from '../../emulator/kernel/wait';
import { HashEvent } from '../../emulator/trace/hash';
import type { Raid5Array } from '../array';
import { Bio } from '../bio';
import { SECTOR } from '../geometry';
import { CheckedContent } from './block-check';
import type { SectorContent } from './content';
import type { ModelDisk } from './model-disk';
import { RequestOrder } from './ordering';
import type { WorkRequest } from './request-source';

/** Longest piece handed to md at once; longer requests are cut (block layer limit). */
export const MAX_BIO_SECTORS = 2048;

/** A byte that is not what the model says. */
export interface Mismatch {
  /** array sector and byte in it */
  readonly sector: number;
  readonly offset: number;
  /** The write that should be there, counted from 1; 0: never written, zeros. */
  readonly version: number;
}

/** What became of a request. */
export interface RequestOutcome {
  readonly write: boolean;
  readonly bytes: number;
  /** picoseconds from arrival to the last answer */
  readonly latency: number;
  /** picoseconds of it until md had all of the request */
  readonly submission: number;
  readonly failed: boolean;
}

/** Whoever takes requests. */
export interface RequestTaker {
  /** Gives a request. @param onEnd called once it is answered */
  request(request: WorkRequest, onEnd: (outcome: RequestOutcome) => void): void;
}

interface Request {
  readonly write: boolean;
  readonly sector: number;
  readonly sectors: number;
  readonly check: WorkRequest['check'];
  readonly arrival: number;
  /** When md had all of it; negative before. */
  submitted: number;
  readonly onEnd: (outcome: RequestOutcome) => void;
  finish: () => void;
}

export class ArrayClient implements RequestTaker {
  /** Requests given and not yet answered. */
  inFlight = 0;
  /** Picoseconds with at least one request in flight. */
  busyTime = 0;
  readonly mismatches: Mismatch[] = [];
  mismatchedSectors = 0;
  bytesCompared = 0;
  /** What was written, and the blocks that say themselves whether they are right. */
  readonly content: CheckedContent;
  private busySince = 0;
  private version = 0;
  private readonly order = new RequestOrder();
  private readonly ready: Request[] = [];
  private readonly submitWait: WaitQueue;
  private readonly words: Uint32Array;

  constructor(
    private readonly kernel: Kernel,
    private readonly array: Raid5Array,
    private readonly model: ModelDisk,
    content: SectorContent,
  ) {
    this.content = new CheckedContent(content);
    this.submitWait = kernel.waitQueue();
    this.words = kernel.machine.dram.allWords;
    kernel.scheduler.spawn('submit', this.submitThread());
  }

  /** Gives a request; it starts as soon as nothing earlier overlaps it. */
  request({ kind, offset, length, check }: WorkRequest, onEnd: (outcome: RequestOutcome) => void): void {
    const { now } = this.kernel;
    const [write, sector, sectors] = [kind === 'write', offset / SECTOR, length / SECTOR];
    if (this.inFlight++ === 0) this.busySince = now;
    const request: Request = {
      ...{ write, sector, sectors, check, arrival: now, submitted: -1, onEnd },
      finish: () => undefined,
    };
    let startsNow = true;
    const finish = this.order.add(write, sector, sectors, () => {
      if (startsNow) this.ready.push(request);
      else this.startLater(request);
    });
    startsNow = false;
    request.finish = finish;
    this.submitWait.wake();
  }

  private startLater(request: Request): void {
    this.ready.push(request);
    this.submitWait.wake();
  }

  private *submitThread(): ThreadBody {
    for (;;) {
      yield* this.submitWait.wait(() => this.ready.length > 0);
      yield* this.submit(this.ready.shift()!);
    }
  }

  private *submit(request: Request): ThreadBody {
    const { kernel } = this;
    kernel.spend(kernel.costs.request);
    const version = request.write ? ++this.version : 0;
    if (request.write) this.model.write(request.sector, request.sectors, version);
    if (request.write && request.check !== undefined) {
      this.content.stamp(version, request.sector, request.sectors, request.check, kernel.now);
    }
    let pieces = Math.ceil(request.sectors / MAX_BIO_SECTORS);
    let failed = false;
    for (let done = 0; done < request.sectors; done += MAX_BIO_SECTORS) {
      const sector = request.sector + done;
      const sectors = Math.min(MAX_BIO_SECTORS, request.sectors - done);
      const pages = this.buffer(sectors);
      if (request.write) this.fillPages(pages, sector, sectors, version);
      const bio = new Bio(request.write, sector, sectors, pages, (bioFailed) => {
        failed ||= bioFailed;
        if (!request.write && !bioFailed) this.compare(pages, sector, sectors);
        for (const page of pages) kernel.pages.free(page);
        if (--pieces === 0) this.end(request, failed);
      });
      yield* this.array.makeRequest(bio);
    }
    request.submitted = kernel.now;
  }

  private end(request: Request, failed: boolean): void {
    const { now, machine } = this.kernel;
    machine.hash.add(HashEvent.request, request.sector, now);
    if (--this.inFlight === 0) this.busyTime += now - this.busySince;
    request.finish();
    const { write, sectors, arrival, submitted, onEnd } = request;
    const submission = (submitted < 0 ? now : submitted) - arrival;
    onEnd({ write, bytes: sectors * SECTOR, latency: now - arrival, submission, failed });
  }

  private buffer(sectors: number): Page[] {
    return Array.from({ length: Math.ceil((sectors * SECTOR) / PAGE_SIZE) }, () => this.kernel.pages.alloc());
  }

  private fillPages(pages: readonly Page[], sector: number, sectors: number, version: number): void {
    this.eachPage(pages, sector, sectors, (at, first, count) =>
      this.content.fill(this.words, at, first, count, version),
    );
  }

  private compare(pages: readonly Page[], sector: number, sectors: number): void {
    this.eachPage(pages, sector, sectors, (at, first, count) => {
      for (let i = 0; i < count; i++) this.compareSector(at + i * (SECTOR / 4), first + i);
    });
    if (!this.content.any) return;
    const data = new Uint8Array(sectors * SECTOR);
    const { bytes } = this.kernel.machine.dram;
    this.eachPage(pages, sector, sectors, (at, first, count) => {
      data.set(bytes.subarray(4 * at, 4 * at + count * SECTOR), (first - sector) * SECTOR);
    });
    this.content.checkRead(data, sector, (place) => this.model.version(place));
  }

  private compareSector(at: number, sector: number): void {
    const version = this.model.version(sector);
    const offset = this.content.firstDifference(this.words, at, sector, version);
    this.bytesCompared += SECTOR;
    if (offset < 0) return;
    this.mismatchedSectors++;
    if (this.mismatches.length < 16) this.mismatches.push({ sector, offset, version });
  }

  private eachPage(
    pages: readonly Page[],
    sector: number,
    sectors: number,
    visit: (word: number, sector: number, sectors: number) => void,
  ): void {
    const perPage = PAGE_SIZE / SECTOR;
    pages.forEach((page, index) => {
      const word = (page.address - this.kernel.machine.dram.base) / 4;
      visit(word, sector + index * perPage, Math.min(perPage, sectors - index * perPage));
    });
  }
}
