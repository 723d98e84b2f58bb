import { MILLISECOND } from '../../../emulator/sim/time';
import { DISK_MODELS } from '../../../raid5/disks/models';
import { verifyParity } from '../../../raid5/workload/verify-parity';
import { ArrayWorld, write } from '../world';

/** Single blocks far apart, so that each stripe is written alone and nothing is cached. */
function scattered(disks: number): ArrayWorld {
  const chunk = 4096;
  const world = new ArrayWorld({ disks, chunk, sectors: 800 });
  const stripe = 8 * (disks - 1);
  world.play(Array.from({ length: 12 }, (_, i) => write(i * stripe + 8 * (i % (disks - 1)), 8)));
  return world;
}

it('turns sequential writes into full-stripe writes that read nothing (WR-08)', () => {
  const world = new ArrayWorld({ disks: 4, chunk: 8192, sectors: 960 });
  world.play([write(0, 960)]);
  expect(world.array.statistics.writes).toEqual({ full: 40, rmw: 0, rcw: 0 });
  expect(world.served).toEqual({ reads: 0, writes: 160 });
  expect(world.broken()).toEqual([]);
});

it('does so as well when they come in many small requests', () => {
  const world = new ArrayWorld({ disks: 4, chunk: 4096, sectors: 480 });
  world.play(Array.from({ length: 60 }, (_, i) => write(8 * i, 8)));
  expect(world.array.statistics.writes).toEqual({ full: 20, rmw: 0, rcw: 0 });
  expect(world.served.reads).toBe(0);
});

it('writes single blocks of 5 members by read-modify-write: two reads, two writes (WR-15)', () => {
  const world = scattered(5);
  expect(world.array.statistics.writes).toEqual({ full: 0, rmw: 12, rcw: 0 });
  expect(world.served).toEqual({ reads: 24, writes: 24 });
  expect(world.readBack()).toEqual([]);
  expect(world.broken()).toEqual([]);
});

it('writes single blocks of 4 members by reconstruct-write: two reads, two writes (WR-15)', () => {
  const world = scattered(4);
  expect(world.array.statistics.writes).toEqual({ full: 0, rmw: 0, rcw: 12 });
  expect(world.served).toEqual({ reads: 24, writes: 24 });
  expect(world.readBack()).toEqual([]);
  expect(world.broken()).toEqual([]);
});

it('reads nothing for the second write of a cached stripe (WR-02)', () => {
  const world = new ArrayWorld({ disks: 5 });
  world.play([write(0, 8)]);
  const { reads } = world.served;
  world.play([write(0, 3), write(4, 2)], 1);
  expect(world.served.reads).toBe(reads);
  expect(world.readBack()).toEqual([]);
});

it.each([0, 1, 2, 3])(
  'answers a write only when data and parity are on their disks, however slow member %i is (HS-09)',
  (slow) => {
    for (const sectors of [3, 8, 24]) {
      const world = new ArrayWorld({ disks: 4, chunk: 4096, sectors: 24 });
      world.disks[slow].model = { ...DISK_MODELS.ram, overhead: 5 * MILLISECOND };
      world.play([write(0, sectors)]);
      expect([sectors, verifyParity(world.disks, world.geometry).mismatches]).toEqual([sectors, 0]);
      const { disk } = world.geometry.place(0);
      expect(world.disks[disk].media.peek(0)![0]).toBe(1);
      expect(world.broken()).toEqual([]);
    }
  },
);

it('keeps a write that must read first waiting for others of its stripe (SC-04, WR-04)', () => {
  const world = new ArrayWorld({ disks: 4, chunk: 4096 });
  // The first one becomes PREREAD_ACTIVE at once; the three of the second stripe meet while it reads.
  world.play([write(0, 8), write(24, 8), write(32, 8), write(40, 8)]);
  expect(world.array.statistics.writes).toEqual({ full: 1, rmw: 0, rcw: 1 });
  expect(world.broken()).toEqual([]);
});

it('computes the same parity on engines and in software', () => {
  const media = (['iop342', 'none'] as const).map((platform) => {
    const world = new ArrayWorld({ platform, disks: 5, chunk: 4096, sectors: 256 });
    world.play([write(0, 200), write(3, 9), write(70, 30), write(8, 8)], 1);
    return world.disks.map(({ media }) =>
      [...media.writtenSectors()].sort((a, b) => a - b).map((s) => [...media.peek(s)!]),
    );
  });
  expect(media[0]).toEqual(media[1]);
});
