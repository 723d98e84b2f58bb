/**
 * A recorded run of an array of five, RAID-5, left-symmetric, chunks of 64 KiB: in row 0 parity is on disk 4, and the data
 * of the first chunk on disk 0 (Linux, `ALGORITHM_LEFT_SYMMETRIC`).
 */
import { existsSync } from 'node:fs';
import { parseTraceText } from '../../conformance/why/trace-text';
import type { TraceEvent } from '../../conformance/why/trace-text';
import { PLACES } from '../../conformance/why/places';
import { whyByte, whyDescriptor } from '../../conformance/why/why';
import { textTraceWriter } from '../../emulator/trace/text';
import type { PlatformName } from '../../emulator/platforms';
import { parseMsrTrace } from '../../raid5/workload/msr-trace';
import { WorkloadRun } from '../../raid5/workload/run';

/** One block, which is cheapest to write by read-modify-write, then all four blocks of another stripe. */
const REQUESTS = ['0,host,0,Write,4096,4096,0', ...[0, 1, 2, 3].map((i) => `900000,host,0,Write,${65536 * i},4096,0`)];

function record(platform: PlatformName): readonly TraceEvent[] {
  const lines: string[] = [];
  const run = new WorkloadRun({
    ...{ platform, seed: 7, level: 5, disks: 5, chunk: 65536, layout: 'left-symmetric', cache: 32, diskModel: 'ssd' },
    ...{ arrayBytes: 1024 * 1024, requests: parseMsrTrace(REQUESTS.join('\n'), 'two.csv'), pace: 'trace', speed: 1 },
    ...{ depth: 4, failures: [], check: false, recording: { trace: textTraceWriter((line) => lines.push(line)) } },
  });
  while (run.advance(10_000));
  return parseTraceText(lines.join(''), 'run.txt');
}

const points = (steps: readonly TraceEvent[] = []): string[] => steps.map(({ point }) => point);
const step = (steps: readonly TraceEvent[] | undefined, point: string): TraceEvent['fields'] | undefined => {
  return steps?.find((event) => event.point === point)?.fields;
};

describe('why a byte is on a disk', () => {
  const events = record('iop342');

  it('leads from a parity block to the request, through decision, operation, driver, bus and interrupt', () => {
    const { steps } = whyByte(events, 'disk4', 9, 300)!;
    const spine = [
      ...['request.start', 'stripe.request', 'stripe.decide', 'stripe.write', 'stripe.op', 'driver.prep'],
      ...[
        'async_tx.submit',
        'driver.submit',
        'engine.fetch',
        'engine.read',
        'bus.grant',
        'engine.write',
        'engine.complete',
      ],
      ...['engine.interrupt', 'cpu.irq', 'cpu.tasklet', 'driver.complete', 'driver.callback', 'stripe.io', 'disk.end'],
      'request.end',
    ];
    expect([...new Set(points(steps))]).toEqual(spine);
    const times = steps.map(({ time }) => time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('says what the decision was: one block of five is written after two reads, or after three', () => {
    const { steps } = whyByte(events, 'disk4', 8, 0)!;
    expect(step(steps, 'stripe.decide')).toMatchObject({ sector: '8', way: 'rmw', rmw: '2', rcw: '3', rule: 'WR-02' });
    expect(step(steps, 'stripe.write')).toMatchObject({ mode: 'rmw' });
    expect(step(steps, 'stripe.op')).toMatchObject({ op: 'RECONSTRUCT' });
    expect(step(steps, 'driver.prep')).toMatchObject({ call: 'iop_adma_prep_dma_xor' });
    expect(step(steps, 'request.start')).toMatchObject({ sector: '8', sectors: '8', write: 'true' });
  });

  it('leads from a data block to the copy that drained the request', () => {
    const { steps } = whyByte(events, 'disk0', 8, 511)!;
    expect(step(steps, 'stripe.op')).toMatchObject({ op: 'BIODRAIN' });
    expect(step(steps, 'driver.prep')).toMatchObject({ call: 'iop_adma_prep_dma_memcpy' });
  });

  it('knows a full stripe, and every request of it', () => {
    const { steps } = whyByte(events, 'disk4', 0, 0)!;
    expect(step(steps, 'stripe.write')).toMatchObject({ mode: 'full' });
    expect(points(steps).filter((point) => point === 'request.start')).toHaveLength(4);
  });

  it('follows the byte itself: the block that the engine wrote holds its address', () => {
    const { title, steps } = whyByte(events, 'disk4', 13, 40)!;
    const address = Number(/0x[\da-f]+$/.exec(title)![0]);
    const { address: block, bytes } = step(steps, 'engine.write')!;
    expect(address).toBe(Number(step(steps, 'disk.end')!['address']) + 5 * 512 + 40);
    expect(address - Number(block)).toBeGreaterThanOrEqual(0);
    expect(address - Number(block)).toBeLessThan(Number(bytes));
  });

  it('has nothing to say about what was never written', () => {
    expect(whyByte(events, 'disk4', 4096, 0)).toBeUndefined();
    expect(whyByte(events, 'disk9', 8, 0)).toBeUndefined();
  });

  it('names the processor where there is no engine', () => {
    const { steps } = whyByte(record('none'), 'disk4', 8, 0)!;
    expect(step(steps, 'async_tx.software')).toMatchObject({ call: 'xor' });
    expect(step(steps, 'stripe.op')).toMatchObject({ op: 'RECONSTRUCT' });
    expect(points(steps)).not.toContain('engine.write');
  });
});

describe('why a descriptor was executed', () => {
  const events = record('iop342');

  it('leads to the operation that asked for it and to its callback', () => {
    const parity = whyByte(events, 'disk4', 8, 0)!.steps;
    const address = Number(step(parity, 'engine.fetch')!['descriptor']);
    const { steps } = whyDescriptor(events.slice(0, events.indexOf(parity.at(-1)!) + 1), address)!;
    expect(step(steps, 'stripe.write')).toEqual(step(parity, 'stripe.write'));
    expect(step(steps, 'driver.callback')).toEqual(step(parity, 'driver.callback'));
  });

  it('has nothing to say about an address that is none', () => {
    expect(whyDescriptor(events, 0x3)).toBeUndefined();
  });
});

describe('a trace that is read', () => {
  it('is refused at the line that is no event', () => {
    expect(() => parseTraceText('   12 engine.idle      unit=adma0\nnonsense\n', 'bad.txt')).toThrow(
      /^bad\.txt:2:1: .nonsense. is no event/,
    );
    expect(() => parseTraceText('', 'empty.txt')).toThrow(/^empty\.txt:1:1: the file is empty/);
  });

  it('names source files that exist', () => {
    for (const { file } of Object.values(PLACES)) expect([file, existsSync(file)]).toEqual([file, true]);
  });
});
