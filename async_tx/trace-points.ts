/** What async_tx records: where operations go, and what they wait for. */
import type { Drawings } from '../emulator/trace/timeline';
import type { TracePointName } from '../emulator/trace/trace';

declare module '../emulator/trace/trace' {
  interface TracePoints {
    /** An operation with a descriptor; `parent`: the descriptor it depends on, 0 for none. */
    'async_tx.submit': { chan: string; descriptor: number; parent: number; callback: boolean };
    /** It is not submitted yet: the one it depends on waits itself. */
    'async_tx.depend': { descriptor: number; parent: number };
    /** It depends on another channel. `behind`: the interrupt descriptor that it waits for; 0: the processor waits. */
    'async_tx.switch': { from: string; to: string; descriptor: number; parent: number; behind: number };
    /** The processor has written these bytes itself. */
    'async_tx.software': { call: string; address: number; bytes: number; since: number };
    /** An operation was done before the call returned. */
    'async_tx.sync': { callback: boolean };
  }
}

type AsyncTxPointName = Extract<TracePointName, `async_tx.${string}`>;

/** How the points of async_tx are drawn. */
export const ASYNC_TX_DRAWINGS: Drawings<AsyncTxPointName> = {
  'async_tx.submit': (pen) => pen.instant('async_tx', 'operations', 'submit'),
  'async_tx.depend': (pen) => pen.instant('async_tx', 'dependencies', 'waits'),
  'async_tx.switch': (pen) => pen.instant('async_tx', 'dependencies', 'channel switch'),
  'async_tx.software': (pen, { call, since }) => pen.slice('async_tx', 'software', call, since, pen.now),
  'async_tx.sync': (pen) => pen.instant('async_tx', 'operations', 'synchronous'),
};
