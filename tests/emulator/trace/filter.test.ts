import { globPattern, nameFilter } from '../../../emulator/trace/filter';

const NAMES = ['engine.read', 'engine.write', 'cpu.irq', 'cpu.irq-end', 'bus.grant'];
const kept = (...globs: string[]): string[] => NAMES.filter(nameFilter(globs));

describe('a filter of points', () => {
  it.each([
    [[], NAMES],
    [['engine.*'], ['engine.read', 'engine.write']],
    [['!engine.*'], ['cpu.irq', 'cpu.irq-end', 'bus.grant']],
    [['engine.*', '!engine.read'], ['engine.write']],
    [
      ['!engine.*', 'engine.read'],
      ['engine.read', 'cpu.irq', 'cpu.irq-end', 'bus.grant'],
    ],
    [['*.irq'], ['cpu.irq']],
    [['cpu.irq?end'], ['cpu.irq-end']],
    [['bus'], []],
  ])('of %j keeps %j: the last glob that fits decides', (globs, names) => {
    expect(kept(...globs)).toEqual(names);
  });

  it('takes a dot for a dot', () => {
    expect(globPattern('bus.grant').test('busxgrant')).toBe(false);
  });
});
