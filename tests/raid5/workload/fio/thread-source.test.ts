import fc from 'fast-check';
import { MICROSECOND, MILLISECOND, SECOND } from '../../../../emulator/sim/time';
import { playAlone } from './jobs';

const KIB = 1024;

/** How often each unit of the region was touched. */
function touched(requests: readonly { offset: number; length: number }[], unit: number, units: number): number[] {
  const counts = new Array<number>(units).fill(0);
  for (const { offset, length } of requests) {
    for (let at = offset; at < offset + length; at += unit) counts[(at - 8192) / unit]++;
  }
  return counts;
}

describe('a sequential job', () => {
  it('goes from the start to the end of its region and ends', () => {
    const offsets = playAlone({}).map(({ offset }) => offset);
    expect(offsets).toEqual(Array.from({ length: 256 }, (_, i) => 8192 + 4096 * i));
  });

  it('leaves what is less than a block at the end alone', () => {
    expect(playAlone({}, { length: 10_240 }).map(({ offset }) => offset)).toEqual([8192, 12_288]);
  });

  it('starts again where io_size is more than the region, and stops early where it is less', () => {
    expect(playAlone({ ioSize: 16_384 }, { length: 8192 }).map(({ offset }) => offset)).toEqual([
      8192, 12_288, 8192, 12_288,
    ]);
    expect(playAlone({ ioSize: 8192 })).toHaveLength(2);
  });

  it('stops at number_ios, whichever comes first', () => {
    expect(playAlone({ numberIos: 10 })).toHaveLength(10);
    expect(playAlone({ numberIos: 1000 })).toHaveLength(256);
  });

  it('keeps a place of its own for reads and for writes when it mixes them', () => {
    const requests = playAlone({ writes: true });
    for (const kind of ['read', 'write'] as const) {
      const offsets = requests.filter((request) => request.kind === kind).map(({ offset }) => offset);
      expect(offsets).toEqual(offsets.map((_, i) => 8192 + 4096 * i));
      expect(offsets.length).toBeGreaterThan(64);
    }
  });
});

describe('a random job', () => {
  it.each(['tausworthe', 'lfsr'] as const)(
    'with %s covers every block once, then once more, for any region',
    (randomGenerator) => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(1_000_000), (units, seed) => {
          const length = units * 4096;
          const requests = playAlone({ random: true, randomGenerator, ioSize: 2 * length }, { length, seed });
          expect(touched(requests.slice(0, units), 4096, units)).toEqual(new Array(units).fill(1));
          expect(touched(requests, 4096, units)).toEqual(new Array(units).fill(2));
        }),
        { numRuns: 60 },
      );
    },
  );

  it('covers every block once with several block sizes too, cutting those short that do not fit', () => {
    const sizes = [
      { bytes: 4096, weight: 1 },
      { bytes: 16_384, weight: 1 },
    ];
    const requests = playAlone({ random: true, writes: true, bs: { read: sizes, write: sizes } });
    expect(touched(requests, 4096, 256)).toEqual(new Array(256).fill(1));
    expect(new Set(requests.map(({ length }) => length)).size).toBeGreaterThan(1);
  });

  it('does not go through them in order', () => {
    const offsets = playAlone({ random: true }).map(({ offset }) => offset);
    const ascending = offsets.filter((offset, i) => i > 0 && offset > offsets[i - 1]).length;
    expect(ascending).toBeGreaterThan(80);
    expect(ascending).toBeLessThan(180);
  });

  it('with norandommap repeats some and leaves some out, about as chance has it', () => {
    const counts = touched(playAlone({ random: true, norandommap: true }), 4096, 256);
    const never = counts.filter((count) => count === 0).length / 256;
    expect(never).toBeGreaterThan(0.25);
    expect(never).toBeLessThan(0.5);
  });

  it('repeats itself with a seed, and differs with another; randseed goes before the seed of the run', () => {
    const offsets = (randseed: number | undefined, seed: number): number[] =>
      playAlone({ random: true, randseed }, { seed }).map(({ offset }) => offset);
    expect(offsets(undefined, 1)).toEqual(offsets(undefined, 1));
    expect(offsets(undefined, 1)).not.toEqual(offsets(undefined, 2));
    expect(offsets(9, 1)).toEqual(offsets(9, 2));
    expect(offsets(9, 1)).not.toEqual(offsets(8, 1));
  });
});

describe('shares', () => {
  it.each([0, 30, 70, 100])('rwmixread=%d gives that percentage of reads', (rwmixread) => {
    const requests = playAlone({ random: true, norandommap: true, writes: true, rwmixread, ioSize: 4096 * 20_000 });
    const reads = requests.filter(({ kind }) => kind === 'read').length / requests.length;
    expect(Math.abs(reads - rwmixread / 100)).toBeLessThan(0.015);
  });

  it('bssplit gives sizes by their weights, for reads and writes of their own', () => {
    const requests = playAlone(
      {
        random: true,
        norandommap: true,
        writes: true,
        bs: {
          read: [
            { bytes: 512, weight: 50 },
            { bytes: 1024, weight: 30 },
            { bytes: 2048, weight: 20 },
          ],
          write: [{ bytes: 4096, weight: 1 }],
        },
        numberIos: 30_000,
        ioSize: 2 ** 40,
      },
      { length: 64 * 2 ** 20 },
    );
    const reads = requests.filter(({ kind }) => kind === 'read');
    const share = (bytes: number): number => reads.filter(({ length }) => length === bytes).length / reads.length;
    expect(share(512)).toBeCloseTo(0.5, 1);
    expect(Math.abs(share(512) - 0.5)).toBeLessThan(0.02);
    expect(Math.abs(share(1024) - 0.3)).toBeLessThan(0.02);
    expect(Math.abs(share(2048) - 0.2)).toBeLessThan(0.02);
    // Only the end of the region cuts a request short.
    const end = 8192 + 64 * 2 ** 20;
    const writes = requests.filter(({ kind, offset, length }) => kind === 'write' && offset + length < end);
    expect(new Set(writes.map(({ length }) => length))).toEqual(new Set([4096]));
  });
});

describe('time', () => {
  const service = 10 * MICROSECOND;

  it('keeps iodepth requests in flight', () => {
    const times = playAlone({ iodepth: 4 }, { service }).map(({ at }) => at);
    expect(times.slice(0, 9)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2].map((i) => i * service));
  });

  it('rate_iops puts them at even distances', () => {
    const times = playAlone({ rateIops: { read: 1000, write: undefined }, iodepth: 8, numberIos: 5 }).map(
      ({ at }) => at,
    );
    expect(times).toEqual([0, 1, 2, 3, 4].map((i) => i * MILLISECOND));
  });

  it('rate caps bytes a second', () => {
    const times = playAlone({ rate: { read: 4096 * 100, write: undefined }, numberIos: 4 }).map(({ at }) => at);
    expect(times).toEqual([0, 1, 2, 3].map((i) => i * 10 * MILLISECOND));
  });

  it('thinktime stalls after every request has been answered, whatever the depth', () => {
    const times = playAlone({ thinktime: 90 * MICROSECOND, iodepth: 8, numberIos: 4 }, { service }).map(({ at }) => at);
    expect(times).toEqual([0, 100, 200, 300].map((i) => i * MICROSECOND));
  });

  it('thinktime_blocks lets so many go before it stalls', () => {
    const changes = { thinktime: 90 * MICROSECOND, thinktimeBlocks: 3, iodepth: 8, numberIos: 7 };
    const times = playAlone(changes, { service }).map(({ at }) => at);
    expect(times).toEqual([0, 0, 0, 100, 100, 100, 200].map((i) => i * MICROSECOND));
  });

  it('runtime stops a job before its end, time_based goes on to it', () => {
    expect(playAlone({ runtime: MILLISECOND }, { service })).toHaveLength(100);
    expect(playAlone({ runtime: MILLISECOND, timeBased: true }, { service, length: 8192 })).toHaveLength(100);
    expect(playAlone({ runtime: SECOND }, { service })).toHaveLength(256);
  });

  it('startdelay comes before everything else, runtime after it', () => {
    const times = playAlone({ startdelay: SECOND, runtime: 3 * service }, { service }).map(({ at }) => at);
    expect(times).toEqual([0, 1, 2].map((i) => SECOND + i * service));
  });
});

describe('verify', () => {
  const changes = { reads: false, writes: true, verify: 'crc32c', size: { bytes: 64 * KIB } } as const;

  it('reads every block back that the job wrote, after the last write is answered', () => {
    const requests = playAlone({ ...changes, iodepth: 4, numberIos: 15 }, { length: 64 * KIB, service: 1000 });
    expect(requests.map(({ kind }) => kind)).toEqual([...new Array(15).fill('write'), ...new Array(15).fill('read')]);
    expect(requests.slice(15).map(({ offset }) => offset)).toEqual(requests.slice(0, 15).map(({ offset }) => offset));
    // Three writes were the last ones: there was room for a read before they were answered.
    expect(requests[15].at).toBe(requests[14].at + 1000);
    expect(requests.every(({ kind, check }) => (check !== undefined) === (kind === 'write'))).toBe(true);
  });

  it('does not with do_verify=0', () => {
    expect(playAlone({ ...changes, doVerify: false }, { length: 64 * KIB })).toHaveLength(16);
  });

  it('reads a block back once that was written twice', () => {
    const requests = playAlone({ ...changes, ioSize: 128 * KIB }, { length: 64 * KIB });
    expect(requests.filter(({ kind }) => kind === 'read')).toHaveLength(16);
  });
});
