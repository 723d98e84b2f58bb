import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import { asyncXorVal } from '../../async_tx/xor-val';
import { SumCheck } from '../../dmaengine/flags';
import type { Page } from '../../emulator/kernel/pages';
import { PLATFORMS } from '../../emulator/platforms';
import { AsyncWorld, BOTH, nothingLeft, xorModel } from './world';

const { ACK } = AsyncTxFlags;
const UNTOUCHED = 77;

/** Pages whose sum is zero: the first is the sum of the others. */
function parityGroup(world: AsyncWorld, count: number): Page[] {
  const data = Array.from({ length: count - 1 }, (_, i) => world.noise(i));
  const parity = world.page();
  world.bytes(parity).set(xorModel(data.map((page) => world.bytes(page))));
  return [parity, ...data];
}

/** Checks a group to the end; what came out, and how often it called back. */
function check(world: AsyncWorld, group: readonly Page[], offset = 0, length = 4096) {
  const result = { value: UNTOUCHED };
  let called = 0;
  const submit = initAsyncSubmit(ACK, null, () => called++);
  world.call(() => asyncXorVal(world.api, group[0], group, offset, length, result, submit));
  world.finish();
  return { value: result.value, called, flags: submit.flags };
}

describe.each(BOTH)('xor_val %s', (_, platform) => {
  const engines = platform.engines.length;

  it.each([2, 3, 5, 16])('of %i sources says 0 for a good group and P for a bad one (XV-01)', (count) => {
    const world = new AsyncWorld(platform);
    const group = parityGroup(world, count);
    expect(check(world, group)).toEqual({ value: 0, called: 1, flags: ACK });
    const again = parityGroup(world, count);
    world.bytes(again[count - 1])[4095] ^= 0x10;
    expect(check(world, again)).toEqual({ value: SumCheck.P_RESULT, called: 1, flags: ACK });
    expect(world.leftovers()).toEqual(nothingLeft(engines));
    expect(world.rules()).toEqual([]);
  });

  it('looks at its range only (XV-01)', () => {
    const world = new AsyncWorld(platform);
    const group = parityGroup(world, 4);
    world.bytes(group[2])[511] ^= 1;
    world.bytes(group[2])[1024] ^= 1;
    expect(check(world, group, 512, 512).value).toBe(0);
    const other = parityGroup(world, 4);
    world.bytes(other[2])[511] ^= 1;
    expect(check(world, other, 500, 12).value).toBe(SumCheck.P_RESULT);
  });

  it('leaves memory alone on an engine, and destroys the destination on the processor (XV-03, DX-07)', () => {
    const world = new AsyncWorld(platform);
    const group = parityGroup(world, 4);
    world.bytes(group[1])[7] ^= 0xff;
    const before = group.map((page) => world.bytes(page).slice());
    const sum = xorModel(before);
    check(world, group);
    const after = group.map((page) => world.bytes(page).slice());
    expect(after).toEqual(engines > 0 ? before : [sum, ...before.slice(1)]);
  });

  it('of more sources than a descriptor has is done without one, and is right (XV-02, X-12)', () => {
    const world = new AsyncWorld(platform);
    for (const count of [17, 33]) {
      const good = parityGroup(world, count);
      expect(check(world, good)).toEqual({ value: 0, called: 1, flags: ACK });
      const bad = parityGroup(world, count);
      world.bytes(bad[16])[0] ^= 1;
      expect(check(world, bad)).toEqual({ value: SumCheck.P_RESULT, called: 1, flags: ACK });
    }
    expect(world.leftovers()).toEqual(nothingLeft(engines));
    expect(world.rules()).toEqual([]);
  });

  it('is a BUG unless source 0 is the destination (XV-01)', () => {
    const world = new AsyncWorld(platform);
    const group = parityGroup(world, 3);
    const swapped = (): unknown => asyncXorVal(world.api, group[1], group, 0, 64, { value: 0 }, initAsyncSubmit(ACK));
    expect(() => world.call(swapped)).toThrow(expect.objectContaining({ rule: 'XV-01' }));
  });
});

describe('xor_val', () => {
  it('stores its result before the callback, and not before the operation (XV-06)', () => {
    const world = new AsyncWorld();
    const group = parityGroup(world, 3);
    const result = { value: UNTOUCHED };
    const seen: number[] = [];
    const submit = initAsyncSubmit(ACK, null, () => seen.push(result.value));
    world.call(() => asyncXorVal(world.api, group[0], group, 0, 4096, result, submit));
    expect(result.value).toBe(UNTOUCHED);
    world.finish();
    expect(seen).toEqual([0]);
  });

  it('of too many sources still has the engine add them up; the processor only looks at the sum (XV-04)', () => {
    const world = new AsyncWorld();
    const group = parityGroup(world, 40);
    const { cookies } = world;
    expect(check(world, group).value).toBe(0);
    expect(world.cookies - cookies).toBe(3);
  });

  it('waits for what it depends on where it is done by the processor (XV-04, AX-05)', () => {
    const { iop342 } = PLATFORMS;
    const world = new AsyncWorld({ ...iop342, engines: [{ ...iop342.engines[0], capabilities: ['memcpy'] }] });
    const group = parityGroup(world, 3);
    const spoiled = world.noise(50);
    const result = { value: UNTOUCHED };
    world.call(() => {
      const copy = world.dma.findChannel(0)!.device.devicePrepDmaMemcpy!;
      const tx = copy(world.chans[0], group[1].address, spoiled.address, 4096, 0)!;
      tx.txSubmit(tx);
      const submit = initAsyncSubmit(ACK, tx);
      expect(asyncXorVal(world.api, group[0], group, 0, 4096, result, submit)).toBeNull();
      expect(submit.dependTx).toBeNull();
    });
    expect(result.value).toBe(SumCheck.P_RESULT);
  });
});
