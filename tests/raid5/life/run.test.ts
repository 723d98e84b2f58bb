import { SparseMedia } from '../../../raid5/disks/media';
import type { BenchPlan } from '../../../raid5/life/bench';
import { Geometry } from '../../../raid5/geometry';
import type { LifeEvent } from '../../../raid5/life/events';
import { live, MS, request } from './world';

const stories = (entries: readonly { text: string }[]): string[] => entries.map(({ text }) => text);

describe.each<[string, Partial<BenchPlan>]>([
  ['RAID-4', { level: 4, layout: 'parity-last', disks: 3, platform: 'none' }],
  ['RAID-5 with a bitmap', { bitmapChunk: 8192 }],
  ['RAID-5 that prefers rmw', { rmwLevel: 2, model: 'ram' }],
  ['RAID-6 with a bitmap', { level: 6, disks: 5, layout: 'ddf-N-restart', bitmapChunk: 4096 }],
])('%s', (_, plan) => {
  it('goes on after power cuts at any events, with data intact and parity right (RU-02)', () => {
    let cutOff = 0;
    let powerCuts = 0;
    for (const event of [40, 150, 300, 500, 800]) {
      const life = live({
        plan,
        events: [
          { kind: 'powerCut', force: false, event },
          { kind: 'powerCut', force: false, event: event + 200 },
        ],
        checks: [
          { kind: 'check', mismatch: 0 },
          { kind: 'parity', wrong: 0 },
          { kind: 'examine', says: { state: 'clean', degraded: 0, dirtyChunks: 0 } },
        ],
      });
      expect([event, life.verdict, life.checks.filter(({ ok }) => !ok)]).toEqual([event, 'data intact', []]);
      powerCuts += life.powerCuts;
      expect(life.verified.bytes).toBeGreaterThan(0);
      cutOff += life.cutOff;
    }
    expect([cutOff > 5, powerCuts > 5]).toEqual([true, true]);
  });
});

it('is the same to the bit for the same plan, and another for another seed', () => {
  const events: LifeEvent[] = [{ kind: 'powerCut', force: false, event: 900 }];
  const wish = { plan: { bitmapChunk: 8192 }, events };
  expect(live(wish)).toEqual(live(wish));
  expect(live({ ...wish, plan: { ...wish.plan, seed: 2 } }).traceHashes).not.toEqual(live(wish).traceHashes);
});

it('rebuilds spares and replaced disks while it works (MQ-01)', () => {
  const life = live({
    plan: { level: 6, disks: 5 },
    spares: 1,
    requests: Array.from({ length: 60 }, (_, i) => request('write', (i * 37) % 560, 9, i, 2 * i)),
    events: [
      { kind: 'fail', disk: 1, at: 10 * MS },
      { kind: 'replaceDisk', disk: 3, at: 60 * MS },
    ],
    checks: [
      { kind: 'check', mismatch: 0 },
      { kind: 'examine', says: { degraded: 0, spares: 0, state: 'clean' } },
    ],
  });
  expect([life.verdict, life.asExpected]).toEqual(['data intact', true]);
  expect(stories(life.timeline)).toEqual(
    expect.arrayContaining(['disk1 dies', 'disk3 removed, disk6 added as a spare', 'md: recover done.']),
  );
});

it('takes a member back by the bitmap (BM-01)', () => {
  const life = live({
    plan: { bitmapChunk: 4096 },
    requests: Array.from({ length: 30 }, (_, i) => request('write', (i * 41) % 500, 8, i, i)),
    events: [
      { kind: 'remove', disk: 2, at: 5 * MS },
      { kind: 'reAdd', disk: 2, at: 20 * MS },
    ],
    checks: [{ kind: 'check', mismatch: 0 }],
  });
  expect([life.verdict, life.asExpected]).toEqual(['data intact', true]);
  expect(stories(life.timeline)).toContain('disk2 re-added');
});

it('strikes the drive that came back, not the one that was pulled out', () => {
  const life = live({
    plan: { bitmapChunk: 4096 },
    requests: [
      ...Array.from({ length: 30 }, (_, i) => request('write', (i * 41) % 500, 8, i, i)),
      request('read', 0, 200, 30, 80),
    ],
    events: [
      { kind: 'remove', disk: 2, at: 5 * MS },
      { kind: 'reAdd', disk: 2, at: 20 * MS },
      { kind: 'readError', disk: 2, sector: 8, blocks: 1, permanent: false, at: 70 * MS },
    ],
    checks: [
      { kind: 'check', mismatch: 0 },
      { kind: 'examine', says: { correctedBlocks: 1, degraded: 0 } },
    ],
  });
  expect([life.verdict, life.checks.filter(({ ok }) => !ok)]).toEqual(['data intact', []]);
  expect(life.asExpected).toBe(true);
});

it('counts a medium once that comes back as a spare', () => {
  const life = live({
    plan: { level: 6, disks: 5 },
    spares: 1,
    events: [
      { kind: 'remove', disk: 5, at: 1 * MS },
      { kind: 'reAdd', disk: 5, at: 5 * MS },
    ],
    checks: [{ kind: 'examine', says: { spares: 1, degraded: 0 } }],
  });
  expect(life.checks.filter(({ ok }) => !ok)).toEqual([]);
});

it('corrects blocks that cannot be read, survives engine errors, and says how many (IO-02)', () => {
  const life = live({
    requests: [request('write', 0, 200, 1), request('read', 0, 200, 2, 30), request('read', 300, 8, 3, 40)],
    events: [
      { kind: 'readError', disk: 1, sector: 8, blocks: 2, permanent: false, at: 10 * MS },
      { kind: 'engine', unit: 'adma1', fault: 'mcu-abort', times: 2, at: 0 },
    ],
    checks: [
      { kind: 'check', mismatch: 0 },
      { kind: 'examine', says: { correctedBlocks: 2, degraded: 0 } },
    ],
  });
  expect([life.verdict, life.asExpected]).toEqual(['data intact', true]);
  expect(life.engine.errors).toBe(2);
  expect(life.engine.redone).toBeGreaterThan(0);
});

describe('a loss has a name', () => {
  it('when more disks die than the level survives (HS-06)', () => {
    const life = live({
      requests: Array.from({ length: 40 }, (_, i) => request('write', (i * 53) % 500, 12, i, i)),
      events: [
        { kind: 'fail', disk: 0, at: 10 * MS },
        { kind: 'fail', disk: 3, at: 20 * MS },
      ],
    });
    expect(life.verdict).toBe('expected loss');
    expect(life.losses.map(({ name }) => name)).toEqual(['too many failures']);
    expect(life.losses[0].sectors).toBeGreaterThan(0);
    expect(life.checks).toEqual([{ kind: 'data', ok: false, expected: 'intact', found: 'loss' }]);
    expect(life.asExpected).toBe(false);
  });

  it('when a block cannot be read and a disk is gone: without a list of bad blocks its disk goes as well (IO-03)', () => {
    const life = live({
      requests: [request('write', 0, 300, 1), request('read', 0, 300, 2, 40)],
      events: [
        { kind: 'readError', disk: 1, sector: 16, blocks: 1, permanent: true, at: 20 * MS },
        { kind: 'remove', disk: 0, at: 21 * MS },
      ],
      checks: [{ kind: 'data', expect: 'loss' }],
    });
    expect([life.verdict, life.asExpected]).toEqual(['expected loss', true]);
    expect(life.losses).toMatchObject([{ name: 'too many failures', rule: 'HS-06' }]);
    expect(stories(life.timeline)).toContain('md/raid: Disk failure on disk1, disabling device.');
  });

  it('when a byte of data changes without a word: it is read, counted and located (RS-02)', () => {
    const geometry = new Geometry(6, 5, 4096, 'left-symmetric');
    const { disk, sector } = geometry.place(40);
    const life = live({
      plan: { level: 6, disks: 5 },
      requests: [request('write', 0, 300, 1)],
      events: [{ kind: 'corrupt', disk, sector, at: 30 * MS }],
      checks: [
        { kind: 'data', expect: 'loss' },
        { kind: 'check', mismatch: 8 },
        { kind: 'parity', wrong: 1 },
        { kind: 'locate', blocks: [{ disk, sector }] },
      ],
    });
    expect([life.verdict, life.asExpected]).toEqual(['expected loss', true]);
    expect(life.losses).toMatchObject([{ name: 'silent corruption', sectors: 1, first: 40 }]);
  });

  it('but none is lost with a byte of parity, and a repair makes it right', () => {
    const { parity } = new Geometry(5, 4, 4096, 'left-symmetric').row(16);
    const life = live({
      requests: [request('write', 0, 300, 1)],
      events: [
        { kind: 'corrupt', disk: parity, sector: 16, at: 30 * MS },
        { kind: 'repair', at: 40 * MS },
      ],
      checks: [
        { kind: 'check', mismatch: 0 },
        { kind: 'parity', wrong: 0 },
      ],
    });
    expect([life.verdict, life.asExpected]).toEqual(['data intact', true]);
    expect(stories(life.timeline)).toContain('repaired, mismatch_cnt 8');
  });

  it('when a dirty and degraded array may not start, and what was under way when it is forced (RU-01)', () => {
    const events = (force: boolean, event: number): LifeEvent[] => [
      { kind: 'fail', disk: 1, at: 0 },
      { kind: 'powerCut', force, event },
      ...(force ? [{ kind: 'addSpare', at: 100 * MS } as const] : []),
    ];
    const checks = [
      { kind: 'data', expect: 'loss' },
      { kind: 'check', mismatch: 0 },
    ] as const;
    const refused = live({ events: events(false, 700), checks });
    expect(refused.checks).toContainEqual({
      ...{ kind: 'check', ok: false },
      ...{ expected: 'mismatch_cnt 0', found: 'no array' },
    });
    expect(refused.asExpected).toBe(false);
    expect(refused.losses).toMatchObject([{ name: 'not started', sectors: 0 }]);
    expect(stories(refused.timeline).at(-1)).toContain('the array is dirty and degraded');
    const verdicts = [400, 500, 600, 700, 800, 900, 1000].map((event) => {
      const { verdict, losses, checks } = live({
        events: events(true, event),
        checks: [
          { kind: 'parity', wrong: 0 },
          { kind: 'examine', says: { degraded: 0, state: 'clean' } },
        ],
      });
      expect(checks.slice(1).map(({ ok }) => ok)).toEqual([true, true]);
      for (const { name } of losses) expect(name).toBe('write hole');
      return verdict;
    });
    expect(new Set(verdicts)).toEqual(new Set(['data intact', 'expected loss']));
  });
});

describe('what has no name is a defect', () => {
  afterEach(() => jest.restoreAllMocks());

  it('like a write that a disk loses', () => {
    const writeBlock = SparseMedia.prototype.writeBlock;
    let count = 0;
    jest.spyOn(SparseMedia.prototype, 'writeBlock').mockImplementation(function (this: SparseMedia, ...args) {
      if (++count % 7 !== 0) writeBlock.apply(this, args);
    });
    const life = live({});
    expect(life.verdict).toBe('failed');
    expect(life.defects.count).toBeGreaterThan(0);
    expect(life.asExpected).toBe(false);
  });

  it('and an expectation that is not met, or an event that cannot come, is not what the scenario expects', () => {
    const wrong = live({
      checks: [
        { kind: 'examine', says: { degraded: 1 } },
        { kind: 'check', mismatch: 8 },
      ],
    });
    expect([wrong.verdict, wrong.asExpected]).toEqual(['data intact', false]);
    expect(wrong.checks.map(({ kind, ok }) => [kind, ok])).toEqual([
      ['check', false],
      ['data', true],
      ['examine', false],
    ]);
    const missed = live({
      events: [
        { kind: 'reAdd', disk: 2, at: 0 },
        { kind: 'powerCut', force: false, event: 1e9 },
      ],
    });
    expect(missed.missed).toEqual(['reAdd: disk2 belongs to the array already', 'powerCut: the run ended before']);
    expect([missed.verdict, missed.asExpected]).toEqual(['data intact', false]);
  });
});
