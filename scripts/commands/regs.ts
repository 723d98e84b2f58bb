/** `adma regs`: the units of a platform and their registers. */
import type { PlatformName } from '../../emulator/platforms';
import { PLATFORMS } from '../../emulator/platforms';
import { platformUnits } from '../../emulator/platforms/units';
import { FieldError, quote } from '../../raid5/workload/input-error';
import { ExitCode } from '../console/exit-code';
import type { UnitAnswer, UnitsDocument } from '../console/regs-report';
import { renderUnit, renderUnits } from '../console/regs-report';
import { didYouMean } from '../input/spelling';
import type { PlatformGroup } from './platform-groups';
import { byPlatform, platformsOf } from './platform-groups';

export interface RegsOptions {
  readonly platform?: string;
  readonly fields?: boolean;
  readonly json?: boolean;
}

const SCHEMA_VERSION = 1;

/** Prints the list. Throws FieldError for a unit or platform that does not exist. */
export function regs(unit: string | undefined, options: RegsOptions): ExitCode {
  const names = platformsOf(options.platform);
  const fields = options.fields === true;
  if (unit === undefined) {
    if (fields) throw new FieldError('--fields means nothing without a unit', 'UNIT');
    const answers = byPlatform(names, (name) =>
      platformUnits(PLATFORMS[name]).map(({ registers: _, ...rest }) => rest),
    );
    return print({ schemaVersion: SCHEMA_VERSION, answers }, renderUnits, options);
  }
  const answers = registersOf(unit, names, fields);
  return print({ schemaVersion: SCHEMA_VERSION, answers }, renderUnit, options);
}

function print<T extends UnitsDocument<unknown>>(
  document: T,
  render: (document: T) => string,
  { json }: RegsOptions,
): ExitCode {
  process.stdout.write(json === true ? `${JSON.stringify(document, null, 2)}\n` : render(document));
  return ExitCode.done;
}

function registersOf(
  text: string,
  names: readonly PlatformName[],
  fields: boolean,
): readonly PlatformGroup<UnitAnswer>[] {
  const answers = byPlatform(names, (platform): UnitAnswer | undefined => {
    const unit = platformUnits(PLATFORMS[platform]).find(({ name }) => name === text.toLowerCase());
    if (unit === undefined) return undefined;
    const { registers, ...rest } = unit;
    return {
      ...rest,
      registers: registers.map(({ layout, address, cp6 }) => ({
        name: layout.name,
        offset: layout.offset,
        address,
        cp6,
        reset: layout.reset ?? 0,
        title: layout.title,
        source: layout.source,
        ...(fields ? { fields: layout.fields } : {}),
      })),
    };
  });
  if (answers.length > 0) return answers;
  const units = [...new Set(names.flatMap((name) => platformUnits(PLATFORMS[name]).map((unit) => unit.name)))];
  throw new FieldError(
    `${quote(text)} is no unit of ${names.join(', ')}${didYouMean(text.toLowerCase(), units)}`,
    `one of: ${units.join(', ')}`,
  );
}
