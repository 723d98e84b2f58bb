/** Stripes of small arrays: writing, reading without a member, blocks that cannot be read or written. */
import type { ConformanceCase } from '../case';
import { CaseArray } from '../world/case-array';

export const STRIPE_CASES: readonly ConformanceCase[] = [
  {
    id: 'stripes/full-stripe',
    rules: ['OP-08', 'WR-08'],
    title: 'A write of a whole stripe reads nothing, makes parity from the new data and ends.',
    why: 'An end of an operation after which nobody looks at the stripe leaves its requests waiting for ever.',
    *run(world) {
      const array = new CaseArray(world, 'OP-08', { stripes: 3 });
      yield* array.write(0, array.sectors);
      const reads = array.disks.reduce((sum, { statistics }) => sum + statistics.reads, 0);
      world.check(reads === 0, 'WR-08', 'no reads before a full-stripe write', `there are ${reads}`, 'md');
      yield* array.audit();
    },
  },
  {
    id: 'stripes/read-modify-write',
    rules: ['OP-07', 'WR-09', 'WR-15'],
    title: 'A small write takes the old data out of parity and puts the new data in.',
    why: 'Parity that does not follow the data is found out when a member is lost.',
    *run(world) {
      const array = new CaseArray(world, 'OP-07', { disks: 5, stripes: 2 });
      yield* array.fill();
      for (const [sector, sectors] of [
        [0, 8],
        [11, 3],
        [38, 8],
      ]) {
        yield* array.write(sector, sectors);
      }
      yield* array.audit();
    },
  },
  {
    id: 'stripes/reconstruct-write',
    rules: ['WR-02', 'OP-06', 'OP-08'],
    title: 'A write to part of a block reads the rest of it and the other blocks before parity is made from all.',
    why: 'A block is cached as it is drained: what was not read before goes to the disk as garbage.',
    *run(world) {
      const array = new CaseArray(world, 'WR-02', { stripes: 2 });
      yield* array.fill();
      yield* array.write(2, 3);
      yield* array.write(14, 12);
      yield* array.audit();
    },
  },
  {
    id: 'stripes/read-while-filling',
    rules: ['OP-03', 'OP-04'],
    title: 'A read of a cached block is answered although another one is queued while it is being copied.',
    why: 'Two readers of one block are all it takes to hang a file system that sits on a degraded array.',
    *run(world) {
      const array = new CaseArray(world, 'OP-03');
      yield* array.fill();
      // Without a member reads go through the cache.
      array.fail(array.parity);
      yield* array.read(0, array.sectors);
      yield* world.settle();
      const since = world.kernel.now;
      const first = yield* array.start(false, 0, 8);
      yield* array.operation('BIOFILL', since);
      const second = yield* array.start(false, 2, 4);
      yield* array.wait(first, second);
      yield* array.audit();
    },
  },
  {
    id: 'stripes/degraded-reads',
    rules: ['OP-02', 'OP-13', 'FI-04'],
    title: 'What a missing member held is computed from the others, as often as it is read.',
    why: 'The descriptor of a compute that nobody acks is lost to its engine; a pool of them is soon gone.',
    *run(world) {
      const array = new CaseArray(world, 'OP-02', { stripes: 8 });
      yield* array.fill();
      array.fail(0);
      for (let round = 0; round < 12; round++) {
        yield* array.read(0, array.sectors);
        yield* array.forget();
      }
      yield* array.audit();
    },
  },
  {
    id: 'stripes/degraded-partial-write',
    rules: ['FI-03', 'WR-06', 'WR-16'],
    title: 'A write to part of a missing block first reads what that block is computed from.',
    why: 'When neither way of writing can go on and nobody reads for it, the stripe is handled for ever.',
    *run(world) {
      for (const level of [5, 6] as const) {
        const array = new CaseArray(world, 'FI-03', { level, disks: 3 + (level - 4) });
        yield* array.fill();
        array.fail(array.holder(0));
        const partial = yield* array.start(true, 3, 2);
        const others = yield* array.start(true, 8, array.sectors - 8);
        yield* array.wait(partial, others);
        yield* array.audit();
      }
    },
  },
  {
    id: 'stripes/two-members-missing',
    rules: ['OP-14', 'FI-04', 'WR-16'],
    title: 'Any two members of a RAID-6 may be missing: everything is read and written.',
    why: 'Each kind of pair, data and data, data and parity, both parities, takes a recovery of its own.',
    *run(world) {
      for (const [first, second] of [
        [0, 1],
        [0, 3],
        [1, 4],
        [3, 4],
      ]) {
        const array = new CaseArray(world, 'OP-14', { level: 6, disks: 5, stripes: 2 });
        yield* array.fill();
        array.fail(first);
        array.fail(second);
        yield* array.read(0, array.sectors);
        yield* array.write(2, 7);
        yield* array.write(20, 24);
        yield* array.audit();
      }
    },
  },
  {
    id: 'stripes/unwritable-block',
    rules: ['IO-04', 'HS-18', 'OP-16'],
    title: 'A member that cannot write is failed, and what it missed is read from the others.',
    why: 'A member that keeps its old block and stays in the array gives back old data.',
    *run(world) {
      const array = new CaseArray(world, 'IO-04');
      yield* array.fill();
      const member = array.holder(0);
      array.disks[member].unwritable.add(0);
      yield* array.write(0, array.sectors);
      yield* array.audit();
    },
  },
  {
    id: 'stripes/unreadable-parity',
    rules: ['IO-02', 'HS-15'],
    title: 'P of a RAID-6 that cannot be read is written again.',
    why: 'It is computed rather than read again, so an error that waits for a second read stays on the disk for ever.',
    *run(world) {
      const array = new CaseArray(world, 'IO-02', { level: 6, disks: 5 });
      yield* array.fill();
      const { unreadable } = array.disks[array.parity];
      unreadable.set(0, 'until written');
      yield* array.expectMismatches('check', 0);
      yield* world.settle();
      world.check(unreadable.size === 0, 'IO-02', 'the sector of P to be written again', 'it was not', 'md');
      yield* array.audit();
    },
  },
  {
    id: 'stripes/replaced-member',
    rules: ['IO-07', 'RS-03'],
    title: 'A disk that is still to be rebuilt is not read, and holds everything afterwards.',
    why: 'Reads go past the cache where they can; a blank disk answers them with zeros.',
    *run(world) {
      const array = new CaseArray(world, 'IO-07', { stripes: 4 });
      yield* array.fill();
      array.fail(1);
      yield* world.settle();
      array.replace(1);
      yield* array.read(0, array.sectors);
      yield* array.sync('recover');
      yield* array.audit();
    },
  },
];
