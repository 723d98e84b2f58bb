/** Small cases of the driver for the explorer, and drivers with one step broken. */
import type { DriverCase, DriverWorld } from '../../../conformance/explorer/driver-case';
import { broken } from '../../../conformance/explorer/driver-case';
import type { IopAdmaChan } from '../../../dmaengine/iop-adma/channel';
import type { IopAdmaSteps } from '../../../dmaengine/iop-adma/steps';
import { IOP_ADMA_STEPS } from '../../../dmaengine/iop-adma/steps';
import type { DmaAsyncTxDescriptor } from '../../../dmaengine/descriptor';
import type { Prepared } from '../../../dmaengine/device';
import { DmaCtrl } from '../../../dmaengine/flags';
import type { Page } from '../../../emulator/kernel/pages';
import { PLATFORMS } from '../../../emulator/platforms';
import { MILLISECOND } from '../../../emulator/sim/time';

export const ACK = DmaCtrl.CTRL_ACK;
export const INT = DmaCtrl.PREP_INTERRUPT;
const BYTES = 64;

function granted(prepared: Prepared | undefined): DmaAsyncTxDescriptor {
  if (prepared === null || prepared === undefined) broken('IA-10', 'no descriptor was granted');
  return prepared;
}

function page({ kernel, machine }: DriverWorld, value: number): Page {
  const fresh = kernel.pages.alloc();
  const start = fresh.address - machine.dram.base;
  machine.dram.bytes.fill(value, start, start + BYTES);
  return fresh;
}

function expectBytes({ kernel, machine }: DriverWorld, { address }: Page, value: number, rule: string): void {
  kernel.dma.processorTouches(address, false, 'case');
  const start = address - machine.dram.base;
  const found = machine.dram.bytes.subarray(start, start + BYTES);
  if (found.some((byte) => byte !== value)) broken(rule, `0x${found[0].toString(16)} where ${value} should be`);
}

function move(chan: IopAdmaChan, to: Page, from: Page, flags: number): DmaAsyncTxDescriptor {
  const { devicePrepDmaMemcpy, devicePrepDmaXor } = chan.device;
  return granted(
    devicePrepDmaMemcpy === undefined
      ? devicePrepDmaXor!(chan, to.address, [from.address], 1, BYTES, flags)
      : devicePrepDmaMemcpy(chan, to.address, from.address, BYTES, flags),
  );
}

/** Copies on one channel, each issued by itself; each callback finds its bytes in place, and each comes once. */
export function copies(count: number, platform = PLATFORMS.iop342, engine = 0): DriverCase {
  return {
    name: `${count} copies`,
    platform,
    engines: [engine],
    *body(world) {
      const { kernel, channels } = world;
      const [chan] = channels;
      const done = kernel.completion();
      const calls: number[] = [];
      for (let i = 0; i < count; i++) {
        const [from, to] = [page(world, i + 1), page(world, 0)];
        const tx = move(chan, to, from, ACK | INT);
        tx.callback = () => {
          expectBytes(world, to, i + 1, 'IA-53');
          calls.push(i);
          if (calls.length === count) done.complete();
        };
        tx.txSubmit(tx);
        chan.device.deviceIssuePending!(chan);
      }
      yield* done.wait();
      yield* kernel.scheduler.sleep(MILLISECOND);
      if (calls.join() !== Array.from(calls, (_, i) => i).join()) broken('IA-57', `callbacks came as ${calls.join()}`);
    },
  };
}

/** The same, waited for by polling the status of the last one. */
export function polledCopies(count: number, platform = PLATFORMS.iop342, engine = 0): DriverCase {
  return {
    name: `${count} polled copies`,
    platform,
    engines: [engine],
    *body(world) {
      const { kernel, channels } = world;
      const [chan] = channels;
      const moves = Array.from({ length: count }, (_, i) => [page(world, i + 1), page(world, 0)] as const);
      for (const [from, to] of moves) {
        const tx = move(chan, to, from, ACK);
        const cookie = tx.txSubmit(tx);
        chan.device.deviceIssuePending!(chan);
        if (chan.device.deviceTxStatus!(chan, cookie) === 'complete')
          expectBytes(world, to, moves.findIndex((m) => m[1] === to) + 1, 'IA-50');
      }
      while (chan.device.deviceTxStatus!(chan, chan.cookie) !== 'complete') kernel.processor.relax('SW-01', 'case');
      moves.forEach(([, to], i) => expectBytes(world, to, i + 1, 'IA-50'));
      yield* kernel.scheduler.sleep(MILLISECOND);
    },
  };
}

/** A sum or copy on the first channel, a copy of its result on the second that depends on it, and more work behind it. */
export function dependentMoves(
  platform: DriverCase['platform'],
  engines: readonly [number, number],
  more: boolean,
): DriverCase {
  return {
    name: `a move on ${platform.engines[engines[0]].unit.name}, a dependent one on ${platform.engines[engines[1]].unit.name}`,
    platform,
    engines,
    *body(world) {
      const { kernel, channels } = world;
      const [first, second] = channels;
      const [source, between, result, aside] = [7, 0, 0, 0].map((value) => page(world, value));
      const parent = move(first, between, source, ACK | INT);
      const child = move(second, result, between, ACK | INT);
      const done = kernel.completion();
      child.callback = () => {
        expectBytes(world, result, 7, 'SW-04');
        done.complete();
      };
      child.parent = parent;
      parent.next = child;
      parent.txSubmit(parent);
      first.device.deviceIssuePending!(first);
      if (more) {
        const behind = move(first, aside, source, ACK | INT);
        behind.txSubmit(behind);
        first.device.deviceIssuePending!(first);
      }
      yield* done.wait();
      yield* kernel.scheduler.sleep(MILLISECOND);
      if (more) expectBytes(world, aside, 7, 'IA-43');
    },
  };
}

/**
 * A status poll of the first channel while an interrupt handler of the second rings the first one's doorbell: what it
 * starts is not taken for finished.
 */
export function issuedFromInterrupt(platform = PLATFORMS.iop342): DriverCase {
  return {
    name: 'issue_pending from an interrupt handler',
    platform,
    engines: [0, 1],
    *body(world) {
      const { kernel, channels } = world;
      const [polled, other] = channels;
      const [from, to, aside] = [3, 0, 0].map((value) => page(world, value));
      const done = kernel.completion();
      const tx = move(polled, to, from, ACK | INT);
      tx.callback = () => {
        expectBytes(world, to, 3, 'IA-50');
        done.complete();
      };
      const cookie = tx.txSubmit(tx);
      kernel.interrupts.request(other.engine.unit.irq.eoc, 'doorbell', () => {
        other.steps.eoc(other);
        polled.device.deviceIssuePending!(polled);
      });
      const bell = move(other, aside, from, ACK | INT);
      bell.txSubmit(bell);
      other.device.deviceIssuePending!(other);
      polled.device.deviceTxStatus!(polled, cookie);
      yield* done.wait();
      yield* kernel.scheduler.sleep(MILLISECOND);
    },
  };
}

/** A descriptor that is not acknowledged stays the client's, whatever is prepared meanwhile. */
export function unacknowledged(platform = PLATFORMS.iop342): DriverCase {
  return {
    name: 'an unacknowledged copy',
    platform,
    engines: [0],
    *body(world) {
      const { kernel, channels } = world;
      const [chan] = channels;
      const [from, to] = [page(world, 1), page(world, 0)];
      const done = kernel.completion();
      const tx = move(chan, to, from, INT);
      tx.callback = () => done.complete();
      tx.txSubmit(tx);
      const behind = move(chan, to, from, ACK | INT);
      behind.txSubmit(behind);
      chan.device.deviceIssuePending!(chan);
      yield* done.wait();
      yield* kernel.scheduler.sleep(MILLISECOND);
      for (;;) {
        const other = chan.device.devicePrepDmaMemcpy!(chan, to.address, from.address, BYTES, ACK);
        if (other === null) return;
        if (other === tx) broken('IA-59', 'a descriptor is handed out again before it is acknowledged');
      }
    },
  };
}

const good = IOP_ADMA_STEPS;

/** One broken step each, by the rule it breaks. */
export const BROKEN_STEPS: Readonly<Record<string, IopAdmaSteps>> = {
  'a link that is not flushed (I-03)': {
    ...good,
    linkTail: (chan, tail, phys) => chan.setNextDesc(tail, phys),
  },
  'busy sampled before current (I-10)': {
    ...good,
    sample: (chan) => {
      chan.sampledBusy = chan.readBusy();
      chan.sampledCurrent = chan.readCurrent();
      chan.sampledFailure = false;
    },
  },
  'a tasklet without the lock (I-01)': {
    ...good,
    tasklet: (chan) => chan.steps.cleanup(chan),
  },
  'interrupt bits cleared when the tasklet has run (IA-71)': {
    ...good,
    eot: maskUntilTasklet,
    eoc: maskUntilTasklet,
    tasklet: (chan) => {
      good.tasklet(chan);
      chan.clearStatus(chan.hw.endOfTransfer | chan.hw.endOfChain);
      setMask(chan, false);
    },
  },
  'append before link (IA-43)': {
    ...good,
    linkTail: (chan, tail, phys) => {
      links.set(chan, [...(links.get(chan) ?? []), () => good.linkTail(chan, tail, phys)]);
    },
    append: (chan) => {
      good.append(chan);
      links.get(chan)?.forEach((link) => link());
      links.delete(chan);
    },
  },
  'recycled before it is acknowledged (IA-59)': {
    ...good,
    cleanSlot: (chan, slot) => {
      if (slot === chan.chain.last) return true;
      chan.chain.remove(slot);
      chan.resources('broken').give(slot);
      return false;
    },
  },
};

const links = new WeakMap<IopAdmaChan, (() => void)[]>();

function maskUntilTasklet(chan: IopAdmaChan): void {
  setMask(chan, true);
  chan.kernel.tasklets.schedule(chan.tasklet);
}

/** Disables both completion sources of a channel in the controller, or enables them again. */
function setMask({ engine, kernel: { machine, processor } }: IopAdmaChan, masked: boolean): void {
  const { eot, eoc } = engine.unit.irq;
  const { crn, crm } = machine.platform.intc.registers.find(({ name, word }) => name === 'INTCTL' && word === 0)!;
  const bits = (1 << eot) | (1 << eoc);
  const enabled = processor.readCp6(crn, crm);
  processor.writeCp6(crn, crm, (masked ? enabled & ~bits : enabled | bits) >>> 0);
}
