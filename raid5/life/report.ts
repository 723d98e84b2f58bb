/** What a life has to say: one plain document, the same for people and for programs. */
import type { Finding } from '../../emulator/findings';
import { seconds } from '../../emulator/sim/time';
import type { WriteMode } from '../handler/dirtying';
import type { LayoutName, Level } from '../layouts';
import { SECTOR } from '../geometry';
import type { LatencyReport } from '../workload/report';
import { latencyReport } from '../workload/report';
import type { CheckResult } from './checks';
import type { Loss } from './losses';
import type { LifeRun } from './run';
import type { Tally } from './tally';

/** Version of the document; grows when a path changes its meaning. */
export const LIFE_SCHEMA_VERSION = 1;

interface DirectionReport {
  readonly requests: number;
  readonly bytes: number;
  readonly failed: number;
  readonly latency: LatencyReport | null;
}

export interface LifeReport {
  readonly schemaVersion: typeof LIFE_SCHEMA_VERSION;
  /** `data intact` and `expected loss` are the two ends that are right. */
  readonly verdict: 'data intact' | 'expected loss' | 'failed' | 'panic' | 'interrupted';
  /** Whether everything came as the scenario expects it. */
  readonly asExpected: boolean;
  readonly platform: string;
  readonly array: {
    readonly level: Level;
    readonly disks: number;
    readonly spares: number;
    readonly chunk: number;
    readonly layout: LayoutName;
    readonly bytes: number;
    readonly diskModel: string;
    readonly metadata: '1.2';
    /** bytes of a member that a bit stands for; null: no bitmap */
    readonly bitmapChunk: number | null;
    readonly rmwLevel: number;
  };
  readonly reads: DirectionReport;
  readonly writes: DirectionReport;
  /** Requests that a power cut left without an answer. */
  readonly cutOff: number;
  readonly powerCuts: number;
  readonly simulated: { readonly seconds: number };
  readonly host: { readonly seconds: number };
  readonly stripes: Readonly<Record<WriteMode, number>>;
  readonly engine: { readonly errors: number; readonly redone: number };
  readonly timeline: readonly { readonly seconds: number; readonly text: string }[];
  readonly losses: readonly Loss[];
  /** What is wrong without a reason that has a name; the first of them. */
  readonly defects: { readonly count: number; readonly first: readonly string[] };
  readonly verified: { readonly bytes: number };
  readonly parity: { readonly stripes: number; readonly mismatches: number } | null;
  readonly checks: readonly CheckResult[];
  /** Events of the scenario that did not come about, and why. */
  readonly missed: readonly string[];
  readonly panic: { readonly rule: string; readonly text: string; readonly where: string } | null;
  readonly findings: readonly Finding[];
  readonly seed: number;
  /** One for each machine. */
  readonly traceHashes: readonly string[];
  readonly command: string;
}

/** How many defects are listed. */
const MOST_DEFECTS = 16;

/**
 * Builds the document of a life, finished or not.
 * @param hostSeconds how long it took here
 * @param command what repeats it
 */
export function lifeReport(run: LifeRun, hostSeconds: number, command: string): LifeReport {
  const { config, bench, tally, judge, panic, parity, losses, checks, missed } = run;
  const { level, disks, chunk, layout, model, bitmapChunk = null, rmwLevel, seed, platform } = config.plan;
  const verdict = verdictOf(run);
  const right = verdict === 'data intact' || verdict === 'expected loss';
  return {
    schemaVersion: LIFE_SCHEMA_VERSION,
    verdict,
    asExpected: right && missed.length === 0 && checks.every(({ ok }) => ok),
    platform,
    array: {
      ...{ level, disks, spares: config.spares, chunk, layout, bytes: bench.versions.sectors * SECTOR },
      diskModel: typeof model === 'string' ? model : model.name,
      metadata: '1.2',
      ...{ bitmapChunk, rmwLevel },
    },
    reads: direction(tally.read),
    writes: direction(tally.write),
    cutOff: tally.cutOff,
    powerCuts: run.powerCuts,
    simulated: { seconds: seconds(run.now) },
    host: { seconds: hostSeconds },
    stripes: tally.stripes,
    engine: { errors: tally.engineErrors, redone: tally.redone },
    timeline: run.timeline.map(({ at, text }) => ({ seconds: seconds(at), text })),
    losses: losses.list(),
    defects: { count: judge.defects.length, first: judge.defects.slice(0, MOST_DEFECTS) },
    verified: { bytes: judge.bytesCompared },
    parity: parity === undefined ? null : { stripes: parity.stripes, mismatches: parity.mismatches },
    checks,
    missed,
    panic: panic === undefined ? null : { rule: panic.rule, text: panic.message, where: panic.where },
    findings: tally.findings,
    seed,
    traceHashes: tally.hashes,
    command,
  };
}

function verdictOf({ panic, judge, tally, phase, losses }: LifeRun): LifeReport['verdict'] {
  if (panic !== undefined) return 'panic';
  if (judge.defects.length > 0 || tally.findings.some(({ kind }) => kind === 'rule')) return 'failed';
  if (phase !== 'done') return 'interrupted';
  return losses.list().length > 0 ? 'expected loss' : 'data intact';
}

function direction({ requests, bytes, failed, latency }: Tally['read']): DirectionReport {
  return { requests, bytes, failed, latency: latencyReport(latency) };
}
