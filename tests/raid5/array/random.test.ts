import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { PlatformName } from '../../../emulator/platforms';
import type { Request } from '../world';
import { ArrayWorld, wrongSectors } from '../world';

const SECTORS = 200;

const anyRequest: fc.Arbitrary<Request> = fc
  .record({
    write: fc.boolean(),
    sector: fc.nat({ max: SECTORS - 1 }),
    sectors: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 80 })),
  })
  .map(({ write, sector, sectors }) => ({ write, sector, sectors: Math.min(sectors, SECTORS - sector) }));

const anyRun = fc.record({
  disks: fc.integer({ min: 3, max: 5 }),
  chunk: fc.constantFrom(4096, 8192),
  layout: fc.constantFrom('left-symmetric', 'left-asymmetric', 'right-symmetric', 'right-asymmetric' as const),
  cache: fc.constantFrom(2, 4, 17),
  model: fc.constantFrom('ram', 'ssd' as const),
  requests: fc.array(anyRequest, { minLength: 1, maxLength: 40 }),
  depth: fc.integer({ min: 1, max: 16 }),
  death: fc.option(fc.record({ disk: fc.nat({ max: 4 }), event: fc.integer({ min: 1, max: 3000 }) })),
});

type Run = typeof anyRun extends fc.Arbitrary<infer T> ? T : never;

function play(platform: PlatformName, run: Run): { hash: string; problems: unknown[] } {
  const world = new ArrayWorld({ ...run, platform, sectors: SECTORS });
  const { death } = run;
  if (death !== null) {
    // The software path has about a twelfth of the events.
    const event = platform === 'none' ? Math.ceil(death.event / 12) : death.event;
    world.atEvent(event, () => world.disks[death.disk % run.disks].die());
  }
  const flights = world.play(run.requests, run.depth);
  const failed = flights.filter((flight) => flight.failed).length;
  const problems = [wrongSectors(flights), failed, world.broken(), world.readBack(), world.broken()];
  return { hash: world.machine.hash.value, problems };
}

describe.each(['iop342', 'none'] as const)('any mix of requests on %s', (platform) => {
  it('reads what was written, survives the death of a member and leaves nothing behind', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        expect(play(platform, run).problems).toEqual([[], 0, [], [], []]);
      }),
      { numRuns: platform === 'none' ? 60 : 40 },
    );
  });

  it('gives the same trace hash when it is run again', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        expect(play(platform, run).hash).toBe(play(platform, run).hash);
      }),
      { numRuns: 6 },
    );
  });
});

it('leaves the same bytes on the disks with engines and without', () => {
  fc.assert(
    fc.property(anyRun, (run) => {
      const media = (['iop342', 'none'] as const).map((platform) => {
        const world = new ArrayWorld({ ...run, platform, sectors: SECTORS });
        world.play(run.requests, 1);
        const hash = createHash('sha256');
        for (const { media } of world.disks) {
          for (const sector of [...media.writtenSectors()].sort((a, b) => a - b)) {
            hash.update(`${sector}`).update(media.peek(sector)!);
          }
        }
        return hash.digest('hex');
      });
      expect(media[0]).toEqual(media[1]);
    }),
    { numRuns: 8 },
  );
});

it('two deaths at any moments fail requests without hang, panic or foreign bytes (HS-06)', () => {
  const anyDeath = fc.record({ disk: fc.nat({ max: 2 }), event: fc.integer({ min: 1, max: 2500 }) });
  fc.assert(
    fc.property(anyRun, anyDeath, anyDeath, (run, first, second) => {
      const world = new ArrayWorld({ ...run, sectors: SECTORS });
      for (const { disk, event } of [first, second]) world.atEvent(event, () => world.disks[disk].die());
      const flights = world.play(run.requests, run.depth);
      expect([wrongSectors(flights), world.broken()]).toEqual([[], []]);
    }),
    { numRuns: 40 },
  );
});
