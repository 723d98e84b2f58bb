/** Section 4.9 of the semantics as one function on plain values, written from the rules' text alone. */
import type { CheckState } from '../../../raid5/stripe/flags';

/** What a stripe is in when the check's turn comes. Members are 0 … n-1, data first, then P and, with level 6, Q. */
export interface CheckGiven {
  readonly level: 5 | 6;
  readonly members: number;
  readonly state: CheckState;
  readonly failed: readonly number[];
  /** Bit 0: P does not fit, bit 1: Q does not. */
  readonly result: number;
  readonly checkOnly: boolean;
  readonly insync: boolean;
  readonly uptodate: readonly boolean[];
}

/** What becomes of it; the id of a BUG instead when there is one. */
export interface CheckOutcome {
  state: CheckState;
  /** Whether a check operation starts. */
  starts: boolean;
  /** Members whose blocks are written. */
  writes: number[];
  /** Members whose blocks are computed. */
  computes: number[];
  insync: boolean;
  mismatch: number;
  /** Whether P's block stays valid. */
  pValid: boolean;
}

export function checkByRules(given: CheckGiven): CheckOutcome | string {
  return given.level === 5 ? check5(given) : check6(given);
}

function check5(given: CheckGiven): CheckOutcome | string {
  const { state, failed, insync, members, uptodate, result, checkOnly } = given;
  const p = members - 1;
  const out = unchanged(given, p);
  const all = uptodate.every((valid) => valid);
  switch (state) {
    case 'idle':
      if (failed.length === 0) return all ? { ...out, state: 'run', starts: true, pValid: false } : 'C5-01';
      return back5(failed[0]);
    case 'compute_result':
      return back5(p);
    case 'run':
    case 'compute_run':
      return out; // C5-03
    case 'check_result': {
      // C5-04
      if (failed.length > 0) return { ...out, state: 'idle' };
      if ((result & 1) === 0) return { ...out, state: 'idle', insync: true };
      if (checkOnly) return { ...out, state: 'idle', insync: true, mismatch: 8 };
      return { ...out, state: 'compute_run', mismatch: 8, computes: [p] };
    }
    default:
      return 'C5-01';
  }

  /** C5-02 */
  function back5(disk: number): CheckOutcome | string {
    if (insync) return { ...out, state: 'idle' };
    return all ? { ...out, state: 'idle', insync: true, writes: [disk] } : 'C5-02';
  }
}

function check6(given: CheckGiven): CheckOutcome | string {
  const { state, failed, insync, members, uptodate, result, checkOnly } = given;
  const [p, q] = [members - 2, members - 1];
  const out = unchanged(given, p);
  const flagged = [...(result & 1 ? [p] : []), ...(result & 2 ? [q] : [])];
  switch (state) {
    case 'idle': {
      // C6-01
      const qFailed = failed.includes(q);
      const checksP = failed.length === (qFailed ? 1 : 0);
      const checksQ = !qFailed && failed.length < 2;
      if (checksP && checksQ) return { ...out, state: 'run_pq', starts: true };
      if (checksQ) return { ...out, state: 'run_q', starts: true };
      if (checksP) return { ...out, state: 'run', starts: true, pValid: false };
      return back6([]);
    }
    case 'compute_result':
      return back6(flagged);
    case 'check_result':
      // C6-03
      if (flagged.length === 0) {
        return failed.length === 0 ? { ...out, state: 'idle', insync: true } : { ...out, state: 'compute_result' };
      }
      if (checkOnly) return { ...out, state: 'idle', insync: true, mismatch: 8 };
      return { ...out, state: 'compute_run', mismatch: 8, computes: flagged };
    default:
      return out;
  }

  /** C6-02; what is not valid cannot be written. */
  function back6(wrong: readonly number[]): CheckOutcome {
    if (insync) return { ...out, state: 'idle' };
    const writes = [...new Set([...failed, ...wrong])].filter((disk) => uptodate[disk]).sort((a, b) => a - b);
    return { ...out, state: 'idle', insync: true, writes };
  }
}

function unchanged({ state, insync, uptodate }: CheckGiven, p: number): CheckOutcome {
  return { state, starts: false, writes: [], computes: [], insync, mismatch: 0, pValid: uptodate[p] };
}
