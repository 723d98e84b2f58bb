/** From devices with superblocks to a running array (`md_run`; RU-01, RU-02). */
import type { AsyncTx } from '../../async_tx/async-tx';
import type { Kernel } from '../../emulator/kernel/kernel';
import { Raid5Array } from '../array';
import { Disk } from '../disks/disk';
import type { HostAdapter } from '../disks/host-adapter';
import { INSTANT } from '../disks/models';
import { Geometry, SECTOR, STRIPE_SECTORS, STRIPE_SIZE } from '../geometry';
import type { LayoutName, Level } from '../layouts';
import { Member } from '../member';
import type { Assembly, Member as Found, StartOptions, Verdict } from '../superblock/assemble';
import { assemble, isRebuilding, refuseStart } from '../superblock/assemble';
import { FEATURES, MAX_SECTOR, SUPER_BYTES, SUPER_SECTOR } from '../superblock/layout';
import { layoutName } from '../superblock/levels';
import type { Refusal } from '../superblock/refusal';
import { hasFeature } from '../superblock/superblock';
import type { Device } from './devices';
import { MediaDisk, readMedia } from './devices';
import { Mddev } from './mddev';
import { Rdev } from './rdev';
import type { ArraySectors } from './write-hole';
import { writeHole } from './write-hole';

export interface RunOptions extends StartOptions {
  readonly adapter: HostAdapter;
  /** stripe heads */
  readonly cache: number;
  /** seconds since 1970 at power-on */
  readonly bootTime: number;
  /** Only to read from: nothing is written, however long it runs. */
  readonly readOnly?: boolean;
}

/** What became of the wish to run an array. */
export interface Started {
  /** What was found on the devices. */
  readonly verdict: Verdict;
  /** Why the array does not run, when it was found and does not. */
  readonly refusal?: Refusal;
  readonly md?: Mddev;
  /** What may be lost because the start was forced: neither old nor new, in stripes that were being written (RU-01). */
  readonly writeHole?: readonly ArraySectors[];
}

/** Assembles the devices and runs the array; nothing is written before it runs. */
export function startArray(kernel: Kernel, api: AsyncTx, devices: readonly Device[], options: RunOptions): Started {
  const verdict = assemble(devices.map((device) => new MediaDisk(device)));
  const { array } = verdict;
  if (array === undefined) return { verdict };
  const refusal = refuseStart(array, options) ?? refusePlacement(array);
  if (refusal !== undefined) return { verdict, refusal };
  const forced = refuseStart(array, { run: true }) !== undefined;
  const md = run(kernel, api, array, options, forced);
  return { verdict, md, writeHole: forced ? [...writeHole(array, md.array.geometry, md.size)] : [] };
}

/** Disks of this machine transfer blocks of 4 KiB: everything has to lie on their boundaries. */
function refusePlacement({ places, spares, bitmap }: Assembly): Refusal | undefined {
  if (bitmap !== undefined && bitmap.super.chunksize < STRIPE_SIZE) {
    const problem = `a bit of the bitmap stands for ${bitmap.super.chunksize} bytes`;
    return { rule: 'R5-01', problem, expected: `${STRIPE_SIZE}, a block of a stripe, or more` };
  }
  for (const found of [...places, ...spares]) {
    if (found === undefined) continue;
    const { dataOffset, bitmapOffset } = found.superblock;
    if (dataOffset % BigInt(STRIPE_SECTORS) === 0n && bitmapOffset % STRIPE_SECTORS === 0) continue;
    const problem = `data start at sector ${dataOffset} of ${found.disk.name}, its bitmap ${bitmapOffset} behind its superblock`;
    return { rule: 'R5-01', problem, expected: `multiples of ${STRIPE_SECTORS}` };
  }
  return undefined;
}

function run(kernel: Kernel, api: AsyncTx, assembly: Assembly, options: RunOptions, forced: boolean): Mddev {
  const { freshest, places, spares, resyncOffset } = assembly;
  const { level, layout, raidDisks, chunksize, size, events } = freshest.superblock;
  const name = layoutName(level, layout)! as LayoutName;
  const geometry = new Geometry(level as Level, raidDisks, chunksize * SECTOR, name);
  const rdevs: Rdev[] = [];
  const take = (found: Found, place: number | undefined): Member => {
    const rdev = rdevOf(found, place);
    rdevs.push(rdev);
    return rdev.member;
  };
  const members = places.map((found, place) =>
    found === undefined ? absent(place, options.adapter) : take(found, place),
  );
  for (const found of spares) take(found, undefined);
  const array = new Raid5Array(kernel, api, geometry, members, options.cache);
  // `mdadm --assemble --force` calls an array clean that is both dirty and degraded (`force-array`), a RAID-6 that misses
  // one member as well: parity of what was being written stays as it is until somebody repairs it.
  array.recoveryCp = forced || resyncOffset === MAX_SECTOR ? Infinity : Number(resyncOffset);
  const used = Number(size) - (Number(size) % chunksize);
  const { bitmap, bitmapStale } = assembly;
  return new Mddev(array, rdevs, {
    events,
    size: used,
    bootTime: options.bootTime,
    readOnly: options.readOnly === true,
    ...(bitmap === undefined ? {} : { bitmap, bitmapStale }),
  });
}

function rdevOf(found: Found, place: number | undefined): Rdev {
  const { superblock } = found;
  const { device } = found.disk as MediaDisk;
  const dataOffset = Number(superblock.dataOffset);
  const inSync = place !== undefined && !isRebuilding(found);
  const member = inSync ? new Member(device.disk, dataOffset) : Member.spare(device.disk, dataOffset);
  if (!inSync && place !== undefined) member.recoveryOffset = Number(superblock.recoveryOffset);
  const page = readMedia(device.disk.media, SUPER_SECTOR, SUPER_BYTES / SECTOR);
  const rdev = new Rdev(member, superblock, page, place);
  // Only what the bitmap marks was being rebuilt; any other rebuild must not trust it.
  if (!inSync && hasFeature(superblock, FEATURES.RECOVERY_BITMAP)) rdev.savedPlace = place;
  return rdev;
}

/** Nobody is in this place. */
function absent(place: number, adapter: HostAdapter): Member {
  const member = new Member(new Disk('missing', place, INSTANT, adapter));
  member.faulty = true;
  member.inSync = false;
  return member;
}
