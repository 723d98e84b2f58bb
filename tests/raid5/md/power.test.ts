import fc from 'fast-check';
import { DATA } from './media';
import type { LifeOptions } from './world';
import { ArrayLife } from './world';

const SIZE = 144;

const burst = [0, 11, 40, 75, 96, 130].map((sector, i) => ({ write: true, sector, sectors: [8, 3, 24, 1, 30, 16][i] }));

/** An array with something in every sector, and no word of it under way. */
function filled(options: LifeOptions): ArrayLife {
  const life = new ArrayLife({ size: SIZE, ...options });
  life.boot();
  life.write(0, life.sectors);
  life.thread(life.md.stop());
  return life;
}

describe.each<[string, LifeOptions]>([
  ['RAID-4', { level: 4, disks: 3 }],
  ['RAID-5', { level: 5, disks: 4 }],
  ['RAID-5 with a bitmap', { level: 5, disks: 4, bitmapChunk: 8192 }],
  ['RAID-6', { level: 6, disks: 5 }],
  ['RAID-6 with a bitmap', { level: 6, disks: 5, layout: 'ddf-N-restart', bitmapChunk: 8192 }],
])('%s', (_, options) => {
  it('after a power cut at any event holds what was acknowledged, old or new of the rest, and right parity (RU-02)', () => {
    let cuts = 0;
    for (let n = 1; ; n += 5) {
      const life = filled(options);
      life.boot();
      const cut = life.cutAt(n, () => life.play(burst));
      if (!cut) break;
      cuts++;
      life.boot();
      expect([n, life.readBack()]).toEqual([n, []]);
      life.settle();
      expect([n, life.wrongParity(), life.readBack()]).toEqual([n, [], []]);
      // Parity carries its part: any member may be lost now.
      life.devices[n % options.disks!].disk.die();
      expect([n, life.readBack()]).toEqual([n, []]);
    }
    expect(cuts).toBeGreaterThan(8);
  });
});

describe('a degraded array', () => {
  const sectorsOf = (holes: readonly { sector: number; sectors: number }[]): Set<number> =>
    new Set(holes.flatMap(({ sector, sectors }) => Array.from({ length: sectors }, (_, i) => sector + i)));

  it.each<[string, LifeOptions]>([
    ['RAID-5', { level: 5, disks: 4 }],
    ['RAID-5 with a bitmap', { level: 5, disks: 4, bitmapChunk: 4096 }],
    ['RAID-6', { level: 6, disks: 5, bitmapChunk: 4096 }],
  ])(
    '%s: after a power cut starts by force only, and has lost no more than missing blocks of stripes being written (RU-01, the write hole)',
    (_, options) => {
      let lossy = 0;
      for (let n = 20; n < 400; n += 6) {
        const life = filled(options);
        life.boot();
        for (let i = 0; i < (options.level === 6 ? 2 : 1); i++) life.drop(i);
        life.write(8, 8);
        life.sleep(20000);
        const flights = life.startCut(n, burst);
        if (flights === undefined) break;
        const { refusal } = life.boot({ run: true });
        if (refusal === undefined) {
          // No write had begun.
          expect([n, life.readBack()]).toEqual([n, []]);
          continue;
        }
        expect(refusal.problem).toBe('the array is dirty and degraded');
        const { writeHole } = life.boot({ run: true, force: true });
        const hole = sectorsOf(writeHole!);
        const members = new Set(flights.map((sector) => life.array.geometry.place(sector).sector >> 3));
        const wrong = life.wrongNow();
        if (wrong.length > 0) lossy++;
        for (const sector of wrong) {
          expect([n, sector, hole.has(sector)]).toEqual([n, sector, true]);
          expect(members.has(life.array.geometry.place(sector).sector >> 3)).toBe(true);
        }
        expect([n, life.readBack(hole)]).toEqual([n, []]);
      }
      expect(lossy).toBeGreaterThan(0);
    },
  );
});

describe('a member that dies together with the power', () => {
  it('costs nothing: what was answered without it is not believed to be on it (MQ-00)', () => {
    for (let n = 5; n < 400; n += 13) {
      const life = filled({ level: 5, disks: 4, model: 'ssd' });
      life.boot();
      let dead = false;
      const { sim } = life.machine;
      const step = sim.step.bind(sim);
      let left = n;
      sim.step = () => {
        if (left-- === 0) {
          dead = true;
          life.devices[1].disk.die();
        }
        return step();
      };
      if (!life.cutAt(n + ((n * 7) % 150), () => life.play(burst)) || !dead) continue;
      if (life.boot({ run: true }).refusal !== undefined) continue;
      expect([n, life.readBack()]).toEqual([n, []]);
      life.settle();
      expect([n, life.array.degraded > 0 ? [] : life.wrongParity(), life.readBack()]).toEqual([n, [], []]);
    }
  });
});

/** One thing that happens in the life of an array. */
const anyStep = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), at: fc.nat(), length: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), length: fc.integer({ min: 1, max: 160 }) }),
  fc.record({
    kind: fc.constantFrom('die', 'drop', 'add', 'blank', 'check', 'repair', 'reboot', 'wait' as const),
    at: fc.nat(),
    length: fc.integer({ min: 1, max: 12000 }),
  }),
);

const anyLife = fc.record({
  array: fc.constantFrom<LifeOptions>(
    { level: 4, disks: 3 },
    { level: 5, disks: 3, layout: 'left-asymmetric', bitmapChunk: 4096 },
    { level: 5, disks: 4, layout: 'right-symmetric', bitmapChunk: 8192 },
    { level: 5, disks: 5, layout: 'parity-first', model: 'ssd' },
    { level: 6, disks: 4, layout: 'ddf-N-continue', bitmapChunk: 16384 },
    { level: 6, disks: 5, layout: 'left-symmetric-6', chunk: 8192, bitmapChunk: 4096, model: 'ssd' },
    { level: 6, disks: 6, layout: 'right-asymmetric' },
  ),
  steps: fc.array(anyStep, { minLength: 3, maxLength: 14 }),
});

type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

/** Powers the machine on again; what a forced start may have lost is written anew. */
function boot(life: ArrayLife): number[] {
  const { refusal } = life.boot({ run: true });
  if (refusal === undefined) return life.readBack();
  expect(refusal.problem).toBe('the array is dirty and degraded');
  const { writeHole } = life.boot({ run: true, force: true });
  // Called clean, its parity may be wrong where it was being written.
  if (life.array.degraded < life.array.geometry.maxDegraded) life.thread(life.md.sync.request('repair'));
  return life.readBack(
    new Set(writeHole!.flatMap(({ sector, sectors }) => Array.from({ length: sectors }, (_, i) => sector + i))),
  );
}

function live(life: ArrayLife, { kind, at, length }: Step): number[] {
  const { array } = life;
  const sector = at % life.sectors;
  const place = at % array.members.length;
  const name = array.members[place].disk.name;
  const mayLose = array.degraded < array.geometry.maxDegraded && !array.members[place].faulty;
  const requests = Array.from({ length: 5 }, (_, i) => {
    const first = (sector + 37 * i) % life.sectors;
    return { write: true, sector: first, sectors: Math.min(1 + ((length + 7 * i) % 40), life.sectors - first) };
  });
  switch (kind) {
    case 'write':
      life.play(requests);
      return [];
    case 'cut':
      if (life.cutAt(length, () => life.play(requests))) return boot(life);
      return [];
    case 'die':
      if (mayLose) array.members[place].disk.die();
      life.play(requests);
      return [];
    case 'drop':
      if (mayLose) life.drop(Number(name.slice(4)));
      return [];
    case 'add':
    case 'blank': {
      life.removeFailed();
      const absent = life.media.findIndex((_, i) => life.md.roster.find(`disk${i}`) === undefined);
      if (kind === 'add' && absent >= 0) life.add(absent);
      else if (life.media.length < 9) life.add(life.blank());
      life.thread(life.kernel.scheduler.sleep(length * 100_000));
      return [];
    }
    case 'check':
    case 'repair':
      life.settle();
      life.thread(life.md.sync.request(kind));
      return [];
    case 'reboot':
      life.thread(life.md.stop());
      return boot(life);
    case 'wait':
      life.sleep(length);
      return [];
  }
}

it('any life of an array, of any level, keeps what was acknowledged (RU-02, RS-01, BM-01, MQ-00)', () => {
  fc.assert(
    fc.property(anyLife, ({ array: options, steps }) => {
      const life = filled(options);
      life.boot();
      steps.forEach((step, i) => expect([i, step.kind, live(life, step)]).toEqual([i, step.kind, []]));
      life.settle();
      expect(life.readBack()).toEqual([]);
      const missing = life.array.members.flatMap(({ inSync }, place) => (inSync ? [] : [place]));
      if (missing.length < life.array.geometry.maxDegraded) expect(life.wrongParity(missing)).toEqual([]);
      expect(life.machine.findings.all()).toEqual([]);
    }),
    { numRuns: 30, seed: 20261121 },
  );
});

it('torn writes are told by the seed: the same cut leaves the same media', () => {
  const media = (): number[] => {
    const life = filled({ level: 5, disks: 4 });
    life.boot();
    life.cutAt(200, () => life.play(burst));
    return life.media.flatMap((medium) =>
      [...medium.writtenSectors()].flatMap((at) => (at < DATA ? [] : [...medium.peek(at)!])),
    );
  };
  expect(media()).toEqual(media());
});
