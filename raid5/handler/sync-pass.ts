/** What a pass over the stripes is for (MQ-01): make parity right, rebuild members, count what is wrong, or repair it. */
export type SyncAction = 'resync' | 'recover' | 'check' | 'repair';

/** One pass, as the handler sees it and as its caller gets it back. */
export interface SyncPass {
  /** `check` writes nothing (RS-02). */
  readonly action: SyncAction;
  /** sectors, 8 for every stripe whose parity is wrong */
  mismatchSectors: number;
  /** Whether some stripes were left out, because a member failed or too many are missing (IO-05, RS-01). */
  interrupted: boolean;
}

/** `MD_RECOVERY_REQUESTED`: an administrator asked for it, so every stripe is looked at (AN-07). */
export function isRequested({ action }: Pick<SyncPass, 'action'>): boolean {
  return action === 'check' || action === 'repair';
}
