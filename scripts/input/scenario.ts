/** Scenario files: what to build, what to run on it and what goes wrong, in YAML. Version 1 of the language. */
import { defaultLayout } from '../../raid5/layouts';
import { dirname, isAbsolute, join } from 'node:path';

import { BUS_FAULTS } from '../../emulator/faults/bus-faults';
import type { DiskModel } from '../../raid5/disks/models';
import { FieldError } from '../../raid5/workload/input-error';
import type { LayoutName, Level } from '../../raid5/layouts';
import type { EngineErrors, EngineFault } from '../../raid5/workload/run';
import { ENGINE_ERRORS } from '../../raid5/workload/run';
import { DISK } from './disk-record';
import {
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
import { group, list, oneKey, optional, required, scalarOr, value, YamlSource } from './schema';

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
  /** at most as many as the level survives */
  readonly faults: readonly DiskFailure[];
  readonly engineFaults: readonly EngineFault[];
  /** whether a `check` pass of md follows the workload */
  readonly check: boolean;
}

/** Keys that mean something with one pace only. */
const ONLY_WITH_PACE = { speed: 'trace', depth: 'asap' } as const;

/** What can go wrong: one row each. */
const FAULTS = {
  /** a disk dies */
  fail: group({ disk: required(value(fields.disk)), at: required(value(fields.at)) }),
  /** transfers of an engine fail */
  engine: group({
    unit: required(value(fields.text)),
    at: required(value(fields.at)),
    kind: optional(value(oneOf(BUS_FAULTS)), 'mcu-abort' as const),
    times: optional(value(integer(1, 1_000_000)), 1),
  }),
};

function language<Platform extends string, Disk extends string>(names: ScenarioNames<Platform, Disk>) {
  return group({
    version: required(value(fields.version)),
    name: required(value(fields.text)),
    seed: optional(value(fields.seed), DEFAULTS.seed),
    platform: required(value(oneOf(names.platforms))),
    engineErrors: optional(value(oneOf(ENGINE_ERRORS)), ENGINE_ERRORS[0]),
    array: required(
      group({
        level: optional(value(fields.level), DEFAULTS.level),
        disks: optional(value(fields.disks), DEFAULTS.disks),
        chunk: optional(value(fields.chunk), DEFAULTS.chunk),
        layout: optional(value(fields.layout), undefined),
        cache: optional(value(fields.cache), DEFAULTS.cache),
        size: optional(value(fields.size), undefined),
        disk: optional(scalarOr(value(oneOf(names.disks)), DISK), names.disks[0]),
      }),
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
    faults: optional(list(oneKey(FAULTS)), []),
    check: optional(value(fields.flag), false),
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
  const source = new YamlSource(text, file);
  const { faults: entries, workload, ...rest } = source.read(language(names));

  const { trace, fio } = workload;
  source.at('workload', () => requireOne(trace, fio));
  for (const key of fio === undefined ? [] : ['pace', 'speed', 'depth']) {
    const path = `workload.${key}`;
    if (source.has(path)) source.at(path, () => refuse('the job file says this itself', 'it only with a trace'));
  }
  for (const [key, pace] of Object.entries(ONLY_WITH_PACE)) {
    const path = `workload.${key}`;
    if (workload.pace === pace || !source.has(path)) continue;
    source.at(path, () => {
      throw new FieldError(`it means nothing with pace ${workload.pace}`, `it only with pace ${pace}`);
    });
  }
  const { level, disks } = rest.array;
  const layout = rest.array.layout ?? defaultLayout(level);
  source.at('array.disks', () => requireDisks(disks, level));
  source.at('array.layout', () => requireLayout(layout, level));
  const faults: DiskFailure[] = [];
  const engineFaults: EngineFault[] = [];
  entries.forEach(({ fail, engine }, index) => {
    if (engine !== undefined) {
      const units = names.units(rest.platform);
      source.at(`faults[${index}].engine.unit`, () => {
        if (units.length === 0) refuse(`platform ${rest.platform} has no engine`, 'a platform with engines');
        oneOf(units).parse(engine.unit);
      });
      engineFaults.push(engine);
    }
    if (fail === undefined) return;
    source.at(`faults[${index}].fail.disk`, () => requireDisk(fail.disk, disks));
    source.at(`faults[${index}]`, () => requireSurvivable(faults.length, level));
    faults.push(fail);
  });

  const beside = (path: string | undefined): string | undefined =>
    path === undefined || isAbsolute(path) ? path : join(dirname(file), path);
  return {
    ...rest,
    array: { ...rest.array, layout },
    workload: { ...workload, trace: beside(trace), fio: beside(fio) },
    faults,
    engineFaults,
  };
}

function requireOne(trace: string | undefined, fio: string | undefined): void {
  if (trace === undefined && fio === undefined) refuse('there is no workload', 'a trace or a fio job file');
  if (trace !== undefined && fio !== undefined)
    refuse('there are two workloads', 'a trace or a fio job file, not both');
}

function refuse(problem: string, expected: string): never {
  throw new FieldError(problem, expected);
}
