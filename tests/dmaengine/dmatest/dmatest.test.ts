import { bootDmaEngine } from '../../../dmaengine/boot';
import { DmaCapability } from '../../../dmaengine/capability';
import type { DmaChan, DmaDevice } from '../../../dmaengine/device';
import type { DmaTestKind } from '../../../dmaengine/dmatest/dmatest';
import type { DmaTestParameters } from '../../../dmaengine/dmatest/parameters';
import { DMATEST_DEFAULTS } from '../../../dmaengine/dmatest/parameters';
import type { DmaTestSummary } from '../../../dmaengine/dmatest/thread';
import { summaryLine } from '../../../dmaengine/dmatest/thread';
import { DmaTestThread, kindsOf } from '../../../dmaengine/dmatest/dmatest';
import { Kernel } from '../../../emulator/kernel/kernel';
import type { PlatformName } from '../../../emulator/platforms';
import { PLATFORMS } from '../../../emulator/platforms';
import { Machine } from '../../../emulator/platforms/machine';
import { SeededRandom } from '../../../emulator/sim/random';

interface Run {
  readonly summary: DmaTestSummary;
  readonly kernel: Kernel;
}

/** One thread on the first channel that can do `kind`, after `spoil` had its way with the channel. */
function run(
  kind: DmaTestKind,
  parameters: Partial<DmaTestParameters> = {},
  spoil: (chan: DmaChan, kernel: Kernel) => void = () => undefined,
  platform: PlatformName = 'iop342',
): Run {
  const kernel = new Kernel(new Machine(PLATFORMS[platform]));
  let summary: DmaTestSummary | undefined;
  kernel.scheduler.spawn(
    'test',
    (function* () {
      const dma = yield* bootDmaEngine(kernel);
      const chan = dma.devices.flatMap(({ channels }) => channels).find((each) => kindsOf(each).includes(kind))!;
      spoil(chan, kernel);
      const all = { ...DMATEST_DEFAULTS, iterations: 40, ...parameters };
      summary = yield* new DmaTestThread(dma, chan, kind, all, new SeededRandom(3), `${chan.name}-${kind}0`).run();
    })(),
  );
  kernel.scheduler.run(() => summary !== undefined);
  return { summary: summary!, kernel };
}

/** Replaces the copy routine by one that copies another stretch. */
function copyWrongly(change: (dest: number, src: number, len: number) => readonly [number, number, number]) {
  return (chan: DmaChan): void => {
    const device = chan.device as { devicePrepDmaMemcpy: NonNullable<DmaDevice['devicePrepDmaMemcpy']> };
    const good = device.devicePrepDmaMemcpy;
    device.devicePrepDmaMemcpy = (on, dest, src, len, flags) => good(on, ...change(dest, src, len), flags);
  };
}

describe('dmatest', () => {
  it.each([
    ['copy', 'iop342'],
    ['set', 'iop342'],
    ['xor', 'iop342'],
    ['pq', 'iop342'],
    ['copy', 'iop321'],
    ['xor', 'iop331'],
  ] as const)('passes a good driver: %s on %s, by interrupt and polled', (kind, platform) => {
    for (const polled of [false, true]) {
      const { summary, kernel } = run(kind, { polled }, undefined, platform);
      expect(summary).toMatchObject({ tests: 40, failures: 0, messages: [] });
      expect(summary.bytes).toBeGreaterThan(40);
      expect(kernel.dma.live).toBe(0);
      expect(kernel.findings.all()).toEqual([]);
    }
  });

  it('calls bytes that are missing at the end not copied', () => {
    const { summary } = run(
      'copy',
      { norandom: true, iterations: 1, transferSize: 4096 },
      copyWrongly((d, s, n) => [d, s, n - 3]),
    );
    expect(summary.failures).toBe(1);
    expect(summary.messages).toHaveLength(4);
    expect(summary.messages[0]).toMatch(/dma\dchan0-copy0: dstbuf\[0xffd\] not copied! Expected c2, got 22/);
    expect(summary.messages[3]).toMatch(/result #1: 'data error' with src_off=0x0 dst_off=0x0 len=0x1000 \(3\)/);
  });

  it('calls bytes behind the region copied', () => {
    const { summary } = run(
      'copy',
      { norandom: true, iterations: 1, transferSize: 4000 },
      copyWrongly((d, s, n) => [d, s, n + 1]),
    );
    expect(summary.messages[0]).toMatch(/dstbuf\[0xfa0\] was copied!/);
    expect(summary.failures).toBe(1);
  });

  it('finds an overwritten source', () => {
    const { summary } = run(
      'copy',
      { norandom: true, iterations: 1, transferSize: 512 },
      copyWrongly((_, s, n) => [s + 1, s, n]),
    );
    expect(summary.messages.some((message) => message.includes('srcbuf[0x1] overwritten!'))).toBe(true);
    expect(summary.messages.some((message) => message.includes('errors suppressed'))).toBe(true);
  });

  it('times out when no interrupt comes, in simulated time', () => {
    const { summary, kernel } = run('copy', { iterations: 2, timeout: 50 }, (chan, machine) => {
      for (const source of [0, 1, 2, 3, 4, 5]) machine.interrupts.free(source);
      expect(chan.name).toBe('dma0chan0');
    });
    expect(summary.failures).toBe(2);
    expect(summary.messages[0]).toMatch(/result #1: 'test timed out'/);
    expect(kernel.now).toBeGreaterThan(2 * 50e9);
  });

  it('says so when no descriptor can be had', () => {
    const { summary } = run('copy', { iterations: 1 }, (chan) => {
      (chan.device as { devicePrepDmaMemcpy: unknown }).devicePrepDmaMemcpy = () => null;
    });
    expect(summary.messages[0]).toMatch(/'prep error'/);
  });

  it.each(['in_progress', 'error'] as const)('has the kernel’s class for a status that reads %s', (status) => {
    const { summary } = run('copy', { iterations: 1 }, (chan) => {
      Object.assign(chan.device, { deviceTxStatus: () => status });
    });
    const word = status === 'error' ? 'error' : 'busy';
    expect(summary.messages[0]).toMatch(`'completion ${word} status'`);
  });

  it('calls whatever polling does not see complete a timeout, as the kernel does', () => {
    const { summary } = run('copy', { iterations: 1, polled: true }, (chan) => {
      Object.assign(chan.device, { deviceTxStatus: () => 'error' });
    });
    expect(summary.messages[0]).toMatch(/'test timed out'/);
  });

  it('says so when a descriptor cannot be submitted', () => {
    const { summary } = run('copy', { iterations: 1 }, (chan) => {
      const device = chan.device as { devicePrepDmaMemcpy: NonNullable<DmaDevice['devicePrepDmaMemcpy']> };
      const good = device.devicePrepDmaMemcpy;
      device.devicePrepDmaMemcpy = (...call) => Object.assign(good(...call)!, { txSubmit: () => -5 });
    });
    expect(summary.messages[0]).toMatch(/'submit error'/);
  });

  it('waits for ever with timeout -1: a lost interrupt hangs the guest', () => {
    const hang = (): unknown =>
      run('copy', { iterations: 1, timeout: -1 }, (_chan, machine) => {
        for (const source of [0, 1, 2, 3, 4, 5]) machine.interrupts.free(source);
      });
    expect(hang).toThrow(expect.objectContaining({ rule: 'KS-08' }));
  });

  it('finds P and Q that are not the source: the coefficients of its P+Q are 1, its sources odd in number', () => {
    const counts: number[] = [];
    const { summary } = run('pq', { iterations: 2, pqSources: 4, norandom: true, transferSize: 64 }, (chan) => {
      const device = chan.device as { devicePrepDmaPq: NonNullable<DmaDevice['devicePrepDmaPq']> };
      const good = device.devicePrepDmaPq;
      device.devicePrepDmaPq = (on, dst, srcs, count, scf, len, flags) => {
        counts.push(count);
        return good(on, dst, srcs, count, [2, ...scf.slice(1)], len, flags);
      };
    });
    expect(counts).toEqual([5, 5]);
    expect(summary.failures).toBe(2);
    expect(summary.messages[0]).toMatch(/dstbuf\[0x0\] (not copied|mismatch|was copied)! Expected df/);
  });

  it('starts its kinds in the kernel’s order: copy, fill, xor, P+Q', () => {
    const capMask = new Set([DmaCapability.PQ, DmaCapability.XOR, DmaCapability.MEMSET, DmaCapability.MEMCPY]);
    expect(kindsOf({ device: { capMask } } as unknown as DmaChan)).toEqual(['copy', 'set', 'xor', 'pq']);
  });

  it('sums up in the kernel’s line', () => {
    const summary = { name: 'dma0chan0-copy0', tests: 100, failures: 2, bytes: 1024000, seconds: 0.5, messages: [] };
    expect(summaryLine(summary)).toBe('dma0chan0-copy0: summary 100 tests, 2 failures 200.00 iops 2000 KB/s (0)');
  });
});
