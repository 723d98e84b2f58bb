/** Operations as a case describes them, what they mean, and how each is asked for at a driver's face. */
import type { DmaChan, Prepared } from '../../dmaengine/device';
import { DmaCapability } from '../../dmaengine/capability';
import type { DmaAsyncTxDescriptor } from '../../dmaengine/descriptor';
import { plainWeighted, plainXor } from '../../dmaengine/dmatest/plain';
import { DmaCtrl, SumCheck } from '../../dmaengine/flags';
import type { SumCheckResult } from '../../dmaengine/flags';
import type { DmaUnmapData } from '../../dmaengine/unmap';
import { DmaDirection } from '../../emulator/kernel/dma-mapping';
import type { Span } from './buffers';
import { addressOf, shadowOf } from './buffers';

/** What shall be done. */
export type OperationSpec =
  | { readonly kind: 'copy'; readonly to: Span; readonly from: Span }
  | { readonly kind: 'fill'; readonly to: Span; readonly value: number }
  | { readonly kind: 'xor'; readonly to: Span; readonly from: readonly Span[] }
  | { readonly kind: 'xor_val'; readonly from: readonly Span[] }
  | ({ readonly kind: 'pq' } & PqSpec)
  | ({ readonly kind: 'pq_val' } & PqSpec)
  | { readonly kind: 'interrupt' };

/** P and Q, either of which may be left out, and the data with their coefficients. */
export interface PqSpec {
  readonly p?: Span;
  readonly q?: Span;
  readonly from: readonly Span[];
  readonly coefficients: readonly number[];
  /** Whether P and Q as they are count in (`PREP_CONTINUE`). */
  readonly continues?: boolean;
}

export type OperationKind = OperationSpec['kind'];

/** What a device must be able to do for each kind. */
export const NEEDS: Readonly<Record<OperationKind, DmaCapability>> = {
  copy: DmaCapability.MEMCPY,
  fill: DmaCapability.MEMSET,
  xor: DmaCapability.XOR,
  xor_val: DmaCapability.XOR_VAL,
  pq: DmaCapability.PQ,
  pq_val: DmaCapability.PQ_VAL,
  interrupt: DmaCapability.INTERRUPT,
};

/** One operation on its way. */
export interface Operation {
  readonly name: string;
  readonly chan: DmaChan;
  readonly spec: OperationSpec;
  readonly tx: DmaAsyncTxDescriptor;
  /** 0 until it is submitted. */
  cookie: number;
  /** Whether it was handed in, or hangs behind one that was: memory should hold its result. */
  counts: boolean;
  /** What hangs behind it. */
  child: Operation | undefined;
  /** How often its callback ran; undefined where it has none. */
  calledBack: number | undefined;
  /** Where a check leaves its answer. */
  readonly result: SumCheckResult;
  /** What the answer should be; undefined until it is submitted, or where there is none. */
  answer: number | undefined;
}

/** A check's result before the check: no answer that any check gives. */
export const NO_ANSWER = 0x55;

/** Asks the driver for a descriptor; the mappings hang on it, and go with it. */
export function prepare(
  chan: DmaChan,
  spec: OperationSpec,
  flags: number,
  unmap: DmaUnmapData,
  result: SumCheckResult,
): Prepared {
  const map = mapper(unmap);
  const { device } = chan;
  switch (spec.kind) {
    case 'copy': {
      const { from, to } = spec;
      const [src] = map.sources([from], [to]);
      return device.devicePrepDmaMemcpy?.(chan, map.dest(to), src, to.len, flags) ?? null;
    }
    case 'fill': {
      const { to, value } = spec;
      return device.devicePrepDmaMemset?.(chan, map.dest(to), value, to.len, flags) ?? null;
    }
    case 'xor': {
      const { from, to } = spec;
      const srcs = map.sources(from, [to]);
      return device.devicePrepDmaXor?.(chan, map.dest(to), srcs, srcs.length, to.len, flags) ?? null;
    }
    case 'xor_val': {
      const srcs = map.sources(spec.from, []);
      return device.devicePrepDmaXorVal?.(chan, srcs, srcs.length, spec.from[0].len, result, flags) ?? null;
    }
    case 'pq': {
      const { p, q, from, coefficients } = spec;
      const srcs = map.sources(from, [p, q]);
      const dst = [p, q].map((span) => (span === undefined ? 0 : map.dest(span))) as [number, number];
      const { len } = from[0];
      return device.devicePrepDmaPq?.(chan, dst, srcs, srcs.length, coefficients, len, flags | pqFlags(spec)) ?? null;
    }
    case 'pq_val': {
      const { p, q, from, coefficients } = spec;
      const srcs = map.sources(from, []);
      const sums = [p, q].map((span) => (span === undefined ? 0 : map.sources([span], [])[0])) as [number, number];
      const all = flags | pqFlags(spec);
      const { len } = from[0];
      return device.devicePrepDmaPqVal?.(chan, sums, srcs, srcs.length, coefficients, len, result, all) ?? null;
    }
    case 'interrupt':
      return device.devicePrepDmaInterrupt?.(chan, flags) ?? null;
  }
}

function pqFlags({ p, q, continues }: PqSpec): number {
  return (
    (p === undefined ? DmaCtrl.PREP_PQ_DISABLE_P : 0) |
    (q === undefined ? DmaCtrl.PREP_PQ_DISABLE_Q : 0) |
    (continues === true ? DmaCtrl.PREP_CONTINUE : 0)
  );
}

/** Maps spans as async_tx does: sources to-device, destinations once, bidirectional, also where they are sources. */
function mapper(unmap: DmaUnmapData): {
  sources: (spans: readonly Span[], dests: readonly (Span | undefined)[]) => number[];
  dest: (span: Span) => number;
} {
  const map = ({ buffer, offset, len }: Span, direction: DmaDirection): number => {
    // One record has one length; whole pages are mapped apart.
    unmap.len = Math.max(unmap.len, len);
    return unmap.map(buffer.pages[0], offset, len, direction);
  };
  return {
    sources: (spans, dests) =>
      spans.map((span) => {
        const inPlace = dests.some((dest) => dest !== undefined && addressOf(dest) === addressOf(span));
        if (inPlace) return addressOf(span);
        const address = map(span, DmaDirection.toDevice);
        unmap.addr.splice(unmap.toCnt++, 0, address);
        return address;
      }),
    dest: (span) => {
      const address = map(span, DmaDirection.bidirectional);
      unmap.addr.push(address);
      unmap.bidiCnt++;
      return address;
    },
  };
}

/** Does the operation to the shadows. Returns what a check should answer. */
export function applyToShadow(spec: OperationSpec): number | undefined {
  switch (spec.kind) {
    case 'copy':
      shadowOf(spec.to).set(shadowOf(spec.from));
      return undefined;
    case 'fill':
      shadowOf(spec.to).fill(spec.value);
      return undefined;
    case 'xor':
      shadowOf(spec.to).set(plainXor(spec.from.map(shadowOf), spec.to.len));
      return undefined;
    case 'xor_val':
      return plainXor(spec.from.map(shadowOf), spec.from[0].len).every((byte) => byte === 0) ? 0 : SumCheck.P_RESULT;
    case 'pq': {
      const [p, q] = sums(spec);
      if (spec.p !== undefined) shadowOf(spec.p).set(p);
      if (spec.q !== undefined) shadowOf(spec.q).set(q);
      return undefined;
    }
    case 'pq_val': {
      const [p, q] = sums(spec);
      const wrong = (span: Span | undefined, sum: Uint8Array): boolean =>
        span !== undefined && shadowOf(span).some((byte, i) => byte !== sum[i]);
      return (wrong(spec.p, p) ? SumCheck.P_RESULT : 0) | (wrong(spec.q, q) ? SumCheck.Q_RESULT : 0);
    }
    case 'interrupt':
      return undefined;
  }
}

function sums({ p, q, from, coefficients, continues }: PqSpec): [Uint8Array, Uint8Array] {
  const data = from.map(shadowOf);
  const { len } = from[0];
  const before = (span: Span | undefined): Uint8Array[] =>
    continues === true && span !== undefined ? [shadowOf(span).slice()] : [];
  const sumQ = plainWeighted([...data, ...before(q)], [...coefficients, 1], len);
  return [plainXor([...data, ...before(p)], len), sumQ];
}
