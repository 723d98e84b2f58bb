/** How a running array changes its superblocks (`md_update_sb`, `super_1_sync`). */
import { FEATURES, MAX_SECTOR, Role } from './layout';
import type { Superblock } from './superblock';

/** What all superblocks of an array say about its state. */
export interface ArrayState {
  readonly events: bigint;
  /** Whether the last update only marked the array dirty, so that marking it clean takes the count back. */
  readonly canDecreaseEvents: boolean;
  /** No write is under way. */
  readonly inSync: boolean;
  /** Where a resync stands; all ones: nothing to do. */
  readonly recoveryCp: bigint;
  readonly degraded: number;
  /** seconds since 1970 */
  readonly utime: number;
}

/** What a member is while the array runs. */
export interface MemberState {
  /** number in the role table */
  readonly devNumber: number;
  /** place in the array; undefined for a spare */
  readonly place?: number;
  readonly state: 'in-sync' | 'rebuilding' | 'spare' | 'faulty';
  /** sectors rebuilt so far */
  readonly recoveryOffset?: bigint;
  /** Whether it was a member before, and only what the bitmap marks is rebuilt. */
  readonly byBitmap?: boolean;
}

/**
 * The next update of the superblocks. Marking an array clean that nothing but "dirty" happened to takes its count back,
 * so that spares, which sleep through both, stay fresh (SB-06); anything else counts up.
 * @param change whether only clean and dirty changed, or the members did
 */
export function nextUpdate(state: ArrayState, change: 'clean-dirty' | 'members', utime: number): ArrayState {
  const sparesSleep = change === 'clean-dirty' && state.degraded === 0;
  const back =
    sparesSleep && state.inSync && state.recoveryCp === MAX_SECTOR && state.canDecreaseEvents && state.events !== 1n;
  return back
    ? { ...state, utime, events: state.events - 1n, canDecreaseEvents: false }
    : { ...state, utime, events: state.events + 1n, canDecreaseEvents: sparesSleep };
}

/**
 * What one member's superblock becomes in that update. A dirty array has resync offset 0, a rebuilt member its recovery
 * offset, and a member that was dropped no entry in the table.
 */
export function syncSuperblock(
  superblock: Superblock,
  { events, inSync, recoveryCp, utime }: ArrayState,
  own: MemberState,
  members: readonly MemberState[],
): Superblock {
  const rebuilding = own.state === 'rebuilding';
  const { BITMAP_OFFSET, RECOVERY_OFFSET, RECOVERY_BITMAP } = FEATURES;
  const bitmap = superblock.featureMap & BITMAP_OFFSET.bit;
  const recovery = rebuilding ? RECOVERY_OFFSET.bit : 0;
  const byBitmap = rebuilding && own.byBitmap === true && bitmap !== 0 ? RECOVERY_BITMAP.bit : 0;
  const entries = Math.max(superblock.roles.length, ...members.map(({ devNumber }) => devNumber + 1));
  const roles = new Array<number>(entries).fill(Role.spare);
  for (const { devNumber, place, state } of members) {
    if (state === 'faulty') roles[devNumber] = Role.faulty;
    else if (place !== undefined && state !== 'spare') roles[devNumber] = place;
  }
  return {
    ...superblock,
    featureMap: bitmap | recovery | byBitmap,
    recoveryOffset: rebuilding ? (own.recoveryOffset ?? 0n) : 0n,
    utime: BigInt(utime),
    events,
    resyncOffset: inSync ? recoveryCp : 0n,
    maxDev: entries,
    roles,
  };
}
