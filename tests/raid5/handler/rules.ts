/**
 * Sections 4.4, 4.6 and 4.7 of the semantics as one function on plain values, written from the rules' text alone.
 * Blocks and decisions are small integers, so that all can be gone through. Sets of disks are bit masks.
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
  readonly p: number;
  /** -1 on RAID-4 and RAID-5 */
  readonly q: number;
  readonly preread: boolean;
  readonly syncing: boolean;
  readonly rmwLevel: 0 | 1 | 2;
  /** The stripe is at or beyond recovery_cp. */
  readonly dirty: boolean;
}

export interface Decided {
  /** Disks to read. */
  reads: number;
  /** Disks whose blocks are computed. */
  computes: number;
  /** Blocks to copy into waiting reads. */
  fills: number;
  delayed: boolean;
  write: 'none' | 'full' | 'rcw' | 'rmw';
  /** Data blocks that are drained. */
  drains: number;
}

export function decideByRules({ blocks, p, q, preread, syncing, rmwLevel, dirty }: Given): Decided {
  const n = blocks.length;
  const raid6 = q >= 0;
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
  const decided: Decided = { reads: 0, computes: 0, fills, delayed: false, write: 'none', drains: 0 };

  const partial = (b: Block): boolean => b.towrite && !b.overwrite;
  const firstTwo = failed.slice(0, 2);
  const wanted = (i: number): boolean => {
    const b = blocks[i];
    if (b.locked || b.uptodate) return false; // FI-02
    if (b.toread || partial(b) || syncing || firstTwo.some((f) => blocks[f].toread)) return true;
    if (failed.length === 0 || toWrite === 0) return false; // FI-03
    if (b.insync && !preread) return false;
    if (firstTwo.some((f) => partial(blocks[f]) && !blocks[f].uptodate)) return true;
    let forced = rmwLevel === 0 || dirty;
    if (failed.length >= 2) {
      for (const f of firstTwo) {
        // What is there already forces nothing: an rmw can use it.
        if (!blocks[f].uptodate && (f === p || f === q || blocks[f].towrite)) forced = true;
      }
    }
    return forced && firstTwo.some((f) => f !== p && f !== q && !blocks[f].uptodate && !blocks[f].overwrite);
  };
  const filling =
    toRead > 0 || nonOverwrite > 0 || (toWrite > 0 && failed.length > 0) || (syncing && uptodate + computing < n); // HS-10
  if (filling && !computeRuns) {
    for (let i = n - 1; i >= 0 && decided.computes === 0; i--) {
      if (!wanted(i)) continue;
      if (uptodate === n - 1 && (firstTwo.includes(i) || (raid6 && i === p))) {
        decided.computes = 1 << i; // FI-04, FI-06
      } else if (uptodate === n - 2 && failed.length >= 2) {
        const others = indices(n).filter((other) => other !== i && !blocks[other].uptodate);
        decided.computes = (1 << i) | (1 << others[0]);
      } else if (blocks[i].insync) {
        decided.reads |= 1 << i;
        nowLocked[i] = true;
        locked++;
      }
    }
    indices(n).forEach((i) => (nowComputed[i] ||= (decided.computes & (1 << i)) !== 0));
  }

  if (toWrite === 0) return decided;
  const price = (b: Block): number => (b.insync ? 1 : 2 * n);
  const lacking = (i: number): boolean => !nowLocked[i] && !blocks[i].uptodate && !nowComputed[i];
  const parity = (i: number): boolean => i === p || i === q;
  const forRmw = indices(n).filter((i) => (blocks[i].towrite || parity(i)) && lacking(i)); // WR-02
  const forRcw = indices(n).filter((i) => !blocks[i].overwrite && !parity(i) && lacking(i));
  let rmw = forRmw.reduce((sum, i) => sum + price(blocks[i]), 0);
  let rcw = forRcw.reduce((sum, i) => sum + price(blocks[i]), 0);
  if (rmwLevel === 0 || (dirty && failed.length === 0)) [rmw, rcw] = [2, 1]; // WR-01
  const equalMeansRmw = rmwLevel === 2;
  const takeRmw = rmw > 0 && (rmw < rcw || (rmw === rcw && equalMeansRmw)); // WR-03
  const takeRcw = rcw > 0 && (rcw < rmw || (rcw === rmw && !equalMeansRmw));
  if (takeRmw) readOrDelay(forRmw.filter((i) => blocks[i].insync)); // WR-04
  if (takeRcw) {
    if (forRcw.some((i) => !blocks[i].insync)) decided.delayed = true;
    readOrDelay(forRcw.filter((i) => blocks[i].insync));
    rcw = forRcw.length; // WR-06
  }
  if (rmw > n && rcw > n && !preread) decided.delayed = true; // WR-05
  const mayStart = (decided.computes !== 0 || !computeRuns) && locked === 0 && (rcw === 0 || rmw === 0); // WR-07
  if (!mayStart) return decided;
  const byRcw = rcw === 0;
  const drains = indices(n).filter((i) => blocks[i].towrite && (byRcw || blocks[i].uptodate || nowComputed[i])); // WR-08, WR-09
  if (drains.length === 0) return decided; // WR-10
  decided.drains = drains.reduce((mask, i) => mask | (1 << i), 0);
  const full = drains.length + (raid6 ? 2 : 1) === n;
  decided.write = byRcw ? (full ? 'full' : 'rcw') : 'rmw';
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
