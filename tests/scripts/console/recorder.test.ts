/** Every command that runs a machine takes --trace; what it writes is what the name of the file says. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mdCreate } from '../../../scripts/commands/md-create';
import { mdStop } from '../../../scripts/commands/md-sync';
import { dmatest } from '../../../scripts/commands/dmatest';
import { probe } from '../../../scripts/commands/probe';
import { raid6test } from '../../../scripts/commands/raid6test';
import { tortureCommand } from '../../../scripts/commands/torture';
import { openRecorder } from '../../../scripts/console/recorder';
import { faults } from '../../emulator/trace/picture';
import { readChrome } from '../../emulator/trace/read-chrome';
import { readPerfetto } from '../../emulator/trace/read-perfetto';
import { readVcd } from '../../emulator/trace/read-vcd';
import { printed, refused } from '../commands/capture';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'adma-trace-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => jest.restoreAllMocks());

const file = (name: string): string => join(folder, name);
const read = (name: string): string => readFileSync(file(name), 'utf8');
const pointsOf = (text: string): Set<string> => new Set([...text.matchAll(/^ *\d+ (\S+)/gm)].map(([, point]) => point));
const quiet = (): void => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
};

describe('--trace', () => {
  it('writes what its ending says, of probe', () => {
    for (const name of ['p.txt', 'p.json', 'p.pftrace', 'p.vcd']) printed(() => probe({ trace: file(name) }));
    expect(pointsOf(read('p.txt'))).toContain('engine.complete');
    expect(faults(readChrome(read('p.json')))).toEqual([]);
    expect(faults(readPerfetto(readFileSync(file('p.pftrace'))))).toEqual([]);
    expect(readVcd(read('p.vcd')).changes('machine.adma0.ACSR.ACTIVE').length).toBeGreaterThan(0);
  });

  it('is the same in every file: a channel is active as often as its bit comes on', () => {
    const starts = read('p.txt').match(/ engine\.start +unit=adma0 /g)!.length;
    const changes = readVcd(read('p.vcd')).changes('machine.adma0.ACSR.ACTIVE').length;
    const slices = readChrome(read('p.json')).slices.filter(({ track }) => track === 'engines/adma0 active');
    expect([slices.length, Math.ceil(changes / 2)]).toEqual([starts, starts]);
  });

  it('records dmatest and raid6test', () => {
    const name = file('d.txt');
    printed(() => dmatest({ trace: name, iterations: '2', maxChannels: '1' }));
    expect([...pointsOf(read('d.txt'))]).toEqual(expect.arrayContaining(['driver.prep', 'driver.callback']));
    printed(() => raid6test({ trace: file('r.json'), disks: '4' }));
    expect(faults(readChrome(read('r.json')))).toEqual([]);
  });

  it('records one run of the torture, its machines one behind the other', async () => {
    quiet();
    for (const name of ['t.txt', 't.json']) {
      expect(await tortureCommand({ trace: file(name), seed: '3', runs: '1', steps: '0,1' })).toBe(0);
    }
    const text = read('t.txt');
    const times = [...text.matchAll(/^ *(\d+) /gm)].map(([, time]) => Number(time));
    expect(times.every((time, i) => i === 0 || times[i - 1] <= time)).toBe(true);
    expect(text.match(/ machine\.power-on /g)!.length).toBeGreaterThan(1);
    expect(faults(readChrome(read('t.json')))).toEqual([]);
  }, 120_000);

  it('records commands on images', async () => {
    quiet();
    const array = file('array');
    await mdCreate(array, { seed: '1', size: '2MiB', chunk: '64KiB' });
    expect(await mdStop(array, { trace: file('m.txt') })).toBe(0);
    expect([...pointsOf(read('m.txt'))]).toEqual(expect.arrayContaining(['disk.end', 'driver.submit', 'cpu.thread']));
  });

  it('writes to stdout for -, before what the command has to say', () => {
    const text = printed(() => probe({ trace: '-' }));
    expect(text).toMatch(/^ +0 machine\.power-on +platform=iop342\n/);
  });

  it('leaves a file that is complete when it is closed twice as large as its buffer', () => {
    const recorder = openRecorder({ trace: file('large.txt') });
    for (let i = 0; i < 20_000; i++) {
      recorder.machine.trace!({ time: i, point: 'engine.idle', fields: { unit: 'adma0' } });
    }
    recorder.close();
    expect(statSync(file('large.txt')).size).toBe(20_000 * '               0 engine.idle      unit=adma0\n'.length);
    expect(read('large.txt').endsWith('           19999 engine.idle      unit=adma0\n')).toBe(true);
  });
});

describe('--trace-filter', () => {
  it('records what its globs name', () => {
    printed(() => probe({ trace: file('f.txt'), traceFilter: 'engine.*,!engine.read,cpu.irq' }));
    expect([...pointsOf(read('f.txt'))].filter((point) => !/^(engine\.(?!read$)|cpu\.irq$)/.test(point))).toEqual([]);
    expect(pointsOf(read('f.txt'))).toContain('engine.write');
  });

  it('leaves a picture that breaks no rule, whatever it takes away', () => {
    for (const traceFilter of ['!*-end', '!*.start', '!driver.*', 'cpu.*,bus.*', '!engine.complete,!intc.line']) {
      printed(() => probe({ trace: file('g.json'), traceFilter }));
      expect([traceFilter, faults(readChrome(read('g.json')))]).toEqual([traceFilter, []]);
    }
  });

  it('names registers where waves are recorded', () => {
    printed(() => probe({ trace: file('w.vcd'), traceFilter: 'adma1.A?SR,*_lines.*' }));
    const units = [...readVcd(read('w.vcd')).widths.keys()].map((path) => path.split('.')[1]);
    expect([...new Set(units)].filter((unit) => unit !== 'adma1' && !unit.endsWith('_lines'))).toEqual([]);
  });
});

describe('what cannot be recorded is refused in one line', () => {
  it.each([
    [{ trace: 'x.txt', traceFilter: 'engin.*' }, /--trace-filter: .engin\.\*. names nothing that can be recorded/],
    [{ trace: 'x.vcd', traceFilter: 'engine.*' }, /--trace-filter: .engine\.\*. names nothing that can be recorded/],
    [{ traceFilter: 'engine.*' }, /--trace-filter: nothing is recorded/],
    [{ trace: '-', json: true }, /--trace: --json has stdout for itself/],
    [{ trace: join('no', 'such', 'x.txt') }, /--trace: .*cannot be written/],
  ])('%j', (options, message) => {
    expect(refused(() => openRecorder(options))).toMatch(message);
  });

  it('several runs of the torture, and waves of one', async () => {
    await expect(tortureCommand({ trace: 'x.txt' })).rejects.toThrow(/--trace: there is more than one run/);
    await expect(tortureCommand({ trace: 'x.vcd', runs: '1' })).rejects.toThrow(/--trace: a run has several machines/);
  });
});
