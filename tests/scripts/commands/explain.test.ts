import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explain } from '../../../scripts/commands/explain';
import { adma } from '../../system/command';
import { printed, refused } from './capture';

const json = (...args: Parameters<typeof explain>) => {
  const [place, value, options] = args;
  return JSON.parse(printed(() => explain(place, value, { ...options, json: true })));
};

describe('adma explain ADDRESS VALUE', () => {
  it('finds a register by address, by name and in coprocessor 6', () => {
    expect(json('0xffd80204', '0x2000', {}).answers).toMatchObject([
      {
        platforms: ['iop342', 'iop341', 'iop348'],
        answer: {
          unit: 'adma1',
          name: 'ACSR',
          offset: 4,
          address: 0xffd8_0204,
          value: 0x2000,
          source: 'hw-iop13xx 2.2',
        },
      },
    ]);
    expect(json('FFD8_0204', '8192', {}).answers).toEqual(json('ADMA1.acsr', '0x2000', {}).answers);
    expect(json('cp6:c4,c0', '1', { platform: 'iop321' }).answers).toMatchObject([
      { answer: { unit: 'intc', name: 'INTSTR', cp6: [4, 0], address: 0xffff_e7d4 } },
    ]);
    expect(json('cp6:4,0', '1', { platform: 'iop331' }).answers).toMatchObject([{ answer: { name: 'IINTSRC0' } }]);
  });

  it('prints the fields in words, what should not be set, and each answer once', () => {
    const text = printed(() => explain('aau.ACR', '0x13', {}));
    expect(text).toContain('aau.ACR = 0x00000013  accelerator control');
    expect(text).toContain('platforms   iop331, iop321');
    expect(text).toMatch(/\n1 +RESUME +1 +set +re-read the next pointer/);
    expect(text).toMatch(/! RESERVED \(31:4\): reserved bits are set: 0x00000010/);
    expect(text).not.toContain('\u001b');
    expect(json('dma0.CCR', '1', {}).answers).toHaveLength(1);
    expect(json('timers.TMR0', '0x10', {}).answers).toHaveLength(3);
  });

  it('gives JSON with schemaVersion first', () => {
    const text = printed(() => explain('adma0.ADCR', '0x0004001f', { platform: 'iop342', json: true }));
    expect(text.startsWith('{\n  "schemaVersion": 1,')).toBe(true);
    expect(JSON.parse(text)).toMatchObject({
      place: 'adma0.ADCR',
      value: 0x4001f,
      answers: [{ platforms: ['iop342'], answer: { title: 'descriptor control', reset: 0, warnings: [] } }],
    });
    const direction = JSON.parse(text).answers[0].answer.fields.find(
      ({ name }: { name: string }) => name === 'DIRECTION',
    );
    expect(direction).toEqual({
      name: 'DIRECTION',
      bits: [2, 1],
      value: 3,
      named: 'local → internal bus',
      says: 'transfer direction',
      access: 'ro',
      line: null,
    });
  });

  it.each([
    [['0xffd80700', '1'], /^0xffd80700 belongs to no unit, .* the nearest is adma2 \(0xffd80400 – 0xffd805ff\)/],
    [['0xffffe7f5', '1'], /nearest is timers|no register of timers/],
    [['0xffd8000c', '1'], /^0xffd8000c is no register of adma0 .*ADAR at 0xffd80008/],
    [['0xffd80005', '1'], /^0xffd80005 is no register of adma0 .*ACSR at 0xffd80004/],
    [['0xa0001000', '1'], /^0xa0001000 is DRAM, .* of iop321$/],
    [['adma0.ACSS', '1'], /did you mean 'ACSR'/],
    [['amda0.ACSR', '1'], /^'amda0' is no unit \(did you mean 'adma0'\?\)/],
    [['cp6:c16,c0', '1'], /there are registers c0 to c15/],
    [['cp6:c9,c9', '1'], /is no register of coprocessor 6/],
    [['adma0', '1'], /^'adma0' is no register, expected an address like/],
    [['0x12345678901', '1'], /is no register, expected/],
    [['adma0.ACSR', '0x1g'], /^'0x1g' is no number, expected a 32-bit number/],
    [['adma0.ACSR', '0x100000000'], /is more than 32 bits/],
    [['adma0.ACSR'], /^no value for 'adma0.ACSR', expected ADDRESS VALUE or --descriptor$/],
    [[], /^nothing to explain/],
  ])('refuses %j in one line', ([place, value], message) => {
    expect(refused(() => explain(place, value, {}))).toMatch(message);
  });

  it('refuses platforms and options that make no sense', () => {
    expect(refused(() => explain('adma0.ACSR', '1', { platform: 'iop432' }))).toMatch(
      /^--platform: 'iop432' is not known/,
    );
    expect(refused(() => explain('adma0.ACSR', '1', { platform: 'iop321' }))).toMatch(/^'adma0' is no unit/);
    expect(refused(() => explain('adma0.ACSR', '1', { unit: 'adma' }))).toMatch(/^--unit means nothing/);
    expect(refused(() => explain('0xffd80000', '1', { platform: 'none' }))).toMatch(/belongs to no unit/);
  });
});

describe('adma explain --descriptor', () => {
  const HEX = '0x0,0x1000,0,0x2000,0x800,0x4E';
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'adma-explain-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const file = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const words = (given: string): number[] => json(undefined, undefined, { descriptor: given, unit: 'dma' }).words;

  it('takes hex words, hex bytes, text and binary files', () => {
    const copy = [0, 0x1000, 0, 0x2000, 0x800, 0x4e];
    const bytes = new Uint8Array(Uint32Array.from(copy).buffer);
    const digits = Buffer.from(bytes).toString('hex');
    expect(words(HEX)).toEqual(copy);
    expect(words('0 1000 0 2000 800 4e')).toEqual(copy);
    expect(words(digits)).toEqual(copy);
    expect(words(digits.replace(/../g, '$& '))).toEqual(copy);
    expect(words(file('words.txt', '# a copy\n0x0 0x1000\n0 0x2000 # to\n0x800, 0x4e\n'))).toEqual(copy);
    expect(words(file('bytes.txt', digits.replace(/.{8}/g, '$&\n')))).not.toEqual(copy);
    expect(words(file('bytes.hex', digits.replace(/.{16}/g, '$&\n')))).toEqual(copy);
    expect(words(file('words.bin', bytes))).toEqual(copy);
  });

  it('explains it for the unit that is asked for, on every platform that has one', () => {
    const { answers } = json(undefined, undefined, { descriptor: HEX, unit: 'dma' });
    expect(answers).toMatchObject([
      { platforms: ['iop331', 'iop321'], answer: { unit: 'dma', operation: 'copy', bytes: 2048 } },
    ]);
    const text = printed(() =>
      explain(undefined, undefined, {
        descriptor: '0,0x4001f,0x9000,0x400,0x8000,0,1000,1000000,2000,2000000,3000,4000000,4000,8000000',
      }),
    );
    expect(text).toContain('adma descriptor: P+Q of 4 sources, 1,024 bytes');
    expect(text).toMatch(/reads +0x00001000 {2}P = source, Q = source/);
    const first = json(undefined, undefined, {
      descriptor: '0,0x4001f,0x9000,0x400,0x8000,0,0,0,0,0,0,0,0,0',
      unit: 'adma0',
    });
    expect(first.answers[0].answer.warnings).toEqual([expect.stringContaining('drivers do not use')]);
  });

  it.each([
    [
      { descriptor: '0,0x4001f,0,0' },
      /^--descriptor: this adma descriptor has 14 words, 4 are given, expected all of them$/,
    ],
    [{ descriptor: '0,0x123456789,0,0' }, /^--descriptor: '0x123456789' is more than 32 bits/],
    [{ descriptor: '1f0' }, /descriptor has 8 words, 1 are given/],
    [{ descriptor: '1f 00 04' }, /3 bytes are no whole number of 32-bit words/],
    [{ descriptor: '0x' }, /is no hexadecimal number/],
    [{ descriptor: ' , ' }, /holds no word/],
    [{ descriptor: 'nowhere.bin' }, /^--descriptor: the file does not exist/],
    [{ descriptor: HEX, unit: 'admaa' }, /^--unit: 'admaa' is not known \(did you mean 'adma'\?\)/],
    [{ descriptor: HEX, unit: 'aau', platform: 'iop342' }, /^--unit: 'aau' is not known/],
    [
      { descriptor: HEX, platform: 'iop331' },
      /^iop331 has several kinds of engines, expected --unit dma or --unit aau$/,
    ],
    [{ descriptor: HEX, platform: 'none' }, /^none has no engine/],
    [{ descriptor: HEX, unit: 'dma', control: 'x' }, /^--control: 'x' is no number/],
  ])('refuses %j in one line', (options, message) => {
    expect(refused(() => explain(undefined, undefined, options))).toMatch(message);
  });

  it('refuses text files that hold something else', () => {
    expect(refused(() => words(file('prose.txt', 'hello world\n')))).toMatch(/'hello' is no hexadecimal number/);
    expect(refused(() => words(file('empty.txt', '')))).toMatch(/there is no word/);
    expect(refused(() => words(file('odd.bin', Uint8Array.of(0, 1, 2))))).toMatch(/3 bytes are no whole number/);
  });
});

describe('the program', () => {
  it('exits 0 with the explanation on stdout, and 2 with one line on stderr', async () => {
    const good = await adma(['explain', 'adma0.ACSR', '0x2000']);
    expect(good).toMatchObject({ code: 0, stderr: '' });
    expect(good.stdout).toContain('a chain is executing');
    const bad = await adma(['explain', '0x12', '1', '--platform', 'iop321']);
    expect(bad).toMatchObject({ code: 2, stdout: '' });
    expect(bad.stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
