import { DmaCapability } from './capability';
import type { DmaChan, DmaDevice } from './device';

/** Capabilities that never stand in the table (CH-01). */
const NOT_IN_TABLE: ReadonlySet<DmaCapability> = new Set([
  DmaCapability.INTERRUPT,
  DmaCapability.PRIVATE,
  DmaCapability.SLAVE,
]);

const CAPABILITIES = Object.values(DmaCapability).filter((capability) => !NOT_IN_TABLE.has(capability));

/** `channel_table`: for every capability and processor the channel that offloads it (CH-01 … CH-08). */
export class ChannelTable {
  private readonly entries: (DmaChan | undefined)[][];

  /** @param cpuNodes the NUMA node of every processor */
  constructor(private readonly cpuNodes: readonly number[]) {
    this.entries = Object.values(DmaCapability).map(() =>
      new Array<DmaChan | undefined>(cpuNodes.length).fill(undefined),
    );
  }

  /** `dma_find_channel`: this processor's entry, without a lock (CH-02). */
  find(capability: DmaCapability, cpu: number): DmaChan | undefined {
    return this.entries[capability][cpu];
  }

  /**
   * `dma_channel_rebalance` (CH-03 … CH-05).
   * @param clients the global client count; without clients the table stays empty
   */
  rebalance(devices: readonly DmaDevice[], clients: number): void {
    for (const row of this.entries) row.fill(undefined);
    for (const device of devices) {
      if (isPublic(device)) for (const chan of device.channels) chan.tableCount = 0;
    }
    if (clients === 0) return;
    for (const capability of CAPABILITIES) {
      this.cpuNodes.forEach((node, cpu) => (this.entries[capability][cpu] = minChan(devices, capability, node)));
    }
  }
}

/** Whether general-purpose clients may use the device. */
export function isPublic(device: DmaDevice): boolean {
  return !device.capMask.has(DmaCapability.PRIVATE);
}

/**
 * `min_chan`: the capable channel named least often; the earliest wins ties. One that is local to the
 * processor's node wins over a better one that is not (CH-06, CH-07).
 */
function minChan(devices: readonly DmaDevice[], capability: DmaCapability, node: number): DmaChan | undefined {
  let best: DmaChan | undefined;
  let local: DmaChan | undefined;
  for (const device of devices) {
    if (!device.capMask.has(capability) || !isPublic(device)) continue;
    for (const chan of device.channels) {
      if (chan.clientCount === 0) continue;
      if (best === undefined || chan.tableCount < best.tableCount) best = chan;
      if (isLocal(device, node) && (local === undefined || chan.tableCount < local.tableCount)) local = chan;
    }
  }
  const chosen = local ?? best;
  if (chosen !== undefined) chosen.tableCount++;
  return chosen;
}

/** `dma_chan_is_local`: a device without a node is near to everybody (CH-08). */
function isLocal({ node }: DmaDevice, cpuNode: number): boolean {
  return node === undefined || node === cpuNode;
}
