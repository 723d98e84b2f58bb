/** The bus by itself: what one transaction costs, and what a refresh does to the next. */
import { MemoryBus, Route } from '../../../emulator/memory/bus';
import { IOP13XX_TIMING, resolveTiming } from '../../../emulator/memory/timing';

const CLK = 2_500;
const clocks = { core: 1_250, ibclk: CLK, mclk: 2 * CLK };
const bus = (): MemoryBus => new MemoryBus(resolveTiming(IOP13XX_TIMING, clocks));

it('reads a KiB in 166 IBCLK on a row miss and in 154 on a hit', () => {
  const memory = bus();
  expect(memory.read(0, Route.port, 0x1000, 1024, 'adma0')).toBe(166 * CLK);
  const later = 1000 * CLK;
  expect(memory.read(later, Route.port, 0x1400, 1024, 'adma0')).toBe(later + 154 * CLK);
});

it('writes a KiB in 144 IBCLK', () => {
  expect(bus().write(0, Route.port, 0x1000, 1024, 'adma0')).toBe(144 * CLK);
});

it('adds 8 IBCLK for a request over the internal bus', () => {
  expect(bus().read(0, Route.internal, 0x1000, 1024, 'adma0')).toBe(174 * CLK);
  expect(bus().write(0, Route.internal, 0x1000, 1024, 'adma0')).toBe(152 * CLK);
});

it('adds 20 IBCLK for each ragged edge of a write, one when both lie in one lane', () => {
  const plain = bus().write(0, Route.port, 0x1000, 8, 'adma0');
  expect(bus().write(0, Route.port, 0x1004, 4, 'adma0') - plain).toBe(20 * CLK);
  expect(bus().write(0, Route.port, 0x1000, 4, 'adma0') - plain).toBe(20 * CLK);
  expect(bus().write(0, Route.port, 0x1002, 4, 'adma0') - plain).toBe(20 * CLK);
  expect(bus().write(0, Route.port, 0x1004, 8, 'adma0') - plain).toBe(40 * CLK);
});

it('grants the data bus in the order of asking', () => {
  const memory = bus();
  const first = memory.read(0, Route.port, 0, 1024, 'adma0');
  const second = memory.read(0, Route.port, 0x2000, 1024, 'adma0');
  const third = memory.read(0, Route.port, 0x4000, 1024, 'adma0');
  expect([second - first, third - second]).toEqual([128 * CLK, 128 * CLK]);
});

it('keeps reads of another row of the same bank apart from reads of the open one', () => {
  const memory = bus();
  memory.read(0, Route.port, 0, 64, 'adma0');
  const sameBank = memory.read(1_000_000, Route.port, 16 * 8192, 64, 'adma0') - 1_000_000;
  const back = memory.read(2_000_000, Route.port, 0, 64, 'adma0') - 2_000_000;
  const open = memory.read(3_000_000, Route.port, 64, 64, 'adma0') - 3_000_000;
  expect([sameBank, back]).toEqual([sameBank, sameBank]);
  expect(sameBank - open).toBe(12 * CLK);
});

describe('refresh', () => {
  const EVERY = 7_800_000;
  const LONG = 40 * CLK;

  it('holds up what starts while it lasts, and no more', () => {
    const free = bus().read(0, Route.port, 0, 64, 'adma0');
    const memory = bus();
    // First data would flow 34 IBCLK after the request: in the middle of the refresh.
    const now = EVERY - 14 * CLK;
    expect(memory.read(now, Route.port, 0, 64, 'adma0') - now).toBe(free + 20 * CLK);
    const past = 3 * EVERY + LONG;
    expect(memory.read(past, Route.port, 16 * 8192, 64, 'adma0') - past).toBe(free);
  });

  it('waits for the transaction it finds, then takes its whole time from the next', () => {
    const memory = bus();
    const now = EVERY - 60 * CLK;
    const first = memory.read(now, Route.port, 0, 1024, 'adma0');
    expect(first - now).toBe(166 * CLK);
    const second = memory.read(now, Route.port, 0x2000, 1024, 'adma0');
    expect(second - first).toBe(LONG + 128 * CLK);
    const third = memory.read(now, Route.port, 0x4000, 1024, 'adma0');
    expect(third - second).toBe(128 * CLK);
  });

  it('takes its share from a saturated bus', () => {
    const memory = bus();
    let end = 0;
    const blocks = 10_000;
    for (let i = 0; i < blocks; i++) end = memory.read(0, Route.port, 1024 * i, 1024, 'adma0');
    const share = 1 - (blocks * 128 * CLK) / end;
    expect(share).toBeGreaterThan(0.012);
    expect(share).toBeLessThan(0.0135);
  });

  it('closes the rows', () => {
    const memory = bus();
    memory.read(0, Route.port, 0, 64, 'adma0');
    const soon = memory.read(1_000_000, Route.port, 64, 64, 'adma0') - 1_000_000;
    memory.read(2 * EVERY + LONG, Route.port, 9 * 8192, 64, 'adma0');
    const later = 2 * EVERY + 1_000_000;
    expect(memory.read(later, Route.port, 128, 64, 'adma0') - later).toBe(soon + 12 * CLK);
  });
});

it('counts the time the data bus was busy', () => {
  const memory = bus();
  memory.read(0, Route.port, 0, 1024, 'adma0');
  memory.write(0, Route.port, 0x2000, 512, 'adma0');
  expect(memory.busyTime).toBe(192 * CLK);
});
