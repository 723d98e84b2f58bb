/** From devices with superblocks to a running array (`md_run`; RU-01, RU-02). */
import type { AsyncTx } from '../../async_tx/async-tx';
import type { Kernel } from '../../emulator/kernel/kernel';
import { Raid5Array } from '../array';
import { Disk } from '../disks/disk';
import type { HostAdapter } from '../disks/host-adapter';
import type { Media } from '../disks/media';
import { INSTANT } from '../disks/models';
import { Geometry, SECTOR, STRIPE_SECTORS, STRIPE_SIZE } from '../geometry';
import type { LayoutName, Level } from '../layouts';
import { Member } from '../member';
import type { Assembly, Member as Found, MemberDisk, StartOptions, Verdict } from '../superblock/assemble';
import { assemble, isRebuilding, refuseStart } from '../superblock/assemble';
import { MAX_SECTOR, SUPER_BYTES, SUPER_SECTOR } from '../superblock/layout';
import { layoutName } from '../superblock/levels';
import type { Refusal } from '../superblock/refusal';
import { Mddev } from './mddev';
import { Rdev } from './rdev';

/** A disk that may belong to an array. One medium holds the whole device: superblock, bitmap, data. */
export interface Device {
  readonly disk: Disk;
  readonly sectors: number;
}

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
}

/** Reads sectors of a medium from the host side, as assembly does before there is an array. */
export function readMedia(media: Media, sector: number, count: number): Uint8Array {
  const first = sector - (sector % STRIPE_SECTORS);
  const blocks = Math.ceil((sector + count - first) / STRIPE_SECTORS);
  const bytes = new Uint8Array(blocks * STRIPE_SIZE);
  for (let i = 0; i < blocks; i++) media.readBlock(first + i * STRIPE_SECTORS, bytes, i * STRIPE_SIZE);
  return bytes.slice((sector - first) * SECTOR, (sector - first + count) * SECTOR);
}

/** The device as assembly sees it. */
export class MediaDisk implements MemberDisk {
  constructor(readonly device: Device) {}

  get name(): string {
    return this.device.disk.name;
  }

  get sectors(): number {
    return this.device.sectors;
  }

  read(sector: number, count: number): Uint8Array | undefined {
    return sector + count > this.sectors ? undefined : readMedia(this.device.disk.media, sector, count);
  }
}

/** Assembles the devices and runs the array; nothing is written before it runs. */
export function startArray(kernel: Kernel, api: AsyncTx, devices: readonly Device[], options: RunOptions): Started {
  const verdict = assemble(devices.map((device) => new MediaDisk(device)));
  const { array } = verdict;
  if (array === undefined) return { verdict };
  const refusal = refuseStart(array, options) ?? refusePlacement(array);
  if (refusal !== undefined) return { verdict, refusal };
  return { verdict, md: run(kernel, api, array, options) };
}

/** Disks of this machine transfer blocks of 4 KiB: everything has to lie on their boundaries. */
function refusePlacement({ places, spares }: Assembly): Refusal | undefined {
  for (const found of [...places, ...spares]) {
    if (found === undefined) continue;
    const { dataOffset } = found.superblock;
    if (dataOffset % BigInt(STRIPE_SECTORS) !== 0n) {
      const problem = `the data of ${found.disk.name} start at sector ${dataOffset}`;
      return { rule: 'R5-01', problem, expected: `a multiple of ${STRIPE_SECTORS}` };
    }
  }
  return undefined;
}

function run(kernel: Kernel, api: AsyncTx, assembly: Assembly, options: RunOptions): Mddev {
  const { freshest, places, spares, degraded, resyncOffset } = assembly;
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
  // `mdadm --assemble --force` calls an array that is both dirty and degraded clean: nothing else could start it.
  const clean = resyncOffset === MAX_SECTOR || (degraded > 0 && options.force === true);
  array.recoveryCp = clean ? Infinity : Number(resyncOffset);
  const used = Number(size) - (Number(size) % chunksize);
  return new Mddev(array, rdevs, {
    events,
    size: used,
    bootTime: options.bootTime,
    readOnly: options.readOnly === true,
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
  return new Rdev(member, superblock, page, place);
}

/** Nobody is in this place. */
function absent(place: number, adapter: HostAdapter): Member {
  const member = new Member(new Disk('missing', place, INSTANT, adapter));
  member.faulty = true;
  member.inSync = false;
  return member;
}
