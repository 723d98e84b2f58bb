/** Drivers whose devices claim, count and answer wrongly. */
import { DmaCapability } from '../../dmaengine/capability';
import { dmaCookieStatus } from '../../dmaengine/cookie';
import type { IopAdmaDevice } from '../../dmaengine/iop-adma/device';
import { dmaDevToMaxPq, dmaSetMaxPq } from '../../dmaengine/pq';
import type { Mutant } from './mutant';
import { device } from './replace';

/** Wraps the routine that gives a channel its resources. */
function allocating(wrap: (good: IopAdmaDevice, alloc: () => number) => number): Mutant['install'] {
  return device((good) => {
    const alloc = good.deviceAllocChanResources!.bind(good);
    return { deviceAllocChanResources: (chan) => wrap(good, () => alloc(chan)) };
  });
}

export const DEVICE_MUTANTS: readonly Mutant[] = [
  {
    id: 'claim-without-routine',
    rule: 'RG-01',
    says: 'Devices claim P+Q without a routine for it.',
    install: device((good) => {
      if (good.devicePrepDmaPq === undefined) good.capMask.add(DmaCapability.PQ);
      return undefined;
    }),
  },
  {
    id: 'claims-what-the-engine-cannot',
    rule: 'IA-27',
    says: 'Every device claims to fill, with a routine that always refuses.',
    install: device((good) => {
      if (good.devicePrepDmaMemset !== undefined) return undefined;
      good.capMask.add(DmaCapability.MEMSET);
      return { devicePrepDmaMemset: () => null };
    }),
  },
  {
    id: 'channel-listed-twice',
    rule: 'RG-04',
    says: 'The channel is on the device’s list twice, and has two numbers.',
    install: device(({ channel, channels }) => ({ channels: [...channels, channel] })),
  },
  {
    id: 'end-of-chain-not-requested',
    rule: 'IA-74',
    says: 'Probing requests the interrupts of end of transfer and of errors only.',
    install: device(({ channel }) => {
      channel.kernel.interrupts.free(channel.engine.unit.irq.eoc);
      return undefined;
    }),
  },
  {
    id: 'pool-not-given-back',
    rule: 'RG-07',
    says: 'A removed device keeps its descriptor memory.',
    install: device(() => ({ pool: [] })),
  },
  {
    id: 'no-number-of-descriptors',
    rule: 'CH-12',
    says: 'The first client is told that there are no resources, for want of a number.',
    install: allocating((_, alloc) => Math.min(0, alloc())),
  },
  {
    id: 'allocated-anew',
    rule: 'CL-05',
    says: 'A channel in use that is asked for resources again starts afresh, whatever is under way.',
    install: allocating(({ channel }, alloc) => {
      channel.chain.clear();
      channel.pool = undefined;
      channel.pending = 0;
      return alloc();
    }),
  },
  {
    id: 'cookies-start-anew',
    rule: 'IA-77',
    says: 'A new client’s cookies start from the beginning.',
    install: allocating(({ channel }, alloc) => {
      if (channel.pool === undefined) channel.steps.initCookies(channel);
      return alloc();
    }),
  },
  {
    id: 'nothing-is-something',
    rule: 'IA-23',
    says: 'A copy of no bytes is granted, as one of one byte.',
    install: device((good) => {
      const prep = good.devicePrepDmaMemcpy?.bind(good);
      if (prep === undefined) return undefined;
      return { devicePrepDmaMemcpy: (chan, dest, src, len, flags) => prep(chan, dest, src, Math.max(1, len), flags) };
    }),
  },
  {
    id: 'status-without-a-look',
    rule: 'IA-70',
    says: 'Status says what the last interrupt left, and does not look at the hardware.',
    install: device(() => ({ deviceTxStatus: dmaCookieStatus })),
  },
  {
    id: 'state-not-filled',
    rule: 'CK-13',
    says: 'Status leaves the state record as it was.',
    install: device((good) => {
      const status = good.deviceTxStatus!.bind(good);
      return { deviceTxStatus: (chan, cookie) => status(chan, cookie) };
    }),
  },
  {
    id: 'error-for-not-yet',
    rule: 'CK-16',
    says: 'Work that nobody has flushed reads error.',
    install: device((good) => {
      const status = good.deviceTxStatus!.bind(good);
      return {
        deviceTxStatus: (chan, cookie, state) => {
          const answer = status(chan, cookie, state);
          return answer === 'in_progress' && good.channel.pending > 0 ? 'error' : answer;
        },
      };
    }),
  },
  {
    id: 'wider-than-it-is',
    rule: 'XR-09',
    says: 'The device names twice the sources that a descriptor takes.',
    install: device(({ maxXor }) => ({ maxXor: 2 * maxXor })),
  },
  {
    id: 'too-narrow-to-continue',
    rule: 'CF-08',
    says: 'The device names three sources of P+Q, and so none when it continues.',
    install: device(({ maxPq }) => ({ maxPq: Math.min(maxPq, 3) })),
  },
  {
    id: 'continues-by-itself',
    rule: 'CF-09',
    says: 'The device says that its engine continues natively, and reads old results as sources.',
    install: device((good) => (good.maxPq === 0 ? undefined : { maxPq: dmaSetMaxPq(dmaDevToMaxPq(good), true) })),
  },
];
