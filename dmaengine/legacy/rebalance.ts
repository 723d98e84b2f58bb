import type { DmaChan } from '../device';
import { dmaHasCap, LegacyCapability } from './capability';

/** `struct dma_chan_ref`: a channel of async_tx's master list, and how many table entries name it. */
export interface DmaChanRef {
  readonly chan: DmaChan;
  count: number;
}

/** `channel_table` of 2007's async_tx: for every capability, an entry for each processor. */
export type LegacyTable = Map<LegacyCapability, (DmaChanRef | undefined)[]>;

/** Every capability but INTERRUPT, ascending. */
const IN_TABLE = Object.values(LegacyCapability).filter((capability) => capability !== LegacyCapability.INTERRUPT);

/**
 * `async_tx_rebalance` (CL-12, CL-13): undoes the last distribution, then makes a new one. The running number
 * counts across processors and capabilities, so on an SMP build later capabilities mostly find it too large
 * and fall back to the lowest count. A count is reset only where the old table named the channel.
 * @param smp whether the kernel was built for more than one processor
 */
export function asyncTxRebalance(
  master: readonly DmaChanRef[],
  old: LegacyTable,
  cpus: number,
  smp: boolean,
): LegacyTable {
  for (const row of old.values()) for (const ref of row) if (ref !== undefined) ref.count = 0;
  let running = 0;
  return new Map(
    IN_TABLE.map((capability) => [
      capability,
      Array.from({ length: cpus }, () => choose(master, capability, smp ? running++ : undefined)),
    ]),
  );
}

/** `get_chan_ref_by_cap`: the n-th capable channel, or without one the one with the lowest count. */
function choose(
  master: readonly DmaChanRef[],
  capability: LegacyCapability,
  n: number | undefined,
): DmaChanRef | undefined {
  const capable = master.filter(({ chan }) => dmaHasCap(chan.device, capability));
  const nth = n === undefined ? undefined : capable[n];
  const chosen = nth ?? capable.reduce<DmaChanRef | undefined>(lower, undefined);
  if (chosen !== undefined) chosen.count++;
  return chosen;
}

/** The lower count; the earlier on a tie. */
function lower(best: DmaChanRef | undefined, ref: DmaChanRef): DmaChanRef {
  return best === undefined || ref.count < best.count ? ref : best;
}
