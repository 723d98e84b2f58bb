/** What md records: requests, what is decided about stripes and done to them, and the members' transfers. */
import type { OperationName } from './operations/operations';
import type { WriteMode } from './handler/dirtying';

declare module '../emulator/trace/trace' {
  interface TracePoints {
    /** A request enters the array. Sectors are the array's. */
    'request.start': { request: number; write: boolean; sector: number; sectors: number };
    /** A piece of it is read from its member, around the cache. `sector` is the disk's. */
    'request.around': { request: number; disk: string; sector: number; sectors: number };
    'request.end': { request: number; failed: boolean };
    /** A stripe head comes into use. `sector`: of the members; `active`: stripe heads in use. */
    'stripe.get': { stripe: number; sector: number; active: number };
    'stripe.retire': { stripe: number; sector: number; active: number };
    /** A piece of a request waits on a block of the stripe. */
    'stripe.request': { stripe: number; sector: number; member: number; write: boolean; request: number };
    /** One pass of the handler: what it found. */
    'stripe.handle': {
      stripe: number;
      sector: number;
      toRead: number;
      toWrite: number;
      written: number;
      locked: number;
      uptodate: number;
      failed: number;
    };
    /** Which way to make new parity: how many blocks each would have to read, and by which rule (WR-01, WR-02). */
    'stripe.decide': { stripe: number; sector: number; way: 'rmw' | 'rcw'; rmw: number; rcw: number; rule: string };
    /** The write is started. */
    'stripe.write': { stripe: number; sector: number; mode: WriteMode };
    /** Operations are asked for from here on, up to the next one or `stripe.asked`. */
    'stripe.op': { stripe: number; sector: number; op: OperationName };
    'stripe.asked': { stripe: number };
    /** The last descriptor of a chain of operations has called back; `op` is its last operation. */
    'stripe.op-end': { stripe: number; sector: number; op: OperationName };
    /** A block of the stripe goes to or comes from its disk. `address`: of its page. */
    'stripe.io': { stripe: number; sector: number; member: number; write: boolean; address: number };
    'stripe.io-end': { stripe: number; sector: number; member: number; write: boolean; failed: boolean };
    /** `sector`: of the disk; `address`: where the data are in memory; `queued`: requests that wait for the drive. */
    'disk.queue': DiskTransfer & { queued: number };
    /** The drive works on it, in one of several places at once; requests one behind the other are one command. */
    'disk.start': DiskTransfer & { slot: number; queued: number; first: boolean };
    'disk.end': DiskTransfer & { slot: number; failed: boolean; last: boolean };
  }
}

/** A transfer between a disk and memory. */
export interface DiskTransfer {
  disk: string;
  write: boolean;
  sector: number;
  sectors: number;
  address: number;
}
