import { readInput } from '../../../scripts/input/read-input';
import { parseScenario } from '../../../scripts/input/scenario';

const names = {
  platforms: ['iop342', 'none'],
  disks: ['ssd'],
  units: (platform: string) => (platform === 'none' ? [] : ['adma0', 'adma1']),
} as const;

const FULL = `version: 1
name: life
platform: iop342
array:
  disks: 4
  metadata: 1.2
  bitmap: internal
  bitmapChunk: 8KiB
  spares: 1
  rmwLevel: 2
workload:
  fio: j.fio
faults:
  - fail: { disk: 1, at: 1s }
  - engine: { unit: adma1, at: 2ms, kind: parity, times: 3 }
  - readError: { disk: 2, sector: 800, at: 3ms, blocks: 2, permanent: true }
  - corrupt: { disk: 3, sector: 9, at: 4ms }
  - powerCut: { at: 5ms }
  - powerCut: { event: 700, force: true }
  - remove: { disk: 1, at: 6ms }
  - addSpare: { at: 7ms }
  - reAdd: { disk: 1, at: 8ms }
  - replaceDisk: { disk: 6, at: 9ms }
  - repair: { at: 10ms }
checks:
  - data: loss
  - parity: { wrong: 1 }
  - check: { mismatch: 8 }
  - locate: [{ disk: 3, sector: 9 }]
  - examine: { state: clean, degraded: 0, correctedBlocks: 2 }
`;

const MS = 1_000_000_000;
const parse = (text: string) => parseScenario(text, 'dir/s.yaml', names);

it('reads everything that can happen to an array with metadata, and what is checked in the end', () => {
  const { life, faults, engineFaults, array } = parse(FULL);
  expect([faults, engineFaults, array.rmwLevel]).toEqual([[], [], 2]);
  expect(life).toEqual({
    spares: 1,
    bitmapChunk: 8192,
    events: [
      { kind: 'fail', disk: 1, at: 1000 * MS },
      { kind: 'engine', unit: 'adma1', at: 2 * MS, fault: 'parity', times: 3 },
      { kind: 'readError', disk: 2, sector: 800, at: 3 * MS, blocks: 2, permanent: true },
      { kind: 'corrupt', disk: 3, sector: 9, at: 4 * MS },
      { kind: 'powerCut', force: false, at: 5 * MS },
      { kind: 'powerCut', force: true, event: 700 },
      { kind: 'remove', disk: 1, at: 6 * MS },
      { kind: 'addSpare', at: 7 * MS },
      { kind: 'reAdd', disk: 1, at: 8 * MS },
      { kind: 'replaceDisk', disk: 6, at: 9 * MS },
      { kind: 'repair', at: 10 * MS },
    ],
    checks: [
      { kind: 'data', expect: 'loss' },
      { kind: 'parity', wrong: 1 },
      { kind: 'check', mismatch: 8 },
      { kind: 'locate', blocks: [{ disk: 3, sector: 9 }] },
      { kind: 'examine', says: { state: 'clean', degraded: 0, correctedBlocks: 2 } },
    ],
  });
});

it.each([
  ['bitmap: internal', 'consistencyPolicy: bitmap', 8192],
  ['bitmap: internal\n  bitmapChunk: 8KiB', 'bitmap: internal', 65536],
  ['bitmap: internal\n  bitmapChunk: 8KiB', 'consistencyPolicy: resync', undefined],
  ['bitmap: internal\n  bitmapChunk: 8KiB', 'bitmap: none', undefined],
])('takes %j as %j', (given, instead, bitmapChunk) => {
  expect(parse(FULL.replace(given, instead)).life!.bitmapChunk).toBe(bitmapChunk);
});

const PLAIN = `version: 1
name: plain
platform: none
array: { disks: 4 }
workload: { fio: j.fio }
`;

describe('what does not fit is refused where it stands', () => {
  const POLICIES = 'expected one of: resync, bitmap';
  it.each([
    ['metadata: 1.2', 'metadata: 0.90', `6:13: array.metadata: '0.90' is no metadata of this version, expected 1.2`],
    [
      'spares: 1',
      'consistencyPolicy: ppl',
      `9:22: array.consistencyPolicy: 'ppl': this version has no partial parity log, ${POLICIES}`,
    ],
    [
      'spares: 1',
      'consistencyPolicy: journal',
      `9:22: array.consistencyPolicy: 'journal': this version has no write journal, ${POLICIES}`,
    ],
    [
      'spares: 1',
      'consistencyPolicy: resync',
      `9:22: array.consistencyPolicy: 'resync' does not go with bitmap internal, expected bitmap`,
    ],
    ['spares: 1', 'ppl: true', '9:3: ppl: this version has no partial parity log, expected one of: level'],
    ['spares: 1', 'badBlocks: true', '9:3: badBlocks: this version has no list of bad blocks, expected one of: level'],
    [
      'bitmap: internal',
      'bitmap: none',
      '8:16: array.bitmapChunk: there is no bitmap, expected it only with bitmap: internal',
    ],
    [
      'remove: {',
      'replace: {',
      '20:5: replace: this version has no replacement of a member that still works, expected one of: fail',
    ],
    ['remove: {', 'grow: {', '20:5: grow: this version has no growing, expected one of: fail'],
    ['remove: {', 'badBlock: {', '20:5: badBlock: this version has no list of bad blocks, expected one of: fail'],
    [
      '{ at: 5ms }',
      '{ at: 5ms, event: 3 }',
      '18:15: faults[4].powerCut: it has to say when, expected at: TIME or event: NUMBER',
    ],
    ['{ at: 5ms }', '{ force: true }', '18:15: faults[4].powerCut: it has to say when'],
    [
      'disk: 6',
      'disk: 7',
      `23:26: faults[9].replaceDisk.disk: '7' is no disk of this scenario, expected a disk from 0 to 6`,
    ],
    ['unit: adma1', 'unit: adma7', `15:21: faults[1].engine.unit: 'adma7' is not known`],
    ['data: loss', 'data: gone', `26:11: checks[0].data: 'gone' is not known, expected one of: intact, loss`],
    [
      'checks:',
      'check: true\nchecks:',
      '25:8: check: an array with metadata has checks, expected checks: with an entry check',
    ],
  ])('%j → %j', (given, instead, message) => {
    expect(() => parse(FULL.replace(given, instead))).toThrow(`dir/s.yaml:${message}`);
  });

  it.each([
    [
      'disks: 4',
      'disks: 4, spares: 1',
      '4:28: array.spares: it means nothing without metadata, expected metadata: 1.2 under array',
    ],
    ['disks: 4', 'disks: 4, bitmap: none', '4:28: array.bitmap: it means nothing without metadata'],
    ['workload', 'checks: [{ data: intact }]\nworkload', '5:9: checks: it means nothing without metadata'],
    [
      'workload',
      'faults: [{ powerCut: { at: 1s } }]\nworkload',
      '5:22: faults[0].powerCut: the array has no metadata to live through it',
    ],
  ])('without metadata %j → %j', (given, instead, message) => {
    expect(() => parse(PLAIN.replace(given, instead))).toThrow(`dir/s.yaml:${message}`);
  });
});

it.each(['power-cut', 'two-lost', 'read-errors', 'write-hole'])(
  'accepts the scenario %s that comes with the project',
  (name) => {
    const file = `scripts/scenarios/${name}.yaml`;
    const scenario = parseScenario(readInput(file), file, { ...names, disks: ['hdd-7200', 'ssd'] });
    expect(scenario.life!.events.length).toBeGreaterThan(0);
  },
);
