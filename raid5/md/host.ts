/** What md.c is to raid5.c: the side of an array with metadata that the personality calls. */
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { Member } from '../member';

/** The write-intent bitmap as the personality uses it (BM-01). */
export interface BitmapHost {
  /** A stripe is going to be written. @param sector of a member */
  startWrite(sector: number): void;
  /** It was. @param success whether every member took it */
  endWrite(sector: number, success: boolean): void;
  /** Until all bits set so far are on the disks. */
  unplug(): ThreadBody;
}

export interface MdHost {
  /** undefined: an array without. */
  readonly bitmap: BitmapHost | undefined;
  /** `sb_flags`: the superblocks do not say what is true any more, and raid5d has to write them. */
  readonly superblockChanged: boolean;
  /** `md_check_recovery`, in raid5d: writes superblocks and starts the pass that is due. */
  checkRecovery(): ThreadBody;
  /** `md_error`, after the personality has marked the member. */
  memberFailed(member: Member): void;
}
