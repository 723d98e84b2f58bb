import { join } from 'node:path';

import { LAYOUTS } from '../../../raid5/layouts';
import { InputError } from '../../../raid5/workload/input-error';
import { readInput } from '../../../scripts/input/read-input';
import { parseScenario } from '../../../scripts/input/scenario';

const names = {
  platforms: ['iop342', 'iop341', 'iop348', 'none'],
  disks: ['hdd-7200', 'ssd'],
  units: (platform: string) => (platform === 'none' ? [] : ['adma0', 'adma1']),
} as const;

const FULL = `version: 1
name: everything
seed: 7
platform: iop341
array:
  level: 5
  disks: 6
  chunk: 128KiB
  layout: left-symmetric
  cache: 512
  size: 1GiB
  disk: ssd
workload:
  trace: ../traces/t.csv
  pace: asap
  depth: 8
faults:
  - fail: { disk: 5, at: 1.5s }
check: true
`;

const SHORT = `version: 1
name: short
platform: none
array: {}
workload: { trace: /t.csv }
`;

const ROOT = 'version, name, seed, platform, engineErrors, array, workload, faults, check, checks';
const ARRAY =
  'level, disks, chunk, layout, cache, size, disk, rmwLevel, metadata, bitmap, bitmapChunk, consistencyPolicy, spares';
const FAULTS = [
  'fail',
  'engine',
  'readError',
  'corrupt',
  'powerCut',
  'remove',
  'addSpare',
  'reAdd',
  'replaceDisk',
  'repair',
];

function parse(text: string) {
  return parseScenario(text, 'dir/s.yaml', names);
}

it('reads every key, with the trace relative to the scenario', () => {
  expect(parse(FULL)).toEqual({
    version: 1,
    name: 'everything',
    seed: 7,
    platform: 'iop341',
    array: {
      level: 5,
      disks: 6,
      chunk: 131072,
      layout: 'left-symmetric',
      cache: 512,
      size: 2 ** 30,
      disk: 'ssd',
      rmwLevel: 1,
    },
    workload: { trace: 'traces/t.csv', fio: undefined, pace: 'asap', speed: 1, depth: 8 },
    faults: [{ disk: 5, at: 1_500_000_000_000 }],
    engineFaults: [],
    engineErrors: 'redo',
    check: true,
  });
});

it('fills in what a short scenario leaves out', () => {
  expect(parse(SHORT)).toEqual({
    version: 1,
    name: 'short',
    seed: 1,
    platform: 'none',
    array: {
      level: 5,
      disks: 5,
      chunk: 65536,
      layout: 'left-symmetric',
      cache: 256,
      size: undefined,
      disk: 'hdd-7200',
      rmwLevel: 1,
    },
    workload: { trace: '/t.csv', fio: undefined, pace: 'trace', speed: 1, depth: 32 },
    faults: [],
    engineFaults: [],
    engineErrors: 'redo',
    check: false,
  });
});

it('takes a bare number as seconds and bytes, from the text and not from a double', () => {
  expect(parse(FULL.replace('1.5s', '0.000000000003')).faults[0].at).toBe(3);
  expect(parse(FULL.replace('1GiB', '4503599627370496')).array.size).toBe(2 ** 52);
});

it.each([
  ['first-light', 5, 5, []],
  ['degraded', 5, 5, [{ disk: 2, at: 21_300_000_000_000 }]],
  [
    'raid6',
    6,
    6,
    [
      { disk: 1, at: 10_000_000_000_000 },
      { disk: 4, at: 21_300_000_000_000 },
    ],
  ],
])('accepts the scenario %s that comes with the project', (name, level, disks, faults) => {
  const file = join(__dirname, `../../../scripts/scenarios/${name}.yaml`);
  const scenario = parseScenario(readInput(file), file, names);
  expect(scenario).toMatchObject({ name, platform: 'iop342', seed: 1, array: { level, disks, chunk: 65536 } });
  expect(scenario.workload.trace).toBe(join(__dirname, '../../../scripts/workloads/sqlite.csv.gz'));
  expect(scenario.faults).toEqual(faults);
});

it('takes as many failed disks as the level survives, and the layout that its level has by default', () => {
  const two = FULL.replace('level: 5', 'level: 6').replace('check:', '  - fail: { disk: 1, at: 2s }\ncheck:');
  expect(parse(two)).toMatchObject({ array: { level: 6 }, faults: [{ disk: 5 }, { disk: 1 }] });
  const three = two.replace('check:', '  - fail: { disk: 2, at: 2s }\ncheck:');
  expect(() => parse(three)).toThrow('faults[2]: a third failed disk is more than RAID-6 survives, expected two');
  expect(parse(SHORT.replace('array: {}', 'array: { level: 4 }')).array.layout).toBe('parity-last');
});

describe('one wrong thing in a good scenario', () => {
  it.each([
    ['chunk: 128KiB', 'chnk: 128KiB', '8:3', "unknown key 'chnk' in array (did you mean 'chunk'?)", `one of: ${ARRAY}`],
    ['check:', 'raid:', '19:1', "unknown key 'raid' in the scenario", `one of: ${ROOT}`],
    ['check:', '__proto__:', '19:1', "unknown key '__proto__' in the scenario", `one of: ${ROOT}`],
    ['check:', '? [a]\n:', '19:3', 'unknown key \'["a"]\' in the scenario', `one of: ${ROOT}`],
    ['at: 1.5s', 'when: 1.5s', '18:22', "unknown key 'when' in faults[0].fail", 'one of: disk, at'],
    ['fail:', 'break:', '18:5', "unknown key 'break' in faults[0]", `one of: ${FAULTS.join(', ')}`],
    ['cache: 512', 'disks: 6', '10:3', "the key 'disks' stands twice in array", 'each key once'],
    ['version: 1', 'version: 2', '1:10', "version: '2' is out of range", '1'],
    ['version: 1\n', '', '1:1', "the scenario lacks the key 'version'", '1'],
    ['  trace: ../traces/t.csv\n', '', '14:3', 'workload: there is no workload', 'a trace or a fio job file'],
    [
      '  pace: asap',
      '  fio: j.fio',
      '14:3',
      'workload: there are two workloads',
      'a trace or a fio job file, not both',
    ],
    ['everything', '2026', '2:7', "name: '2026' is a number", 'a text of one character or more'],
    ['seed: 7', 'seed: -7', '3:7', "seed: '-7' is out of range", 'a whole number from 0 to 4294967295'],
    ['seed: 7', 'seed: 0x7', '3:7', "seed: '0x7' is no whole number", 'a whole number from 0 to 4294967295'],
    [
      'iop341',
      'iop34',
      '4:11',
      "platform: 'iop34' is not known (did you mean 'iop342'?)",
      'one of: iop342, iop341, iop348, none',
    ],
    ['level: 5', 'level: 1', '6:10', "array.level: '1' is no level with parity", 'one of: 4, 5, 6'],
    ['disks: 6', 'disks: 2', '7:10', "array.disks: '2' is out of range", 'a whole number from 3 to 32'],
    ['disks: 6', 'disks: six', '7:10', "array.disks: 'six' is a string", 'a whole number from 3 to 32'],
    ['disks: 6', "disks: '6'", '7:10', "array.disks: '6' is a string", 'a whole number from 3 to 32'],
    ['disks: 6', 'disks: [6]', '7:10', 'array.disks is a list', 'a whole number from 3 to 32'],
    ['disks: 6', 'disks:', '7:9', 'array.disks has no value', 'a whole number from 3 to 32'],
    [
      '128KiB',
      '63KiB',
      '8:10',
      "array.chunk: '63KiB' is no power of two in that range",
      'a power of two from 4KiB to 1GiB',
    ],
    [
      '128KiB',
      '128Kib',
      '8:10',
      "array.chunk: '128Kib' has the unknown unit 'Kib'",
      'a power of two from 4KiB to 1GiB',
    ],
    [
      'left-symmetric',
      'right',
      '9:11',
      "array.layout: 'right' is not known",
      `one of: ${Object.keys(LAYOUTS[6]).join(', ')}`,
    ],
    [
      'left-symmetric',
      'ddf-N-restart',
      '9:11',
      "array.layout: 'ddf-N-restart' is no layout of RAID-5",
      `one of: ${Object.keys(LAYOUTS[5]).join(', ')}`,
    ],
    ['level: 5\n  disks: 6', 'level: 6\n  disks: 3', '7:10', "array.disks: '3' is too few for RAID-6", '4 or more'],
    ['cache: 512', 'cache: 16', '10:10', "array.cache: '16' is out of range", 'a whole number from 17 to 32768'],
    [
      '1GiB',
      '1000',
      '11:9',
      "array.size: '1000' is no positive multiple of 512",
      'a positive multiple of 512 bytes like 1GiB',
    ],
    ['disk: ssd', 'disk: floppy', '12:9', "array.disk: 'floppy' is not known", 'one of: hdd-7200, ssd'],
    ['pace: asap', 'pace: fast', '15:9', "workload.pace: 'fast' is not known", 'one of: trace, asap'],
    ['depth: 8', 'depth: 0', '16:10', "workload.depth: '0' is out of range", 'a whole number from 1 to 1024'],
    ['depth: 8', 'speed: 2', '16:10', 'workload.speed: it means nothing with pace asap', 'it only with pace trace'],
    [
      'pace: asap',
      'pace: trace',
      '16:10',
      'workload.depth: it means nothing with pace trace',
      'it only with pace asap',
    ],
    ['disk: 5,', 'disk: 6,', '18:19', "faults[0].fail.disk: '6' is no disk of this array", 'a disk from 0 to 5'],
    [
      '1.5s',
      'noon',
      '18:26',
      "faults[0].fail.at: 'noon' is no number with a unit",
      'a simulated time like 1.5s, 20ms, 100us or seconds',
    ],
    [
      'check:',
      '  - fail: { disk: 1, at: 2s }\ncheck:',
      '19:5',
      'faults[1]: a second failed disk is more than RAID-5 survives',
      'one',
    ],
    [
      '- fail: { disk: 5, at: 1.5s }',
      '',
      '17:8',
      'faults has no value',
      `a list; each item a mapping with one key: ${FAULTS.join(' or ')}`,
    ],
    ['check: true', 'check: yes', '19:8', "check: 'yes' is a string", 'true or false'],
    [
      'check: true',
      'check: !maybe true',
      '19:8',
      'this is no YAML: Unresolved tag: !maybe',
      'one well-formed document',
    ],
    ['check: true', '---\ncheck: true', '19:1', 'a second document starts', 'one well-formed document'],
    ['name: everything', 'name: &a x\nseed: *a', '3:7', 'seed is an alias', 'a whole number from 0 to 4294967295'],
    [
      '  disks: 6',
      '\tdisks: 6',
      '7:1',
      'this is no YAML: Tabs are not allowed as indentation',
      'one well-formed document',
    ],
  ])('%j → %j', (good, bad, place, problem, expected) => {
    expect(FULL).toContain(good);
    const wrong = () => parse(FULL.replace(good, bad));
    expect(wrong).toThrow(new Error(`dir/s.yaml:${place}: ${problem}, expected ${expected}`));
    expect(wrong).toThrow(InputError);
  });

  it.each([
    ['', 'the scenario is empty'],
    ['# only a comment\n', 'the scenario is empty'],
    ['- version: 1\n', 'the scenario is a list'],
    ['version 1\n', 'the scenario is a string'],
  ])('refuses %j as a whole', (text, problem) => {
    expect(() => parse(text)).toThrow(
      new Error(`dir/s.yaml:1:1: ${problem}, expected a mapping with the keys: ${ROOT}`),
    );
  });

  it('refuses a file that was cut anywhere inside a line or a key', () => {
    const cut = FULL.indexOf('workload:');
    for (let end = 0; end < cut; end++) expect(() => parse(FULL.slice(0, end))).toThrow(InputError);
  });

  it('refuses keys of a flow mapping that have no value', () => {
    expect(() => parse('{version}')).toThrow(new Error('dir/s.yaml:1:2: version has no value, expected 1'));
  });
});

describe('a fio job file in place of a trace', () => {
  const JOB = SHORT.replace('{ trace: /t.csv }', '{ fio: j.fio }');

  it('is found relative to the scenario', () => {
    expect(parse(JOB).workload).toMatchObject({ trace: undefined, fio: 'dir/j.fio' });
  });

  it('says pace, speed and depth itself', () => {
    expect(() => parse(JOB.replace('j.fio', 'j.fio, depth: 4'))).toThrow(
      'dir/s.yaml:5:32: workload.depth: the job file says this itself, expected it only with a trace',
    );
  });
});

describe('a disk described by its numbers', () => {
  const withDisk = (disk: string): string => SHORT.replace('array: {}', `array: { disk: ${disk} }`);

  it('may be solid-state: overhead, queue and bandwidth', () => {
    expect(parse(withDisk('{ overhead: 40us, queue: 16, bandwidth: 500MB/s }')).array.disk).toEqual({
      name: 'custom',
      title: 'described by a scenario',
      overhead: 40_000_000,
      parallel: 16,
      rate: 500_000_000,
    });
  });

  it('may have moving parts: rotation, seeks, tracks and the capacity that a full seek spans', () => {
    const mechanics = '{ rotation: 4ms, seek: { track: 1ms, full: 10ms }, sectorsPerTrack: 800, capacity: 1GB }';
    const { disk } = parse(withDisk(`{ name: fast, overhead: 1us, bandwidth: 90MB, mechanics: ${mechanics} }`)).array;
    expect(disk).toMatchObject({
      name: 'fast',
      parallel: 1,
      mechanics: {
        revolution: 4e9,
        trackSeek: 1e9,
        fullSeek: 1e10,
        sectorsPerTrack: 800,
        span: 1e9 / 512,
      },
    });
  });

  it.each([
    ['{ overhead: 1us }', "dir/s.yaml:4:16: array.disk lacks the key 'bandwidth'"],
    ['{ overhead: 1us, bandwidth: 0 }', "dir/s.yaml:4:44: array.disk.bandwidth: '0' is no bandwidth"],
    [
      '{ overhead: 1us, bandwidth: 1GB, mechanics: { rotation: 4ms, seek: { track: 2ms, full: 1ms }, sectorsPerTrack: 9, capacity: 1GB } }',
      'dir/s.yaml:4:16: array.disk: a full seek is shorter than one to the next track',
    ],
  ])('is refused as %s', (disk, message) => {
    expect(() => parse(withDisk(disk))).toThrow(message);
  });
});

describe('engine faults', () => {
  const withFault = (fault: string): string => FULL.replace('faults:\n', `faults:\n  - engine: ${fault}\n`);

  it('stand beside disks that fail, by default one abort of the memory controller', () => {
    const { faults, engineFaults } = parse(withFault('{ unit: adma1, at: 1ms }'));
    expect(faults).toHaveLength(1);
    expect(engineFaults).toEqual([{ unit: 'adma1', at: 1e9, kind: 'mcu-abort', times: 1 }]);
  });

  it.each([
    ['{ unit: adma7, at: 1ms }', "faults[0].engine.unit: 'adma7' is not known"],
    ['{ unit: adma1, at: 1ms, kind: fire }', "faults[0].engine.kind: 'fire' is not known"],
    ['{ unit: adma1, at: 1ms, times: 0 }', "faults[0].engine.times: '0' is out of range"],
    ['{ unit: adma1, at: 1ms }\n    fail: { disk: 1, at: 1s }', 'faults[0] has 2 of the keys'],
  ])('are refused as %s', (fault, message) => {
    expect(() => parse(withFault(fault))).toThrow(message);
  });

  it('need a platform with engines', () => {
    const none = withFault('{ unit: adma1, at: 1ms }').replace('platform: iop341', 'platform: none');
    expect(() => parse(none)).toThrow('faults[0].engine.unit: platform none has no engine');
  });
});
