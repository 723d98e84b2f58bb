import type { Disk } from './disks/disk';

/** What the handler has to know of a member. */
export interface MemberState {
  /** Failed: as good as absent. */
  readonly faulty: boolean;
  /** Whether all of it is up to date (`In_sync`). */
  readonly inSync: boolean;
  /** `recovery_offset`: what lies below this sector is up to date on a member that is being rebuilt. */
  readonly recoveryOffset: number;
}

/** `struct md_rdev`: a disk in its place in the array. */
export class Member implements MemberState {
  faulty = false;
  inSync = true;
  recoveryOffset = Infinity;
  /** Reads that failed since one succeeded (IO-01, IO-02). */
  readErrors = 0;
  /** Blocks that were read again after having been written again (IO-01). */
  correctedErrors = 0;
  /** `nr_pending`: requests on their way. */
  pending = 0;

  constructor(readonly disk: Disk) {}

  /** A disk that holds nothing yet. */
  static spare(disk: Disk): Member {
    const member = new Member(disk);
    member.inSync = false;
    member.recoveryOffset = 0;
    return member;
  }
}
