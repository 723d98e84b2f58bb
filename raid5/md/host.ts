/** What md.c is to raid5.c: the side of an array with metadata that the personality calls. */
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { Member } from '../member';

export interface MdHost {
  /** `sb_flags`: the superblocks do not say what is true any more, and raid5d has to write them. */
  readonly superblockChanged: boolean;
  /** `md_check_recovery`, in raid5d: writes superblocks and starts the pass that is due. */
  checkRecovery(): ThreadBody;
  /** `md_error`, after the personality has marked the member. */
  memberFailed(member: Member): void;
}
