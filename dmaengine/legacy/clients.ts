/**
 * The client face of 2007: channels are offered to clients, who take them or not (CL-01 … CL-10, RG-06, RG-08).
 * It stands on today's core: same devices, same channels, same drivers. Whatever a legacy client may use is one
 * client of the core, from the first offer until the channel is removed.
 */
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import { isPublic } from '../channel-table';
import type { DmaChan, DmaDevice } from '../device';
import type { DmaEngine } from '../engine';
import { satisfiesMask } from './capability';
import { ChannelReference } from './channel-reference';
import type { DmaClient } from './client';
import { DmaState, DmaStateClient } from './client';
import type { LegacyRelease } from './registration';
import { assertDevice } from './registration';

export class DmaClients {
  /** `dma_client_list`, with the channels each one answered ACK for. */
  private readonly clients = new Map<DmaClient, Set<DmaChan>>();
  private readonly references = new Map<DmaChan, ChannelReference>();
  /** Channels that have their resources by an offer of this face. */
  private readonly alive = new Set<DmaChan>();
  /** What waits for a channel's last reference. */
  private readonly cleanups = new Map<DmaChan, () => void>();
  /** Devices whose removal is under way: off the list, though the core still has them. */
  private readonly leaving = new Set<DmaDevice>();

  constructor(
    readonly dma: DmaEngine,
    private readonly release: LegacyRelease = '2.6.24',
  ) {}

  /** `dma_async_client_register`: links the client; it receives nothing yet (CL-02). */
  dmaAsyncClientRegister(client: DmaClient): void {
    this.clients.set(client, new Set());
  }

  /** `dma_async_client_chan_request`: offers the client all channels that satisfy its mask (CL-04). */
  dmaAsyncClientChanRequest(client: DmaClient): void {
    this.offer(client);
  }

  /** `dma_async_client_unregister`: takes every channel from this one client, then unlinks it (CL-08). */
  dmaAsyncClientUnregister(client: DmaClient): void {
    for (const chan of this.offered().flatMap(({ channels }) => channels)) this.remove(client, chan);
    this.clients.delete(client);
  }

  /** `dma_async_device_register`: asserts (RG-02), appends, and offers to every client in their order (RG-06). */
  dmaAsyncDeviceRegister(device: DmaDevice): number {
    assertDevice(device, this.release);
    const error = this.dma.registerDevice(device);
    if (error === 0) for (const client of this.clients.keys()) this.offer(client);
    return error;
  }

  /**
   * `dma_async_device_unregister` (RG-08): off the list, every client told of every channel, then it sleeps
   * until the last reference is gone. A client that never lets go makes it wait for ever.
   */
  *dmaAsyncDeviceUnregister(device: DmaDevice): ThreadBody {
    const { scheduler } = this.dma.kernel;
    const channels = [...device.channels];
    const gone = this.dma.kernel.waitQueue();
    let left = channels.length;
    this.leaving.add(device);
    const references = channels.map((chan) => {
      for (const client of this.clients.keys()) this.remove(client, chan);
      const reference = this.reference(chan);
      reference.release();
      return reference;
    });
    // The grace period: afterwards every processor has been through the scheduler once.
    yield* scheduler.yieldProcessor();
    for (const [index, reference] of references.entries()) {
      this.cleanups.set(channels[index], () => {
        left--;
        gone.wake();
      });
      reference.graceOver();
    }
    yield* gone.wait(() => left === 0);
    this.dma.unregisterDevice(device);
    this.leaving.delete(device);
  }

  /** `dma_chan_get`: one more reference to the channel. @param cpu the processor that takes it */
  dmaChanGet(chan: DmaChan, cpu = 0): void {
    this.reference(chan).get(cpu);
  }

  /** `dma_chan_put`. */
  dmaChanPut(chan: DmaChan, cpu = 0): void {
    this.reference(chan).put(cpu);
  }

  /** The `in_use` attribute, read on one processor (CL-10). */
  inUse(chan: DmaChan, cpu = 0): boolean {
    return this.reference(chan).inUse(cpu);
  }

  /** The devices of the list. Those that an exclusive client of today holds are not for 2007's. */
  private offered(): DmaDevice[] {
    return this.dma.devices.filter((device) => isPublic(device) && !this.leaving.has(device));
  }

  /** `dma_client_chan_alloc`: ACK takes a reference, NAK ends the offers, DUP says nothing (CL-04). */
  private offer(client: DmaClient): void {
    for (const device of this.offered()) {
      if (!satisfiesMask(device, client.capMask)) continue;
      for (const chan of device.channels) {
        if (this.alloc(chan) < 0) continue;
        const reply = client.eventCallback(client, chan, DmaState.AVAILABLE);
        if (reply === DmaStateClient.NAK) return;
        if (reply === DmaStateClient.ACK) this.accept(client, chan);
      }
    }
  }

  /** `alloc_chan_resources`, at every offer: a channel in use must take that well (CL-05). */
  private alloc(chan: DmaChan): number {
    if (this.alive.has(chan)) return chan.device.deviceAllocChanResources?.(chan) ?? 0;
    const error = this.dma.chanGet(chan);
    if (error === 0) this.alive.add(chan);
    return error;
  }

  /** The client uses the channel from now on. It may say so once (CL-06, T-01). */
  private accept(client: DmaClient, chan: DmaChan): void {
    const held = this.clients.get(client);
    if (held?.has(chan) === true) this.finding('CL-06', chan, 'a client answers ACK for a channel it has already');
    held?.add(chan);
    this.dmaChanGet(chan);
  }

  /** Tells one client of the removal; ACK drops its reference (CL-07). */
  private remove(client: DmaClient, chan: DmaChan): void {
    if (client.eventCallback(client, chan, DmaState.REMOVED) !== DmaStateClient.ACK) return;
    const had = this.clients.get(client)?.delete(chan) ?? false;
    if (!had) this.finding('CL-07', chan, 'a client answers ACK to the removal of a channel it does not hold');
    this.dmaChanPut(chan);
  }

  private reference(chan: DmaChan): ChannelReference {
    const known = this.references.get(chan);
    if (known !== undefined) return known;
    const made = new ChannelReference(this.dma.cpuNodes.length, () => this.cleanup(chan));
    this.references.set(chan, made);
    return made;
  }

  /** `dma_chan_cleanup`: the channel's resources go with its last reference (CL-09). */
  private cleanup(chan: DmaChan): void {
    this.references.delete(chan);
    if (this.alive.delete(chan)) this.dma.chanPut(chan);
    const done = this.cleanups.get(chan);
    this.cleanups.delete(chan);
    done?.();
  }

  private finding(rule: string, chan: DmaChan, text: string): void {
    this.dma.kernel.findings.add('rule', rule, chan.name, text);
  }
}
