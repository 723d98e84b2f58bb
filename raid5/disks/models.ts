/**
 * How long disks take. A model is a record; times in picoseconds, rates in bytes a second, every number
 * assumed for a typical drive of its kind.
 */
import { MICROSECOND, MILLISECOND, SECOND } from '../../emulator/sim/time';
import { SECTOR } from '../geometry';

export interface DiskModel {
  readonly name: string;
  readonly title: string;
  /** Command overhead of every request. */
  readonly overhead: number;
  /** Requests the drive works on at the same time. */
  readonly parallel: number;
  /** Bytes a second between medium and host. */
  readonly rate: number;
  /** Moving parts; absent on a drive without. */
  readonly mechanics?: Mechanics;
}

interface Mechanics {
  /** One turn of the platters. */
  readonly revolution: number;
  readonly trackSeek: number;
  readonly fullSeek: number;
  readonly sectorsPerTrack: number;
  /** Capacity the full seek spans, in sectors. */
  readonly span: number;
}

export const DISK_MODELS = {
  'hdd-7200': {
    name: 'hdd-7200',
    title: '7200 rpm SATA drive, about 64 MB/s, write-through',
    overhead: 100 * MICROSECOND,
    parallel: 1,
    rate: 64_000_000,
    mechanics: {
      revolution: Math.round((60 * SECOND) / 7200),
      trackSeek: 800 * MICROSECOND,
      fullSeek: 17 * MILLISECOND,
      sectorsPerTrack: 1042,
      span: 500_000_000_000 / SECTOR,
    },
  },
  ssd: {
    name: 'ssd',
    title: 'SATA solid-state drive, 60 µs, 250 MB/s, eight commands at once',
    overhead: 60 * MICROSECOND,
    parallel: 8,
    rate: 250_000_000,
  },
  ram: {
    name: 'ram',
    title: 'ramdisk behind the host bus, 2 µs, 1 GB/s',
    overhead: 2 * MICROSECOND,
    parallel: 32,
    rate: 1_000_000_000,
  },
} as const satisfies Record<string, DiskModel>;

export type DiskModelName = keyof typeof DISK_MODELS;

/** Names in the order help texts show them. */
export const DISK_MODEL_NAMES = Object.keys(DISK_MODELS) as DiskModelName[];

/** A disk that answers at once: verification after a run reads through it. */
export const INSTANT: DiskModel = {
  name: 'instant',
  title: 'no service time',
  overhead: 0,
  parallel: 1024,
  rate: Infinity,
};

/**
 * Picoseconds until a request is served.
 * @param now when service starts; the platters turn with simulated time
 * @param head sector behind the last one served
 */
export function serviceTime(model: DiskModel, now: number, head: number, sector: number, bytes: number): number {
  const transfer = Math.round((bytes / model.rate) * SECOND);
  const { mechanics } = model;
  if (mechanics === undefined) return model.overhead + transfer;
  if (sector === head) return transfer;
  const distance = Math.min(1, Math.abs(sector - head) / mechanics.span);
  const seek = mechanics.trackSeek + Math.round(Math.sqrt(distance) * (mechanics.fullSeek - mechanics.trackSeek));
  const arrival = now + model.overhead + seek;
  const perSector = mechanics.revolution / mechanics.sectorsPerTrack;
  const angle = (sector % mechanics.sectorsPerTrack) * perSector;
  const turn = (angle - (arrival % mechanics.revolution) + mechanics.revolution) % mechanics.revolution;
  return Math.round(model.overhead + seek + turn + transfer);
}
