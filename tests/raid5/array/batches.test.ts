import { STRIPE } from '../../../raid5/stripe/flags';
import type { WorldOptions } from '../world';
import { ArrayWorld, read, write, wrongSectors } from '../world';

/** Three data members, chunks of eight stripes: a row of chunks is 192 sectors. */
const ROW = 192;

function world(options: WorldOptions = {}): ArrayWorld {
  return new ArrayWorld({ disks: 4, chunk: 32_768, sectors: 2 * ROW, ...options });
}

/** Passes of the handler that these writes take. */
function passes(array: ArrayWorld, first: number, sectors: number): number {
  const before = array.array.statistics.handled;
  expect(wrongSectors(array.play([write(first, sectors)]))).toEqual([]);
  array.rest();
  return array.array.statistics.handled - before;
}

describe.each(['iop342', 'iop321', 'none'] as const)('on %s', (platform) => {
  it('full writes of a whole chunk are handled as one stripe is (BT-01)', () => {
    const array = world({ platform });
    const alone = passes(array, 0, ROW);
    expect(array.array.statistics.writes).toEqual({ full: 8, rmw: 0, rcw: 0 });
    expect(alone).toBeLessThan(8);
    expect(array.served.reads).toBe(0);
    expect(array.served.writes).toBe(32);
    expect(array.readBack()).toEqual([]);
    expect(array.broken()).toEqual([]);
  });

  it('a batch ends at its chunk (BT-01)', () => {
    const array = world({ platform });
    const one = passes(array, 0, ROW);
    const other = world({ platform });
    expect(passes(other, 0, 2 * ROW)).toBe(2 * one);
    expect(other.readBack()).toEqual([]);
    expect(other.broken()).toEqual([]);
  });

  it('RAID-6 writes batches as well', () => {
    const array = world({ platform, level: 6, disks: 5 });
    expect(passes(array, 0, 2 * ROW)).toBeLessThan(16);
    expect(array.readBack()).toEqual([]);
    expect(array.broken()).toEqual([]);
  });

  it('a member that dies at any moment of a batch costs no data and leaves nothing behind (BT-02)', () => {
    const requests = [write(0, ROW), write(10, 4), read(0, ROW), write(ROW, ROW), write(ROW - 20, 60), write(0, ROW)];
    const whole = world({ platform });
    const before = whole.events;
    whole.play(requests, 3);
    const events = whole.events - before;
    const every = Math.ceil(events / 24);
    for (let n = 1; n < events; n += every) {
      const array = world({ platform, cache: 24 });
      array.atEvent(n, () => array.disks[n % 4].die());
      const flights = array.play(requests, 3);
      const failed = flights.some((flight) => flight.failed);
      expect([n, failed, wrongSectors(flights), array.readBack(), array.broken()]).toEqual([n, false, [], [], []]);
    }
  });
});

it('a block that was in the cache before does not join a batch (BT-01)', () => {
  const array = world();
  array.play([write(8, 8)]);
  array.rest();
  const handled = passes(array, 0, ROW);
  expect(handled).toBeGreaterThan(passes(world(), 0, ROW));
  expect(array.readBack()).toEqual([]);
  expect(array.broken()).toEqual([]);
});

it('writes that are waited for and others do not mix in a batch (BT-01)', () => {
  const together = world();
  together.play([write(0, ROW)]);
  const handled = together.array.statistics.handled;
  const mixed = world();
  // Stripes of the second half become full with a write that is waited for.
  mixed.play([0, 64, 128].flatMap((chunk) => [write(chunk, 32), { ...write(chunk + 32, 32), sync: true }]));
  mixed.rest();
  expect(mixed.array.statistics.writes.full).toBe(8);
  expect(mixed.array.statistics.handled).toBe(2 * handled);
  expect(mixed.broken()).toEqual([]);
});

it('a batch that is being handled takes in nobody (HS-01, R-41)', () => {
  for (let delay = 1; delay < 60; delay++) {
    const array = world({ model: 'ssd' });
    array.thread(
      (function* () {
        for (const chunk of [0, 64, 128]) yield* array.start(write(chunk, 32));
        for (const chunk of [0, 64]) yield* array.start(write(chunk + 32, 32));
        yield* array.kernel.scheduler.sleep(delay * 1_000_000);
        expect(array.inFlight).toBe(5);
        yield* array.start(write(160, 32));
      })(),
    );
    array.rest();
    expect([delay, array.inFlight, array.readBack(), array.broken()]).toEqual([delay, 0, [], []]);
  }
});

it('a write that fails in one stripe of a batch fails the member, and no request (BT-02, IO-04)', () => {
  for (const sector of [0, 24, 56]) {
    const array = world();
    array.disks[1].unwritable.add(sector);
    const flights = array.play([write(0, ROW)]);
    expect(flights.map(({ failed }) => failed)).toEqual([false]);
    expect(array.array.failedDisks).toEqual([1]);
    expect(array.readBack()).toEqual([]);
    expect(array.broken()).toEqual([]);
  }
});

it('requests for a stripe in a batch wait for the batch to break (BQ-02, BQ-06)', () => {
  const array = world();
  const flights = array.play([write(0, ROW), write(30, 4), write(0, ROW), read(20, 40), write(61, 70)]);
  expect(flights.map(({ failed }) => failed)).toEqual(flights.map(() => false));
  expect(wrongSectors(flights)).toEqual([]);
  expect(array.readBack()).toEqual([]);
  expect(array.broken()).toEqual([]);
});

it.each([0, 8])('a check that meets the stripe at %i in a batch has it checked after all (BT-02)', (sector) => {
  const array = world();
  array.thread(
    (function* () {
      yield* array.start(write(0, ROW));
      expect(array.stripe(sector)!.batchHead).toBe(array.stripe(0));
      const pass = yield* array.array.sync.run('check', [sector]);
      expect([pass.mismatchSectors, pass.interrupted]).toEqual([0, false]);
    })(),
  );
  expect(array.array.history.of(sector).at(-1)!.operations).toEqual(['CHECK']);
  expect(array.broken()).toEqual([]);
});

it('two rows beyond what is left of the array fail every request of the batch (HS-06, BT-02)', () => {
  const array = world();
  for (const disk of [0, 1]) array.array.error(disk);
  const flights = array.play([write(0, ROW), write(ROW, ROW)]);
  expect(flights.map(({ failed }) => failed)).toEqual([true, true]);
  expect(array.broken()).toEqual([]);
});

it('a write that is waited for reads before writing at once, whoever else does (SC-07)', () => {
  /** Whether the stripe of the second of two partial writes may read while the first one's does. */
  const reads = (sync: boolean): boolean => {
    const array = world({ model: 'ssd' });
    return array.thread(
      (function* () {
        yield* array.start(write(0, 8));
        yield* array.kernel.scheduler.sleep(20_000_000);
        yield* array.start({ ...write(16, 8), sync });
        yield* array.kernel.scheduler.sleep(20_000_000);
        return array.stripe(16)!.has(STRIPE.PREREAD_ACTIVE);
      })(),
    );
  };
  expect([reads(true), reads(false)]).toEqual([true, false]);
});

it('a stripe that several blocks of a request fall on is handed over once (SC-08)', () => {
  const array = world({ chunk: 4096 });
  array.thread(
    (function* () {
      yield* array.start(write(0, 24));
      expect(array.stripe(0)!.has(STRIPE.ON_UNPLUG_LIST)).toBe(false);
      expect([...array.inside.handleList]).toEqual([array.stripe(0)]);
    })(),
  );
  array.rest();
  expect(array.broken()).toEqual([]);
});
