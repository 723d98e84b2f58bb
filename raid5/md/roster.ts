/** Who belongs to a running array: members come and go (`hot_add_disk`, `hot_remove_disk`, `remove_and_add_spares`). */
import { Member } from '../member';
import { FEATURES, SUPER_BYTES, SUPER_SECTOR } from '../superblock/layout';
import { loadSuperblock } from '../superblock/load';
import type { Refusal } from '../superblock/refusal';
import type { Superblock } from '../superblock/superblock';
import { hasFeature, roleOf, uuidText } from '../superblock/superblock';
import type { Device } from './devices';
import { readMedia } from './devices';
import type { Mddev } from './mddev';
import { Rdev } from './rdev';

/** What became of a device that was added. */
export type Added = 're-added' | 'spare' | Refusal;

export class Roster {
  /**
   * @param md the array they belong to
   * @param rdevs members in their places, and spares
   */
  constructor(
    private readonly md: Mddev,
    readonly rdevs: Rdev[],
  ) {}

  /** The device of this name. */
  find(name: string): Rdev | undefined {
    return this.rdevs.find(({ member }) => member.disk.name === name);
  }

  /** `mdadm --fail`. */
  fail(name: string): Refusal | undefined {
    const rdev = this.find(name);
    if (rdev === undefined) return unknown(name);
    this.md.array.fail(rdev.member);
    return undefined;
  }

  /** `mdadm --remove`: takes a device out of the array; one that works in its place stays (EBUSY). */
  remove(name: string): Refusal | undefined {
    const rdev = this.find(name);
    if (rdev === undefined) return unknown(name);
    const { faulty, blocked, pending } = rdev.member;
    if ((rdev.place !== undefined && !faulty) || blocked || pending > 0) {
      return { rule: 'MQ-00', problem: `${name} is in use`, expected: 'a spare, or a member that has failed' };
    }
    this.rdevs.splice(this.rdevs.indexOf(rdev), 1);
    this.md.noteMembers();
    return undefined;
  }

  /**
   * `mdadm --add`: a member that left comes back to its place, if the bitmap still tells what it missed (BM-01); any
   * other device becomes a spare, and is rebuilt all over when a place is free.
   * @param deviceUuid its name as a spare
   */
  add(device: Device, deviceUuid: Uint8Array): Added {
    const { name } = device.disk;
    if (this.find(name) !== undefined) {
      return { rule: 'MQ-00', problem: `${name} belongs to the array already`, expected: 'another device' };
    }
    const [{ superblock: ours }] = this.rdevs;
    const sectors = Number(ours.dataOffset) + this.md.size;
    if (device.sectors < sectors) {
      return { rule: 'SB-05', problem: `${name} has ${device.sectors} sectors`, expected: `${sectors} or more` };
    }
    const page = readMedia(device.disk.media, SUPER_SECTOR, SUPER_BYTES / 512);
    const { superblock: theirs } = loadSuperblock(page, device.sectors);
    const place = theirs === undefined ? undefined : this.formerPlace(theirs, ours);
    const superblock = place === undefined ? this.spare(ours, device, deviceUuid) : theirs!;
    const rdev = new Rdev(Member.spare(device.disk, Number(superblock.dataOffset)), superblock, page, undefined);
    rdev.savedPlace = place;
    this.rdevs.push(rdev);
    this.md.noteMembers();
    this.md.sync.poke();
    return place === undefined ? 'spare' : 're-added';
  }

  /** Gives free places to devices that have none: to their own first. */
  activateSpares(): void {
    const { array } = this.md;
    if (array.degraded > array.geometry.maxDegraded) return;
    const waiting = this.rdevs.filter(({ place, member }) => place === undefined && !member.faulty);
    for (const rdev of [...waiting].sort(
      (a, b) => Number(b.savedPlace !== undefined) - Number(a.savedPlace !== undefined),
    )) {
      const places = array.members.map((_, place) => place);
      const wanted = rdev.savedPlace === undefined ? places : [rdev.savedPlace, ...places];
      const place = wanted.find((candidate) => array.addSpare(candidate, rdev.member));
      if (place === undefined) continue;
      for (const other of this.rdevs) if (other.place === place) other.place = undefined;
      rdev.place = place;
      this.md.noteMembers();
    }
  }

  /** After a rebuild: what members were before does not matter any more. */
  forgetPlaces(): void {
    for (const rdev of this.rdevs) if (rdev.member.inSync) rdev.savedPlace = undefined;
  }

  /** Whether the bitmap tells all that members being rebuilt have missed. */
  get rebuiltByBitmap(): boolean {
    return this.rdevs.every(({ member, place, savedPlace }) => {
      const rebuilding = place !== undefined && !member.faulty && !member.inSync;
      return !rebuilding || savedPlace === place;
    });
  }

  /** The place of a member that left and can take up where it was (`super_1_validate`). */
  private formerPlace(theirs: Superblock, ours: Superblock): number | undefined {
    const { bitmap, array } = this.md;
    const role = roleOf(theirs);
    const same = uuidText(theirs.setUuid) === uuidText(ours.setUuid) && theirs.dataOffset === ours.dataOffset;
    if (!same || bitmap === undefined || role >= array.geometry.disks || !array.members[role].faulty) return undefined;
    const rebuilt = !isRebuildingFully(theirs);
    return rebuilt && theirs.events >= bitmap.eventsCleared ? role : undefined;
  }

  /** The superblock of a device that knows nothing of the array yet. */
  private spare(ours: Superblock, { sectors }: Device, deviceUuid: Uint8Array): Superblock {
    const used = this.rdevs.map(({ superblock }) => superblock.devNumber);
    let devNumber = ours.raidDisks;
    while (used.includes(devNumber)) devNumber++;
    return {
      ...ours,
      featureMap: ours.featureMap & FEATURES.BITMAP_OFFSET.bit,
      recoveryOffset: 0n,
      devNumber,
      deviceUuid,
      cntCorrectedRead: 0,
      dataSize: BigInt(sectors) - ours.dataOffset,
      events: 0n,
    };
  }
}

/** Whether it was being rebuilt when it left, by more than the bitmap. */
function isRebuildingFully(superblock: Superblock): boolean {
  return hasFeature(superblock, FEATURES.RECOVERY_OFFSET) && !hasFeature(superblock, FEATURES.RECOVERY_BITMAP);
}

function unknown(name: string): Refusal {
  return { rule: 'MQ-00', problem: `${name} is no device of the array`, expected: 'one that is' };
}
