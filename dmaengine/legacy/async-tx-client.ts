import type { DmaChan } from '../device';
import type { LegacyCapability } from './capability';
import type { DmaClient, DmaStateClient as Reply } from './client';
import { DmaState, DmaStateClient } from './client';
import type { DmaClients } from './clients';
import type { DmaChanRef, LegacyTable } from './rebalance';
import { asyncTxRebalance } from './rebalance';

/** async_tx as it was a dma client in 2007: it takes every channel there is and spreads them itself (CL-11). */
export class AsyncTxClient implements DmaClient {
  /** All channels, whatever they can. */
  readonly capMask: ReadonlySet<LegacyCapability> = new Set();
  /** `async_tx_master_list`. */
  readonly master: DmaChanRef[] = [];
  private table: LegacyTable = new Map();

  /**
   * @param smp whether the kernel was built for more than one processor (CL-12)
   * @param memory whether there is memory for one more list entry; a fault to inject
   */
  constructor(
    private readonly clients: DmaClients,
    private readonly smp: boolean,
    private readonly memory: () => boolean = () => true,
  ) {}

  /** `dma_channel_add_remove`. */
  eventCallback(_client: DmaClient, chan: DmaChan, state: DmaState): Reply {
    switch (state) {
      case DmaState.AVAILABLE:
        return this.add(chan);
      case DmaState.REMOVED:
        return this.remove(chan);
      case DmaState.SUSPEND:
      case DmaState.RESUME:
        this.clients.dma.kernel.printk('async_tx: does not support dma channel suspend/resume');
        return DmaStateClient.DUP;
    }
  }

  /** This processor's channel for a capability. */
  findChannel(capability: LegacyCapability, cpu = 0): DmaChan | undefined {
    return this.table.get(capability)?.[cpu]?.chan;
  }

  /** `async_tx_issue_pending_all`: every channel it knows, used or not (CL-14). */
  issuePendingAll(): void {
    for (const { chan } of this.master) chan.device.deviceIssuePending?.(chan);
  }

  private add(chan: DmaChan): Reply {
    if (this.master.some((ref) => ref.chan === chan)) return DmaStateClient.DUP;
    // The kernel returns 0, which is ACK: the core counts a user that does not know the channel (CL-11).
    if (!this.memory()) return DmaStateClient.ACK;
    this.clients.dmaChanGet(chan);
    this.master.push({ chan, count: 0 });
    this.rebalance();
    return DmaStateClient.ACK;
  }

  private remove(chan: DmaChan): Reply {
    const index = this.master.findIndex((ref) => ref.chan === chan);
    if (index < 0) return DmaStateClient.DUP;
    this.clients.dmaChanPut(chan);
    this.master.splice(index, 1);
    this.rebalance();
    return DmaStateClient.ACK;
  }

  private rebalance(): void {
    this.table = asyncTxRebalance(this.master, this.table, this.clients.dma.cpuNodes.length, this.smp);
  }
}
