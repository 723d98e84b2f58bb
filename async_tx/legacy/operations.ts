/**
 * The operations as the 2007 document has them (3.1): flags, dependency, callback and its parameter are
 * arguments. What they do is today's code, by the rules of the client's generation.
 */
import type { SumCheckResult } from '../../dmaengine/flags';
import type { LegacyStatus } from '../../dmaengine/legacy/status';
import { STATUS_OF_2007 } from '../../dmaengine/legacy/status';
import type { Page } from '../../emulator/kernel/pages';
import type { AsyncTx, AsyncTxResult } from '../async-tx';
import { asyncMemcpy as memcpy } from '../memcpy';
import { asyncMemset as memset } from '../memset';
import type { AsyncSubmit } from '../submit';
import { initAsyncSubmit } from '../submit';
import { asyncTriggerCallback as triggerCallback } from '../trigger-callback';
import { asyncXorVal as xorVal } from '../xor-val';
import { asyncXor as xor } from '../xor';
import { flagsOfToday } from './flags';

/** `dma_async_tx_callback`: runs once when the operation is complete, with the parameter that came along. */
export type LegacyCallback = (param: unknown) => void;

/** What every operation ends with: `LegacyTxFlags`, what must complete first, what to call then and with what. */
export type LegacyTail = readonly [
  flags: number,
  dependTx: AsyncTxResult,
  callback?: LegacyCallback | null,
  param?: unknown,
];

/** `async_memcpy`: see today's. */
export function asyncMemcpy(
  api: AsyncTx,
  dest: Page,
  src: Page,
  destOffset: number,
  srcOffset: number,
  len: number,
  ...tail: LegacyTail
): AsyncTxResult {
  return memcpy(api, dest, src, destOffset, srcOffset, len, submitOf(tail));
}

/** `async_memset`: fills with a byte (MC-04). */
export function asyncMemset(
  api: AsyncTx,
  dest: Page,
  value: number,
  offset: number,
  len: number,
  ...tail: LegacyTail
): AsyncTxResult {
  return memset(api, dest, value, offset, len, submitOf(tail));
}

/** `async_xor` of exactly these sources; 2007 knows no holes. */
export function asyncXor(
  api: AsyncTx,
  dest: Page,
  sources: readonly Page[],
  offset: number,
  len: number,
  ...tail: LegacyTail
): AsyncTxResult {
  return xor(api, dest, sources, offset, len, submitOf(tail));
}

/** `async_xor_zero_sum`: result := 0 when the sum is zero, else 1 (XV-01, CF-06). */
export function asyncXorZeroSum(
  api: AsyncTx,
  dest: Page,
  sources: readonly Page[],
  offset: number,
  len: number,
  result: SumCheckResult,
  ...tail: LegacyTail
): AsyncTxResult {
  return xorVal(api, dest, sources, offset, len, result, submitOf(tail));
}

/** `async_trigger_callback` (AX-51, AX-53). */
export function asyncTriggerCallback(api: AsyncTx, ...tail: LegacyTail): AsyncTxResult {
  return triggerCallback(api, submitOf(tail));
}

/** `dma_wait_for_async_tx` of the client's generation (WT-01 … WT-09). */
export function dmaWaitForAsyncTx(api: AsyncTx, tx: AsyncTxResult): LegacyStatus {
  return STATUS_OF_2007[api.generation.wait(api.kernel, tx)];
}

function submitOf([flags, dependTx, callback, param]: LegacyTail): AsyncSubmit {
  return initAsyncSubmit(flagsOfToday(flags), dependTx, callback ? () => callback(param) : undefined);
}
