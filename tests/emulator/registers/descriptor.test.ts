/** The control and byte count words, bit by bit as section 3 has them. */
import { ADCR_FIELDS, ABCR_FIELDS, descriptorWords, wordRegister } from '../../../emulator/adma/descriptor';
import { fieldMasks } from '../../../emulator/registers/layout';

const masks = (word: number): Record<string, number> =>
  Object.fromEntries(Object.entries(fieldMasks(wordRegister(word))).map(([name, { mask }]) => [name, mask]));

it('has the control word of section 3.2', () => {
  const control = masks(1);
  expect(Object.keys(control)).toEqual(Object.keys(ADCR_FIELDS));
  expect(control).toMatchObject({
    INT_EN: 0x1,
    DIRECTION: 0x6,
    SOURCE_SELECT: 0x78,
    ZERO_RESULT: 0x80,
    FILL: 0x100,
    CRC: 0x200,
    CRC_NO_TRANSFER: 0x400,
    CRC_SEED_DISABLE: 0x800,
    STATUS_WRITE_BACK: 0x1000,
    ENDIAN_SWAP: 0x2000,
    PQ_UPDATE: 0x1_0000,
    DUAL_XOR: 0x2_0000,
    PQ: 0x4_0000,
    P_DISABLE: 0x8_0000,
    RELAXED: 0x4000_0000,
    NO_SNOOP: 0x8000_0000,
  });
});

it('has the byte count word of section 3.3', () => {
  const count = masks(3);
  expect(Object.keys(count)).toEqual(Object.keys(ABCR_FIELDS));
  expect(count).toMatchObject({
    BYTE_COUNT: 0xff_ffff,
    HOST_INTERFACE: 0x700_0000,
    Q_NOT_ZERO: 0x2000_0000,
    NOT_ZERO: 0x4000_0000,
    COMPLETE: 0x8000_0000,
  });
});

it("reads the manual's two worked control words as the manual does", () => {
  const { INT_EN, DIRECTION, SOURCE_SELECT, PQ, DUAL_XOR } = fieldMasks({
    ...wordRegister(1),
    fields: ADCR_FIELDS,
  });
  for (const [word, mode] of [
    [0x0004_001f, PQ],
    [0x0002_001f, DUAL_XOR],
  ] as const) {
    expect(word & INT_EN.mask).toBe(1);
    expect((word & DIRECTION.mask) >>> DIRECTION.shift).toBe(3);
    expect(((word & SOURCE_SELECT.mask) >>> SOURCE_SELECT.shift) + 1).toBe(4);
    expect(word & mode.mask).toBe(mode.mask);
  }
});

it('has 6 + 2n words for n sources', () => {
  expect([1, 2, 4, 16].map(descriptorWords)).toEqual([8, 10, 14, 38]);
});

it('gives each address word its register, each multiplier the top byte of the upper word', () => {
  for (let word = 0; word < 38; word++) expect(wordRegister(word).offset).toBe(0x24 + 4 * word);
  expect(masks(7)).toEqual({ ADDRESS: 0xff_ffff, DMLT: 0xff00_0000 });
  expect(masks(0)).toEqual({ ADDRESS: 0xffff_ffe0, ALIGNMENT: 0x1f });
});
