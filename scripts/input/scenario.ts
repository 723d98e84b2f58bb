/** Scenario files: what to build, what to run on it and what goes wrong, in YAML. Version 1 of the language. */
import { defaultLayout } from '../../raid5/layouts';
import { dirname, isAbsolute, join } from 'node:path';

import type { RmwLevel } from '../../raid5/handler/state';
import type { Check } from '../../raid5/life/checks';
import type { LifeEvent } from '../../raid5/life/events';
import type { DiskModel } from '../../raid5/disks/models';
import { FieldError } from '../../raid5/workload/input-error';
import type { LayoutName, Level } from '../../raid5/layouts';
import type { EngineErrors, EngineFault } from '../../raid5/workload/run';
import { ENGINE_ERRORS } from '../../raid5/workload/run';
import { DISK } from './disk-record';
import {
  bitmapWanted,
  DEFAULTS,
  fields,
  integer,
  oneOf,
  requireDisk,
  requireDisks,
  requireLayout,
  requireSurvivable,
} from './fields';
import type { DiskFailure } from './fields';
import type { FaultEntry } from './scenario-life';
import { CHECK_LIST, FAULT_LIST, lifeChecks, lifeEvents, requirePlain } from './scenario-life';
import { group, optional, required, scalarOr, value, YamlSource } from './schema';

/** Names that only the rooms below know. */
export interface ScenarioNames<Platform extends string = string, Disk extends string = string> {
  readonly platforms: readonly Platform[];
  /** disk models; the first is taken where a scenario names none */
  readonly disks: readonly [Disk, ...Disk[]];
  /** the engines of a platform */
  readonly units: (platform: Platform) => readonly string[];
}

/** A scenario as plain data, checked, defaults filled in. */
export interface Scenario<Platform extends string = string, Disk extends string = string> {
  readonly version: number;
  readonly name: string;
  /** unsigned, 32 bits */
  readonly seed: number;
  readonly platform: Platform;
  /** whether the driver survives an engine error */
  readonly engineErrors: EngineErrors;
  readonly array: {
    readonly level: Level;
    readonly disks: number;
    /** bytes, a power of two */
    readonly chunk: number;
    readonly layout: LayoutName;
    /** stripe heads */
    readonly cache: number;
    /** bytes of data; undefined: as much as the trace needs */
    readonly size: number | undefined;
    /** a name, or the numbers of a disk */
    readonly disk: Disk | DiskModel;
    readonly rmwLevel: RmwLevel;
  };
  readonly workload: {
    /** path of the trace, already relative to where the scenario's own path is relative to */
    readonly trace: string | undefined;
    /** path of a fio job file, in place of a trace */
    readonly fio: string | undefined;
    readonly pace: 'trace' | 'asap';
    /** times faster than recorded, with pace `trace` */
    readonly speed: number;
    /** requests in flight, with pace `asap` */
    readonly depth: number;
  };
  /** at most as many as the level survives; none where there is a life */
  readonly faults: readonly DiskFailure[];
  readonly engineFaults: readonly EngineFault[];
  /** whether a `check` pass of md follows the workload */
  readonly check: boolean;
  /** of an array with metadata; undefined: one without */
  readonly life: ScenarioLife | undefined;
}

/** What an array with metadata lives through. */
export interface ScenarioLife {
  readonly spares: number;
  /** bytes of a member that a bit of the bitmap stands for; undefined: no bitmap */
  readonly bitmapChunk: number | undefined;
  readonly events: readonly LifeEvent[];
  readonly checks: readonly Check[];
}

/** A scenario, and where in its file everything stands. */
export interface ReadScenario<Platform extends string, Disk extends string> {
  readonly scenario: Scenario<Platform, Disk>;
  readonly source: YamlSource;
}

/** Keys that mean something with one pace only. */
const ONLY_WITH_PACE = { speed: 'trace', depth: 'asap' } as const;

/** Bytes that a bit of a bitmap stands for where nobody says: a small array shows what it is for. */
const BITMAP_CHUNK = 65536;

/** Keys of the array that mean something with metadata only. */
const ONLY_WITH_METADATA = ['bitmap', 'bitmapChunk', 'consistencyPolicy', 'spares'] as const;

function language<Platform extends string, Disk extends string>(names: ScenarioNames<Platform, Disk>) {
  return group({
    version: required(value(fields.version)),
    name: required(value(fields.text)),
    seed: optional(value(fields.seed), DEFAULTS.seed),
    platform: required(value(oneOf(names.platforms))),
    engineErrors: optional(value(oneOf(ENGINE_ERRORS)), ENGINE_ERRORS[0]),
    array: required(
      group(
        {
          level: optional(value(fields.level), DEFAULTS.level),
          disks: optional(value(fields.disks), DEFAULTS.disks),
          chunk: optional(value(fields.chunk), DEFAULTS.chunk),
          layout: optional(value(fields.layout), undefined),
          cache: optional(value(fields.cache), DEFAULTS.cache),
          size: optional(value(fields.size), undefined),
          disk: optional(scalarOr(value(oneOf(names.disks)), DISK), names.disks[0]),
          rmwLevel: optional(value(fields.rmwLevel), DEFAULTS.rmwLevel),
          metadata: optional(value(fields.metadata), undefined),
          bitmap: optional(value(fields.bitmap), undefined),
          bitmapChunk: optional(value(fields.chunk), BITMAP_CHUNK),
          consistencyPolicy: optional(value(fields.policy), undefined),
          spares: optional(value(integer(0, 16)), 0),
        },
        { badBlocks: 'list of bad blocks', journal: 'write journal', ppl: 'partial parity log' },
      ),
    ),
    workload: required(
      group({
        trace: optional(value(fields.text), undefined),
        fio: optional(value(fields.text), undefined),
        pace: optional(value(fields.pace), DEFAULTS.pace),
        speed: optional(value(fields.speed), DEFAULTS.speed),
        depth: optional(value(fields.depth), DEFAULTS.depth),
      }),
    ),
    faults: optional(FAULT_LIST, []),
    check: optional(value(fields.flag), false),
    checks: optional(CHECK_LIST, []),
  });
}

/**
 * Reads a scenario.
 * @param text of the file
 * @param file its path: for errors, and because the trace's path is relative to it
 * @throws InputError for the first thing that is wrong
 */
export function parseScenario<Platform extends string, Disk extends string>(
  text: string,
  file: string,
  names: ScenarioNames<Platform, Disk>,
): Scenario<Platform, Disk> {
  return readScenario(text, file, names).scenario;
}

/** Reads a scenario, and keeps where everything stands for what can only be checked later. @throws InputError */
export function readScenario<Platform extends string, Disk extends string>(
  text: string,
  file: string,
  names: ScenarioNames<Platform, Disk>,
): ReadScenario<Platform, Disk> {
  const source = new YamlSource(text, file);
  const { faults: entries, workload, checks, array, ...rest } = source.read(language(names));
  const { trace, fio } = workload;
  source.at('workload', () => requireOne(trace, fio));
  requirePace(source, workload.pace, fio !== undefined);
  const { level, disks, metadata, bitmap, bitmapChunk, consistencyPolicy, spares, ...plain } = array;
  const layout = array.layout ?? defaultLayout(level);
  source.at('array.disks', () => requireDisks(disks, level));
  source.at('array.layout', () => requireLayout(layout, level));
  const units = names.units(rest.platform);
  entries.forEach(({ engine }, index) => {
    if (engine === undefined) return;
    source.at(`faults[${index}].engine.unit`, () => {
      if (units.length === 0) refuse(`platform ${rest.platform} has no engine`, 'a platform with engines');
      oneOf(units).parse(engine.unit);
    });
  });
  const beside = (path: string | undefined): string | undefined =>
    path === undefined || isAbsolute(path) ? path : join(dirname(file), path);
  const common = {
    ...rest,
    array: { ...plain, level, disks, layout },
    workload: { ...workload, trace: beside(trace), fio: beside(fio) },
  };
  if (metadata === undefined) {
    const only = ONLY_WITH_METADATA.map((key) => `array.${key}`);
    const needless = [...only, 'checks'].find((path) => source.has(path));
    if (needless !== undefined) {
      source.at(needless, () => refuse('it means nothing without metadata', 'metadata: 1.2 under array'));
    }
    requirePlain(source, entries);
    return { scenario: { ...common, ...plainFaults(source, entries, level, disks), life: undefined }, source };
  }
  if (rest.check) source.at('check', () => refuse('an array with metadata has checks', 'checks: with an entry check'));
  const withBitmap = source.at('array.consistencyPolicy', () => bitmapWanted(bitmap, consistencyPolicy));
  const life: ScenarioLife = {
    spares,
    bitmapChunk: withBitmap ? bitmapChunk : undefined,
    events: lifeEvents(source, entries, disks + spares),
    checks: lifeChecks(checks),
  };
  if (!withBitmap && source.has('array.bitmapChunk')) {
    source.at('array.bitmapChunk', () => refuse('there is no bitmap', 'it only with bitmap: internal'));
  }
  return { scenario: { ...common, faults: [], engineFaults: [], life }, source };
}

/** Faults of an array without metadata. */
function plainFaults(
  source: YamlSource,
  entries: readonly FaultEntry[],
  level: Level,
  disks: number,
): { faults: DiskFailure[]; engineFaults: EngineFault[] } {
  const faults: DiskFailure[] = [];
  const engineFaults: EngineFault[] = [];
  entries.forEach(({ fail, engine }, index) => {
    if (engine !== undefined) engineFaults.push(engine);
    if (fail === undefined) return;
    source.at(`faults[${index}].fail.disk`, () => requireDisk(fail.disk, disks));
    source.at(`faults[${index}]`, () => requireSurvivable(faults.length, level));
    faults.push(fail);
  });
  return { faults, engineFaults };
}

/** Keys of the workload that the pace, or a job file, makes meaningless. */
function requirePace(source: YamlSource, pace: string, jobs: boolean): void {
  for (const key of jobs ? ['pace', 'speed', 'depth'] : []) {
    const path = `workload.${key}`;
    if (source.has(path)) source.at(path, () => refuse('the job file says this itself', 'it only with a trace'));
  }
  for (const [key, meant] of Object.entries(ONLY_WITH_PACE)) {
    const path = `workload.${key}`;
    if (pace === meant || !source.has(path)) continue;
    source.at(path, () => refuse(`it means nothing with pace ${pace}`, `it only with pace ${meant}`));
  }
}

function requireOne(trace: string | undefined, fio: string | undefined): void {
  if (trace === undefined && fio === undefined) refuse('there is no workload', 'a trace or a fio job file');
  if (trace !== undefined && fio !== undefined)
    refuse('there are two workloads', 'a trace or a fio job file, not both');
}

function refuse(problem: string, expected: string): never {
  throw new FieldError(problem, expected);
}
