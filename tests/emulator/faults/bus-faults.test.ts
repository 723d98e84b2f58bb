import { BusFaults } from '../../../emulator/faults/bus-faults';

it('strikes what touches its range, first byte to last, and nothing else', () => {
  const faults = new BusFaults();
  faults.inject({ kind: 'parity', address: 100, length: 10, access: 'any', times: Infinity });
  expect(faults.strike(90, 10, false, 'adma0')).toBeUndefined();
  expect(faults.strike(90, 11, false, 'adma0')).toBe('parity');
  expect(faults.strike(109, 1, true, 'adma0')).toBe('parity');
  expect(faults.strike(110, 10, true, 'adma0')).toBeUndefined();
  expect(faults.strike(0, 1000, true, 'adma0')).toBe('parity');
});

it('tells reads from writes', () => {
  const faults = new BusFaults();
  faults.inject({ kind: 'mcu-abort', address: 0, length: 4, access: 'read', times: Infinity });
  faults.inject({ kind: 'target-abort', address: 0, length: 4, access: 'write', times: Infinity });
  expect(faults.strike(0, 4, false, 'adma0')).toBe('mcu-abort');
  expect(faults.strike(0, 4, true, 'adma0')).toBe('target-abort');
});

it('strikes as often as it says, the older fault first', () => {
  const faults = new BusFaults();
  faults.inject({ kind: 'parity', address: 0, length: 4, access: 'any', times: 2 });
  faults.inject({ kind: 'mcu-abort', address: 0, length: 8, access: 'any', times: 1 });
  expect([0, 1, 2, 3].map(() => faults.strike(0, 4, false, 'adma0'))).toEqual([
    'parity',
    'parity',
    'mcu-abort',
    undefined,
  ]);
});

it.each([
  [0, 4],
  [-1, 4],
  [NaN, 4],
  [1, 0],
  [1, NaN],
])('refuses %d times over %d bytes', (times, length) => {
  expect(() => new BusFaults().inject({ kind: 'parity', address: 0, length, access: 'any', times })).toThrow(
    RangeError,
  );
});

it('strikes one unit only where it names one', () => {
  const faults = new BusFaults();
  faults.inject({ kind: 'mcu-abort', unit: 'adma1', address: 0, length: Infinity, access: 'any', times: 1 });
  expect(faults.strike(4096, 64, false, 'adma0')).toBeUndefined();
  expect(faults.strike(4096, 64, false, 'adma1')).toBe('mcu-abort');
  expect(faults.strike(4096, 64, false, 'adma1')).toBeUndefined();
});
