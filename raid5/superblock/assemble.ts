/** From the superblocks of some disks to an array, or to the reasons why not (SB-06, RU-01, RU-02; `super_1_validate`). */
import { PARITY_DISKS } from '../geometry';
import type { Level } from '../layouts';
import { layoutName, onlyParity } from './levels';
import type { Bitmap } from './bitmap';
import { bitmapBytes, decodeBitmap, decodeBitmapSuper, refuseBitmap } from './bitmap';
import { FEATURES, MAX_SECTOR, Role, SUPER_BYTES, SUPER_SECTOR } from './layout';
import { loadSuperblock } from './load';
import type { DiskRefusal, Refusal } from './refusal';
import type { Superblock } from './superblock';
import { hasFeature, roleOf, uuidText } from './superblock';

/** A disk as assembly sees it. */
export interface MemberDisk {
  /** what messages call it */
  readonly name: string;
  readonly sectors: number;
  /** Bytes of so many sectors; undefined when the disk ends before. */
  read(sector: number, count: number): Uint8Array | undefined;
}

/** A disk whose superblock is good. */
export interface Member {
  readonly disk: MemberDisk;
  readonly superblock: Superblock;
}

/** An array as its freshest superblock tells it. */
export interface Assembly {
  /** The freshest active member; its superblock speaks for the array. */
  readonly freshest: Member;
  /** By place; undefined: nobody is there. */
  readonly places: readonly (Member | undefined)[];
  readonly spares: readonly Member[];
  readonly faulty: readonly Member[];
  /** Places without a member, or with one that is still being rebuilt. */
  readonly degraded: number;
  /** Sector below which the members agree; all ones: a clean array (RU-02). */
  readonly resyncOffset: bigint;
  readonly bitmap?: Bitmap;
  /** Whether the bitmap is older than the array, so that all chunks count as dirty. */
  readonly bitmapStale: boolean;
}

export interface Verdict {
  /** Disks that are not taken, each with its reason. */
  readonly refused: readonly DiskRefusal[];
  /** undefined when no active member is left. */
  readonly array?: Assembly;
}

/** Whether a member is being rebuilt: below its recovery offset it is good. */
export function isRebuilding({ superblock }: Member): boolean {
  return hasFeature(superblock, FEATURES.RECOVERY_OFFSET);
}

/** Judges every disk, and puts the good ones of one array together. Nothing is written. */
export function assemble(disks: readonly MemberDisk[]): Verdict {
  const refused: DiskRefusal[] = [];
  const refuse = ({ disk }: Member, rule: string, problem: string, expected: string): void => {
    refused.push({ disk: disk.name, rule, problem, expected });
  };
  const loaded = disks.flatMap((disk): Member[] => {
    const { superblock, refusal } = loadSuperblock(disk.read(SUPER_SECTOR, SUPER_BYTES / 512), disk.sectors);
    if (superblock !== undefined) return [{ disk, superblock }];
    refused.push({ disk: disk.name, ...refusal });
    return [];
  });
  const ours = ownMembers(loaded, refuse);
  const freshest = newest(ours.filter(isActive));
  if (freshest === undefined) {
    for (const member of ours) refuse(member, 'SB-06', 'no active member of its array is here', 'one or more');
    return { refused };
  }
  const array = arrange(ours, freshest, refuse);
  const bitmap = readBitmap(freshest);
  if (bitmap !== undefined && 'rule' in bitmap) {
    refused.push({ disk: freshest.disk.name, ...bitmap });
    return { refused };
  }
  const bitmapStale = bitmap !== undefined && bitmap.super.events < freshest.superblock.events;
  return { refused, array: { ...array, ...(bitmap === undefined ? {} : { bitmap }), bitmapStale } };
}

/** What the user asks for beyond the safe start. */
export interface StartOptions {
  /** start although members are missing that the array expects */
  readonly run?: boolean;
  /** start although the array is both dirty and degraded */
  readonly force?: boolean;
}

/** Why the array is not started (RU-01); undefined: it may be. */
export function refuseStart(array: Assembly, { run, force }: StartOptions = {}): Refusal | undefined {
  const { freshest, places, degraded, resyncOffset } = array;
  const { level, layout, raidDisks, roles } = freshest.superblock;
  const most = PARITY_DISKS[level as Level];
  if (degraded > most) {
    return {
      rule: 'RU-01',
      problem: `${degraded} of ${raidDisks} members are missing or not rebuilt`,
      expected: `${most} at most for RAID-${level}`,
    };
  }
  const absent = places.flatMap((member, place) => (member === undefined && roles.includes(place) ? [place] : []));
  if (absent.length > 0 && run !== true) {
    return {
      rule: 'RU-01',
      problem: `the array was left with a member in place ${absent.join(' and ')}, which is not here`,
      expected: 'all its members, or --run',
    };
  }
  const name = layoutName(level, layout)!;
  const rebuildingParity = places.filter(
    (member, place) => member !== undefined && isRebuilding(member) && onlyParity(level, name, raidDisks, place),
  ).length;
  if (resyncOffset !== MAX_SECTOR && degraded > rebuildingParity && force !== true) {
    return {
      rule: 'RU-01',
      problem: 'the array is dirty and degraded',
      expected: 'one of the two at most, or --force',
    };
  }
  return undefined;
}

type Refuse = (member: Member, rule: string, problem: string, expected: string) => void;

function isActive({ superblock }: Member): boolean {
  return roleOf(superblock) < superblock.raidDisks;
}

/** The one with the most updates; of equals, the first (SB-06). */
function newest(members: readonly Member[]): Member | undefined {
  return members.reduce<Member | undefined>(
    (best, member) => (best === undefined || member.superblock.events > best.superblock.events ? member : best),
    undefined,
  );
}

/** Members of the array that most disks belong to; of equals, the first disk's. */
function ownMembers(members: readonly Member[], refuse: Refuse): readonly Member[] {
  const uuids = members.map(({ superblock }) => uuidText(superblock.setUuid));
  const votes = (uuid: string): number => uuids.filter((other) => other === uuid).length;
  const chosen = uuids.reduce<string | undefined>(
    (best, uuid) => (best === undefined || votes(uuid) > votes(best) ? uuid : best),
    undefined,
  );
  return members.filter((member, i) => {
    if (uuids[i] === chosen) return true;
    refuse(member, 'SB-06', `it belongs to the array ${uuids[i]}`, `a member of ${chosen}`);
    return false;
  });
}

/** Fields that all members share (`super_1_load` and mdadm’s `compare_super1`). */
const SHARED = ['ctime', 'level', 'layout', 'size', 'chunksize', 'raidDisks'] as const;

function arrange(
  members: readonly Member[],
  freshest: Member,
  refuse: Refuse,
): Omit<Assembly, 'bitmap' | 'bitmapStale'> {
  const { superblock } = freshest;
  const places: (Member | undefined)[] = Array.from({ length: superblock.raidDisks }, () => undefined);
  const spares: Member[] = [];
  const faulty: Member[] = [];
  // The freshest first: of two members that claim a place, the one with more updates has it.
  const byEvents = [...members].sort((a, b) => Number(b.superblock.events - a.superblock.events));
  for (const member of byEvents) {
    const { events } = member.superblock;
    const role = roleOf(member.superblock);
    const odd = SHARED.find((field) => member.superblock[field] !== superblock[field]);
    if (odd !== undefined) {
      refuse(
        member,
        'SB-05',
        `its ${odd} is ${member.superblock[odd]}`,
        `${superblock[odd]} as on ${freshest.disk.name}`,
      );
    } else if (role === Role.spare) spares.push(member);
    else if (role === Role.faulty) faulty.push(member);
    else if (role >= superblock.raidDisks) {
      refuse(member, 'SB-04', `its role is ${role}`, `a place below ${superblock.raidDisks}`);
    } else if (events + 1n < superblock.events) {
      refuse(member, 'SB-06', `its event count ${events} is stale`, `${superblock.events - 1n} or more`);
    } else if ((superblock.roles[member.superblock.devNumber] ?? Role.spare) !== role) {
      refuse(member, 'SB-06', `the array failed it in place ${role} since`, `the role it has on ${freshest.disk.name}`);
    } else if (places[role] !== undefined) {
      refuse(member, 'SB-04', `it claims place ${role} as ${places[role].disk.name} does`, 'one member in a place');
    } else places[role] = member;
  }
  const degraded = places.filter((member) => member === undefined || isRebuilding(member)).length;
  return { freshest, places, spares, faulty, degraded, resyncOffset: superblock.resyncOffset };
}

/** The bitmap of an array that has one, or why it cannot be used. */
function readBitmap({ disk, superblock }: Member): Bitmap | Refusal | undefined {
  if (!hasFeature(superblock, FEATURES.BITMAP_OFFSET)) return undefined;
  const sector = SUPER_SECTOR + superblock.bitmapOffset;
  const outside: Refusal = {
    rule: 'SB-08',
    problem: `the bitmap lies at sector ${sector}, outside the room for metadata`,
    expected: `a place from sector ${SUPER_SECTOR + 1} that ends before the data at ${superblock.dataOffset}`,
  };
  const room = Number(superblock.dataOffset) - sector;
  const head = sector > SUPER_SECTOR && room >= 1 ? disk.read(sector, 1) : undefined;
  if (head === undefined) return outside;
  const header = decodeBitmapSuper(head);
  const refusal = refuseBitmap(header, superblock.setUuid);
  if (refusal !== undefined) return refusal;
  const sectors = bitmapBytes(header) / 512;
  const bytes = sectors <= room ? disk.read(sector, sectors) : undefined;
  return bytes === undefined ? outside : decodeBitmap(bytes);
}
