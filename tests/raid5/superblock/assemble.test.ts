import type { Assembly, StartOptions, Verdict } from '../../../raid5/superblock/assemble';
import { assemble, refuseStart } from '../../../raid5/superblock/assemble';
import { detailText } from '../../../raid5/superblock/detail';
import { dirtyChunks } from '../../../raid5/superblock/bitmap';
import { refusalLine } from '../../../raid5/superblock/refusal';
import type { TestDisk } from './world';
import { disksOf, vector, vectorDisks, VECTORS } from './world';

const lines = ({ refused }: Verdict): string[] => refused.map(refusalLine);
const placesOf = ({ array }: Verdict): (string | undefined)[] => array!.places.map((member) => member?.disk.name);
const start = ({ array }: Verdict, options?: StartOptions): string | undefined => refuseStart(array!, options)?.problem;
const without = (disks: TestDisk[], ...gone: number[]): TestDisk[] => disks.filter((_, i) => !gone.includes(i));

describe('assembly', () => {
  it('puts members in their places, whatever order they come in', () => {
    const verdict = assemble([...disksOf({})].reverse());
    expect(lines(verdict)).toEqual([]);
    expect(placesOf(verdict)).toEqual(['disk0.img', 'disk1.img', 'disk2.img', 'disk3.img']);
    expect(verdict.array).toMatchObject({ degraded: 0, resyncOffset: 2n ** 64n - 1n, bitmapStale: false });
    expect(start(verdict)).toBeUndefined();
  });

  it.each(VECTORS.map((given) => [given.name, given] as const))('opens what mdadm and Linux left (%s)', (_, given) => {
    const verdict = assemble(vectorDisks(given));
    expect(verdict.array).toBeDefined();
    expect(start(verdict)).toBe(given.name === 'dirtydeg' ? 'the array is dirty and degraded' : undefined);
    const failed = { degraded: 'disk1.img', dirtydeg: 'disk2.img' }[given.name];
    expect(verdict.refused.map(({ disk }) => disk)).toEqual(failed === undefined ? [] : [failed]);
  });

  it('tells the states of Linux apart: clean, dirty, degraded, rebuilding', () => {
    const state = (name: string): string => {
      const array = assemble(vectorDisks(vector(name))).array as Assembly;
      return /State : (.*)/.exec(detailText(name, array))![1];
    };
    expect(state('r5')).toBe('clean');
    expect(state('dirty')).toBe('active, Not synced');
    expect(state('degraded')).toBe('clean, degraded');
    expect(state('dirtydeg')).toBe('active, Not synced, degraded');
    expect(state('recover')).toBe('clean, degraded, recovering');
  });

  it('calls an array failed, as mdadm does, when more is missing than the level survives', () => {
    const state = (request: Parameters<typeof disksOf>[0], ...gone: number[]): string => {
      const { array } = assemble(without(disksOf(request), ...gone));
      return /State : (.*)/.exec(detailText('md0', array!))![1];
    };
    expect(state({}, 1)).toBe('clean, degraded');
    expect(state({}, 1, 3)).toBe('clean, FAILED');
    expect(state({ level: 6 }, 1, 3)).toBe('clean, degraded');
    expect(state({ level: 6 }, 0, 1, 3)).toBe('clean, FAILED');
  });

  it('takes members behind by one update, refuses those behind by two (SB-06)', () => {
    const behind = (updates: bigint): Verdict =>
      assemble(disksOf({}, (_, i) => ({ events: i === 2 ? 20n - updates : 20n })));
    expect(lines(behind(1n))).toEqual([]);
    const verdict = behind(2n);
    expect(lines(verdict)).toEqual(['disk2.img: its event count 18 is stale, expected 19 or more (SB-06)']);
    expect(placesOf(verdict)[2]).toBeUndefined();
    expect(start(verdict)).toBe('the array was left with a member in place 2, which is not here');
    expect(start(verdict, { run: true })).toBeUndefined();
  });

  it('refuses a member that the fresher ones call failed, though it is behind by one only (SB-06)', () => {
    const disks = disksOf({}, ({ roles }, i) =>
      i === 1 ? { events: 6n } : { events: 7n, roles: roles.map((role) => (role === 1 ? 0xfffe : role)) },
    );
    const verdict = assemble(disks);
    expect(lines(verdict)).toEqual([
      'disk1.img: the array failed it in place 1 since, expected the role it has on disk0.img (SB-06)',
    ]);
    expect(start(verdict)).toBeUndefined();
  });

  it('does not let a spare with more updates speak for the array (SB-06)', () => {
    const disks = disksOf({}, ({ roles }, i) => ({
      raidDisks: 3,
      events: i === 3 ? 30n : 20n,
      roles: roles.map((role) => (role === 3 ? 0xffff : role)),
    }));
    const { array } = assemble(disks);
    expect(array!.freshest.disk.name).toBe('disk0.img');
    expect(array!.spares.map(({ disk }) => disk.name)).toEqual(['disk3.img']);
  });

  it('refuses a member of another array, and takes the array that most disks belong to (SB-06)', () => {
    const setUuid = new Uint8Array(16).fill(0xab);
    const disks = [disksOf({ setUuid })[0], ...without(disksOf({}), 0)];
    expect(lines(assemble(disks))).toEqual([
      'disk0.img: it belongs to the array abababab:abababab:abababab:abababab, ' +
        'expected a member of 01112131:41516171:8191a1b1:c1d1e1f1 (SB-06)',
    ]);
  });

  it('refuses a member whose array fields differ (SB-05)', () => {
    const disks = disksOf({}, (_, i) => (i === 3 ? { layout: 0 } : { events: 1n }));
    expect(lines(assemble(disks))).toEqual(['disk3.img: its layout is 0, expected 2 as on disk0.img (SB-05)']);
  });

  it('refuses the second of two members in one place, and one whose place does not exist (SB-04)', () => {
    const [first, second, third, fourth] = disksOf({});
    const copy = disksOf({}, () => ({}))[1];
    expect(lines(assemble([first, second, third, fourth, copy]))).toEqual([
      'disk1.img: it claims place 1 as disk1.img does, expected one member in a place (SB-04)',
    ]);
    const beyond = disksOf({}, ({ roles }, i) =>
      i === 3 ? { roles: roles.map((role) => (role === 3 ? 9 : role)) } : {},
    );
    expect(lines(assemble(beyond))).toEqual(['disk3.img: its role is 9, expected a place below 4 (SB-04)']);
  });

  it('refuses every disk that does not load, and has no array when none is left', () => {
    const disks = disksOf({}, () => ({ featureMap: 1 << 20 }));
    const verdict = assemble(disks);
    expect(lines(verdict)).toHaveLength(4);
    expect(verdict.array).toBeUndefined();
    expect(assemble([]).array).toBeUndefined();
    const spares = disksOf({}, ({ roles }) => ({ roles: roles.map(() => 0xffff) }));
    expect(lines(assemble(spares))[3]).toBe(
      'disk3.img: no active member of its array is here, expected one or more (SB-06)',
    );
  });

  describe('starting', () => {
    it('is refused beyond the level’s losses, force or not (RU-01)', () => {
      const lost = (level: 5 | 6, ...gone: number[]): string | undefined =>
        start(assemble(without(disksOf({ level }), ...gone)), { run: true, force: true });
      expect(lost(5, 0)).toBeUndefined();
      expect(lost(5, 0, 1)).toBe('2 of 4 members are missing or not rebuilt');
      expect(lost(6, 0, 1)).toBeUndefined();
      expect(lost(6, 0, 1, 2)).toBe('3 of 4 members are missing or not rebuilt');
    });

    it('is refused dirty and degraded unless forced (RU-01)', () => {
      const verdict = assemble(without(disksOf({ clean: false }), 2));
      expect(start(verdict, { run: true })).toBe('the array is dirty and degraded');
      expect(start(verdict, { run: true, force: true })).toBeUndefined();
      expect(start(assemble(disksOf({ clean: false })))).toBeUndefined();
    });

    it.each<[string, 4 | 5 | 6, number, number, boolean]>([
      ['RAID-4', 4, 0, 3, true],
      ['RAID-4, data', 4, 0, 0, false],
      ['left-symmetric', 5, 2, 3, false],
      ['parity-first', 5, 4, 0, true],
      ['parity-last', 5, 5, 3, true],
      ['parity-last', 5, 5, 0, false],
      ['parity-first', 6, 4, 1, true],
      ['parity-first', 6, 4, 2, false],
      ['parity-last', 6, 5, 2, true],
      ['left-symmetric-6', 6, 18, 3, true],
      ['left-symmetric-6', 6, 18, 0, false],
      ['parity-first-6', 6, 20, 0, true],
    ])('dirty while only parity is rebuilt is safe (RU-01): %s of level %i', (_, level, layout, place, safe) => {
      const disks = disksOf({ level, layout, clean: false }, (_superblock, i) =>
        i === place ? { featureMap: 2, recoveryOffset: 100n } : {},
      );
      expect(start(assemble(disks)) === undefined).toBe(safe);
    });
  });

  describe('with a bitmap', () => {
    const broken = (offset: number, value: number): string[] => {
      const disks = disksOf({ bitmap: true });
      disks[0].image[8192 + offset] = value;
      return lines(assemble(disks));
    };

    it('reads it from the freshest member; one older than the array counts all chunks dirty (SB-08)', () => {
      const fresh = assemble(disksOf({ bitmap: true })).array!;
      expect(fresh.bitmapStale).toBe(false);
      expect(dirtyChunks(fresh.bitmap!)).toBe(1);
      const stale = assemble(disksOf({ bitmap: true }, () => ({ events: 3n }))).array!;
      expect(stale.bitmapStale).toBe(true);
      expect(detailText('md0', stale)).toContain('1 of 1 chunks dirty (stale)');
    });

    it.each([
      ['its magic', 0, /magic 0x6d746900, expected 0x6d746962 \(SB-08\)$/],
      ['its version', 4, /version 0, expected version 4/],
      ['the UUID', 8, /belongs to another array/],
      ['its nodes', 68, /cluster/],
      ['its chunk', 55, /covers 0 bytes/],
      ['its daemon', 56, /never sleeps/],
    ])('refuses it when %s is wrong (SB-08)', (_, offset, message) => {
      const [line] = broken(offset, offset === 68 ? 2 : 0);
      expect(line).toMatch(message);
      expect(line).toMatch(/^disk0\.img: /);
    });

    it('refuses one that lies outside the room for metadata (SB-08)', () => {
      for (const bitmapOffset of [0, -4, 2040, 2 ** 30]) {
        const [line] = lines(assemble(disksOf({ bitmap: true }, () => ({ bitmapOffset }))));
        expect(line).toMatch(/^disk0\.img: the bitmap lies at sector -?\d+, outside the room for metadata/);
      }
    });
  });
});
