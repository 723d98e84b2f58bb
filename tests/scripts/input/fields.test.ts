import * as fc from 'fast-check';

import { DEFAULTS, fields, forOption, oneOf, OptionError, requireDisk } from '../../../scripts/input/fields';

it('reads and names an option: the flag stands before the refusal', () => {
  const chunk = (text: string) => forOption('--chunk', () => fields.chunk.parse(text));
  expect(chunk('64KiB')).toBe(65536);
  expect(() => chunk('63KiB')).toThrow(
    new Error("--chunk: '63KiB' is no power of two in that range, expected a power of two from 4KiB to 1GiB"),
  );
  expect(() => chunk('63KiB')).toThrow(OptionError);
});

it('lets errors of the program itself pass an option', () => {
  const defect = new TypeError('ours');
  expect(() =>
    forOption('--chunk', () => {
      throw defect;
    }),
  ).toThrow(defect);
});

it('reads disk failures as DISK@TIME', () => {
  expect(fields.fail.parse('2@1.5')).toEqual([{ disk: 2, at: 1_500_000_000_000 }]);
  expect(fields.fail.parse('0@20ms,3@1')).toEqual([
    { disk: 0, at: 20_000_000_000 },
    { disk: 3, at: 1_000_000_000_000 },
  ]);
});

it.each([
  ['2', "'2' is no disk and time, expected DISK@TIME like 2@1.5, or several like 2@20ms,3@1.5"],
  ['2@1@1', "'2@1@1' is no disk and time, expected DISK@TIME like 2@1.5, or several like 2@20ms,3@1.5"],
  ['x@1', "'x' is no whole number, expected a whole number from 0 to 31"],
  ['32@1', "'32' is out of range, expected a whole number from 0 to 31"],
  ['2@', "'' is no number with a unit, expected a simulated time like 1.5s, 20ms, 100us or seconds"],
])('refuses the disk failure %s', (text, message) => {
  expect(() => fields.fail.parse(text)).toThrow(new Error(message));
});

it.each([
  ['level', '1', "'1' is no level with parity, expected one of: 4, 5, 6"],
  ['disks', '33', "'33' is out of range, expected a whole number from 3 to 32"],
  ['cache', '16', "'16' is out of range, expected a whole number from 17 to 32768"],
  ['seed', '4294967296', "'4294967296' is out of range, expected a whole number from 0 to 4294967295"],
  ['speed', '0.0', "'0.0' is out of range, expected a decimal number above 0"],
  ['speed', '1e3', "'1e3' is no decimal number, expected a decimal number above 0"],
  ['speed', '9'.repeat(400), `'${'9'.repeat(59)}…' is out of range, expected a decimal number above 0`],
  ['depth', '1.5', "'1.5' is no whole number, expected a whole number from 1 to 1024"],
  ['depth', '', "'' is no whole number, expected a whole number from 1 to 1024"],
  ['pace', 'asp', "'asp' is not known (did you mean 'asap'?), expected one of: trace, asap"],
  ['size', '0', "'0' is no positive multiple of 512, expected a positive multiple of 512 bytes like 1GiB"],
  ['text', '', "'' is empty, expected a text of one character or more"],
] as const)('refuses %s %s', (name, text, message) => {
  expect(() => fields[name].parse(text)).toThrow(new Error(message));
});

it('accepts as a chunk the powers of two from 4 KiB to 1 GiB and nothing else', () => {
  for (let shift = 0; shift <= 40; shift++) {
    const parse = () => fields.chunk.parse(String(2 ** shift));
    if (shift >= 12 && shift <= 30) expect(parse()).toBe(2 ** shift);
    else expect(parse).toThrow('is no power of two in that range');
  }
  fc.assert(
    fc.property(fc.integer({ min: 12, max: 29 }), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (shift, share) => {
      const between = 2 ** shift + Math.ceil(share * (2 ** shift - 2));
      expect(() => fields.chunk.parse(String(between))).toThrow('is no power of two in that range');
    }),
  );
});

it('has defaults that its own fields accept', () => {
  for (const [name, value] of Object.entries(DEFAULTS)) {
    expect(fields[name as keyof typeof DEFAULTS].parse(String(value))).toBe(value);
  }
});

it('keeps disks inside the array', () => {
  expect(() => requireDisk(4, 5)).not.toThrow();
  expect(() => requireDisk(5, 5)).toThrow(new Error("'5' is no disk of this array, expected a disk from 0 to 4"));
});

it('knows names by their exact spelling', () => {
  const platform = oneOf(['iop342', 'none']);
  expect(platform.parse('none')).toBe('none');
  expect(() => platform.parse('IOP342')).toThrow(new Error("'IOP342' is not known, expected one of: iop342, none"));
});
