/** The face of code that uses async_tx, for its conformance. */
import type { AsyncTx } from '../../async_tx/async-tx';
import type { Page } from '../../emulator/kernel/pages';

/** What client conformance runs: code as it would stand in a kernel module. */
export interface AsyncTxClient {
  readonly name: string;
  /**
   * The code, as a kernel thread; it is run anew for every condition, and must do the same each time. Everything else of
   * the machine is within reach of `api`: `api.kernel` has completions, wait queues and locks, `api.dma` the channels.
   * @returns what came of it; without an outcome all pages that it has not freed count
   */
  run(api: AsyncTx, host: ClientHost): Generator<void, ClientOutcome | void, void>;
}

/** What came of a run. It has to be the same under all conditions. */
export interface ClientOutcome {
  /** Whose contents count, in an order of the client's; every other page has to be freed. */
  readonly pages?: readonly Page[];
  /** Answers of checks, for instance. */
  readonly answers?: readonly number[];
}

/** Memory of a client. */
export interface ClientHost {
  /** A page full of noise that is the same under all conditions. */
  page(): Page;
  free(page: Page): void;
  /** The processor reads; a page that a device may write is a finding (KS-04). Offset and length in bytes, all unless given. */
  read(page: Page, offset?: number, length?: number): Uint8Array;
  /** The processor writes; a page that a device may use is a finding (KS-04). */
  write(page: Page, bytes: ArrayLike<number>, offset?: number): void;
}
