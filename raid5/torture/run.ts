/**
 * Carries a plan out and watches: every read against the plain model, superblocks and parity after every machine's
 * end. What cannot survive by the level's own promise is not tried, so that whatever is found wrong is a defect.
 */
import { GuestPanic } from '../../emulator/findings';
import { SeededRandom } from '../../emulator/sim/random';
import type { TraceWriter } from '../../emulator/trace/trace';
import { STRIPE_SECTORS, STRIPE_SIZE } from '../geometry';
import { diskName } from '../life/bench';
import { refusalLine } from '../superblock/refusal';
import type { Request } from '../life/request';
import { TortureBench, TortureFailure } from './bench';
import type { Step, StepKind, TorturePlan } from './plan';
import { STEP_KINDS } from './plan';

export interface TortureVerdict {
  /** How often each kind of step was taken. */
  readonly taken: Readonly<Record<StepKind, number>>;
  /** Operations that engines gave up and the processor did again. */
  readonly redone: number;
  /** Sectors that the write hole took, as it may. */
  readonly lost: number;
  /** What is wrong; undefined: every acknowledged byte was there. */
  readonly failure?: { readonly step: number; readonly kind: StepKind | 'end'; readonly text: string };
}

/** Runs a whole plan. @param trace where it is recorded */
export function torture(plan: TorturePlan, trace?: TraceWriter): TortureVerdict {
  const taken = Object.fromEntries(STEP_KINDS.map((kind) => [kind, 0])) as Record<StepKind, number>;
  let at = 0;
  let redone = 0;
  let lost = 0;
  const failed = (error: unknown): TortureVerdict => {
    const known = error instanceof TortureFailure || error instanceof GuestPanic;
    if (!known) throw error;
    const text =
      error instanceof GuestPanic ? `panic: ${error.rule} in ${error.where}: ${error.message}` : error.message;
    return { taken, redone, lost, failure: { step: at, kind: plan.steps.at(at)?.kind ?? 'end', text } };
  };
  try {
    const bench = new TortureBench(plan, trace);
    for (; at < plan.steps.length; at++) {
      const step = plan.steps[at];
      if (!STEPS[step.kind](bench, new SeededRandom(step.seed), step)) continue;
      taken[step.kind]++;
      findings(bench);
    }
    end(bench);
    ({ redone, lost } = bench);
    return { taken, redone, lost };
  } catch (error) {
    return failed(error);
  }
}

/** Takes a step; false when it makes no sense now. */
type Taker = (bench: TortureBench, random: SeededRandom, step: Step) => boolean;

const STEPS: Readonly<Record<StepKind, Taker>> = {
  io: (bench, random) => bench.play(bench.io(requests(bench, random, 40), 1 + random.below(12))),

  'power-cut': (bench, random) => {
    if (!redundant(bench)) return false;
    bench.play(bench.io(requests(bench, random, 60), 1 + random.below(12)), 1 + random.below(4000));
    if (!redundant(bench)) return false;
    bench.cut();
    bench.start();
    bench.run(bench.md.sync.idle());
    readBack(bench);
    const wrong = request(bench, 'check');
    return wrong === 0 || fail(`after a power cut and its resync: mismatch_cnt ${wrong}`);
  },

  'write-hole': (bench, random, step) => {
    if (redundant(bench)) STEPS.fail(bench, random, step);
    bench.play(bench.io(requests(bench, random, 60), 1 + random.below(12)), 1 + random.below(4000));
    bench.cut();
    const refused = bench.boot();
    if (refused.length > 0) {
      if (refused[0].rule !== 'RU-01' || !refused[0].problem.includes('dirty and degraded')) {
        fail(`a dirty and degraded array: ${refused.map(refusalLine).join('; ')}`);
      }
      bench.start(true);
      for (const sector of bench.losable()) bench.versions.lose(sector);
    }
    readBack(bench);
    while (bench.missing > 0) take(bench, bench.blank());
    // Called clean by force, it may have wrong parity still.
    request(bench, 'repair');
    bench.run(bench.io(everywhere(bench), 8));
    const wrong = request(bench, 'check');
    return wrong === 0 || fail(`after a forced start, a rebuild and a repair: mismatch_cnt ${wrong}`);
  },

  restart: (bench) => {
    bench.stop();
    parity(bench);
    bench.start();
    return true;
  },

  fail: (bench, random) => {
    const { array } = bench.md;
    if (array.degraded >= array.geometry.maxDegraded) return false;
    const working = array.members.flatMap(({ faulty }, place) => (faulty ? [] : [place]));
    const place = working[random.below(working.length)];
    const { disk } = array.members[place];
    bench.unplug(disk.index);
    if (random.below(2) === 0) array.error(place);
    else disk.die();
    // A drive that died is noticed by the writes that fail.
    bench.run(bench.io(everywhere(bench), 8));
    settle(bench);
    bench.md.roster.remove(disk.name);
    settle(bench);
    return true;
  },

  readd: (bench, random) => {
    const gone = bench.media.map((_, i) => i).filter((i) => !bench.plugged.includes(i));
    if (gone.length === 0 || bench.missing === 0) return false;
    return take(bench, gone[random.below(gone.length)]);
  },

  spare: (bench) => bench.missing > 0 && take(bench, bench.blank()),

  'read-errors': (bench, random) => {
    // A block that cannot be read is a failure as well: with members missing it may be one too many.
    if (!redundant(bench)) return false;
    const { array } = bench.md;
    const working = array.members.filter(({ inSync }) => inSync);
    const { disk } = working[random.below(working.length)];
    for (let i = 1 + random.below(4); i > 0; i--) {
      disk.unreadable.set(bench.dataSector(blockOf(bench, random)), 'until written');
    }
    array.cache.dropCached();
    bench.run(bench.io(requests(bench, random, 20), 4));
    // What is cached is not read: P of a RAID-6 would be computed from it (FI-04).
    bench.run(bench.md.sync.idle());
    array.cache.dropCached();
    request(bench, 'check');
    // A block that was written again is read once more; a member that fails meanwhile would be one too many.
    settle(bench);
    if (disk.unreadable.size > 0) throw new TortureFailure(`a check left ${disk.unreadable.size} blocks unreadable`);
    return true;
  },

  corrupt: (bench, random) => {
    if (!redundant(bench) || bench.missing > 0) return false;
    const { array } = bench.md;
    const sectors = new Set(Array.from({ length: 1 + random.below(5) }, () => blockOf(bench, random)));
    for (const sector of sectors) {
      const { parity: p, q } = array.geometry.row(sector);
      const { media } = array.members[q >= 0 && random.below(2) === 0 ? q : p].disk;
      const block = new Uint8Array(STRIPE_SIZE);
      media.readBlock(bench.dataSector(sector), block, 0);
      block[random.below(STRIPE_SIZE)] ^= 1 + random.below(255);
      media.writeBlock(bench.dataSector(sector), block, 0);
    }
    array.cache.dropCached();
    const expected = sectors.size * STRIPE_SECTORS;
    for (const action of ['check', 'repair'] as const) {
      const found = request(bench, action);
      if (found !== expected) throw new TortureFailure(`${action}: mismatch_cnt ${found}, not ${expected}`);
    }
    return request(bench, 'check') === 0 || fail('a repaired array still has wrong parity');
  },

  'engine-errors': (bench, random) => {
    const units = bench.machine.platform.engines.map(({ unit }) => unit.name);
    if (units.length === 0) return false;
    const unit = units[random.below(units.length)];
    const fault = { kind: 'mcu-abort', address: 0, length: Infinity, access: 'any' } as const;
    const times = 1 + random.below(5);
    bench.play(bench.io(requests(bench, random, 60), 1 + random.below(8)), random.below(3000));
    bench.machine.faults.inject({ ...fault, unit, times });
    bench.run(bench.quiet());
    return true;
  },

  check: (bench) => {
    if (!redundant(bench)) return false;
    const wrong = request(bench, 'check');
    return wrong === 0 || fail(`check: mismatch_cnt ${wrong}`);
  },
};

function fail(text: string): never {
  throw new TortureFailure(text);
}

/** Whether the array can lose parity's help for a moment: nothing is missing, or one less than the level survives. */
function redundant({ md: { array } }: TortureBench): boolean {
  return array.degraded === 0;
}

/** Waits until md has nothing due, superblocks among it. */
function settle(bench: TortureBench): void {
  bench.run(bench.md.sync.idle());
  bench.run(bench.kernel.scheduler.sleep(5e9));
}

function take(bench: TortureBench, number: number): boolean {
  const added = bench.add(number);
  if (typeof added !== 'string') fail(`${diskName(number)} is not taken: ${added.problem}`);
  settle(bench);
  return true;
}

/** Everything is what it may be. */
function readBack(bench: TortureBench): void {
  const wrong = bench.run(bench.readBack());
  if (wrong.length > 0) fail(`${wrong.length} sectors do not hold what was written, the first at ${wrong[0]}`);
}

/** A requested pass; its count of mismatches. */
function request(bench: TortureBench, action: 'check' | 'repair'): number {
  bench.run(bench.md.sync.idle());
  const pass = bench.run(bench.md.sync.request(action));
  if (pass.interrupted) fail(`the ${action} was interrupted`);
  return pass.mismatchSectors;
}

function requests(bench: TortureBench, random: SeededRandom, most: number): Request[] {
  const { sectors: all } = bench.versions;
  return Array.from({ length: 1 + random.below(most) }, () => {
    const sectors = 1 + random.below(random.below(4) === 0 ? 128 : 16);
    const sector = random.below(Math.max(1, all - sectors));
    return { write: random.below(3) > 0, sector, sectors: Math.min(sectors, all - sector) };
  });
}

/** Writes that touch every stripe. */
function everywhere({ versions }: TortureBench): Request[] {
  const count = Math.ceil(versions.sectors / 64);
  return Array.from({ length: count }, (_, i) => {
    return { write: true, sector: 64 * i, sectors: Math.min(64, versions.sectors - 64 * i) };
  });
}

/** Member sector of some block of data. */
function blockOf({ plan }: TortureBench, random: SeededRandom): number {
  return STRIPE_SECTORS * random.below(plan.size / STRIPE_SECTORS);
}

function findings({ machine }: TortureBench): void {
  const [broken] = machine.findings.all().filter(({ kind }) => kind === 'rule');
  if (broken !== undefined) fail(`${broken.rule} in ${broken.where}: ${broken.text}`);
}

/** Everything is read back, the array stopped, and parity computed again from the media alone. */
function end(bench: TortureBench): void {
  bench.run(bench.md.sync.idle());
  readBack(bench);
  findings(bench);
  bench.stop();
  parity(bench);
}

function parity(bench: TortureBench): void {
  const mismatches = bench.parity()?.mismatches ?? 0;
  if (mismatches > 0) fail(`${mismatches} stripes have wrong parity on the media`);
}
