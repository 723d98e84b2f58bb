/** `adma md detail`: an array in the words of `mdadm --detail`. */
import { PARITY_DISKS } from '../geometry';
import type { Level } from '../layouts';
import { layoutName } from './levels';
import type { Assembly, Member } from './assemble';
import { isRebuilding } from './assemble';
import { bitmapChunks, dirtyChunks } from './bitmap';
import { MAX_SECTOR } from './layout';
import { nameOf, uuidText } from './superblock';
import { humanSize, labelled, timeText } from './text';

/** The text. @param title its first line */
export function detailText(title: string, array: Assembly): string {
  const { freshest, places, spares, faulty, bitmap } = array;
  const { superblock } = freshest;
  const { level, layout, chunksize, size, raidDisks, ctime, utime, setUuid, events } = superblock;
  const present = places.filter((member) => member !== undefined);
  const active = present.filter((member) => !isRebuilding(member)).length;
  const bytes = size * 512n;
  const arrayBytes = bytes * BigInt(raidDisks - PARITY_DISKS[level as Level]);
  const sizeText = (value: bigint): string => `${value / 1024n}${humanSize(value)}`;
  return `${title}:\n${labelled(18, [
    ['Version', '1.2'],
    ['Creation Time', timeText(ctime)],
    ['Raid Level', `raid${level}`],
    ['Array Size', sizeText(arrayBytes)],
    ['Used Dev Size', sizeText(bytes)],
    ['Raid Devices', `${raidDisks}`],
    ['Total Devices', `${present.length + spares.length + faulty.length}`],
    undefined,
    ...(bitmap === undefined ? [] : [['Intent Bitmap', `Internal, ${bitmapText(array)}`] as const, undefined]),
    ['Update Time', timeText(utime)],
    ['State', stateText(array)],
    ['Active Devices', `${active}`],
    ['Working Devices', `${present.length + spares.length}`],
    ['Failed Devices', `${faulty.length}`],
    ['Spare Devices', `${present.length - active + spares.length}`],
    undefined,
    ...(level === 4 ? [] : [['Layout', layoutName(level, layout)!] as const]),
    ['Chunk Size', `${chunksize / 2}K`],
    undefined,
    ['Name', nameOf(superblock)],
    ['UUID', uuidText(setUuid)],
    ['Events', `${events}`],
  ])}\n${memberTable(array)}`;
}

function bitmapText({ bitmap, bitmapStale }: Assembly): string {
  const chunks = bitmapChunks(bitmap!.super);
  const dirty = bitmapStale ? chunks : dirtyChunks(bitmap!);
  return `${dirty} of ${chunks} chunks dirty${bitmapStale ? ' (stale)' : ''}`;
}

function stateText({ freshest, resyncOffset, degraded, places }: Assembly): string {
  const survives = PARITY_DISKS[freshest.superblock.level as Level];
  const recovering = places.some((member) => member !== undefined && isRebuilding(member));
  return [
    resyncOffset === MAX_SECTOR ? 'clean' : 'active, Not synced',
    ...(degraded > survives ? ['FAILED'] : degraded > 0 ? ['degraded'] : []),
    ...(recovering ? ['recovering'] : []),
  ].join(', ');
}

function memberTable({ places, spares, faulty }: Assembly): string {
  const row = (number: string, place: string, state: string, name: string): string =>
    `${number.padStart(10)}${place.padStart(13)}      ${state.padEnd(18)} ${name}`.trimEnd();
  const of = (member: Member, place: string, state: string): string =>
    row(`${member.superblock.devNumber}`, place, state, member.disk.name);
  const lines = [
    row('Number', 'RaidDevice', 'State', ''),
    ...places.map((member, place) => {
      if (member === undefined) return row('-', `${place}`, 'removed', '');
      return of(member, `${place}`, isRebuilding(member) ? 'spare rebuilding' : 'active sync');
    }),
    ...spares.map((member) => of(member, '-', 'spare')),
    ...faulty.map((member) => of(member, '-', 'faulty')),
  ];
  return `${lines.join('\n')}\n`;
}
