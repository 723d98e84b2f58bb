/** `adma explain`: what a register value or a descriptor says. */
import type { PlatformName } from '../../emulator/platforms';
import { PLATFORMS } from '../../emulator/platforms';
import { descriptorLength, explainDescriptor } from '../../emulator/platforms/explain-descriptor';
import type { EngineRecord } from '../../emulator/platforms/platform';
import type { PlacedRegister, Unit } from '../../emulator/platforms/units';
import { nearestUnit, platformUnits } from '../../emulator/platforms/units';
import { DEFAULT_DRAM_BYTES } from '../../emulator/memory/dram';
import { explainRegister } from '../../emulator/registers/explain';
import { FieldError, quote } from '../../raid5/workload/input-error';
import { ExitCode } from '../console/exit-code';
import type { DescriptorDocument, RegisterAnswer, RegisterDocument } from '../console/explain-report';
import { renderDescriptors, renderRegisters } from '../console/explain-report';
import { addressRange, hexAddress } from '../console/units';
import { descriptorWords } from '../input/descriptor-words';
import { forOption, refuseOption, oneOf } from '../input/fields';
import type { RegisterPlace } from '../input/register-place';
import { parsePlace, parseValue } from '../input/register-place';
import { didYouMean } from '../input/spelling';
import { byPlatform, platformsOf } from './platform-groups';

export interface ExplainOptions {
  readonly descriptor?: string;
  readonly unit?: string;
  readonly control?: string;
  readonly platform?: string;
  readonly json?: boolean;
}

const SCHEMA_VERSION = 1;

/** Prints the explanation. Throws FieldError for anything that cannot be explained. */
export function explain(place: string | undefined, value: string | undefined, options: ExplainOptions): ExitCode {
  if (options.descriptor !== undefined) {
    if (place !== undefined) throw new FieldError(`${quote(place)} beside --descriptor`, 'one of the two');
    return print(explainedDescriptors(options.descriptor, options), renderDescriptors, options);
  }
  for (const name of ['unit', 'control'] as const) {
    if (options[name] === undefined) continue;
    throw new FieldError(`--${name} means nothing for a register`, 'it only with --descriptor');
  }
  if (place === undefined || value === undefined) {
    throw new FieldError(
      place === undefined ? 'nothing to explain' : `no value for ${quote(place)}`,
      'ADDRESS VALUE or --descriptor',
    );
  }
  return print(explainedRegister(place, value, options), renderRegisters, options);
}

function print<T>(document: T, render: (document: T) => string, { json }: ExplainOptions): ExitCode {
  process.stdout.write(json === true ? `${JSON.stringify(document, null, 2)}\n` : render(document));
  return ExitCode.done;
}

// --- registers -----------------------------------------------------------------------------------------------

function explainedRegister(text: string, valueText: string, { platform }: ExplainOptions): RegisterDocument {
  const names = platformsOf(platform);
  const place = parsePlace(text);
  const value = parseValue(valueText);
  const answers = byPlatform(names, (name) => answerOf(platformUnits(PLATFORMS[name]), place, value));
  if (answers.length === 0) throw notFound(text, place, names);
  return { schemaVersion: SCHEMA_VERSION, place: text, value, answers };
}

function answerOf(units: readonly Unit[], place: RegisterPlace, value: number): RegisterAnswer | undefined {
  for (const { name, kind, registers } of units) {
    const found = registers.find((register) => isAt(name, register, place));
    if (found === undefined) continue;
    const { layout, address, cp6 } = found;
    return { unit: name, kind, offset: layout.offset, address, cp6, ...explainRegister(layout, value) };
  }
  return undefined;
}

function isAt(unit: string, { layout, address, cp6 }: PlacedRegister, place: RegisterPlace): boolean {
  switch (place.kind) {
    case 'address':
      return address === place.address;
    case 'cp6':
      return cp6 !== null && cp6[0] === place.crn && cp6[1] === place.crm;
    case 'name':
      return same(unit, place.unit) && same(layout.name, place.register);
  }
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Why a platform has no such register, and how far off the question is: the nearest answer is given. */
interface Refusal {
  readonly distance: number;
  readonly problem: string;
  readonly expected: string;
}

function notFound(text: string, place: RegisterPlace, names: readonly PlatformName[]): FieldError {
  const refusals = byPlatform(names, (name) => refusal(name, text, place));
  const { platforms, answer } = refusals.reduce((best, one) =>
    one.answer.distance < best.answer.distance ? one : best,
  );
  const where = refusals.length > 1 ? ` of ${platforms.join(', ')}` : '';
  return new FieldError(answer.problem, `${answer.expected}${where}`);
}

function refusal(platform: PlatformName, text: string, place: RegisterPlace): Refusal {
  const units = platformUnits(PLATFORMS[platform]);
  switch (place.kind) {
    case 'address':
      return noSuchAddress(platform, units, place.address);
    case 'cp6':
      return {
        distance: 0,
        problem: `${quote(text)} is no register of coprocessor 6`,
        expected: 'one that adma regs intc or adma regs timers lists',
      };
    case 'name':
      return noSuchName(units, place.unit, place.register);
  }
}

function noSuchAddress(platform: PlatformName, units: readonly Unit[], address: number): Refusal {
  const { dramBase } = PLATFORMS[platform];
  const shown = hexAddress(address);
  if (address >= dramBase && address < dramBase + DEFAULT_DRAM_BYTES) {
    return { distance: 0, problem: `${shown} is DRAM`, expected: 'the address of a register' };
  }
  const nearest = nearestUnit(units, address);
  if (nearest === undefined) {
    return { distance: Infinity, problem: `${shown} belongs to no unit`, expected: 'a register of coprocessor 6' };
  }
  const { unit, window, distance } = nearest;
  const range = `${unit.name} (${addressRange(window)})`;
  if (distance > 0) {
    return { distance, problem: `${shown} belongs to no unit`, expected: `an address of one; the nearest is ${range}` };
  }
  const near = unit.registers.reduce((best, register) =>
    Math.abs(register.address! - address) < Math.abs(best.address! - address) ? register : best,
  );
  return {
    distance,
    problem: `${shown} is no register of ${range}`,
    expected: `one like ${near.layout.name} at ${hexAddress(near.address!)}, the nearest`,
  };
}

function noSuchName(units: readonly Unit[], unitName: string, register: string): Refusal {
  const names = units.map(({ name }) => name);
  const unit = units.find(({ name }) => same(name, unitName));
  if (unit === undefined) {
    const hint = didYouMean(unitName.toLowerCase(), names);
    return { distance: 1, problem: `${quote(unitName)} is no unit${hint}`, expected: `a unit like ${names[0]}` };
  }
  const hint = didYouMean(
    register.toUpperCase(),
    unit.registers.map(({ layout }) => layout.name),
  );
  return {
    distance: 0,
    problem: `${quote(register)} is no register of ${unit.name}${hint}`,
    expected: `one that adma regs ${unit.name} lists`,
  };
}

// --- descriptors ---------------------------------------------------------------------------------------------

function explainedDescriptors(given: string, { unit, platform, control: text }: ExplainOptions): DescriptorDocument {
  const names = platformsOf(platform);
  const words = forOption('--descriptor', () => descriptorWords(given));
  const control = text === undefined ? 0 : forOption('--control', () => parseValue(text));
  const wanted = unit ?? defaultKind(names);
  const answers = byPlatform(names, (name) => {
    const engine = engineOf(name, wanted);
    return engine === undefined ? undefined : explainDescriptor(engine, complete(engine, words, control), control);
  });
  if (answers.length === 0) throw noSuchEngine(names, wanted);
  return { schemaVersion: SCHEMA_VERSION, words, answers };
}

function enginesOf(names: readonly PlatformName[]): readonly EngineRecord[] {
  return names.flatMap((name): readonly EngineRecord[] => PLATFORMS[name].engines);
}

/** The only kind of engine of a platform; of several platforms the first one's. */
function defaultKind(names: readonly PlatformName[]): string | undefined {
  const kinds = new Set(enginesOf(names).map(({ kind }) => kind));
  if (names.length === 1 && kinds.size > 1) {
    throw new FieldError(
      `${names[0]} has several kinds of engines`,
      [...kinds].map((kind) => `--unit ${kind}`).join(' or '),
    );
  }
  return [...kinds][0];
}

/** A unit by its name, or the one of a kind that can do most: the last. */
function engineOf(name: PlatformName, wanted: string | undefined): EngineRecord | undefined {
  return enginesOf([name]).findLast(({ kind, unit }) => kind === wanted || unit.name === wanted);
}

function noSuchEngine(names: readonly PlatformName[], wanted: string | undefined): FieldError {
  const engines = enginesOf(names);
  if (engines.length === 0) return new FieldError(`${names.join(', ')} has no engine`, 'a platform that has one');
  const known = [...new Set(engines.flatMap(({ kind, unit }) => [kind, unit.name]))];
  return forOption('--unit', () => {
    oneOf(known).parse(wanted ?? '');
    throw new FieldError(`${quote(wanted ?? '')} is no unit`, `one of: ${known.join(', ')}`);
  });
}

function complete(engine: EngineRecord, words: readonly number[], control: number): readonly number[] {
  const length = descriptorLength(engine, words, control);
  if (words.length >= length) return words;
  const problem = `this ${engine.kind} descriptor has ${length} words, ${words.length} are given`;
  return refuseOption('--descriptor', problem, 'all of them');
}
