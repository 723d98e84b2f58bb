import type { IopAdmaChan } from '../../../dmaengine/iop-adma/channel';
import type { DmaTxResult } from '../../../dmaengine/tx-result';
import type { Page } from '../../../emulator/kernel/pages';
import { PLATFORMS } from '../../../emulator/platforms';
import { ACK, CHANNELS, granted, INT, prepMove, submit, World } from './world';

const LEN = 4096;

/** A channel, and operations on it whose destinations and results are kept. */
class Bench {
  readonly world: World;
  readonly chan: IopAdmaChan;
  readonly results: (DmaTxResult | undefined)[] = [];
  readonly sources: Page[] = [];
  readonly targets: Page[] = [];
  readonly cookies: number[] = [];
  /** Names in the order in which things happened. */
  readonly order: string[] = [];

  constructor(platform = PLATFORMS.iop342, index = 0) {
    this.world = new World({}, platform);
    this.chan = this.world.channel({}, index);
  }

  /**
   * Submits one operation that moves a page.
   * @param told whether its submitter takes the result
   * @param failAt where reading its source fails
   */
  move(told = true, failAt?: number): void {
    const { world, chan, results, order } = this;
    const number = this.sources.push(world.page((i) => 1 + ((i * 7 + this.sources.length) % 255))) - 1;
    this.targets.push(world.page());
    if (failAt !== undefined) this.fail(this.sources[number], failAt);
    const tx = granted(prepMove(chan, this.targets[number].address, this.sources[number].address, LEN, ACK | INT));
    results.push(undefined);
    if (told) {
      tx.callbackResult = (result) => {
        results[number] = result;
        order.push(`${number}: ${result.result}`);
      };
    }
    this.cookies.push(submit(tx));
  }

  fail(page: Page, at: number, access: 'read' | 'write' = 'read'): void {
    const address = page.address + at;
    this.world.machine.faults.inject({ kind: 'master-abort', address, length: 1, access, times: 1 });
  }

  issue(): void {
    this.chan.device.deviceIssuePending!(this.chan);
  }

  /** How many bytes from the start of the target are those of the source. */
  moved(number: number): number {
    const [from, to] = [this.sources[number], this.targets[number]].map((page) => this.world.bytes(page, LEN));
    const first = to.findIndex((byte, i) => byte !== from[i]);
    return first < 0 ? LEN : first;
  }

  status(number: number): string {
    return this.world.call(() => this.chan.device.deviceTxStatus!(this.chan, this.cookies[number]));
  }
}

describe.each(CHANNELS)('an engine error on the %s', (_, platform, index) => {
  it('reaches the submitter of that operation and nobody else, and the engine goes on behind it', () => {
    const bench = new Bench(platform, index);
    bench.world.call(() => {
      for (let i = 0; i < 4; i++) bench.move();
      bench.fail(bench.sources[1], 0);
      bench.issue();
    });
    bench.world.settle();
    expect(bench.order).toEqual(['0: noerror', '1: aborted', '2: noerror', '3: noerror']);
    expect([0, 1, 2, 3].map((i) => bench.moved(i) === LEN)).toEqual([true, false, true, true]);
    expect(bench.results[1]!.errors).toEqual(['int_mabort']);
    expect(bench.world.kernel.log.at(-1)!.text).toBe(`iop-adma.${index}: error ( int_mabort )`);
    expect(bench.world.machine.intc.asserted()).toEqual([]);
    expect(bench.world.rules()).toEqual([]);
  });

  it('of the last operation lets the next one start the engine again', () => {
    const bench = new Bench(platform, index);
    bench.world.call(() => {
      bench.move();
      bench.fail(bench.sources[0], 0);
      bench.issue();
    });
    bench.world.settle();
    expect(bench.order).toEqual(['0: aborted']);
    bench.world.call(() => {
      bench.move();
      bench.issue();
    });
    bench.world.settle();
    expect(bench.order).toEqual(['0: aborted', '1: noerror']);
    expect(bench.moved(1)).toBe(LEN);
  });

  it.each([0, 1024, 2048, 3072])('in the block at %d tells how much is left (SI-42)', (at) => {
    for (const access of ['read', 'write'] as const) {
      const bench = new Bench(platform, index);
      bench.world.call(() => {
        bench.move();
        bench.fail(access === 'read' ? bench.sources[0] : bench.targets[0], at + 100, access);
        bench.issue();
      });
      bench.world.settle();
      expect(bench.results[0]).toMatchObject({ result: 'aborted' });
      expect(bench.moved(0)).toBe(LEN - bench.results[0]!.residue);
      // Blocks of the AAU may be shorter than those of the others; whole ones they are in any case.
      expect(bench.results[0]!.residue % 256).toBe(0);
      expect(bench.moved(0)).toBeLessThanOrEqual(at + 100);
    }
  });

  it('while a descriptor is fetched leaves all of it undone, and a re-read that fails leaves nothing', () => {
    const bench = new Bench(platform, index);
    bench.world.call(() => {
      bench.move();
      bench.move();
      const { phys } = bench.chan.chain.last!;
      bench.world.machine.faults.inject({ kind: 'master-abort', address: phys, length: 4, access: 'read', times: 1 });
      bench.issue();
    });
    bench.world.settle();
    expect(bench.results[1]).toMatchObject({ result: 'aborted', residue: LEN });
    bench.world.call(() => {
      const { phys } = bench.chan.chain.last!;
      bench.move();
      bench.world.machine.faults.inject({ kind: 'master-abort', address: phys, length: 4, access: 'read', times: 1 });
      bench.issue();
    });
    bench.world.settle();
    // The engine was off: it was started at the new descriptor and never re-read the old one.
    expect(bench.order.at(-1)).toBe('2: noerror');
    bench.world.call(() => {
      bench.move();
      bench.issue();
    });
    bench.world.settle();
    expect(bench.order.slice(2)).toEqual(['2: noerror', '3: noerror']);
    expect([bench.moved(2), bench.moved(3)]).toEqual([LEN, LEN]);
  });

  it('is noticed by whoever polls before the interrupt came (IA-70)', () => {
    const bench = new Bench(platform, index);
    const { processor } = bench.world.kernel;
    bench.world.call(() => {
      bench.move();
      bench.move();
      bench.fail(bench.sources[0], 0);
      bench.issue();
      processor.irqsOff++;
      bench.world.kernel.spend(1e9);
      expect(bench.order).toEqual([]);
      bench.chan.device.deviceTxStatus!(bench.chan, bench.cookies[1]);
      expect(bench.order).toEqual(['0: aborted']);
      processor.irqsOff--;
    });
    bench.world.settle();
    expect(bench.order).toEqual(['0: aborted', '1: noerror']);
  });

  it('that nobody is told of is what the status of its cookie says', () => {
    const bench = new Bench(platform, index);
    bench.world.call(() => {
      for (let i = 0; i < 3; i++) bench.move(false);
      bench.fail(bench.sources[1], 0);
      bench.issue();
    });
    bench.world.settle();
    expect([0, 1, 2].map((i) => bench.status(i))).toEqual(['complete', 'error', 'complete']);
  });

  it('does not let the engine run on before the submitter has been told', () => {
    const bench = new Bench(platform, index);
    let followerMoved = -1;
    bench.world.call(() => {
      bench.move();
      const tx = bench.chan.chain.last!;
      bench.move();
      tx.callbackResult = () => {
        bench.world.kernel.spend(1e9);
        followerMoved = bench.moved(1);
      };
      bench.fail(bench.sources[0], 0);
      bench.issue();
      // Someone submits and rings while the error stands and its interrupt waits.
      bench.world.kernel.processor.irqsOff++;
      bench.world.kernel.spend(1e8);
      for (let i = 0; i < 6; i++) bench.move();
      bench.issue();
      bench.world.kernel.processor.irqsOff--;
    });
    bench.world.settle();
    expect(followerMoved).toBe(0);
    expect([1, 2, 3, 4, 5, 6, 7].map((i) => bench.moved(i))).toEqual(Array(7).fill(LEN));
  });

  it('leaves every slot but one free when everything is over', () => {
    const bench = new Bench(platform, index);
    bench.world.call(() => {
      for (let i = 0; i < 8; i++) bench.move(true, [0, 3, 4, 7].includes(i) ? 512 : undefined);
      bench.issue();
    });
    bench.world.settle();
    expect(bench.order.filter((text) => text.endsWith('aborted'))).toEqual([0, 3, 4, 7].map((i) => `${i}: aborted`));
    const { chan } = bench;
    bench.world.call(() => chan.steps.cleanup(chan));
    expect(chan.chain.length).toBe(1);
    expect(chan.failures).toBe(4);
  });
});

describe('a check of several descriptors', () => {
  it('fails as one operation, wherever the error was (IA-55)', () => {
    for (const part of [0, 1, 3]) {
      const bench = new Bench(PLATFORMS.iop331, 2);
      const { world, chan } = bench;
      const [a, b] = [world.page((i) => i & 0xff), world.page((i) => i & 0xff)];
      const result = { value: 9 };
      const seen: string[] = [];
      world.call(() => {
        const tx = granted(chan.device.devicePrepDmaXorVal!(chan, [a.address, b.address], 2, LEN, result, ACK | INT));
        tx.callbackResult = (how) => seen.push(how.result);
        submit(tx);
        bench.move();
        bench.fail(b, 1024 * part + 8);
        bench.issue();
      });
      world.settle();
      expect(seen).toEqual(['aborted']);
      expect(result.value).toBe(9);
      expect(bench.order).toEqual(['0: noerror']);
    }
  });
});
