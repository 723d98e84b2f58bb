import type { ArrayState, MemberState } from '../../../raid5/superblock/update';
import { nextUpdate, syncSuperblock } from '../../../raid5/superblock/update';
import { decodeSuperblock, encodeSuperblock } from '../../../raid5/superblock/superblock';
import { newArray } from '../../../raid5/superblock/create';
import { REQUEST, vector, vectorDisks } from './world';

const CLEAN = 2n ** 64n - 1n;
const STATE: ArrayState = {
  events: 20n,
  canDecreaseEvents: false,
  inSync: true,
  recoveryCp: CLEAN,
  degraded: 0,
  utime: 0,
};
const MEMBERS: MemberState[] = [0, 1, 2, 3].map((place) => ({ devNumber: place, place, state: 'in-sync' }));

describe('updates of a running array', () => {
  it('marking it dirty counts up, marking it clean counts back (SB-06: spares sleep through both)', () => {
    const dirty = nextUpdate({ ...STATE, inSync: false }, 'clean-dirty', 5);
    expect(dirty).toMatchObject({ events: 21n, canDecreaseEvents: true, utime: 5 });
    const clean = nextUpdate({ ...dirty, inSync: true }, 'clean-dirty', 6);
    expect(clean).toMatchObject({ events: 20n, canDecreaseEvents: false, utime: 6 });
  });

  it.each<[string, Partial<ArrayState>, 'clean-dirty' | 'members']>([
    ['members changed', {}, 'members'],
    ['it is degraded', { degraded: 1 }, 'clean-dirty'],
    ['a resync is not done', { recoveryCp: 800n }, 'clean-dirty'],
    ['it is still dirty', { inSync: false }, 'clean-dirty'],
    ['the update before was no dirty mark', { canDecreaseEvents: false }, 'clean-dirty'],
    ['the count would reach zero', { events: 1n }, 'clean-dirty'],
  ])('counts up when %s', (_, change, kind) => {
    const state = { ...STATE, canDecreaseEvents: true, ...change };
    expect(nextUpdate(state, kind, 0).events).toBe(state.events + 1n);
  });

  it('a dirty array has resync offset 0, whatever its resync has reached (SB-02)', () => {
    const [superblock] = newArray(REQUEST).superblocks;
    const sync = (inSync: boolean, recoveryCp: bigint): bigint =>
      syncSuperblock(superblock, { ...STATE, inSync, recoveryCp }, MEMBERS[0], MEMBERS).resyncOffset;
    expect(sync(true, CLEAN)).toBe(CLEAN);
    expect(sync(true, 4096n)).toBe(4096n);
    expect(sync(false, CLEAN)).toBe(0n);
  });

  it('writes roles: places, faulty, and spare for everyone else; the table grows (SB-04)', () => {
    const [superblock] = newArray(REQUEST).superblocks;
    const members: MemberState[] = [
      { devNumber: 0, place: 0, state: 'in-sync' },
      { devNumber: 1, state: 'faulty' },
      { devNumber: 2, state: 'spare' },
      { devNumber: 129, place: 1, state: 'rebuilding', recoveryOffset: 64n, byBitmap: true },
    ];
    const own = syncSuperblock(superblock, STATE, members[0], members);
    expect(own.roles.slice(0, 4)).toEqual([0, 0xfffe, 0xffff, 0xffff]);
    expect([own.roles.length, own.maxDev, own.roles[129]]).toEqual([130, 130, 1]);
    const rebuilt = syncSuperblock({ ...superblock, featureMap: 1 }, STATE, members[3], members);
    expect(rebuilt).toMatchObject({ featureMap: 1 + 2 + 128, recoveryOffset: 64n });
    expect(syncSuperblock(rebuilt, STATE, members[0], members)).toMatchObject({ featureMap: 1, recoveryOffset: 0n });
    expect(syncSuperblock(superblock, STATE, members[3], members).featureMap).toBe(2);
  });

  it('makes of mdadm’s new array what Linux made of it, byte for byte (degraded, rebuilding)', () => {
    const image = (name: string, member: number): Uint8Array =>
      vectorDisks(vector(name))[member].image.slice(4096, 8192);
    const check = (name: string, member: number, members: MemberState[], degraded: number): void => {
      const theirs = decodeSuperblock(image(name, member));
      const { featureMap, events, utime } = theirs;
      const before = { ...theirs, featureMap: featureMap & 1, recoveryOffset: 0n, events: 0n, utime: 0n, roles: [] };
      const state = { ...STATE, events, degraded, utime: Number(utime) };
      const own = members.find(({ devNumber }) => devNumber === theirs.devNumber)!;
      const ours = syncSuperblock({ ...before, roles: new Array<number>(128).fill(0) }, state, own, members);
      expect(Buffer.compare(encodeSuperblock(ours), image(name, member))).toBe(0);
    };
    // mdadm gives the last member of a new RAID-5 the number behind the others: it starts as a spare.
    const rebuilt = MEMBERS.map((member, i) => (i === 3 ? { ...member, devNumber: 4 } : member));
    check('r5', 3, rebuilt, 0);
    check('degraded', 0, [rebuilt[0], { devNumber: 1, state: 'faulty' }, rebuilt[2], rebuilt[3]], 1);
    const recovering: MemberState = { devNumber: 4, place: 1, state: 'rebuilding', recoveryOffset: 6912n };
    check('recover', 1, [MEMBERS[0], recovering, MEMBERS[2], MEMBERS[3]], 1);
  });
});
