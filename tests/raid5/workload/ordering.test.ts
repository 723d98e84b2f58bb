import fc from 'fast-check';
import { RequestOrder } from '../../../raid5/workload/ordering';

interface Asked {
  readonly write: boolean;
  readonly sector: number;
  readonly sectors: number;
}

const anyRequest: fc.Arbitrary<Asked> = fc.record({
  write: fc.boolean(),
  sector: fc.nat({ max: 900 }),
  sectors: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 200, max: 600 })),
});

function conflict(a: Asked, b: Asked): boolean {
  return (a.write || b.write) && a.sector < b.sector + b.sectors && b.sector < a.sector + a.sectors;
}

it('starts a request exactly when no earlier unfinished one conflicts with it', () => {
  const step = fc.oneof(
    anyRequest.map((request) => ({ request })),
    fc.nat().map((finish) => ({ finish })),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const order = new RequestOrder();
      const all: { request: Asked; started: number; finished: boolean; finish: () => void }[] = [];
      const mustRun = (i: number): boolean =>
        all.slice(0, i).every((earlier) => earlier.finished || !conflict(earlier.request, all[i].request));
      for (const { request, finish } of steps as { request?: Asked; finish?: number }[]) {
        if (request !== undefined) {
          const entry = { request, started: 0, finished: false, finish: (): void => undefined };
          all.push(entry);
          entry.finish = order.add(request.write, request.sector, request.sectors, () => entry.started++);
        } else {
          const running = all.filter((entry) => entry.started > 0 && !entry.finished);
          if (running.length === 0) continue;
          const entry = running[finish! % running.length];
          entry.finished = true;
          entry.finish();
        }
        expect(all.map(({ started }) => started)).toEqual(
          all.map((entry, i) => (entry.finished || mustRun(i) ? 1 : 0)),
        );
      }
    }),
    { numRuns: 300 },
  );
});

it('lets reads of the same sectors run side by side', () => {
  const order = new RequestOrder();
  const started: string[] = [];
  order.add(false, 0, 8, () => started.push('first'));
  order.add(false, 4, 8, () => started.push('second'));
  const done = order.add(true, 11, 1, () => started.push('write'));
  expect(started).toEqual(['first', 'second']);
  expect(done).toBeInstanceOf(Function);
});
