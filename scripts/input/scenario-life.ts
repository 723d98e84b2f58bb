/** The part of a scenario that only an array with metadata has: what happens in its life, and what is checked in the end. */
import { BUS_FAULTS } from '../../emulator/faults/bus-faults';
import type { Check } from '../../raid5/life/checks';
import type { Incident, LifeEvent, Moment } from '../../raid5/life/events';
import { FieldError } from '../../raid5/workload/input-error';
import { fields, integer, oneOf } from './fields';
import type { OneKey, YamlSource } from './schema';
import { group, list, oneKey, optional, required, value } from './schema';

const at = required(value(fields.at));
const disk = required(value(fields.disk));
/** of the data of a member, in sectors of 512 bytes */
const sector = required(value(integer(0, Number.MAX_SAFE_INTEGER)));
const flag = optional(value(fields.flag), false);
const amount = value(integer(0, Number.MAX_SAFE_INTEGER));

/** What can go wrong, or be done to the array: one row each. */
const FAULTS = {
  /** a disk dies */
  fail: group({ disk, at }),
  /** transfers of an engine fail */
  engine: group({
    unit: required(value(fields.text)),
    at,
    kind: optional(value(oneOf(BUS_FAULTS)), 'mcu-abort' as const),
    times: optional(value(integer(1, 1_000_000)), 1),
  }),
  /** blocks cannot be read until they are written again */
  readError: group({ disk, sector, at, blocks: optional(value(integer(1, 1_000_000)), 1), permanent: flag }),
  /** a byte changes on the medium, and nobody says so */
  corrupt: group({ disk, sector, at }),
  /** the power fails and comes back */
  powerCut: group({
    at: optional(value(fields.at), undefined),
    event: optional(value(integer(1, Number.MAX_SAFE_INTEGER)), undefined),
    force: flag,
  }),
  remove: group({ disk, at }),
  addSpare: group({ at }),
  reAdd: group({ disk, at }),
  replaceDisk: group({ disk, at }),
  repair: group({ at }),
};

/** The shape of the list of faults. */
export const FAULT_LIST = list(
  oneKey(FAULTS, {
    replace: 'replacement of a member that still works',
    grow: 'growing',
    reshape: 'reshape',
    badBlock: 'list of bad blocks',
  }),
);

/** An entry of it. */
export type FaultEntry = ReturnType<typeof FAULT_LIST.read>[number];

/** What is checked in the end: one row each. */
const CHECKS = {
  data: value(oneOf(['intact', 'loss'] as const)),
  parity: group({ wrong: required(amount) }),
  check: group({ mismatch: required(amount) }),
  locate: list(group({ disk, sector })),
  examine: group({
    state: optional(value(oneOf(['clean', 'dirty'] as const)), undefined),
    degraded: optional(amount, undefined),
    spares: optional(amount, undefined),
    dirtyChunks: optional(amount, undefined),
    correctedBlocks: optional(amount, undefined),
  }),
};

/** The shape of the list of checks. */
export const CHECK_LIST = list(oneKey(CHECKS));

/** An entry of it. */
export type CheckEntry = ReturnType<typeof CHECK_LIST.read>[number];

/** Faults that an array without metadata knows as well. */
const PLAIN = ['fail', 'engine'];

/** Refuses what only an array with metadata can live through. @throws InputError */
export function requirePlain(source: YamlSource, entries: readonly FaultEntry[]): void {
  entries.forEach((entry, index) => {
    const [kind] = present(entry);
    if (PLAIN.includes(kind)) return;
    source.at(`faults[${index}].${kind}`, () => {
      throw new FieldError('the array has no metadata to live through it', 'metadata: 1.2 under array');
    });
  });
}

/**
 * The events of a life. @param media disks there are before it begins
 * @throws InputError for a disk that never is
 */
export function lifeEvents(source: YamlSource, entries: readonly FaultEntry[], media: number): LifeEvent[] {
  const added = entries.filter(({ addSpare, replaceDisk }) => (addSpare ?? replaceDisk) !== undefined).length;
  return entries.map((entry, index): LifeEvent => {
    const [kind, said] = present(entry);
    const path = `faults[${index}].${kind}`;
    if ('disk' in said) {
      source.at(`${path}.disk`, () => {
        if (said.disk < media + added) return;
        throw new FieldError(`'${said.disk}' is no disk of this scenario`, `a disk from 0 to ${media + added - 1}`);
      });
    }
    if (entry.powerCut !== undefined) {
      const { force, ...when } = entry.powerCut;
      return { kind: 'powerCut', force, ...source.at(path, () => momentOf(when)) };
    }
    if (entry.engine !== undefined) {
      const { kind: fault, ...rest } = entry.engine;
      return { kind: 'engine', fault, ...rest };
    }
    return { kind, ...said } as Incident & Moment;
  });
}

/** The checks of a life. */
export function lifeChecks(entries: readonly CheckEntry[]): Check[] {
  return entries.map(({ data, parity, check, locate, examine }): Check => {
    if (data !== undefined) return { kind: 'data', expect: data };
    if (parity !== undefined) return { kind: 'parity', ...parity };
    if (check !== undefined) return { kind: 'check', ...check };
    if (locate !== undefined) return { kind: 'locate', blocks: locate };
    return { kind: 'examine', says: examine! };
  });
}

function momentOf({ at: time, event }: { at: number | undefined; event: number | undefined }): Moment {
  if (time !== undefined && event === undefined) return { at: time };
  if (event !== undefined && time === undefined) return { event };
  throw new FieldError('it has to say when', 'at: TIME or event: NUMBER, one of them');
}

/** The one key that an entry has, and what it says. */
function present<T extends object>(entry: OneKey<T>): [keyof T & string, T[keyof T]] {
  return Object.entries(entry).find(([, said]) => said !== undefined) as [keyof T & string, T[keyof T]];
}
