/** One run of a client under one condition, watched. */
import type { AsyncTx } from '../../async_tx/async-tx';
import { GuestPanic, ModelDefect } from '../../emulator/findings';
import type { Dram } from '../../emulator/memory/dram';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import { PAGE_SIZE } from '../../emulator/kernel/pages';
import { DmaCtrl } from '../../dmaengine/flags';
import { MILLISECOND } from '../../emulator/sim/time';
import type { Complaint } from '../case';
import { CASE_DRAM } from '../run-case';
import type { StackParts } from '../stack';
import { goodParts, stackOf } from '../stack';
import { CaseWorld } from '../world/case-world';
import type { Stretch } from '../world/prep-log';
import { PrepLog } from '../world/prep-log';
import { brokenRules, complaintOfPanic, excerptAround, runThread } from '../world/run-thread';
import type { AsyncTxClient, ClientOutcome } from './client';
import { ClientPages } from './client-pages';
import type { ClientCondition } from './conditions';

/** How long everything gets to end by itself when the client has returned. */
const REST = 20 * MILLISECOND;

export interface ClientRunOptions {
  readonly client: AsyncTxClient;
  /** Decides the noise in its pages. */
  readonly seed: number;
  /** A DRAM to use again, where the platform has its memory at the same place. */
  readonly dram?: Dram | undefined;
}

/** What a run came to. */
export interface ClientRun {
  readonly complaints: readonly Complaint[];
  /** Contents of the pages that count; undefined when it did not get to its end. */
  readonly pages: readonly Uint8Array[] | undefined;
  readonly answers: readonly number[];
  /** picoseconds at the end */
  readonly simulated: number;
  /** Lines of trace around a moment in picoseconds. */
  readonly excerpt: (time: number) => string[];
}

/** Runs a client under a condition. Throws ModelDefect alone. */
export function runClient(condition: ClientCondition, options: ClientRunOptions): ClientRun {
  return new WatchedClient(condition, options).run();
}

class WatchedClient {
  private readonly complaints: Complaint[] = [];
  private readonly world: CaseWorld;
  private readonly client: AsyncTxClient;
  private readonly seed: number;
  private log = new PrepLog([]);
  private outcome: ClientOutcome = {};
  private started = false;
  private pages: readonly Uint8Array[] | undefined;

  constructor(
    private readonly condition: ClientCondition,
    { client, seed, dram }: ClientRunOptions,
  ) {
    this.client = client;
    this.seed = seed;
    const parts = goodParts();
    condition.change?.(parts);
    this.watchWaits(parts);
    const fits = dram?.base === condition.platform.dramBase;
    const machine = dram !== undefined && fits ? { dram } : { dramBytes: CASE_DRAM };
    this.world = new CaseWorld({ platform: condition.platform, stack: stackOf(parts), seed, machine });
  }

  run(): ClientRun {
    const { kernel, ring } = this.world;
    try {
      runThread(kernel, this.client.name, this.life(), 'the client');
    } catch (error) {
      if (error instanceof ModelDefect) throw error;
      if (!this.started) throw new ModelDefect(`a client's machine does not come up: ${String(error)}`);
      this.ended(error);
    }
    return {
      complaints: [...brokenRules(kernel), ...this.complaints].sort((a, b) => a.time - b.time),
      pages: this.pages,
      answers: this.outcome.answers ?? [],
      simulated: kernel.now,
      excerpt: (time) => excerptAround(ring, time),
    };
  }

  private *life(): ThreadBody {
    const { world, client } = this;
    yield* world.boot();
    const { api, kernel } = world;
    this.log = new PrepLog(world.dma.devices);
    this.refuse();
    this.watchFences(api);
    const pages = new ClientPages(kernel, this.seed, ({ address }) => {
      if (this.condition.faulty !== true) return;
      kernel.machine.faults.inject({ kind: 'master-abort', address, length: PAGE_SIZE, access: 'any', times: 1 });
    });
    this.started = true;
    this.outcome = (yield* client.run(api, pages)) ?? {};
    yield* this.rest();
    this.nothingWaits();
    // What was forgotten runs now: whatever is wrong besides is not for want of a flush.
    api.issuePendingAll();
    yield* this.rest();
    this.nothingIsLeft(pages);
    this.pages = (this.outcome.pages ?? pages.live).map((page) => pages.bytes(page).slice());
  }

  /** Lets everything end that ends by itself, and has it noticed. */
  private *rest(): ThreadBody {
    yield* this.world.settle(REST);
    for (const device of this.world.dma.devices) {
      for (const chan of device.channels) device.deviceTxStatus?.(chan, chan.cookie);
    }
  }

  // --- what is looked at -------------------------------------------------------------------------------------

  /** Waiting spins, and what is waited for may need a soft interrupt: not where those are off. */
  private watchWaits(parts: StackParts): void {
    const { generation } = parts;
    parts.generation = {
      ...generation,
      wait: (kernel, tx) => {
        if (tx !== null && kernel.atomic) {
          this.complain('KS-01', 'waits in a thread alone', 'a wait for an operation in atomic context');
        }
        return generation.wait(kernel, tx);
      },
    };
  }

  /** A result that the next operation of the chain reads is fenced (AX-09). */
  private watchFences(api: AsyncTx): void {
    const submit = api.submit.bind(api);
    api.submit = (chan, tx, wanted, redo) => {
      const child = this.log.latest(tx);
      const parent = wanted.dependTx === null ? undefined : this.log.latest(wanted.dependTx);
      const fenced = parent === undefined || (parent.flags & DmaCtrl.PREP_FENCE) !== 0;
      if (!fenced && child !== undefined && overlap(parent.writes, child.reads)) {
        const where = parent.chan.name;
        this.complain('AX-09', 'FENCE on an operation whose result the next one reads', 'there is none', where);
      }
      submit(chan, tx, wanted, redo);
    };
  }

  private refuse(): void {
    const { refuses } = this.condition;
    let asked = 0;
    if (refuses !== undefined) this.log.refuses = () => ++asked % refuses === 0;
  }

  private nothingWaits(): void {
    const waiting = new Set(this.log.records.filter(({ tx }) => tx.cookie !== 0).map(({ tx }) => tx)).size;
    if (waiting > 0) this.complain('AX-12', 'every operation set going', `${waiting} descriptors were never started`);
  }

  private nothingIsLeft({ live: pages }: ClientPages): void {
    const { kernel } = this.world;
    const unacked = this.log.unacked().length;
    if (unacked > 0) this.complain('AX-06', 'every descriptor acked', `${unacked} are not`);
    const { live } = kernel.dma;
    if (live > 0) this.complain('UM-08', 'every mapping undone', `${live} are left`);
    const kept = this.outcome.pages;
    const leaked = kept === undefined ? 0 : pages.filter((page) => !kept.includes(page)).length;
    if (leaked > 0) this.complain('KS-06', 'every page freed that is no result', `${leaked} are not`);
  }

  /** How a run ended that did not get to its end. A host error is the client's. */
  private ended(error: unknown): void {
    if (error instanceof GuestPanic) this.complaints.push(complaintOfPanic(error, this.world.kernel.now));
    else this.complain('KS-08', 'a client that does not crash', String(error));
  }

  private complain(rule: string, expected: string, happened: string, where = this.client.name): void {
    this.complaints.push({ rule, expected, happened, time: this.world.kernel.now, where });
  }
}

function overlap(some: readonly Stretch[], others: readonly Stretch[]): boolean {
  return some.some((a) => others.some((b) => a.address < b.address + b.len && b.address < a.address + a.len));
}
