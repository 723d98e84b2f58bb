/** The museum: every exhibit, by the layer it belongs to. */
import { ASYNC_TX_EXHIBITS } from './async-tx';
import { DRIVER_EXHIBITS } from './driver';
import type { Exhibit } from './exhibit';
import { RAID5_EXHIBITS } from './raid5';

export const EXHIBITS: readonly Exhibit[] = [...ASYNC_TX_EXHIBITS, ...DRIVER_EXHIBITS, ...RAID5_EXHIBITS];
