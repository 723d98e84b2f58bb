import { HashEvent, TraceHash } from '../../../emulator/trace/hash';
import type { TraceRecord } from '../../../emulator/trace/trace';
import { textTraceWriter } from '../../../emulator/trace/text';
import { Trace } from '../../../emulator/trace/trace';
import { PLATFORMS } from '../../../emulator/platforms';
import { Machine } from '../../../emulator/platforms/machine';
import { board, CHANNELS, ChannelPins, KIB, NS, putDescriptor, US } from '../board';

const events = (list: readonly (readonly [HashEvent, number, number])[]): string => {
  const hash = new TraceHash();
  for (const [kind, subject, time] of list) hash.add(kind, subject, time);
  return hash.value;
};

describe('the trace hash', () => {
  const base = [
    [HashEvent.interrupt, 1, 1_000],
    [HashEvent.descriptor, 0x1000, 2_000],
    [HashEvent.request, 7, 3_000],
  ] as const;

  it('is the same for the same events, sixteen digits', () => {
    expect(events(base)).toBe(events(base));
    expect(events(base)).toMatch(/^[0-9a-f]{16}$/);
    expect(events([])).toMatch(/^[0-9a-f]{16}$/);
  });

  it('differs when a kind, a subject, a time, the order or the number of events differs', () => {
    const variants = [
      base,
      [base[1], base[0], base[2]],
      base.slice(0, 2),
      [...base, base[2]],
      [[HashEvent.descriptor, 1, 1_000], base[1], base[2]],
      [[HashEvent.interrupt, 2, 1_000], base[1], base[2]],
      [[HashEvent.interrupt, 1, 1_001], base[1], base[2]],
      [[HashEvent.interrupt, 1, 1_000 + 2 ** 32], base[1], base[2]],
      [[HashEvent.interrupt, 1, 2 ** 52], base[1], base[2]],
      [],
    ] as const;
    expect(new Set(variants.map((variant) => events(variant))).size).toBe(variants.length);
  });

  it('spreads small differences: ten thousand times, ten thousand hashes', () => {
    const seen = new Set<string>();
    for (let time = 0; time < 10_000; time++) seen.add(events([[HashEvent.descriptor, 0x1000, time]]));
    expect(seen.size).toBe(10_000);
  });

  /** A run of one copy whose doorbell comes after `delay`, and the hash it leaves. */
  function run(delay: number, traced = false): string {
    const machine = new Machine(PLATFORMS.iop342, {
      dramBytes: 64 * KIB,
      ...(traced ? { trace: () => undefined } : {}),
    });
    [0, 0x7, 0, 2000, 0x8000, 0, 0x4000, 0].forEach((word, i) => machine.dram.setWord(0x1000 + 4 * i, word));
    machine.sim.advanceTo(delay);
    machine.postWrite(CHANNELS[0] + 0x24, 0x1000, 0xffff_ffff);
    machine.postWrite(CHANNELS[0], 1, 0xffff_ffff);
    machine.sim.advanceTo(100 * US);
    return machine.hash.value;
  }

  it('is the same for the same runs and differs when a time differs', () => {
    expect(run(0)).toBe(run(0));
    expect(run(5 * NS)).not.toBe(run(0));
  });

  it('does not depend on whether somebody records a trace', () => {
    expect(run(0, true)).toBe(run(0));
  });
});

describe('trace points', () => {
  it('become one line each: time, point, fields with addresses in hexadecimal', () => {
    const lines: string[] = [];
    const trace = new Trace(
      () => 123_456,
      textTraceWriter((line) => lines.push(line)),
    );
    trace.emit('engine.fetch', { unit: 'adma0', descriptor: 0x1000, next: 0, since: 120_000 });
    trace.emit('intc.line', { source: 57, asserted: true });
    expect(lines).toEqual([
      '          123456 engine.fetch     unit=adma0 descriptor=0x1000 next=0x0 since=120000\n',
      '          123456 intc.line        source=57 asserted=true\n',
    ]);
  });

  it('tell the life of a chain in the order it is lived', () => {
    const records: TraceRecord[] = [];
    const target = board({ dramBytes: 64 * KIB, trace: (record) => records.push(record) });
    putDescriptor(target, 0x1000, {
      next: 0x1040,
      count: 1500,
      destination: 0x8000,
      sources: [0x4000, 0x5000],
    });
    putDescriptor(target, 0x1040, { interrupt: true, count: 0 });
    new ChannelPins(target).run(0x1000);
    const block = ['engine.read', 'engine.read', 'engine.write'].flatMap((phase) => ['bus.grant', phase]);
    expect(records.map(({ point }) => point)).toEqual([
      ...['machine.power-on', 'engine.start'],
      ...['bus.grant', 'engine.fetch', ...block, ...block, 'engine.complete'],
      ...['bus.grant', 'engine.fetch', 'engine.complete'],
      ...['engine.idle', 'engine.interrupt', 'intc.line'],
    ]);
    const times = records.map(({ time }) => time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('name what failed', () => {
    const records: TraceRecord[] = [];
    const target = board({ dramBytes: 64 * KIB, trace: (record) => records.push(record) });
    new ChannelPins(target).run(0x0900_0000);
    expect(records).toContainEqual(
      expect.objectContaining({
        point: 'engine.error',
        fields: { unit: 'adma0', descriptor: 0x0900_0000, kind: 'master-abort' },
      }),
    );
  });
});
