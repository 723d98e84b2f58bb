/**
 * What the processor does when an engine gave up in the middle of an operation. It works on the operation's bus
 * addresses, which a submitted operation has left of its pages; whoever calls has made them the processor's.
 */
import type { SumCheckResult } from '../dmaengine/flags';
import { SumCheck } from '../dmaengine/flags';
import type { AsyncTx } from './async-tx';
import type { PageSpan } from './sync/page-access';

/** Does again what is missing. @param done bytes from the start that the engine has written */
export type Redo = (done: number) => void;

function at(address: number, done: number): PageSpan {
  return { page: { address }, offset: done };
}

/** Goes on with dest := XOR of the sources, of which the destination may be one: what is done must not be done twice. */
export function redoXor(api: AsyncTx, dest: number, sources: readonly number[], len: number): Redo {
  return (done) => {
    const to = at(dest, done);
    if (!sources.includes(dest)) api.software.fill(to, 0, len - done);
    const others = sources.filter((source) => source !== dest).map((source) => at(source, done));
    api.software.xor(to, others, len - done);
  };
}

/** Goes on with dest := sum of coefficient times source, in place too. */
export function redoSumProduct(
  api: AsyncTx,
  dest: number,
  sources: readonly number[],
  coefficients: readonly number[],
  len: number,
): Redo {
  return (done) => {
    const spans = sources.map((source) => at(source, done));
    api.raid6.sumProduct(at(dest, done), spans, coefficients, len - done);
  };
}

/**
 * P and Q of all the sources so far, from the start: of two destinations one may be a block ahead of the other, so
 * that a batch which continues cannot be gone on with. A missing sum has address 0.
 */
export function redoPq(
  api: AsyncTx,
  [p, q]: readonly [number, number],
  sources: readonly number[],
  coefficients: readonly number[],
  len: number,
): Redo {
  const sumP = p === 0 ? undefined : redoXor(api, p, sources, len);
  const sumQ = q === 0 ? undefined : redoSumProduct(api, q, sources, coefficients, len);
  return () => {
    sumP?.(0);
    sumQ?.(0);
  };
}

/** Fills again, from the start. */
export function redoFill(api: AsyncTx, dest: number, value: number, len: number): Redo {
  return () => api.software.fill(at(dest, 0), value, len);
}

/** Checks the sum of the sources, and writes nothing. */
export function redoXorCheck(api: AsyncTx, sources: readonly number[], len: number, result: SumCheckResult): Redo {
  return () => {
    const wrong = isWrong(api, sources, ones(sources), len);
    result.value = wrong ? SumCheck.P_RESULT : 0;
  };
}

/** Checks P and Q against the data, and writes nothing. A missing sum has address 0. */
export function redoPqCheck(
  api: AsyncTx,
  [p, q]: readonly [number, number],
  data: readonly number[],
  coefficients: readonly number[],
  len: number,
  result: SumCheckResult,
): Redo {
  return () => {
    const wrongP = p !== 0 && isWrong(api, [...data, p], ones([...data, p]), len);
    const wrongQ = q !== 0 && isWrong(api, [...data, q], [...coefficients, 1], len);
    result.value = (wrongP ? SumCheck.P_RESULT : 0) | (wrongQ ? SumCheck.Q_RESULT : 0);
  };
}

/** Whether the sum of coefficient times source is not zero everywhere. */
function isWrong(api: AsyncTx, sources: readonly number[], coefficients: readonly number[], len: number): boolean {
  const spans = sources.map((source) => at(source, 0));
  return !api.raid6.sumProductIsZero(spans, coefficients, len);
}

function ones(sources: readonly number[]): number[] {
  return sources.map(() => 1);
}
