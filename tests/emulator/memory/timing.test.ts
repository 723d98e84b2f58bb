import { IOP13XX_TIMING, resolveTiming } from '../../../emulator/memory/timing';

const timing = resolveTiming(IOP13XX_TIMING, { core: 1_250, ibclk: 2_500, mclk: 5_000 });

it('resolves every unit to picoseconds and leaves bytes alone', () => {
  expect(timing.BLOCK).toBe(1024);
  expect(timing.DDR_BYTES).toBe(16);
  expect(timing.DP_BYTES).toBe(8);
  expect(timing.T_PORT).toBe(4 * 2_500);
  expect(timing.T_MISS).toBe(6 * 5_000);
  expect(timing.T_CORE_IRQ).toBe(24 * 1_250);
  expect(timing.REFRESH_EVERY).toBe(7_800_000);
});

it('gives the read latencies of section 5.2: 65 ns open, 95 ns closed', () => {
  const hit = 2 * timing.T_PORT + timing.T_ARB + timing.T_HIT;
  expect(hit).toBe(65_000);
  expect(hit + timing.T_MISS).toBe(95_000);
});

it('says for every number what it is and where it comes from, and knows no fraction of a picosecond', () => {
  for (const [name, { says, source }] of Object.entries(IOP13XX_TIMING)) {
    expect([name, says.length > 0, source.length > 0]).toEqual([name, true, true]);
  }
  for (const [name, value] of Object.entries(timing)) {
    if (typeof value === 'number') expect([name, Number.isInteger(value)]).toEqual([name, true]);
  }
});
