import { DISK_MODELS } from '../../../raid5/disks/models';
import { FEATURES, Role } from '../../../raid5/superblock/layout';
import { hasFeature } from '../../../raid5/superblock/superblock';
import { DATA } from './media';
import type { Flight } from './world';
import { ArrayLife } from './world';

const read = (sector: number, sectors: number) => ({ write: false, sector, sectors });
const write = (sector: number, sectors: number) => ({ write: true, sector, sectors });

describe.each([4, 5, 6] as const)('RAID-%i with metadata', (level) => {
  const disks = level === 6 ? 5 : 4;

  it('is assembled, serves requests behind the data offset, and keeps them over a stop (RU-02)', () => {
    const life = new ArrayLife({ level, disks });
    life.boot();
    life.play([write(3, 100), write(120, 8), read(0, 90)]);
    expect(life.readBack()).toEqual([]);
    life.thread(life.md.stop());
    expect(life.write(0, 8).failed).toBe(true);
    life.boot();
    expect(life.readBack()).toEqual([]);
    expect(life.wrongParity()).toEqual([]);
    expect(life.machine.findings.all()).toEqual([]);
  });

  it('an array that is not clean is made so, in steps that the superblocks tell (RU-02, MQ-01)', () => {
    const life = new ArrayLife({ level, disks, clean: false });
    life.media[0].writeBlock(DATA + 8, new Uint8Array(4096).fill(7), 0);
    const steps = new Set<string>();
    life.boot();
    life.media[0].onWrite = (sector) => sector === 8 && steps.add(life.states()[0].split(' ')[1]);
    life.settle();
    expect(life.wrongParity()).toEqual([]);
    expect([...steps].slice(0, 2)).toEqual(['8', '16']);
    expect([...steps].at(-1)).toBe('clean');
  });

  it('counts what a check finds, and repairs it (RS-02, MQ-01)', () => {
    const life = new ArrayLife({ level, disks });
    life.boot();
    life.write(0, 150);
    for (const stripe of [2, 5])
      life.media[life.array.geometry.row(8 * stripe).parity].peek(DATA + 8 * stripe)![7] ^= 1;
    life.array.cache.dropCached();
    expect(life.thread(life.md.sync.request('check'))).toEqual({
      action: 'check',
      mismatchSectors: 16,
      interrupted: false,
    });
    expect(life.wrongParity()).toEqual([16, 40]);
    life.array.cache.dropCached();
    expect(life.thread(life.md.sync.request('repair')).mismatchSectors).toBe(16);
    life.array.cache.dropCached();
    expect(life.thread(life.md.sync.request('check')).mismatchSectors).toBe(0);
    expect(life.wrongParity()).toEqual([]);
  });
});

describe('the superblocks', () => {
  it('call the array dirty before the first byte of data is written, and clean 200 ms after the last (SB-06)', () => {
    const life = new ArrayLife();
    life.boot();
    // The count never goes back to zero.
    for (let i = 0; i < 2; i++) {
      life.write(0, 8);
      life.sleep(300);
    }
    const before = life.superblock(0).events;
    // The superblock of one member takes a while.
    life.devices[0].disk.model = { ...DISK_MODELS.ram, overhead: 5_000_000_000 };
    const seen: string[][] = [];
    for (const media of life.media) media.onWrite = (sector) => sector >= DATA && seen.push(life.states());
    life.write(0, 24);
    const dirty = life.media.map(() => `${before + 1n} 0`);
    expect(seen.length).toBeGreaterThan(0);
    for (const states of seen) expect(states).toEqual(dirty);
    life.sleep(190);
    expect(life.states()).toEqual(dirty);
    life.sleep(30);
    // The count goes back: a spare that slept through both is still fresh.
    expect(life.states()).toEqual(life.media.map(() => `${before} clean`));
  });

  it('call it dirty first also when raid5d is busy with reads, at whatever moment the write comes (SB-06)', () => {
    for (let delay = 0; delay < 40; delay++) {
      const life = new ArrayLife({ model: 'ssd' });
      life.boot();
      life.sleep(10);
      let clean = 0;
      for (const media of life.media) {
        media.onWrite = (sector) => {
          if (sector >= DATA && life.states().some((state) => state.endsWith('clean'))) clean++;
        };
      }
      life.thread(
        (function* () {
          life.kernel.scheduler.spawn(
            'reads',
            (function* () {
              for (let i = 0; i < 6; i++) yield* life.start(false, 40 * i, 40);
            })(),
          );
          yield* life.kernel.scheduler.sleep(delay * 7_000_000);
          yield* life.start(true, 0, 24);
          yield* life.kernel.scheduler.sleep(20_000_000_000);
        })(),
      );
      expect([delay, clean]).toEqual([delay, 0]);
    }
  });

  it('stay dirty while somebody writes, and are written once only', () => {
    const life = new ArrayLife();
    life.boot();
    life.sleep(10);
    life.log.length = 0;
    for (let i = 0; i < 10; i++) {
      life.write(8 * i, 8);
      life.sleep(100);
    }
    expect(life.log.filter(({ sector }) => sector === 8).map(({ disk }) => disk)).toEqual([0, 1, 2, 3]);
    life.sleep(150);
    expect(life.states().every((state) => state.endsWith('clean'))).toBe(true);
  });

  it('tell of a failed member before writes that it did not take are answered (MQ-00, IO-05)', () => {
    const life = new ArrayLife({ model: 'ssd' });
    life.boot();
    life.write(0, 200);
    life.array.cache.dropCached();
    const { events } = life.superblock(0);
    let told = false;
    for (const media of life.media) {
      media.onWrite = (sector) => {
        if (sector === 8) told = [0, 2, 3].every((i) => life.superblock(i).roles[1] === Role.faulty);
      };
    }
    life.devices[1].disk.die();
    const answers: boolean[] = [];
    life.thread(
      (function* () {
        const flights = [yield* life.start(true, 0, 60), yield* life.start(true, 80, 1)];
        while (flights.some(({ ended }) => !ended)) {
          yield* life.kernel.scheduler.sleep(1_000_000);
          if (flights.some(({ ended, failed }) => ended && !failed)) answers.push(told);
        }
      })(),
    );
    expect(answers.length).toBeGreaterThan(0);
    expect(answers).not.toContain(false);
    expect(life.superblock(0).events).toBeGreaterThan(events);
    // What failed is not written to any more.
    expect(life.superblock(1).events).toBe(events);
    expect(life.readBack()).toEqual([]);
    life.thread(life.md.stop());
    const { md, refusal } = life.boot();
    expect([md?.array.failedDisks, refusal]).toEqual([[1], undefined]);
    expect(life.readBack()).toEqual([]);
  });

  it('hold up writes and passes while they owe the news of a failure, but no reads (MQ-00, HS-04, R-51)', () => {
    const life = new ArrayLife();
    life.boot();
    life.write(0, 200);
    life.array.cache.dropCached();
    const member = life.array.members[2];
    const checkRecovery = life.md.checkRecovery.bind(life.md);
    let turns = 0;
    let answered: boolean[] = [];
    const flights: Flight[] = [];
    life.md.checkRecovery = function* () {
      if (member.blocked && ++turns < 2000) return;
      if (member.blocked) answered = flights.map(({ ended }) => ended);
      yield* checkRecovery();
    };
    life.thread(
      (function* () {
        flights.push(yield* life.start(true, 0, 8));
        life.array.error(2);
        flights.push(yield* life.start(false, 60, 60));
        yield* life.kernel.scheduler.sleep(20_000_000_000);
      })(),
    );
    expect([turns >= 2000, answered]).toEqual([true, [false, true]]);
    expect(flights.map(({ ended, failed }) => ended && !failed)).toEqual([true, true]);
  });

  it('count read errors that were mended, over all runs of the array (IO-01)', () => {
    const life = new ArrayLife();
    for (let run = 1; run <= 2; run++) {
      life.boot();
      life.write(0, 100);
      life.array.cache.dropCached();
      life.devices[2].disk.unreadable.set(DATA + 8 * (run + 1), 'until written');
      expect(life.readBack()).toEqual([]);
      life.thread(life.md.stop());
      expect([0, 1, 2, 3].map((i) => life.superblock(i).cntCorrectedRead)).toEqual([0, 0, 8 * run, 0]);
    }
  });

  it('of a clean stop are clean on all members, with one count (SB-06)', () => {
    const life = new ArrayLife();
    life.boot();
    life.thread(
      (function* () {
        const flight = yield* life.start(true, 0, 150);
        yield* life.md.stop();
        expect(flight.ended).toBe(true);
      })(),
    );
    expect(new Set(life.states()).size).toBe(1);
    expect(life.states()[0]).toMatch(/clean$/);
  });

  it('a stopped resync goes on where it was (RU-02)', () => {
    const life = new ArrayLife({ clean: false, size: 960 });
    for (let stripe = 0; stripe < 120; stripe++)
      life.media[0].writeBlock(DATA + 8 * stripe, new Uint8Array(4096).fill(7), 0);
    life.boot();
    life.sleep(3);
    life.thread(life.md.stop());
    const at = Number(life.superblock(0).resyncOffset);
    expect(at).toBeGreaterThan(0);
    expect(at).toBeLessThan(960);
    life.boot();
    life.settle();
    expect(life.log.filter(({ sector }) => sector >= DATA && sector < DATA + at)).toEqual([]);
    expect(life.wrongParity()).toEqual([]);
    expect(hasFeature(life.superblock(0), FEATURES.RECOVERY_OFFSET)).toBe(false);
  });

  it('of an array that is both dirty and degraded keep it from running unless forced (RU-01)', () => {
    const life = new ArrayLife({ clean: false });
    expect(life.boot({ run: true }, [0, 1, 2]).refusal?.problem).toBe('the array is dirty and degraded');
    expect(life.boot({ run: true, force: true }, [0, 1, 2]).md!.clean).toBe(true);
  });

  it('of a dirty RAID-6 with one member missing are called clean by force, as mdadm does, and parity stays (RU-01, RU-02)', () => {
    const life = new ArrayLife({ level: 6, disks: 5, clean: false });
    life.media.forEach((medium, i) => medium.writeBlock(DATA, new Uint8Array(4096).fill(i + 1), 0));
    expect(life.boot({ run: true }, [0, 1, 2, 3]).refusal!.problem).toBe('the array is dirty and degraded');
    const { md, writeHole } = life.boot({ run: true, force: true }, [0, 1, 2, 3]);
    expect(md!.clean).toBe(true);
    expect(writeHole!.length).toBeGreaterThan(0);
    life.settle();
    expect(life.wrongParity([4])).toEqual([0]);
    life.thread(md!.stop());
    expect(life.boot({ run: true }, [0, 1, 2, 3]).refusal).toBeUndefined();
    expect(life.superblock(0).resyncOffset).toBe(2n ** 64n - 1n);
  });
});
