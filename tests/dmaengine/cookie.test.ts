import fc from 'fast-check';
import type { DmaCookie, DmaTxState } from '../../dmaengine/cookie';
import {
  dmaAsyncIsComplete,
  dmaCookieAssign,
  dmaCookieComplete,
  dmaCookieInit,
  dmaCookieStatus,
} from '../../dmaengine/cookie';
import { GuestPanic } from '../../emulator/findings';
import { bareKernel, FakeChan, fakeDevice } from './fake';

const LAST = 0x7fff_ffff;

/** A channel that has handed out `used` and come as far as `complete`. */
function channelAt(complete: DmaCookie, used: DmaCookie): FakeChan {
  const chan = fakeDevice().channels[0];
  chan.completedCookie = complete;
  chan.cookie = used;
  return chan;
}

describe('handing out cookies', () => {
  it('starts a fresh channel at 1, so that the first request is 2 (CK-04)', () => {
    const chan = new FakeChan(fakeDevice());
    dmaCookieInit(chan);
    expect([chan.cookie, chan.completedCookie]).toEqual([1, 1]);
    expect(dmaCookieAssign(chan.prepare(bareKernel()))).toBe(2);
  });

  it('stores what it returns in the descriptor and in the channel (CK-03)', () => {
    const chan = channelAt(1, 41);
    const tx = chan.prepare(bareKernel());
    expect([dmaCookieAssign(tx), tx.cookie, chan.cookie]).toEqual([42, 42, 42]);
  });

  it('goes from 0x7fffffff to 1, never through 0 or a negative number (CK-01, CK-05)', () => {
    const chan = channelAt(1, LAST - 1);
    const kernel = bareKernel();
    expect([1, 2, 3].map(() => dmaCookieAssign(chan.prepare(kernel)))).toEqual([LAST, 1, 2]);
  });

  it('leaves a prepared descriptor at -EBUSY until it is submitted (CK-02)', () => {
    expect(fakeDevice().channels[0].prepare(bareKernel()).cookie).toBe(-16);
  });
});

describe('completing a cookie', () => {
  it('moves the channel and takes the cookie from the descriptor (CK-07, CK-08)', () => {
    const chan = channelAt(1, 1);
    const tx = chan.prepare(bareKernel());
    dmaCookieAssign(tx);
    dmaCookieComplete(tx);
    expect([chan.completedCookie, tx.cookie]).toEqual([2, 0]);
  });

  it.each([
    ['twice', 0],
    ['before it was submitted', -16],
  ])('is a BUG when it happens %s (CK-07)', (_, cookie) => {
    const tx = fakeDevice().channels[0].prepare(bareKernel());
    tx.cookie = cookie;
    expect(() => dmaCookieComplete(tx)).toThrow(GuestPanic);
    expect(() => dmaCookieComplete(tx)).toThrow(expect.objectContaining({ rule: 'CK-07' }));
  });
});

describe('whether a cookie is complete', () => {
  it.each([
    [5, 5, 5, 'complete'],
    [6, 5, 6, 'in_progress'],
    [7, 5, 6, 'complete'],
    [0, 5, 6, 'complete'],
    [-16, 5, 6, 'complete'],
    [-16, 0, 0, 'complete'],
    [0x7fffffff, 0x7ffffffe, 1, 'in_progress'],
    [1, 0x7ffffffe, 1, 'in_progress'],
    [2, 0x7ffffffe, 1, 'complete'],
    [0x7ffffffe, 0x7ffffffe, 1, 'complete'],
    [0, 0x7ffffffe, 1, 'in_progress'],
    [-16, 0x7ffffffe, 1, 'in_progress'],
  ])('cookie %i, completed %i, used %i: %s (CK-14)', (cookie, complete, used, status) => {
    expect(dmaAsyncIsComplete(cookie, complete, used)).toBe(status);
  });

  it('calls 0 and -EBUSY complete without a wrap and in progress with one (CK-11)', () => {
    for (const cookie of [0, -16]) {
      expect(dmaAsyncIsComplete(cookie, 9, 12)).toBe('complete');
      expect(dmaAsyncIsComplete(cookie, 12, 9)).toBe('in_progress');
    }
  });

  it('takes a cookie above the last one handed out for one from before a wrap (CK-12)', () => {
    expect(dmaAsyncIsComplete(1000, 5, 10)).toBe('complete');
  });

  it('agrees with "everything handed out and not yet completed is in progress", around the wrap (CK-09, CK-10)', () => {
    // Positions on the circle 1 … 0x7fffffff, counted from the last completed one.
    const at = (position: number): DmaCookie => ((((position - 1) % LAST) + LAST) % LAST) + 1;
    for (let complete = LAST - 6; complete <= LAST + 6; complete++) {
      for (let underWay = 0; underWay <= 6; underWay++) {
        for (let position = complete - 4; position <= complete + underWay + 4; position++) {
          const waits = position > complete && position <= complete + underWay;
          const status = dmaAsyncIsComplete(at(position), at(complete), at(complete + underWay));
          const expected = waits ? 'in_progress' : 'complete';
          expect({ complete, underWay, position, status }).toEqual({ complete, underWay, position, status: expected });
        }
      }
    }
  });

  it('says for any history that exactly the requests under way are in progress (CK-05, CK-09, CK-10)', () => {
    const kernel = bareKernel();
    const start = fc.integer({ min: LAST - 20, max: LAST });
    const steps = fc.array(fc.boolean(), { maxLength: 60 });
    fc.assert(
      fc.property(start, steps, (first, submits) => {
        const chan = channelAt(first, first);
        const done: DmaCookie[] = [first];
        const waiting: DmaCookie[] = [];
        for (const submit of submits) {
          if (submit) waiting.push(dmaCookieAssign(chan.prepare(kernel)));
          else if (waiting.length > 0) done.push((chan.completedCookie = waiting.shift()!));
          for (const cookie of done) expect(dmaCookieStatus(chan, cookie)).toBe('complete');
          for (const cookie of waiting) expect(dmaCookieStatus(chan, cookie)).toBe('in_progress');
        }
      }),
    );
  });

  it('reports last, used and residue 0 when asked for the state (CK-13)', () => {
    const state: DmaTxState = { last: -1, used: -1, residue: -1 };
    expect(dmaCookieStatus(channelAt(7, 9), 8, state)).toBe('in_progress');
    expect(state).toEqual({ last: 7, used: 9, residue: 0 });
  });
});
