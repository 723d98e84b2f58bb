/**
 * The life of an array with metadata: a workload, what goes wrong meanwhile, power cuts with recovery behind them, and
 * checks in the end. Whatever happens, it ends in one of two verdicts: data are intact, or what was lost has a name. It
 * advances in slices, so that whoever hosts it can draw, stop it or go on.
 */
import { GuestPanic } from '../../emulator/findings';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { Actor, Footprint } from '../../emulator/sim/actor';
import { Priority } from '../../emulator/sim/actor';
import { MILLISECOND } from '../../emulator/sim/time';
import { refusalLine } from '../superblock/refusal';
import type { RequestSource } from '../workload/request-source';
import { playTogether } from '../workload/request-source';
import type { ParityVerdict } from '../workload/verify-parity';
import type { BenchPlan } from './bench';
import { LifeBench } from './bench';
import type { Check, CheckResult } from './checks';
import { closingChecks, compared } from './checks';
import { LifeClient } from './client';
import type { LifeEvent } from './events';
import { Judge } from './judge';
import { Losses } from './losses';
import { Impossible, isByHand, strike } from './strikes';
import { Tally } from './tally';

/** Everything that decides what a life brings. */
export interface LifeConfig {
  readonly plan: BenchPlan;
  /** Blank disks added before the workload begins. */
  readonly spares: number;
  /** Sources of requests: stages one after the other, the sources of a stage at the same time. */
  readonly stages: readonly (readonly RequestSource[])[];
  readonly events: readonly LifeEvent[];
  /** Data are checked, and expected to be intact, also when this says nothing of them. */
  readonly checks: readonly Check[];
}

export type LifePhase = 'boot' | 'recovery' | 'workload' | 'check' | 'read-back' | 'done' | 'panic';

/** One line of the story. @param at picoseconds since the workload began */
export interface TimelineEntry {
  readonly at: number;
  readonly text: string;
}

export class LifeRun {
  phase: LifePhase = 'boot';
  /** Steps of the current phase that are done, of how many. */
  done = 0;
  total = 0;
  readonly bench: LifeBench;
  readonly tally = new Tally();
  readonly losses = new Losses();
  readonly timeline: TimelineEntry[] = [];
  readonly checks: CheckResult[] = [];
  /** Events that could not happen, or that nobody lived to see. */
  readonly missed: string[] = [];
  powerCuts = 0;
  parity: ParityVerdict | undefined;
  panic: GuestPanic | undefined;
  readonly judge: Judge;
  private readonly dead = new Set<number>();
  private readonly left: Set<LifeEvent>;
  /** Power cuts that come at a number of events. */
  private readonly cuts: readonly (LifeEvent & { readonly event: number })[];
  private client: LifeClient | undefined;
  /** Stage of the workload that is played, and for how long already. */
  private stage = 0;
  private played = 0;
  private stageBegan = -1;
  /** When on this machine's clock the life began, as if it had run all the time; and in events. */
  private origin = 0;
  private originEvents = 0;
  private cutDue: { readonly force: boolean } | undefined;
  /** Incidents that take their time and are not over. */
  private striking = 0;
  private readonly actor: Actor = { name: 'incident', priority: Priority.workload };
  private readonly footprint: Footprint = { reads: [], writes: ['disks'] };

  constructor(readonly config: LifeConfig) {
    this.bench = new LifeBench(config.plan);
    this.judge = new Judge(this.bench, this.losses, this.dead);
    this.left = new Set(config.events);
    this.cuts = config.events.filter((event) => 'event' in event);
    this.bench.boot();
    this.bench.kernel.scheduler.spawn('life', this.begin());
  }

  /** Whether there is nothing left to do. */
  get finished(): boolean {
    return this.phase === 'done' || this.phase === 'panic';
  }

  /** Simulated picoseconds since the workload began, over all machines. */
  get now(): number {
    return this.bench.kernel.now - this.origin;
  }

  /**
   * Goes on for a while: `turns` turns of the scheduler. A guest panic ends the run and is kept.
   * @returns whether the run goes on
   */
  advance(turns: number): boolean {
    let left = turns;
    try {
      this.bench.kernel.scheduler.run(
        () => this.finished || this.cutDue !== undefined || this.cutReached !== undefined || left-- === 0,
      );
      const { cutReached } = this;
      if (cutReached !== undefined) this.strike(cutReached);
      if (this.cutDue !== undefined) this.powerFails(this.cutDue.force);
    } catch (error) {
      if (!(error instanceof GuestPanic)) throw error;
      this.panic = error;
      this.tally.machineEnded(this.bench);
      this.phase = 'panic';
    }
    return !this.finished;
  }

  /** The first machine: spares come in, then the workload begins. */
  private *begin(): ThreadBody {
    const { bench, config } = this;
    for (let i = 0; i < config.spares; i++) bench.add(bench.blank());
    yield* bench.md.sync.idle();
    this.origin = bench.kernel.now;
    this.originEvents = bench.machine.sim.fired;
    this.enter(
      'workload',
      config.stages.flat().reduce((sum, { total }) => sum + total, 0),
    );
    this.schedule();
    yield* this.live();
  }

  /** Every later machine: what was due after the power cut is done, what it left is found out, and life goes on. */
  private *goOn(): ThreadBody {
    const { bench } = this;
    this.schedule();
    yield* bench.md.sync.idle();
    yield* this.judge.decide();
    this.phase = 'workload';
    yield* this.live();
  }

  private *live(): ThreadBody {
    const { bench, config, tally } = this;
    const { kernel } = bench;
    this.client = new LifeClient(bench, (request, answer) => this.judge.judge(request, answer));
    for (; this.stage < config.stages.length; this.stage++) {
      this.stageBegan = kernel.now;
      yield* playTogether(
        kernel,
        this.client,
        config.stages[this.stage],
        (outcome) => {
          this.done++;
          tally.request(outcome);
        },
        this.played,
      );
      this.played = 0;
    }
    this.stageBegan = -1;
    for (let next = this.nextIncident; this.striking > 0 || next < Infinity; next = this.nextIncident) {
      yield* kernel.scheduler.sleep(next < Infinity ? Math.max(MILLISECOND, next - this.now) : MILLISECOND);
    }
    yield* this.end();
  }

  /** Time of the next incident that has one, Infinity: there is none. */
  private get nextIncident(): number {
    return Math.min(...[...this.left].map((event) => ('at' in event ? event.at : Infinity)));
  }

  /** What is to go wrong on this machine, each at its time. */
  private schedule(): void {
    const { machine } = this.bench;
    this.striking = 0;
    for (const event of this.left) {
      if (!('at' in event)) continue;
      machine.sim.schedule(this.actor, Math.max(0, event.at - this.now), this.footprint, () => this.strike(event));
    }
  }

  private strike(event: LifeEvent): void {
    this.left.delete(event);
    this.striking++;
    const body = this.striker(event);
    if (isByHand(event)) this.bench.kernel.scheduler.spawn('mdadm', body);
    else body.next();
  }

  /** The body of a thread; what just happens is over at its first step. */
  private *striker(event: LifeEvent): ThreadBody {
    const { bench, losses, dead } = this;
    try {
      const cut = (force: boolean): void => void (this.cutDue = { force });
      const struck = strike({ bench, losses, dead, cut }, event);
      this.tell(typeof struck === 'string' ? struck : yield* struck);
    } catch (error) {
      if (!(error instanceof Impossible)) throw error;
      this.missed.push(`${event.kind}: ${error.message}`);
      this.tell(`${event.kind} is not possible: ${error.message}`);
    }
    this.striking--;
  }

  /** A power cut at a number of events that is reached, if any is. */
  private get cutReached(): LifeEvent | undefined {
    if (this.phase !== 'workload' && this.phase !== 'recovery') return undefined;
    const events = this.bench.machine.sim.fired - this.originEvents;
    return this.cuts.find((event) => this.left.has(event) && events >= event.event);
  }

  private tell(text: string): void {
    this.timeline.push({ at: this.now, text });
  }

  /** The machine ends here, and the next one starts the array, if it may. */
  private powerFails(force: boolean): void {
    const { bench, tally } = this;
    const { now } = this;
    this.cutDue = undefined;
    this.powerCuts++;
    if (this.stageBegan >= 0) this.played += bench.kernel.now - this.stageBegan;
    this.stageBegan = -1;
    const events = bench.machine.sim.fired - this.originEvents;
    tally.cutOff += this.client?.inFlight ?? 0;
    this.client = undefined;
    this.endMachine();
    bench.cut();
    const refused = bench.boot(force);
    this.origin = -now;
    this.originEvents = -events;
    if (refused.length > 0) {
      this.tell(refused.map(refusalLine).join('; '));
      this.losses.note('not started', []);
      for (const check of this.config.checks) if (check.kind === 'check') this.checked(check.mismatch, 'no array');
      this.finish();
      return;
    }
    for (const refusal of bench.started.verdict.refused) this.tell(refusalLine(refusal));
    this.afterForce();
    this.phase = 'recovery';
    bench.kernel.scheduler.spawn('life', this.goOn());
  }

  /** What a forced start cannot promise any more (RU-01). */
  private afterForce(): void {
    const { geometry, degraded } = this.bench.md.array;
    for (const sector of this.bench.losable()) {
      const stripe = geometry.place(sector).sector;
      if (degraded < geometry.maxDegraded) this.losses.suspectStripe(geometry, stripe, 'write hole');
      else this.losses.suspectBlock(sector, 'write hole');
    }
  }

  private *end(): ThreadBody {
    const { bench } = this;
    const { md } = bench;
    this.enter('check', 0);
    yield* md.sync.idle();
    for (const check of this.config.checks) {
      if (check.kind !== 'check') continue;
      // What lies on the disks counts, not what is remembered of it.
      md.array.cache.dropCached();
      const { mismatchSectors, interrupted } = yield* md.sync.request('check');
      const found = interrupted ? 'no redundancy to check' : `mismatch_cnt ${mismatchSectors}`;
      this.checked(check.mismatch, found);
    }
    this.enter('read-back', 0);
    yield* this.judge.readBack((sectors) => (this.done += sectors));
    yield* md.stop();
    this.checkMappings();
    this.parity = bench.parity();
    const unexcused = this.parity?.wrong.filter((stripe) => !this.losses.excuses(stripe)) ?? [];
    for (const stripe of unexcused) this.judge.defects.push(`the stripe at member sector ${stripe} has wrong parity`);
    this.endMachine();
    this.finish();
  }

  private checked(mismatch: number, found: string): void {
    this.checks.push(compared('check', `mismatch_cnt ${mismatch}`, found));
  }

  private endMachine(): void {
    const { kernel } = this.bench;
    for (const { time, text } of kernel.log) {
      if (/^md\b/.test(text)) this.timeline.push({ at: time - this.origin, text });
    }
    this.tally.machineEnded(this.bench);
  }

  /** With nothing in flight no DMA mapping may be left (UM-08). */
  private checkMappings(): void {
    const { live } = this.bench.kernel.dma;
    if (live > 0)
      this.bench.machine.findings.add('rule', 'UM-08', 'end of run', `${live} DMA mappings were never undone`);
  }

  /** Checks of what lies on the media, once nothing runs any more. */
  private finish(): void {
    for (const event of this.left) this.missed.push(`${event.kind}: the run ended before`);
    const lost = this.losses.list().length > 0;
    this.checks.push(...closingChecks(this.config.checks, this.bench, lost, this.parity));
    this.timeline.sort((a, b) => a.at - b.at);
    this.phase = 'done';
  }

  private enter(phase: LifePhase, total: number): void {
    this.phase = phase;
    this.done = 0;
    this.total = total;
  }
}
