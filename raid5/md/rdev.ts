import { STRIPE_SECTORS } from '../geometry';
import type { Member } from '../member';
import { encodeSuperblock, superSectors } from '../superblock/superblock';
import type { Superblock } from '../superblock/superblock';
import type { MemberState } from '../superblock/update';

/** A device of an array: what md itself has to know of it, beside the personality's `Member`. */
export class Rdev {
  /** `sb_events`: count of the superblock that was last written on it. */
  sbEvents: bigint;
  /** `FaultRecorded`: the superblocks being written say that it failed. */
  faultRecorded = false;
  /** `saved_raid_disk`: the place it has been in before, for which the bitmap tells what it missed. */
  savedPlace: number | undefined;
  /** Sectors whose read errors were mended before the array ran. */
  private readonly correctedBefore: number;

  /**
   * @param superblock as last written
   * @param page the 4 KiB that hold it; what lies behind the superblock is nobody's, and stays
   * @param place `raid_disk`; undefined: a spare
   */
  constructor(
    readonly member: Member,
    public superblock: Superblock,
    private readonly page: Uint8Array,
    public place: number | undefined,
  ) {
    this.sbEvents = superblock.events;
    this.correctedBefore = superblock.cntCorrectedRead;
  }

  /** What its superblock and those of the others say about it. */
  get state(): MemberState {
    const { faulty, inSync, recoveryOffset } = this.member;
    const { devNumber } = this.superblock;
    if (faulty) return { devNumber, state: 'faulty' };
    if (this.place === undefined) return { devNumber, state: 'spare' };
    if (inSync) return { devNumber, place: this.place, state: 'in-sync' };
    return {
      devNumber,
      place: this.place,
      state: 'rebuilding',
      recoveryOffset: BigInt(recoveryOffset),
      byBitmap: this.savedPlace === this.place,
    };
  }

  /** The 4 KiB to write from now on. */
  update(superblock: Superblock): Uint8Array {
    const cntCorrectedRead = this.correctedBefore + STRIPE_SECTORS * this.member.correctedErrors;
    this.superblock = { ...superblock, cntCorrectedRead };
    this.sbEvents = superblock.events;
    this.page.set(encodeSuperblock(this.superblock).subarray(0, superSectors(superblock.roles.length) * 512));
    return this.page;
  }
}
