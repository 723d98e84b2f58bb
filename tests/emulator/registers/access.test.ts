import * as fc from 'fast-check';
import { ADMA_REGISTERS, ADMA_WINDOW_BYTES } from '../../../emulator/adma/registers';
import { FindingLog } from '../../../emulator/findings';
import { RegisterBank } from '../../../emulator/registers/bank';
import type { Access, RegisterLayout } from '../../../emulator/registers/layout';
import { accessMask, fieldMasks } from '../../../emulator/registers/layout';

const anyWord = fc.integer({ min: 0, max: 0xffff_ffff });
const lanes = fc.constantFrom(0xffff_ffff, 0xff, 0xff00, 0xff_0000, 0xff00_0000, 0xffff, 0xffff_0000);

function bank(): { bank: RegisterBank; findings: FindingLog } {
  const findings = new FindingLog(() => 0);
  return { bank: new RegisterBank('adma', ADMA_REGISTERS, ADMA_WINDOW_BYTES, findings), findings };
}

/** The access kind of one bit, looked up field by field; a bit without a field is read-only zero. */
function kindOf(layout: RegisterLayout, bit: number): Access | 'none' {
  for (const field of Object.values(layout.fields)) {
    const [high, low] = 'bit' in field ? [field.bit, field.bit] : field.bits;
    if (bit >= low && bit <= high) return field.access;
  }
  return 'none';
}

/** What a bit becomes. */
function bitAfter(kind: Access | 'none', before: number, written: number, reached: boolean): number {
  if (!reached) return before;
  switch (kind) {
    case 'rw':
      return written;
    case 'w1c':
      return written ? 0 : before;
    case 'set':
      return before | written;
    case 'ro':
    case 'reserved':
    case 'unknown':
    case 'none':
      return before;
  }
}

describe.each(ADMA_REGISTERS.map((layout) => [layout.name, layout] as const))('%s', (_, layout) => {
  it('changes under a write exactly as the access kind of each bit says', () => {
    const { bank: registers, findings } = bank();
    fc.assert(
      fc.property(anyWord, anyWord, lanes, (before, written, reached) => {
        findings.clear();
        registers.values[layout.offset / 4] = before;
        registers.write(layout.offset, written, reached);
        let expected = 0;
        const wrong = { rule: false, unmodelled: false };
        for (let bit = 0; bit < 32; bit++) {
          const kind = kindOf(layout, bit);
          const inLane = ((reached >>> bit) & 1) === 1;
          const one = (written >>> bit) & 1;
          expected += bitAfter(kind, (before >>> bit) & 1, one, inLane) * 2 ** bit;
          if (kind === 'reserved' && inLane && one) wrong.rule = true;
          if (kind === 'unknown' && inLane && one) wrong.unmodelled = true;
        }
        expect(registers.read(layout.offset)).toBe(expected);
        expect(findings.count('rule') > 0).toBe(wrong.rule);
        expect(findings.count('unmodelled') > 0).toBe(wrong.unmodelled);
      }),
      { numRuns: 60 },
    );
  });

  it('is not touched by writes to any other register', () => {
    const { bank: registers } = bank();
    registers.values[layout.offset / 4] = 0xa5a5_5a5a;
    for (const other of ADMA_REGISTERS) if (other !== layout) registers.write(other.offset, 0xffff_ffff);
    expect(registers.read(layout.offset)).toBe(0xa5a5_5a5a);
  });

  it('is zero after reset, does not overlap itself and says where its facts come from', () => {
    const { bank: registers } = bank();
    registers.values.fill(0xffff_ffff);
    registers.reset();
    expect(registers.read(layout.offset)).toBe(0);
    expect(() => fieldMasks(layout)).not.toThrow();
    expect(layout.source).toMatch(/^hw-iop13xx \d/);
    for (const field of Object.values(layout.fields)) expect(field.says).not.toBe('');
  });
});

describe('RegisterBank', () => {
  it('tells the hook what stood there and what was written, lanes applied', () => {
    const { bank: registers } = bank();
    const calls: [number, number][] = [];
    const iipcr = ADMA_REGISTERS.find(({ name }) => name === 'IIPCR')!;
    registers.onWrite(iipcr, (before, written) => calls.push([before, written >>> 0]));
    registers.write(0x18, 0x1122_3344);
    registers.write(0x18, 0xaabb_ccdd, 0xff00_ff00);
    expect(calls).toEqual([
      [0, 0x1122_3344],
      [0x1122_3344, 0xaa00_cc00],
    ]);
    expect(registers.read(0x18)).toBe(0xaa22_cc44);
  });

  it('reads 0 from gaps, ignores writes to them, and records both', () => {
    const { bank: registers, findings } = bank();
    registers.write(0x100, 5);
    expect(registers.read(0x100)).toBe(0);
    expect(findings.all().map(({ kind }) => kind)).toEqual(['unmodelled', 'unmodelled']);
  });
});

describe('layouts', () => {
  const layout = (fields: RegisterLayout['fields']): RegisterLayout => ({
    name: 'X',
    offset: 0,
    title: '',
    source: '',
    fields,
  });

  it('compile any field to the mask and shift of its bits', () => {
    fc.assert(
      fc.property(fc.nat(31), fc.nat(31), anyWord, (a, b, value) => {
        const [high, low] = [Math.max(a, b), Math.min(a, b)];
        const { mask, shift } = fieldMasks(layout({ F: { bits: [high, low], access: 'rw', says: 'x' } })).F;
        let expected = 0;
        for (let bit = low; bit <= high; bit++) expected += 2 ** bit;
        expect(mask).toBe(expected);
        expect(shift).toBe(low);
        const plain = Math.floor(value / 2 ** low) % 2 ** (high - low + 1);
        expect((value & mask) >>> shift).toBe(plain);
      }),
    );
  });

  it.each([
    ['overlap', { A: { bits: [5, 3], access: 'rw', says: 'a' }, B: { bit: 4, access: 'ro', says: 'b' } }],
    ['overlap at bit 31', { A: { bit: 31, access: 'rw', says: 'a' }, B: { bits: [31, 30], access: 'ro', says: 'b' } }],
    ['leave 32 bits', { A: { bits: [32, 30], access: 'rw', says: 'a' } }],
    ['are turned round', { A: { bits: [3, 5], access: 'rw', says: 'a' } }],
  ] as const)('refuse fields that %s', (_, fields) => {
    expect(() => fieldMasks(layout(fields))).toThrow(RangeError);
  });

  it('unite the bits of one access kind', () => {
    const both = layout({
      A: { bit: 31, access: 'w1c', says: 'a' },
      B: { bits: [3, 2], access: 'w1c', says: 'b' },
      C: { bit: 0, access: 'rw', says: 'c' },
    });
    expect(accessMask(both, 'w1c')).toBe(0x8000_000c);
    expect(accessMask(both, 'rw')).toBe(1);
    expect(accessMask(both, 'ro')).toBe(0);
  });
});
