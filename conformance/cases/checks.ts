/** Stripes of small arrays under a check, a repair, a resync or a rebuild. */
import type { ConformanceCase } from '../case';
import { CaseArray } from '../world/case-array';

export const CHECK_CASES: readonly ConformanceCase[] = [
  {
    id: 'stripes/check-writes-nothing',
    rules: ['RS-02', 'C5-01', 'C5-04', 'C6-03'],
    title: 'A check counts 8 sectors for a stripe whose parity is wrong, and writes nothing.',
    why: 'Who checks wants to know; a check that writes destroys the evidence of which member lies.',
    *run(world) {
      for (const level of [5, 6] as const) {
        const array = new CaseArray(world, 'RS-02', { level, disks: 5, stripes: 2 });
        yield* array.fill();
        array.spoil((array.parity + 1) % 5);
        const before = array.writes;
        yield* array.expectMismatches('check', 8);
        yield* world.settle();
        world.check(array.writes === before, 'RS-02', 'no write', `${array.writes - before} blocks are written`, 'md');
      }
    },
  },
  {
    id: 'stripes/repair',
    rules: ['C5-04', 'C5-02', 'RS-02'],
    title: 'A repair writes parity, so that the next one finds nothing.',
    why: 'A repair that counts the same mismatches each time has mended its cache and not the disks.',
    *run(world) {
      const array = new CaseArray(world, 'C5-04', { stripes: 2 });
      yield* array.fill();
      array.spoil(array.parity);
      yield* array.expectMismatches('repair', 8);
      yield* array.forget();
      yield* array.expectMismatches('repair', 0);
      yield* array.audit();
    },
  },
  {
    id: 'stripes/repair-p-and-q',
    rules: ['C6-03', 'C6-02', 'OP-10'],
    title: 'A repair of a RAID-6 writes the sums that are wrong.',
    why: 'P and Q are checked apart; what only one of them shows must be found and written.',
    *run(world) {
      for (const wrong of [0, 1]) {
        const array = new CaseArray(world, 'C6-03', { level: 6, disks: 5 });
        yield* array.fill();
        array.spoil((array.parity + wrong) % 5);
        yield* array.expectMismatches('repair', 8);
        yield* array.forget();
        yield* array.expectMismatches('check', 0);
        yield* array.audit();
      }
    },
  },
  {
    id: 'stripes/failure-in-check',
    rules: ['CK5-05', 'C5-04'],
    title: 'A member that fails while its stripe is being checked leaves the check to end.',
    why: 'A check that waits for a stripe it cannot finish keeps the thread busy for ever and stops every other pass.',
    *run(world) {
      const array = new CaseArray(world, 'CK5-05');
      yield* array.fill();
      failAt(array, 'CHECK', array.holder(0));
      yield* array.sync('check');
      yield* array.audit();
    },
  },
  {
    id: 'stripes/failure-in-repair',
    rules: ['C5-02', 'CK5-05'],
    title: 'Parity that was computed by a repair is written although a data member fails meanwhile.',
    why: 'Written to the failed member’s place it is lost, and the wrong parity that stays computes wrong data.',
    *run(world) {
      const array = new CaseArray(world, 'C5-02');
      yield* array.fill();
      array.spoil(array.parity);
      failAt(array, 'COMPUTE', array.holder(0));
      yield* array.sync('repair');
      yield* array.audit();
    },
  },
  {
    id: 'stripes/check-during-small-write',
    rules: ['HS-08', 'HS-12'],
    title: 'A stripe that a read-modify-write is changing is still checked.',
    why: 'It never looked at all blocks: a resync that takes its word leaves wrong parity behind.',
    *run(world) {
      const array = new CaseArray(world, 'HS-08', { disks: 5 });
      yield* array.fill();
      array.spoil(array.holder(24));
      const write = yield* array.start(true, 2, 3);
      yield* array.operation('PREXOR');
      yield* array.expectMismatches('check', 8);
      yield* array.wait(write);
    },
  },
  {
    id: 'stripes/rebuild-during-write',
    rules: ['HS-08', 'RS-03'],
    title: 'A write to one missing member of two does not count as the rebuild of the other.',
    why: 'The rebuild then passes over the stripe, and the new disk holds nothing there.',
    *run(world) {
      const array = new CaseArray(world, 'HS-08', { level: 6, disks: 5 });
      yield* array.fill();
      const [rebuilt, missing] = [array.holder(0), array.holder(8)];
      array.fail(rebuilt);
      array.fail(missing);
      yield* world.settle();
      array.replace(rebuilt);
      const since = world.kernel.now;
      const write = yield* array.start(true, 8, 8);
      yield* array.operation('RECONSTRUCT', since);
      yield* array.sync('recover', [0]);
      yield* array.wait(write);
      yield* array.audit();
    },
  },
  {
    id: 'stripes/check-of-cached-blocks',
    rules: ['FI-05', 'FI-04'],
    title: 'A check reads the last block that is not cached instead of computing it.',
    why: 'A computed block always agrees with the blocks it was computed from: the error on the disk stays unseen.',
    *run(world) {
      const array = new CaseArray(world, 'FI-05');
      yield* array.fill();
      // Two small writes that read what they change leave all blocks but one in the cache.
      array.array.rmwLevel = 2;
      yield* array.write(0, 8);
      yield* array.write(8, 8);
      yield* world.settle();
      array.spoil(array.holder(16));
      yield* array.expectMismatches('check', 8);
    },
  },
  {
    id: 'stripes/write-on-unsure-parity',
    rules: ['WR-01', 'WR-03'],
    title: 'Where parity may be wrong a write makes it anew from all data.',
    why: 'Wrong parity that is only changed stays wrong, and a member that fails later is computed from it.',
    *run(world) {
      const array = new CaseArray(world, 'WR-01', { disks: 5 });
      yield* array.fill();
      array.spoil(array.parity);
      array.array.recoveryCp = 0;
      yield* array.write(0, 8);
      yield* array.audit();
      array.fail(array.holder(24));
      yield* array.audit();
    },
  },
  {
    id: 'stripes/write-during-repair',
    rules: ['HS-11', 'HS-20'],
    title: 'A write waits while its stripe is being repaired.',
    why: 'Parity that is on its way to the disk must not be made anew under it.',
    *run(world) {
      const array = new CaseArray(world, 'HS-11', { disks: 5 });
      yield* array.fill();
      array.spoil(array.parity);
      array.thread('writer', function* () {
        yield* array.operation('COMPUTE');
        yield* array.write(0, 8);
      });
      yield* array.expectMismatches('repair', 8);
      yield* array.audit();
    },
  },
  {
    id: 'stripes/too-many-failures',
    rules: ['HS-06', 'CK5-05'],
    title: 'A pass ends when more members fail during it than the level survives.',
    why: 'Work that waits for members which are gone never comes to an end.',
    *run(world) {
      for (const level of [5, 6] as const) {
        const array = new CaseArray(world, 'HS-06', { level, disks: 5 });
        yield* array.fill();
        for (let member = 0; member <= array.geometry.maxDegraded; member++) failAt(array, 'CHECK', member);
        yield* array.sync('check');
        yield* world.settle();
      }
    },
  },
];

/** Lets a member fail as soon as an operation of the first stripe has begun. */
function failAt(array: CaseArray, operation: 'CHECK' | 'COMPUTE', member: number): void {
  array.thread('mdadm --fail', function* () {
    yield* array.operation(operation);
    array.fail(member);
  });
}
