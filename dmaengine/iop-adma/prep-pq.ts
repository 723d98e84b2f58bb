/** The prep routines of P+Q. */
import { bugOn } from '../../emulator/kernel/bug';
import type { Prepared } from '../device';
import type { SumCheckResult } from '../flags';
import { DmaCtrl } from '../flags';
import type { PqPair } from '../pq';
import { dmafContinue, dmafPDisabledContinue } from '../pq';
import type { IopAdmaChan } from './channel';
import { begin, end, wantsInterrupt } from './prep';

/** The low address bits that P and Q must share, whether P is written or not (hw-iop13xx 6.1). */
const SHARED_BITS = 7;

/**
 * `iop_adma_prep_dma_pq`. The engine cannot continue by itself, so old results are read as sources (IA-28);
 * with P disabled its address only has to agree with Q (IA-29).
 *
 * It cannot leave Q out either. Linux ignores DISABLE_Q and lets the engine write Q to address 0; here P alone
 * is what it amounts to, an xor.
 */
export function prepPq(
  chan: IopAdmaChan,
  dst: PqPair,
  srcs: readonly number[],
  srcCnt: number,
  scf: readonly number[],
  len: number,
  flags: number,
): Prepared {
  const where = 'iop_adma_prep_dma_pq';
  const { hw, kernel } = chan;
  if (len === 0) return null;
  bugOn(len > hw.maxBytes, 'IA-23', 'longer than one descriptor can combine', where);
  const [p, q] = dst;
  const data = srcs.slice(0, srcCnt);
  const interrupt = wantsInterrupt(flags);
  if (flags & DmaCtrl.PREP_PQ_DISABLE_Q) {
    const all = dmafContinue(flags) ? [...data, p] : data;
    return prepared(chan, all.length, flags, where, (phys) => {
      hw.writeXor(kernel, phys, p, all, all.length, len, interrupt);
    });
  }
  const old = chan.steps.continuation(dst, flags);
  const all = [...data, ...old.map(({ address }) => address)];
  const weights = [...scf.slice(0, srcCnt), ...old.map(({ coefficient }) => coefficient)];
  const withP = !(flags & DmaCtrl.PREP_PQ_DISABLE_P);
  return prepared(chan, all.length, flags, where, (phys) => {
    hw.writePq(kernel, phys, [withP ? p : q & SHARED_BITS, q], all, weights, len, withP, interrupt);
  });
}

/**
 * `iop_adma_prep_dma_pq_val`: P and Q go behind the data (IA-30), taken from the pair. Linux takes them from
 * the source array, where a missing P puts Q in P's place (I-12). Without P the engine reads Q there and does
 * not judge it; without Q, which it cannot leave out, this is the check of an xor.
 */
export function prepPqVal(
  chan: IopAdmaChan,
  [p, q]: PqPair,
  srcs: readonly number[],
  srcCnt: number,
  scf: readonly number[],
  len: number,
  result: SumCheckResult,
  flags: number,
): Prepared {
  const where = 'iop_adma_prep_dma_pq_val';
  const { hw, kernel } = chan;
  if (len === 0) return null;
  bugOn(len > hw.maxBytes, 'IA-23', 'longer than one descriptor can check', where);
  const data = srcs.slice(0, srcCnt);
  const interrupt = wantsInterrupt(flags);
  const withP = !(flags & DmaCtrl.PREP_PQ_DISABLE_P);
  const withQ = !(flags & DmaCtrl.PREP_PQ_DISABLE_Q);
  bugOn(!withP && !withQ, 'PQ-02', 'neither P nor Q is to be checked', where);
  const all = withQ ? [...data, withP ? p : q, q] : [...data, p];
  return prepared(
    chan,
    all.length,
    flags,
    where,
    (phys) => {
      if (withQ) hw.writePqVal(kernel, phys, all, scf.slice(0, srcCnt), len, withP, interrupt);
      else hw.writeXorVal(kernel, phys, all, all.length, 0, len, interrupt);
    },
    result,
  );
}

/** A source of a P+Q operation. */
export interface WeightedSource {
  /** bus address */
  readonly address: number;
  readonly coefficient: number;
}

/** What continuing adds: P with 0, Q with 1, and Q with 0 so that it cancels in P; Q alone without P (IA-28). */
export function continuation([p, q]: PqPair, flags: number): readonly WeightedSource[] {
  if (!dmafContinue(flags)) return [];
  if (dmafPDisabledContinue(flags)) return [{ address: q, coefficient: 1 }];
  return [
    { address: p, coefficient: 0 },
    { address: q, coefficient: 1 },
    { address: q, coefficient: 0 },
  ];
}

/** One descriptor for so many sources (IA-21), written by `write`. */
function prepared(
  chan: IopAdmaChan,
  sources: number,
  flags: number,
  where: string,
  write: (phys: number) => void,
  result?: SumCheckResult,
): Prepared {
  bugOn(sources < 1 || sources > chan.hw.maxPq, 'IA-21', 'no descriptor has that many sources', where);
  const slots = chan.hw.xorSlots[sources];
  const slot = begin(chan, slots, slots, flags, where);
  if (slot !== undefined) {
    slot.checkResult = result;
    write(slot.phys);
  }
  return end(chan, slot, where);
}
