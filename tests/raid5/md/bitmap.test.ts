import { DISK_MODELS } from '../../../raid5/disks/models';
import { dirtyChunks, isDirty } from '../../../raid5/superblock/bitmap';
import { FEATURES } from '../../../raid5/superblock/layout';
import { hasFeature } from '../../../raid5/superblock/superblock';
import { DATA } from './media';
import type { Flight } from './world';
import { ArrayLife } from './world';

/** 20 chunks of 32 sectors: four stripes each. */
const CHUNK = 32;
const LIFE = { size: 20 * CHUNK, bitmapChunk: CHUNK * 512, model: 'ram' } as const;

const chunkOf = (sector: number): number => Math.floor((sector - DATA) / CHUNK);

/** Chunks of a member that data were written to since the boot. */
function touched(life: ArrayLife, disk: number): number[] {
  const chunks = life.log.filter((entry) => entry.disk === disk && entry.sector >= DATA);
  return [...new Set(chunks.map(({ sector }) => chunkOf(sector)))].sort((a, b) => a - b);
}

const marked = (life: ArrayLife, disk: number): number[] => {
  const bitmap = life.bitmap(disk);
  return Array.from({ length: 20 }, (_, i) => i).filter((chunk) => isDirty(bitmap, chunk));
};

/** Writes something to every chunk of the array. */
function fillAll(life: ArrayLife): void {
  for (let sector = 0; sector < life.sectors; sector += 120) life.write(sector, 120);
}

describe('the write-intent bitmap', () => {
  it('has the bit of a chunk on every member before its first byte of data (BM-01, BQ-05)', () => {
    const life = new ArrayLife(LIFE);
    life.boot();
    // The bitmap of one member takes a while.
    life.devices[0].disk.model = { ...DISK_MODELS.ram, overhead: 5_000_000_000 };
    let writes = 0;
    life.media.forEach((media) => {
      media.onWrite = (sector) => {
        if (sector < DATA) return;
        writes++;
        for (const i of [0, 1, 2, 3]) expect(isDirty(life.bitmap(i), chunkOf(sector))).toBe(true);
      };
    });
    life.play([0, 40, 300, 700, 1100, 1500, 1800].map((sector) => ({ write: true, sector, sectors: 30 })));
    life.sleep(300);
    life.write(450, 3);
    expect(writes).toBeGreaterThan(40);
    expect(life.readBack()).toEqual([]);
  });

  it('loses a bit some seconds after the last write, not before, and at the latest by a stop', () => {
    const life = new ArrayLife(LIFE);
    life.boot();
    life.write(0, 8);
    const first = marked(life, 0);
    expect(first).toEqual([0]);
    life.sleep(9000);
    expect(marked(life, 0)).toEqual([0]);
    life.sleep(3000);
    expect(marked(life, 0)).toEqual([]);
    life.write(5 * 3 * CHUNK, 8);
    life.sleep(7000);
    expect(marked(life, 0)).toEqual([5]);
    life.sleep(8000);
    expect(marked(life, 3)).toEqual([]);
    life.write(0, 8);
    expect(marked(life, 1)).toEqual([0]);
    life.thread(life.md.stop());
    for (const i of [0, 1, 2, 3]) {
      expect(marked(life, i)).toEqual([]);
      expect(life.bitmap(i).super.events).toBe(life.superblock(i).events);
    }
  });

  it('of a clean array says nothing about the members: mdadm starts with all ones, and no pass follows', () => {
    const life = new ArrayLife(LIFE);
    const ones = life.media[0].peek(16)!.slice();
    ones.fill(0xff, 256);
    for (const media of life.media) media.writeBlock(16, ones, 0);
    life.boot();
    life.settle();
    expect(life.log.filter(({ sector }) => sector >= DATA)).toEqual([]);
    life.sleep(30000);
    expect(dirtyChunks(life.bitmap(0))).toBe(0);
  });

  it('that the array went on without counts as all ones after a power cut (SB-08)', () => {
    const life = new ArrayLife(LIFE);
    life.boot();
    fillAll(life);
    const old = life.media.map((media) => media.peek(16)!.slice());
    life.write(0, 8);
    life.powerCut();
    life.media.forEach((media, i) => {
      new DataView(old[i].buffer).setBigUint64(24, 0n, true);
      old[i].fill(0, 256);
      media.writeBlock(16, old[i], 0);
      if (i === life.array.geometry.row(480).parity) media.peek(DATA + 480)![9] ^= 1;
    });
    life.boot();
    life.settle();
    expect(life.wrongParity()).toEqual([]);
  });
});

describe('a power cut', () => {
  it('is followed by a resync of the marked chunks alone (RS-01)', () => {
    const life = new ArrayLife(LIFE);
    life.boot();
    fillAll(life);
    life.thread(life.md.stop());
    life.boot();
    life.play([3 * 3 * CHUNK, 11 * 3 * CHUNK].map((sector) => ({ write: true, sector, sectors: 8 })));
    life.powerCut();
    // Wrong parity: in a chunk that was written to, which is mended, and in one that was not, which nobody looks at.
    life.boot();
    const reads = new Set<number>();
    for (const { disk } of life.devices) {
      const submit = disk.submit.bind(disk);
      disk.submit = (request) => {
        if (!request.write && request.sector >= DATA) reads.add(chunkOf(request.sector));
        submit(request);
      };
    }
    life.settle();
    expect([...reads]).toEqual([3, 11]);
    expect([life.wrongParity(), life.readBack()]).toEqual([[], []]);
    life.sleep(20000);
    expect([marked(life, 0), life.states()[0].split(' ')[1]]).toEqual([[], 'clean']);
  });

  it('that resync can be stopped anywhere, and goes on where it was', () => {
    let unfinished = 0;
    for (let i = 1; i < 6; i++) {
      // Checkpoints of this one fall inside chunks.
      const life = new ArrayLife({ size: 2560, bitmapChunk: 65536 });
      life.boot();
      fillAll(life);
      life.powerCut();
      for (let stripe = 0; stripe < 320; stripe++) {
        life.media[life.array.geometry.row(8 * stripe).parity].peek(DATA + 8 * stripe)![1] ^= 1;
      }
      life.boot();
      life.sleep(0.37 * i);
      life.thread(life.md.stop());
      if (!life.states()[0].endsWith('clean')) unfinished++;
      life.boot();
      life.settle();
      expect([i, life.wrongParity(), life.readBack()]).toEqual([i, [], []]);
    }
    expect(unfinished).toBeGreaterThan(2);
  });

  it('during that resync leaves marked what it had not done', () => {
    for (let n = 10; n < 1200; n += 170) {
      const life = new ArrayLife(LIFE);
      life.boot();
      fillAll(life);
      life.powerCut();
      for (const stripe of [3, 50, 70, 79]) {
        life.media[life.array.geometry.row(8 * stripe).parity].peek(DATA + 8 * stripe)![1] ^= 1;
      }
      life.boot();
      life.cutAt(n, () => life.settle());
      life.boot();
      life.settle();
      expect([n, life.wrongParity(), life.readBack()]).toEqual([n, [], []]);
    }
  });
});

describe('a member that left', () => {
  it.each([5, 6] as const)('RAID-%i: comes back to its place, and only what it missed is rebuilt (BM-01)', (level) => {
    const life = new ArrayLife({ ...LIFE, level, disks: 5 });
    life.boot();
    fillAll(life);
    life.sleep(20000);
    life.drop(2);
    const width = (level === 6 ? 3 : 4) * CHUNK;
    life.write(4 * width, width);
    life.write(13 * width + 5, 2);
    expect(marked(life, 0)).toEqual([4, 13]);
    // What the array had to write without it stays marked.
    life.sleep(30000);
    expect(marked(life, 0)).toEqual(level === 6 ? [4, 13] : marked(life, 0));
    expect(marked(life, 0)).toContain(4);
    life.log.length = 0;
    expect(life.add(2)).toBe('re-added');
    life.settle();
    expect(touched(life, 2)).toEqual(expect.arrayContaining([4]));
    expect(touched(life, 2).every((chunk) => [4, 13].includes(chunk))).toBe(true);
    expect([life.array.degraded, life.superblock(2).roles[2], life.wrongParity()]).toEqual([0, 2, []]);
    life.sleep(30000);
    expect(marked(life, 2)).toEqual([]);
    life.drop(0);
    expect(life.readBack()).toEqual([]);
  });

  it('is a spare like any other when bits were cleared without it, or there is no bitmap (BM-01, events_cleared)', () => {
    for (const options of [LIFE, { size: LIFE.size, model: LIFE.model }]) {
      const life = new ArrayLife(options);
      life.boot();
      fillAll(life);
      life.sleep(300);
      life.drop(1);
      const before = life.superblock(1).events;
      const other = life.blank();
      expect(life.add(other)).toBe('spare');
      life.settle();
      // Nobody is missing now, so bits are cleared again.
      life.write(0, 200);
      life.sleep(20000);
      life.drop(other);
      if (life.md.bitmap !== undefined) expect(life.bitmap(0).super.eventsCleared).toBeGreaterThan(before);
      life.log.length = 0;
      expect(life.add(1)).toBe('spare');
      life.settle();
      expect(touched(life, 1)).toHaveLength(20);
      expect([life.array.degraded, life.wrongParity(), life.readBack()]).toEqual([0, [], []]);
      expect(life.superblock(1).devNumber).toBe(4);
    }
  });
});

describe('a blank disk', () => {
  it('is rebuilt all over whatever the bitmap says, also when the rebuild was stopped half-way (R-54, RS-03)', () => {
    const life = new ArrayLife(LIFE);
    life.boot();
    fillAll(life);
    life.thread(life.md.stop());
    life.boot();
    life.drop(3);
    const blank = life.blank();
    expect(life.add(blank)).toBe('spare');
    life.sleep(4);
    expect(life.md.sync.action).toBe('recover');
    life.thread(life.md.stop());
    const half = life.superblock(blank);
    expect([hasFeature(half, FEATURES.RECOVERY_OFFSET), hasFeature(half, FEATURES.RECOVERY_BITMAP)]).toEqual([
      true,
      false,
    ]);
    const at = Number(half.recoveryOffset);
    expect(at).toBeGreaterThan(0);
    expect(at).toBeLessThan(life.size);
    life.boot({}, [0, 1, 2, blank]);
    life.settle();
    expect(touched(life, blank)).toEqual(Array.from({ length: 20 }, (_, i) => i).slice(Math.floor(at / CHUNK)));
    expect([life.array.degraded, life.wrongParity(), life.superblock(0).roles.slice(0, 5)]).toEqual([
      0,
      [],
      [0, 1, 2, 0xffff, 3],
    ]);
    life.thread(life.md.stop());
    life.boot({}, [0, 2, blank]);
    expect(life.started.refusal?.rule).toBe('RU-01');
    life.boot({ run: true }, [0, 2, blank]);
    expect(life.readBack()).toEqual([]);
  });

  it('waits as a spare, and takes the place of the first member that fails (MQ-01)', () => {
    const life = new ArrayLife(LIFE);
    life.boot();
    fillAll(life);
    const spare = life.blank();
    expect(life.add(spare)).toBe('spare');
    life.settle();
    expect(life.superblock(spare).roles.slice(0, 5)).toEqual([0, 1, 2, 3, 0xffff]);
    life.sleep(300);
    life.write(0, 100);
    life.sleep(300);
    // It slept through dirty and clean, and still belongs to the array.
    life.thread(life.md.stop());
    life.boot();
    expect(life.started.verdict.refused).toEqual([]);
    life.devices[1].disk.die();
    life.write(0, 100);
    life.settle();
    expect([life.array.degraded, life.superblock(0).roles.slice(0, 5)]).toEqual([0, [0, 0xfffe, 2, 3, 1]]);
    expect([life.wrongParity(), life.readBack()]).toEqual([[], []]);
  });
});

it('a quiescent array has no stripe in use, and hands out none before it is resumed (MQ-04)', () => {
  const life = new ArrayLife(LIFE);
  life.boot();
  const ended = life.thread(
    (function* () {
      const { kernel, array } = life;
      const first = yield* life.start(true, 0, 90);
      yield* array.cache.quiesce();
      const seen = [first.ended, array.cache.active === 0];
      const later: Flight[] = [];
      kernel.scheduler.spawn(
        'writer',
        (function* () {
          later.push(yield* life.start(true, 200, 8));
        })(),
      );
      yield* kernel.scheduler.sleep(50_000_000_000);
      seen.push(later.length === 0);
      array.cache.resume();
      yield* kernel.scheduler.sleep(50_000_000_000);
      return [...seen, later[0].ended];
    })(),
  );
  expect(ended).toEqual([true, true, true, true]);
});

describe('hot remove', () => {
  it('takes spares and failed members, not one that works (MQ-00)', () => {
    const life = new ArrayLife(LIFE);
    life.boot();
    expect(life.md.roster.remove('disk1')).toMatchObject({ problem: 'disk1 is in use' });
    expect(life.md.roster.remove('disk9')).toMatchObject({ problem: 'disk9 is no device of the array' });
    expect(life.add(0)).toMatchObject({ problem: 'disk0 belongs to the array already' });
    const spare = life.blank();
    expect(life.add(spare)).toBe('spare');
    life.sleep(10);
    expect(life.md.roster.remove(`disk${spare}`)).toBeUndefined();
  });
});
