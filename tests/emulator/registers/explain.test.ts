import fc from 'fast-check';
import type { PlatformName } from '../../../emulator/platforms';
import { PLATFORM_NAMES, PLATFORMS } from '../../../emulator/platforms';
import { descriptorLength, explainDescriptor } from '../../../emulator/platforms/explain-descriptor';
import type { EngineRecord, PlatformRecord } from '../../../emulator/platforms/platform';
import { platformUnits } from '../../../emulator/platforms/units';
import { explainRegister } from '../../../emulator/registers/explain';
import type { RegisterLayout } from '../../../emulator/registers/layout';

const LAYOUT = {
  name: 'DEMO',
  offset: 4,
  title: 'a register',
  source: 'nowhere 1.2',
  reset: 2,
  fields: {
    LOW: { bit: 0, access: 'rw', says: 'on' },
    MODE: { bits: [3, 2], access: 'rw', says: 'how', values: { 0: 'slow', 3: 'fast' } },
    FLAG: { bit: 8, access: 'w1c', says: 'it happened', line: 'error' },
    RESERVED: { bits: [31, 24], access: 'reserved', says: 'reads 0' },
    UNKNOWN_4: { bit: 4, access: 'unknown', says: 'not documented' },
  },
} as const satisfies RegisterLayout;

describe('an explained register', () => {
  it('gives every field its value and its name, highest bit first', () => {
    const { fields, name, source, reset } = explainRegister(LAYOUT, 0x10d);
    expect({ name, source, reset }).toEqual({ name: 'DEMO', source: 'nowhere 1.2', reset: 2 });
    expect(fields.map((field) => [field.name, field.value, field.named])).toEqual([
      ['RESERVED', 0, null],
      ['FLAG', 1, null],
      ['UNKNOWN_4', 0, null],
      ['MODE', 3, 'fast'],
      ['LOW', 1, null],
    ]);
    expect(fields[1]).toMatchObject({ bits: [8, 8], access: 'w1c', line: 'error', says: 'it happened' });
  });

  it('points out reserved, unknown and nameless bits', () => {
    expect(explainRegister(LAYOUT, 0x10d).warnings).toEqual([]);
    expect(explainRegister(LAYOUT, 0x8000_0000).warnings).toEqual([
      'RESERVED (31:24): reserved bits are set: 0x80000000',
    ]);
    expect(explainRegister(LAYOUT, 0x10).warnings).toEqual([
      'UNKNOWN_4 (4): bits that are documented nowhere are set: 0x00000010',
    ]);
    expect(explainRegister(LAYOUT, 0x2_0000).warnings).toEqual(['bits that belong to no field are set: 0x00020000']);
    expect(explainRegister(LAYOUT, 8).warnings).toEqual([
      'MODE (3:2): 2 is none of the values that the reference names',
    ]);
  });

  it.each(PLATFORM_NAMES)('splits any value of any register of %s without loss', (platform) => {
    const layouts = platformUnits(PLATFORMS[platform]).flatMap(({ registers }) =>
      registers.map(({ layout }) => layout),
    );
    fc.assert(
      fc.property(fc.constantFrom(...layouts), fc.integer({ min: 0, max: 0xffff_ffff }), (layout, value) => {
        const { fields, warnings } = explainRegister(layout, value);
        const whole = fields.reduce((sum, field) => sum + field.value * 2 ** field.bits[1], 0);
        const stray = value - whole;
        expect(warnings.some((warning) => warning.includes('no field'))).toBe(stray !== 0);
        expect(stray === 0 || (whole & stray) === 0).toBe(true);
      }),
    );
  });
});

describe('the units of a platform', () => {
  it('stand where the references say', () => {
    const place = (platform: PlatformName, unit: string, register: string) =>
      platformUnits(PLATFORMS[platform])
        .find(({ name }) => name === unit)!
        .registers.find(({ layout }) => layout.name === register)!;
    expect(place('iop342', 'adma1', 'ACSR').address).toBe(0xffd8_0204);
    expect(place('iop342', 'adma2', 'SUAR15').address).toBe(0xffd8_04b8);
    expect(place('iop342', 'intc', 'INTCTL3')).toMatchObject({ address: null, cp6: [3, 4] });
    expect(place('iop342', 'intc', 'IPR7').cp6).toEqual([7, 8]);
    expect(place('iop342', 'intc', 'IINTVEC').cp6).toEqual([3, 2]);
    expect(place('iop342', 'timers', 'TRR1')).toMatchObject({ address: null, cp6: [5, 9] });
    expect(place('iop321', 'dma1', 'DCR').address).toBe(0xffff_e464);
    expect(place('iop321', 'aau', 'EDCR1').address).toBe(0xffff_e860);
    expect(place('iop321', 'intc', 'IINTSRC')).toMatchObject({ address: 0xffff_e7d8, cp6: [8, 0] });
    expect(place('iop321', 'timers', 'TISR')).toMatchObject({ address: 0xffff_e7f8, cp6: [6, 1] });
    expect(place('iop331', 'intc', 'FINTSRC1')).toMatchObject({ address: 0xffff_e7ac, cp6: [7, 0] });
    expect(place('iop331', 'timers', 'TCR0').address).toBe(0xffff_e7d8);
  });

  it('name the driver of every source that something drives', () => {
    const intc = platformUnits(PLATFORMS.iop342).find(({ kind }) => kind === 'intc')!;
    const enable = intc.registers.find(({ layout }) => layout.name === 'INTCTL1')!.layout;
    expect(explainRegister(enable, 1 << 25).fields.filter(({ value }) => value !== 0)).toMatchObject([
      { name: 'SOURCE_57', named: 'enabled', says: 'adma0 error: lets the source through' },
    ]);
  });
});

function engine(platform: PlatformName, name: string): EngineRecord {
  const record: PlatformRecord = PLATFORMS[platform];
  return record.engines.find(({ unit }) => unit.name === name)!;
}

const adma = engine('iop342', 'adma2');
const aau = engine('iop331', 'aau');
const dma = engine('iop331', 'dma0');

function effects(unit: EngineRecord, words: readonly number[], control = 0) {
  const { operation, bytes, reads, writes, warnings } = explainDescriptor(unit, words, control);
  return {
    operation,
    bytes,
    reads: reads.map(({ address, effect }) => `${address === null ? '-' : address.toString(16)}: ${effect}`),
    writes: writes.map(({ address, what }) => `${address.toString(16)}: ${what}`),
    warnings,
  };
}

describe('an explained ADMA descriptor', () => {
  const four = [0x1000, 0x0100_0000, 0x2000, 0x0200_0000, 0x3000, 0x0400_0000, 0x4000, 0x0800_0000];

  it('is the P+Q of 4 sources of the manual (3.2: ADCR 0x0004001F, ABCR 0x400)', () => {
    const words = [0, 0x0004_001f, 0x9000, 0x400, 0x8000, 0, ...four];
    expect(descriptorLength(adma, words, 0)).toBe(14);
    expect(effects(adma, words)).toEqual({
      operation: 'P+Q of 4 sources',
      bytes: 1024,
      reads: [
        '1000: P = source, Q = source',
        '2000: P ^= source, Q ^= 0x02 ⊗ source',
        '3000: P ^= source, Q ^= 0x04 ⊗ source',
        '4000: P ^= source, Q ^= 0x08 ⊗ source',
      ],
      writes: ['8000: P', '9000: Q'],
      warnings: [],
    });
  });

  it('is the dual XOR of the manual (3.2: ADCR 0x0002001F)', () => {
    const words = [0x40, 0x0002_001f, 0, 0x400, 0x8000, 0, 0x1000, 0, 0x2000, 0, 0x3000, 0, 0x4000, 0, 0x9000, 0];
    expect(descriptorLength(adma, words, 0)).toBe(16);
    const explained = explainDescriptor(adma, words, 0);
    expect(effects(adma, words)).toMatchObject({
      operation: 'dual XOR',
      reads: [
        '1000: H = source, D = source',
        '2000: H ^= source, D ^= source',
        '3000: H ^= source',
        '4000: D ^= source',
      ],
      writes: ['8000: H', '9000: D'],
      warnings: [],
    });
    expect(explained.words[14]).toMatchObject({ register: 'SLAR4', says: 'diagonal destination, bits 31:0' });
    expect(explained.effects).toEqual(['next descriptor at 0x00000040, after an end-of-transfer interrupt']);
  });

  it('is a P+Q update with the multiplier of word 13', () => {
    const words = [0, 0x0001_001e, 0, 512, 0x8000, 0, 0x1000, 0, 0x2000, 0, 0x3000, 0, 0x4000, 0x0800_0000, 0x9000, 0];
    expect(effects(adma, words)).toMatchObject({
      operation: 'P+Q update',
      reads: [
        '1000: P = source, Q = 0x08 ⊗ source',
        '2000: P ^= source, Q ^= 0x08 ⊗ source',
        '3000: P ^= source',
        '4000: Q ^= source',
      ],
      writes: ['8000: P', '9000: Q'],
    });
  });

  it('is a copy, a fill, a check or a CRC', () => {
    expect(effects(adma, [0, 6, 0, 2000, 0x8000, 0, 0x1000, 1])).toMatchObject({
      operation: 'copy',
      reads: ['100001000: result = source'],
    });
    expect(effects(adma, [0, 0x106, 0xabcd, 64, 0x8000, 0, 0, 0])).toMatchObject({
      operation: 'memory fill',
      reads: [],
      writes: ['8000: the pattern 0x0000abcd'],
    });
    const check = explainDescriptor(adma, [0, 0x108e, 0, 64, 0, 0, 0x1000, 0, 0x2000, 0], 0);
    expect(check).toMatchObject({ operation: 'zero-result check of 2 sources', writes: [] });
    expect(check.effects).toContain('status is written back to word 3: complete 0x80000000, not zero 0x40000000');
    const crc = explainDescriptor(adma, [0, 0x1e06, 0x9000, 64, 0x8000, 0, 0x1000, 0], 0);
    expect(crc).toMatchObject({ operation: 'CRC-32C without moving the data', writes: [] });
    expect(crc.effects).toContain(
      'CRC-32C goes on from the finished CRC at 0x00009000, and the result is written there',
    );
  });

  it('warns of everything the unit lets pass', () => {
    const warned = (...words: number[]) => effects(adma, words).warnings;
    expect(warned(0x1003, 6, 0, 64, 0x8000, 0, 0x1000, 0)).toEqual([
      'word 0 ANDAR, ALIGNMENT (4:0): low bits are set that the unit ignores: 0x00000003',
    ]);
    expect(warned(0, 6, 0, 0x0100_0000, 0x8000, 0, 0x1000, 0)).toEqual([
      'the byte count does not fit its 24 bits: 0x01000000 moves 0 bytes',
    ]);
    expect(warned(0, 0xc006, 0, 64, 0x8000, 0, 0x1000, 0)).toEqual([
      'word 1 ADCR, RESERVED_15_14 (15:14): reserved bits are set: 0x0000c000',
    ]);
    expect(warned(0, 0x0008_0c06, 0, 64, 0x8000, 0, 0x1000, 0)).toHaveLength(3);
    expect(warned(0, 0x206, 0x9001, 64, 0x8000, 0, 0x1000, 0)).toEqual([
      'the CRC address is no multiple of 4: its low bits are ignored',
    ]);
    expect(warned(0, 0x0004_001e, 0x9004, 64, 0x8000, 0, ...four)).toEqual([
      'broken rule (hw-iop13xx 6.1): the low address bits of P and Q differ',
    ]);
    expect(warned(0, 0x0002_0006, 0, 64, 0x8000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)).toEqual([
      'dual XOR with source select 0; the manual sets 3 (hw-iop13xx 3.2)',
    ]);
    expect(explainDescriptor(adma, [0, 7, 0, 0, 0, 0, 0, 0], 0).effects).toEqual([
      'byte count 0: no data move, the descriptor completes at once',
      'the chain ends here: end-of-chain interrupt',
    ]);
  });

  it('names the mode that the unit lets win', () => {
    const modes = [
      [0x100, 'memory fill', 'fill'],
      [0x2_0000, 'dual XOR', 'dual XOR'],
      [0x1_0000, 'P+Q update', 'P+Q update'],
      [0x4_0000, 'P+Q of 4 sources', 'P+Q'],
      [0x200, 'copy with CRC-32C', 'CRC'],
    ] as const;
    for (const [first, name, unitName] of modes) {
      for (const [second] of modes) {
        if (modes.findIndex(([mask]) => mask === second) <= modes.findIndex(([mask]) => mask === first)) continue;
        const words = [0, first | second | 0x1e, 0, 64, 0, 0, ...new Array<number>(10).fill(0)];
        const { operation, warnings } = explainDescriptor(adma, words, 0);
        expect(operation).toBe(name);
        if ((first | second) === 0x5_0000) continue;
        expect(warnings.join()).toContain(`together: ${unitName} wins`);
      }
    }
  });
});

describe('an explained AAU descriptor', () => {
  it('is the XOR of 4 and of 5 sources of Linux (3.3: 0x8000049F, 0x8200249F)', () => {
    const four = [0, 0x1000, 0x2000, 0x3000, 0x4000, 0x8000, 0x1000, 0x8000_049f];
    expect(descriptorLength(aau, four, 0)).toBe(8);
    expect(effects(aau, four)).toEqual({
      operation: 'XOR of 4 sources',
      bytes: 4096,
      reads: ['1000: result = source', '2000: result ^= source', '3000: result ^= source', '4000: result ^= source'],
      writes: ['8000: result'],
      warnings: [],
    });
    const five = [...four.slice(0, 7), 0x8200_249f, 0x5000, 0, 0, 0];
    expect(descriptorLength(aau, five, 0)).toBe(12);
    expect(effects(aau, five)).toMatchObject({ operation: 'XOR of 5 sources', warnings: [] });
    expect(effects(aau, five).reads[4]).toBe('5000: result ^= source');
    expect(explainDescriptor(aau, five, 0).words[9].says).toBe('source 6: ignored');
  });

  it('is a block fill (0x80000004), a copy (0x8000000E), a check or nothing at all', () => {
    const words = (control: number) => [0, 0x5a5a, 0, 0, 0, 0x8000, 512, control];
    expect(effects(aau, words(0x8000_0004))).toMatchObject({
      operation: 'memory block fill',
      reads: ['-: result = the pattern 0x00005a5a'],
    });
    expect(effects(aau, words(0x8000_000e)).operation).toBe('copy');
    expect(effects(aau, words(0x4000_001e))).toMatchObject({ operation: 'zero-result check of 2 sources', writes: [] });
    expect(effects(aau, words(0)).operation).toBe('null');
    expect(effects(aau, words(0x8000_0012)).operation).toBe('XOR of 2 sources and what the store queue holds');
    expect(effects(aau, words(0x8000_0006)).warnings).toHaveLength(2);
  });

  it('is a dual XOR of nine words, and with ACR bit 3 a sum with multipliers', () => {
    const dual = [0, 0x1000, 0x2000, 0x3000, 0x4000, 0x8000, 64, 0x8800_0000, 0x9000];
    expect(descriptorLength(aau, dual, 0)).toBe(9);
    expect(effects(aau, dual)).toMatchObject({ operation: 'dual XOR', writes: ['8000: H', '9000: D'] });
    const sum = [0, 0x1000, 0x2000, 0x3000, 0x0004_0201, 0x8000, 64, 0x8000_009e];
    expect(effects(aau, sum, 8)).toMatchObject({
      operation: 'P or Q of 3 sources',
      reads: ['1000: result = source', '2000: result ^= 0x02 ⊗ source', '3000: result ^= 0x04 ⊗ source'],
      writes: ['8000: result'],
    });
  });
});

describe('an explained DMA descriptor', () => {
  it('is the copy of Linux (3.1: 0x4E)', () => {
    const words = [0, 0x1000, 0, 0x2000, 0x800, 0x4e];
    expect(descriptorLength(dma, words, 0)).toBe(6);
    expect(effects(dma, words)).toEqual({
      operation: 'copy',
      bytes: 2048,
      reads: ['1000: result = source'],
      writes: ['2000: result'],
      warnings: [],
    });
  });

  it('has a seventh word with a CRC, which the 80321 does not know', () => {
    const words = [0, 0x1000, 0, 0x2000, 0x800, 0x14e, 0x3000];
    expect(descriptorLength(dma, words, 0)).toBe(7);
    expect(explainDescriptor(dma, words, 0)).toMatchObject({ operation: 'copy with CRC-32C', warnings: [] });
    expect(effects(engine('iop321', 'dma0'), words).warnings).toEqual([
      'unmodelled (hw-iop3xx 0.4): this part has no CRC-32C; the data are copied',
    ]);
  });
});

it('any words are a descriptor of any unit', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(adma, aau, dma, engine('iop321', 'aau')),
      fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { maxLength: 60 }),
      fc.integer({ min: 0, max: 0xffff_ffff }),
      (unit, words, control) => {
        const explained = explainDescriptor(unit, words, control);
        expect(explained.words).toHaveLength(descriptorLength(unit, words, control));
        expect(explained.words.length).toBeLessThanOrEqual(39);
      },
    ),
  );
});
