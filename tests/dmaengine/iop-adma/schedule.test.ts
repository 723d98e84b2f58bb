import * as fc from 'fast-check';
import { asyncTxAck } from '../../../dmaengine/descriptor';
import type { DmaAsyncTxDescriptor } from '../../../dmaengine/descriptor';
import { IOP13XX } from '../../../dmaengine/iop-adma/hw13xx';
import { UnmapPools } from '../../../dmaengine/unmap';
import { PLATFORMS } from '../../../emulator/platforms';
import { DmaDirection, granted, INT, submit, World } from './world';

type Step =
  | {
      readonly do: 'op';
      readonly sources: number;
      readonly len: number;
      readonly interrupt: boolean;
      readonly check: boolean;
    }
  | { readonly do: 'issue' | 'poll' | 'ack' }
  | { readonly do: 'wait'; readonly time: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('op' as const),
      sources: fc.integer({ min: 1, max: 32 }),
      len: fc.integer({ min: 1, max: 4096 }),
      interrupt: fc.boolean(),
      check: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('issue' as const, 'poll' as const, 'ack' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), time: fc.integer({ min: 0, max: 20_000_000 }) }),
  },
);

describe('any schedule of preps, submissions, doorbells, polls and acks', () => {
  it.each([
    ['one descriptor an operation', PLATFORMS.iop342, 0, {}],
    ['checks in groups of 1 KiB', PLATFORMS.iop342, 0, { hardware: { ...IOP13XX, maxCheckBytes: 1024 } }],
    ['the AAU of iop321, which cannot check', PLATFORMS.iop321, 2, {}],
    ['the AAU of iop331', PLATFORMS.iop331, 2, {}],
  ])('calls back once each, in order, and leaves one slot and no mapping (%s)', (_, platform, index, variant) => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 120 }), (steps) => {
        const world = new World({}, platform);
        const chan = world.channel(variant, index);
        const { kernel } = world;
        const { device } = chan;
        const unmaps = new UnmapPools(kernel.dma);
        const pages = Array.from({ length: 33 }, () => world.page());
        const unacked: DmaAsyncTxDescriptor[] = [];
        let operations = 0;
        const called: number[] = [];

        const operate = (it: Step & { do: 'op' }): void => {
          const flags = it.interrupt ? INT : 0;
          const sources = Math.min(it.sources, chan.hw.maxXor);
          const checks = it.check && device.devicePrepDmaXorVal !== undefined;
          const unmap = unmaps.take(33);
          const at = pages.slice(0, sources + 1).map((page, i) => {
            const direction = i < sources ? DmaDirection.toDevice : DmaDirection.fromDevice;
            return kernel.dma.map(page, 0, it.len, direction);
          });
          unmap.addr.push(...at);
          unmap.toCnt = sources;
          unmap.fromCnt = 1;
          unmap.len = it.len;
          const result = { value: 9 };
          const srcs = at.slice(0, sources);
          const prep = (): DmaAsyncTxDescriptor | null =>
            checks
              ? device.devicePrepDmaXorVal!(chan, srcs, sources, it.len, result, flags)
              : device.devicePrepDmaXor!(chan, at[sources], srcs, sources, it.len, flags);
          let tx = prep();
          while (tx === null) {
            unacked.splice(0).forEach(asyncTxAck);
            device.deviceIssuePending!(chan);
            kernel.spend(1_000_000);
            tx = prep();
          }
          tx.unmap = unmap;
          // By number, not by cookie: a callback may run before submit returns the cookie.
          const number = operations++;
          tx.callback = () => {
            expect(result.value).toBe(checks ? 0 : 9);
            called.push(number);
          };
          submit(granted(tx));
          unacked.push(tx);
        };

        world.call(() => {
          for (const it of steps) {
            if (it.do === 'op') operate(it);
            else if (it.do === 'issue') device.deviceIssuePending!(chan);
            else if (it.do === 'poll') device.deviceTxStatus!(chan, chan.cookie);
            else if (it.do === 'ack') unacked.splice(0).forEach(asyncTxAck);
            else if (it.do === 'wait') kernel.spend(it.time);
          }
          device.deviceIssuePending!(chan);
        });
        world.settle();
        unacked.forEach(asyncTxAck);
        world.call(() => {
          expect(device.deviceTxStatus!(chan, chan.cookie)).toBe('complete');
          chan.lock.lockBh('test');
          chan.steps.cleanup(chan);
          chan.lock.unlockBh();
        });

        expect(called).toEqual([...called.keys()]);
        expect(called.length).toBe(operations);
        expect(chan.completedCookie).toBe(chan.cookie);
        expect(chan.chain.length).toBe(1);
        const { pool } = chan;
        expect(pool!.slots.length - pool!.free).toBe(pool!.slotsPerOp[chan.chain.last!.index]);
        expect(kernel.dma.live).toBe(0);
        expect(world.rules()).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
