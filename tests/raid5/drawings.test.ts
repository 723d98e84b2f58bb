/** One small run, recorded in every form at once: what the forms say, and that they say the same. */
import { chromeSink } from '../../emulator/trace/chrome';
import { perfettoSink } from '../../emulator/trace/perfetto';
import { textTraceWriter } from '../../emulator/trace/text';
import { Timeline } from '../../emulator/trace/timeline';
import type { TraceWriter } from '../../emulator/trace/trace';
import { STACK_DRAWINGS } from '../../raid5/drawings';
import type { PlatformName } from '../../emulator/platforms';
import { parseMsrTrace } from '../../raid5/workload/msr-trace';
import { WorkloadRun } from '../../raid5/workload/run';
import type { RunConfig } from '../../raid5/workload/run';
import type { Picture } from '../emulator/trace/picture';
import { faults, finder } from '../emulator/trace/picture';
import { readChrome } from '../emulator/trace/read-chrome';
import { readPerfetto } from '../emulator/trace/read-perfetto';

const REQUESTS = [
  '0,host,0,Write,0,4096,0',
  '50000,host,0,Write,8192,12288,0',
  '90000,host,0,Write,1048576,65536,0',
  '95000,host,0,Read,0,65536,0',
  '200000,host,0,Write,512,1024,0',
  '400000,host,0,Read,1048576,8192,0',
].join('\n');

interface Recorded {
  readonly run: WorkloadRun;
  readonly text: string;
  readonly json: string;
  readonly protobuf: Uint8Array;
}

function record(platform: PlatformName, overrides: Partial<RunConfig> = {}): Recorded {
  const [text, json, protobuf]: [string[], string[], Uint8Array[]] = [[], [], []];
  const pictures = [
    new Timeline(
      chromeSink((piece) => json.push(piece)),
      STACK_DRAWINGS,
    ),
    new Timeline(
      perfettoSink((piece) => protobuf.push(piece.slice())),
      STACK_DRAWINGS,
    ),
  ];
  const writers: TraceWriter[] = [textTraceWriter((line) => text.push(line)), ...pictures.map((each) => each.record)];
  const run = new WorkloadRun({
    ...{ platform, seed: 7, level: 5, disks: 5, chunk: 65536, layout: 'left-symmetric', cache: 32, diskModel: 'ssd' },
    ...{ arrayBytes: 4 * 1024 * 1024, requests: parseMsrTrace(REQUESTS, 'six.csv'), pace: 'trace', speed: 1, depth: 4 },
    ...{ failures: [], check: true },
    ...overrides,
    recording: { trace: (point) => writers.forEach((writer) => writer(point)) },
  });
  while (run.advance(10_000));
  for (const picture of pictures) picture.close();
  return { run, text: text.join(''), json: json.join(''), protobuf: Buffer.concat(protobuf) };
}

const first = record('iop342');

describe.each(['iop342', 'iop321', 'none'] as const)('a run on %s, recorded', (platform) => {
  const recorded = platform === 'iop342' ? first : record(platform);
  const chrome = readChrome(recorded.json);
  const perfetto = readPerfetto(recorded.protobuf);

  it('is a picture that breaks no rule of its viewers, in both formats', () => {
    expect(recorded.run.phase).toBe('done');
    expect(faults(chrome)).toEqual([]);
    expect(faults(perfetto)).toEqual([]);
  });

  it('is the same picture in both formats', () => {
    const plain = ({ slices, instants, counters, flows }: Picture): unknown => ({
      ...{ slices, instants, counters },
      flows: flows.map((flow) => JSON.stringify(flow)).sort(),
    });
    expect(plain(perfetto)).toEqual(plain(chrome));
  });

  it('has every event of an engine where the text has it, in nanoseconds rounded down', () => {
    const lines = recorded.text.split('\n').filter((line) => / engine\.write /.test(line));
    const wanted = lines.map((line) => {
      const [, time, unit, since] = /^ *(\d+) engine\.write +unit=(\w+) .*since=(\d+)/.exec(line)!;
      return { track: `engines/${unit} write`, start: floor(since), end: floor(time) };
    });
    const drawn = chrome.slices.filter(({ track }) => / write$/.test(track) && track.startsWith('engines/'));
    expect(drawn.map(({ track, start, end }) => ({ track, start, end }))).toEqual(wanted);
    expect(wanted.length > 0).toBe(platform !== 'none');
  });

  it('comes out the same to the byte when it is run again', () => {
    const again = record(platform);
    expect(again.text).toBe(recorded.text);
    expect(again.json).toBe(recorded.json);
    expect(Buffer.compare(again.protobuf, recorded.protobuf)).toBe(0);
  });

  it('does not change the run', () => {
    const { run } = recorded;
    const quiet = new WorkloadRun({ ...run.config, recording: {} });
    while (quiet.advance(10_000));
    expect(quiet.machine.hash.value).toBe(run.machine.hash.value);
  });
});

describe('the flows of a run on iop342', () => {
  const { json } = first;
  const picture = readChrome(json);
  const at = finder(picture.slices);
  const chains = new Map<number, string[]>();
  for (const { id, track, time } of [...picture.flows].sort((a, b) => a.time - b.time)) {
    const slice = at(track, time)!;
    chains.set(id, [...(chains.get(id) ?? []), `${track.replace(/\d+/g, 'N')}: ${slice.name}`]);
  }
  const shapes = [...chains.values()].map((steps) => steps.filter((step, i) => step !== steps[i - 1]).join(' → '));

  it('lead from a stripe’s operation over submission, descriptor and bus to interrupt, tasklet and completion', () => {
    const whole = shapes.filter((shape) =>
      /^stripes\/stripe N write: reconstruct → driver\/dmaNchanN submit: submit → .*engines\/admaN descriptor: descriptor → .*buses\/memory: read → .*buses\/memory: write → .*interrupts\/admaN eo[ct]: asserted → processor\/irq admaN eo[ct]: irq → processor\/tasklet admaN: tasklet → driver\/dmaNchanN completion: noerror$/.test(
        shape,
      ),
    );
    expect(whole.length).toBeGreaterThan(0);
  });

  it('lead from requests to stripes, and from stripes to disks', () => {
    expect(shapes).toContain('requests/request N: write → stripes/stripe N: in use');
    expect(shapes).toContain('stripes/stripe N: in use → disks/diskN N: write');
    expect(shapes).toContain('stripes/stripe N: in use → disks/diskN N: read');
    expect(shapes).toContain('requests/request N: read → disks/diskN N: read');
  });

  it('start with the processor’s submission where nobody asks for a stripe', () => {
    expect(shapes.filter((shape) => shape.startsWith('driver/'))).not.toHaveLength(0);
  });
});

describe('counters', () => {
  const { run, json } = first;
  const picture = readChrome(json);
  const last = (track: string): number | undefined =>
    picture.counters.filter((each) => each.track === track).at(-1)?.value;

  it('end where the run has left what they count', () => {
    expect(last('counters/active stripes')).toBe(run.array!.cache.active);
    expect(last('counters/disk0 queue')).toBe(0);
    for (const chan of run.asyncTx!.dma.devices.flatMap(({ channels }) => channels)) {
      const { chain, pool } = chan as unknown as {
        chain: { length: number };
        pool?: { free: number; slots: unknown[] };
      };
      const used = pool === undefined ? undefined : pool.slots.length - pool.free;
      expect([chan.name, last(`counters/${chan.name} queue`), last(`counters/${chan.name} slots used`)]).toEqual([
        chan.name,
        chain.length,
        used,
      ]);
    }
  });
});

function floor(picoseconds: string): number {
  return Number(BigInt(picoseconds) / 1000n);
}
