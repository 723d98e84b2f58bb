/** What can happen to an array while it works: plain records, each with its time. */
import type { BusFaultKind } from '../../emulator/faults/bus-faults';

/** What happens; disks by the numbers of their media, sectors from where the data of a member start. */
export type Incident =
  /** The drive dies, and is not there any more after the next power cut. */
  | { readonly kind: 'fail'; readonly disk: number }
  /** The next transfers of an engine fail. */
  | { readonly kind: 'engine'; readonly unit: string; readonly fault: BusFaultKind; readonly times: number }
  /** Blocks of 4 KiB cannot be read until they are written again, or for ever. */
  | ({ readonly kind: 'readError'; readonly disk: number; readonly sector: number } & ReadError)
  /** A byte changes on the medium, and nobody says so. */
  | { readonly kind: 'corrupt'; readonly disk: number; readonly sector: number }
  /** The power fails, and comes back. @param force starts the array although it is dirty and degraded */
  | { readonly kind: 'powerCut'; readonly force: boolean }
  /** `mdadm --fail --remove` */
  | { readonly kind: 'remove'; readonly disk: number }
  /** `mdadm --add` of a blank disk */
  | { readonly kind: 'addSpare' }
  /** `mdadm --add` of a disk that was there before */
  | { readonly kind: 'reAdd'; readonly disk: number }
  /** `remove`, and a blank disk for it */
  | { readonly kind: 'replaceDisk'; readonly disk: number }
  /** A `repair` pass. */
  | { readonly kind: 'repair' };

interface ReadError {
  readonly blocks: number;
  readonly permanent: boolean;
}

/** When: simulated picoseconds since the workload began, power cuts and recovery included, or that many events of machines. */
export type Moment = { readonly at: number } | { readonly event: number };

/** An incident and its time; only a power cut may come at an event. */
export type LifeEvent = Incident & Moment;
