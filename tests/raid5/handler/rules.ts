/**
 * Section 4.4, 4.6 and 4.7 of the semantics as one function on plain values, for RAID-5 with rmw level 1,
 * written from the rules' text alone. Blocks and decisions are small integers, so that all can be gone through.
 */

/** One block as the rules see it. */
export interface Block {
  uptodate: boolean;
  locked: boolean;
  overwrite: boolean;
  insync: boolean;
  toread: boolean;
  towrite: boolean;
  /** A running compute makes it. */
  wantcompute: boolean;
}

export interface Given {
  readonly blocks: readonly Block[];
  readonly parity: number;
  readonly preread: boolean;
  readonly syncing: boolean;
}

/** Sets of disks are bit masks. */
export interface Decided {
  /** Disks to read. */
  reads: number;
  /** The disk whose block is computed, -1 for none. */
  compute: number;
  /** Blocks to copy into waiting reads. */
  fills: number;
  delayed: boolean;
  write: 'none' | 'full' | 'rcw' | 'rmw';
  /** Data blocks that are drained. */
  drains: number;
}

export function decideByRules({ blocks, parity, preread, syncing }: Given): Decided {
  const n = blocks.length;
  let fills = 0;
  const failed: number[] = [];
  let [locked, uptodate, computing, toRead, toWrite, nonOverwrite] = [0, 0, 0, 0, 0, 0];
  for (let i = n - 1; i >= 0; i--) {
    const b = blocks[i];
    if (b.uptodate && b.toread)
      fills |= 1 << i; // AN-01
    else if (b.toread) toRead++; // AN-02
    if (b.locked) locked++;
    if (b.uptodate) uptodate++;
    if (b.wantcompute) computing++;
    if (b.towrite) toWrite++;
    if (b.towrite && !b.overwrite) nonOverwrite++;
    if (!b.insync) failed.push(i); // AN-06
  }
  const computeRuns = computing > 0;
  const nowLocked = blocks.map((b) => b.locked);
  const nowComputed = blocks.map((b) => b.wantcompute);
  const decided: Decided = { reads: 0, compute: -1, fills, delayed: false, write: 'none', drains: 0 };

  const partial = (b: Block): boolean => b.towrite && !b.overwrite;
  const wanted = (i: number): boolean => {
    const b = blocks[i];
    if (b.locked || b.uptodate) return false; // FI-02
    const plainly = b.toread || partial(b) || syncing || failed.some((f) => blocks[f].toread);
    if (plainly) return true;
    const degradedWrite = failed.length > 0 && toWrite > 0; // FI-03
    if (!degradedWrite || (b.insync && !preread)) return false;
    return failed.some((f) => partial(blocks[f]) && !blocks[f].uptodate);
  };
  const filling =
    toRead > 0 || nonOverwrite > 0 || (toWrite > 0 && failed.length > 0) || (syncing && uptodate + computing < n); // HS-10
  if (filling && !computeRuns) {
    for (let i = n - 1; i >= 0 && decided.compute < 0; i--) {
      if (!wanted(i)) continue;
      if (uptodate === n - 1 && failed.includes(i)) {
        decided.compute = i; // FI-04, FI-06
        nowComputed[i] = true;
      } else if (blocks[i].insync) {
        decided.reads |= 1 << i;
        nowLocked[i] = true;
        locked++;
      }
    }
  }

  if (toWrite === 0) return decided;
  const price = (b: Block): number => (b.insync ? 1 : 2 * n);
  const lacking = (i: number): boolean => !nowLocked[i] && !blocks[i].uptodate && !nowComputed[i];
  const forRmw = indices(n).filter((i) => (blocks[i].towrite || i === parity) && lacking(i)); // WR-02
  const forRcw = indices(n).filter((i) => !blocks[i].overwrite && i !== parity && lacking(i));
  const rmw = forRmw.reduce((sum, i) => sum + price(blocks[i]), 0);
  let rcw = forRcw.reduce((sum, i) => sum + price(blocks[i]), 0);
  if (rmw > 0 && rmw < rcw) readOrDelay(forRmw.filter((i) => blocks[i].insync)); // WR-03, WR-04
  if (rcw > 0 && rcw <= rmw) {
    if (forRcw.some((i) => !blocks[i].insync)) decided.delayed = true;
    readOrDelay(forRcw.filter((i) => blocks[i].insync));
    rcw = forRcw.length; // WR-06
  }
  if (rmw > n && rcw > n && !preread) decided.delayed = true; // WR-05
  const mayStart = (decided.compute >= 0 || !computeRuns) && locked === 0 && (rcw === 0 || rmw === 0); // WR-07
  if (!mayStart) return decided;
  const byRcw = rcw === 0;
  const drains = indices(n).filter((i) => blocks[i].towrite && (byRcw || blocks[i].uptodate || nowComputed[i])); // WR-08, WR-09
  if (drains.length === 0) return decided; // WR-10
  decided.drains = drains.reduce((mask, i) => mask | (1 << i), 0);
  decided.write = byRcw ? (drains.length + 1 === n ? 'full' : 'rcw') : 'rmw';
  return decided;

  function readOrDelay(which: readonly number[]): void {
    for (const i of which) {
      if (!preread) decided.delayed = true;
      else {
        decided.reads |= 1 << i;
        locked++;
      }
    }
  }
}

function indices(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}
