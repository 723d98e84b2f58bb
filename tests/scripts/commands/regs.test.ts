import { regs } from '../../../scripts/commands/regs';
import { printed, refused } from './capture';

const json = (unit: string | undefined, options: Parameters<typeof regs>[1]) =>
  JSON.parse(printed(() => regs(unit, { ...options, json: true })));

describe('adma regs', () => {
  it('lists the units of every platform, alike ones once', () => {
    const text = printed(() => regs(undefined, {}));
    expect(text).toContain('iop342, iop341, iop348\n');
    expect(text).toMatch(
      /adma2 +application DMA channel +0xffd80400 – 0xffd805ff +end of transfer 4, end of chain 5, error 59/,
    );
    expect(text).toMatch(
      /aau +application accelerator +0xffffe800 – 0xffffe8a7 +end of transfer 6, end of chain 7, error 23/,
    );
    expect(text).toMatch(/intc +interrupt controller +coprocessor 6\n/);
  });

  it('gives JSON with schemaVersion first', () => {
    const text = printed(() => regs(undefined, { platform: 'iop321', json: true }));
    expect(text.startsWith('{\n  "schemaVersion": 1,')).toBe(true);
    const { answers } = JSON.parse(text);
    expect(answers).toHaveLength(1);
    expect(answers[0].answer.map(({ name }: { name: string }) => name)).toEqual([
      'dma0',
      'dma1',
      'aau',
      'intc',
      'timers',
    ]);
    expect(answers[0].answer[2]).toEqual({
      name: 'aau',
      kind: 'aau',
      title: 'application accelerator',
      window: { base: 0xffff_e800, size: 0xa8 },
      interrupts: [
        { name: 'end of transfer', source: 6 },
        { name: 'end of chain', source: 7 },
        { name: 'error', source: 23 },
      ],
    });
  });
});

describe('adma regs UNIT', () => {
  it('lists every register with offset, address, reset value and title', () => {
    const text = printed(() => regs('adma1', { platform: 'iop342' }));
    expect(text).toContain('adma1: application DMA channel, 0xffd80200 – 0xffd803ff');
    expect(text).toMatch(/\n0x24 +0xffd80224 +ANDAR +0x00000000 +address of the next descriptor\n/);
    expect(text).not.toContain('CHAIN');
    expect(json('adma1', {}).answers[0].answer.registers).toHaveLength(45);
  });

  it('gives the fields on demand', () => {
    const text = printed(() => regs('DMA0', { platform: 'iop331', fields: true }));
    expect(text).toMatch(/\n +10 +ACTIVE +ro +a chain is executing\n/);
    const { registers } = json('timers', { platform: 'iop342', fields: true }).answers[0].answer;
    expect(registers[0]).toMatchObject({ name: 'TMR0', cp6: [0, 9], address: null });
    expect(registers[0].fields.ENABLE).toEqual({ bit: 1, access: 'rw', says: 'counts' });
    expect(json('timers', { platform: 'iop342' }).answers[0].answer.registers[0].fields).toBeUndefined();
  });

  it('refuses what does not exist', () => {
    expect(refused(() => regs('admo0', {}))).toMatch(/^'admo0' is no unit of .*did you mean 'adma0'/);
    expect(refused(() => regs('aau', { platform: 'iop342' }))).toMatch(
      /expected one of: adma0, adma1, adma2, intc, timers$/,
    );
    expect(refused(() => regs(undefined, { fields: true }))).toMatch(/--fields means nothing without a unit/);
    expect(refused(() => regs(undefined, { platform: 'x' }))).toMatch(/^--platform: 'x' is not known/);
  });
});
