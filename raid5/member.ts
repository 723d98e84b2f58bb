import type { Disk } from './disks/disk';

/** What the handler has to know of a member. */
export interface MemberState {
  /** Failed: as good as absent. */
  readonly faulty: boolean;
  /** Whether all of it is up to date (`In_sync`). */
  readonly inSync: boolean;
  /** `recovery_offset`: what lies below this sector is up to date on a member that is being rebuilt. */
  readonly recoveryOffset: number;
  /** Failed, and the superblocks do not say so yet (MQ-00). */
  readonly blocked: boolean;
}

/** `struct md_rdev`: a disk in its place in the array. */
export class Member implements MemberState {
  faulty = false;
  blocked = false;
  inSync = true;
  recoveryOffset = Infinity;
  /** Reads that failed since one succeeded (IO-01, IO-02). */
  readErrors = 0;
  /** Blocks that were read again after having been written again (IO-01). */
  correctedErrors = 0;
  /** `nr_pending`: requests on their way. */
  pending = 0;

  /** @param dataOffset sector of the disk where the array's data start, a multiple of 8; before them lie metadata */
  constructor(
    readonly disk: Disk,
    readonly dataOffset = 0,
  ) {}

  /** A disk that holds nothing yet. */
  static spare(disk: Disk, dataOffset = 0): Member {
    const member = new Member(disk, dataOffset);
    member.inSync = false;
    member.recoveryOffset = 0;
    return member;
  }
}
