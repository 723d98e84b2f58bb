/** Tries every corner of the cookie table, then lets a channel go through the wrap. */
import type { DmaCookie, DmaStatus } from '../../../dmaengine/cookie';
import { dmaAsyncIsComplete, EBUSY_COOKIE } from '../../../dmaengine/cookie';
import type { DmaChan } from '../../../dmaengine/device';
import { DmaCapability } from '../../../dmaengine/capability';
import type { CaseWorld } from '../../../conformance/world/case-world';
import type { Note, OwnCase, Played } from '../driver-case';
import { passed, play } from '../driver-case';
import { Checks, functionOf } from '../grading';
import type { Grader } from '../lesson';

type NextCookie = (last: DmaCookie) => DmaCookie;
type IsComplete = (cookie: DmaCookie, lastComplete: DmaCookie, lastUsed: DmaCookie) => DmaStatus;

/** Cookie, last complete, last used. */
type Numbers = readonly [DmaCookie, DmaCookie, DmaCookie];

const LARGEST = 0x7fff_ffff;
/** The corners of the table, and what is beside them. */
const CORNERS = [-LARGEST, EBUSY_COOKIE, -1, 0, 1, 2, 3, 5, 6, 7, LARGEST - 2, LARGEST - 1, LARGEST];
/** Copies that take the channel through the wrap. */
const COPIES = 6;

/** The questions. */
const QUESTIONS = {
  running: [6, 5, 6],
  beyond: [7, 5, 6],
  neverSubmitted: [EBUSY_COOKIE, 5, 6],
  firstAfterTheWrap: [1, LARGEST - 1, 1],
  beforeTheWrap: [2, LARGEST - 1, 1],
  neverSubmittedInTheWrap: [EBUSY_COOKIE, LARGEST - 1, 1],
} as const satisfies Readonly<Record<string, Numbers>>;

export const grade: Grader = (exercise) => {
  const nextCookie = functionOf<NextCookie>(exercise, 'nextCookie');
  const isComplete = functionOf<IsComplete>(exercise, 'isComplete');
  const checks = new Checks();
  checks.equal(nextCookie(5), 6, 'after 5 comes 6');
  checks.equal(nextCookie(LARGEST - 1), LARGEST, 'after 0x7ffffffe comes the largest cookie');
  checks.equal(nextCookie(LARGEST), 1, 'after the largest cookie comes 1');
  table(checks, 'no wrap', isComplete, (last, used) => last <= used);
  table(checks, 'wrapped', isComplete, (last, used) => last > used);
  const wrap = throughTheWrap(nextCookie, isComplete);
  passed(
    checks,
    wrap,
    `${COPIES} copies through the wrap: each is in progress until its bytes are there, then complete`,
  );
  const given = (exercise['predictions'] ?? {}) as Readonly<Record<string, unknown>>;
  for (const [name, numbers] of Object.entries<Numbers>(QUESTIONS)) {
    checks.predicted(given[name], dmaAsyncIsComplete(...numbers), `prediction: (${numbers.map(written).join(', ')})`);
  }
  return { checks: checks.all, timeline: wrap.timeline };
};

/** Compares all corners; the first difference speaks for the others. */
function table(
  checks: Checks,
  name: string,
  isComplete: IsComplete,
  counts: (last: DmaCookie, used: DmaCookie) => boolean,
): void {
  const channels = CORNERS.flatMap((last) => CORNERS.map((used) => [last, used] as const)).filter(
    ([last, used]) => last >= 1 && used >= 1 && counts(last, used),
  );
  const all = channels.flatMap(([last, used]) => CORNERS.map((cookie) => [cookie, last, used] as const));
  const wrong = all.filter((numbers) => isComplete(...numbers) !== dmaAsyncIsComplete(...numbers));
  const [first] = wrong;
  const found =
    first === undefined
      ? ''
      : `${wrong.length} are not; (${first.map(written).join(', ')}) is ${dmaAsyncIsComplete(...first)}, you say ${isComplete(...first)}`;
  checks.that(wrong.length === 0, `${name}: all ${all.length} corners of the table are right`, found);
}

/** Copies whose cookies and statuses are the exercise's. */
function throughTheWrap(nextCookie: NextCookie, isComplete: IsComplete): Played {
  const notes: Note[] = [];
  const subject: OwnCase = {
    rules: ['CK-10', 'CK-05'],
    *run(world) {
      const [chan] = world.channels(1, DmaCapability.MEMCPY);
      chan.cookie = chan.completedCookie = LARGEST - 3;
      useStatus(chan, isComplete);
      const note = (text: string): void => void notes.push({ time: world.kernel.now, text });
      for (let i = 0; i < COPIES; i++) {
        const [from, to] = world.blocks(2).map((block) => block.span(0, 256));
        const cookie = nextCookie(chan.cookie);
        const copy = world.start(chan, { kind: 'copy', to, from });
        chan.cookie = copy.tx.cookie = copy.cookie = cookie;
        note(`submit: cookie ${written(cookie)}`);
        const early = world.statusOf(copy);
        note(`status ${early}, last complete ${written(chan.completedCookie)}, last used ${written(chan.cookie)}`);
        world.check(early === 'in_progress', 'CK-10', `copy ${i} in progress before anybody rings`, `it is ${early}`);
        world.issue(chan);
        yield* world.complete(copy);
        note(`status ${world.statusOf(copy)}`);
        arrived(world, i);
      }
    },
  };
  return play(subject, { install: () => undefined, notes, points: ['engine.complete'] });
}

/** `iop_adma_status` with the exercise's table in it: when it says in progress, the driver looks at the hardware. */
function useStatus(chan: DmaChan, isComplete: IsComplete): void {
  const { device } = chan;
  const ofDriver = device.deviceTxStatus?.bind(device);
  const status = (of: DmaChan, cookie: DmaCookie): DmaStatus => {
    const now = isComplete(cookie, of.completedCookie, of.cookie);
    if (now === 'complete') return now;
    ofDriver?.(of, of.cookie);
    return isComplete(cookie, of.completedCookie, of.cookie);
  };
  Object.assign(device, { deviceTxStatus: status });
}

/** Complains when the bytes of a copy that is said to be complete are not there. */
function arrived(world: CaseWorld, copy: number): void {
  const before = world.complaints.length;
  world.checkData('CK-10');
  if (world.complaints.length > before) world.complain('CK-10', `the bytes of copy ${copy}`, 'they have not arrived');
}

/** Large numbers in hexadecimal, as in the pictures. */
function written(cookie: DmaCookie): string {
  return Math.abs(cookie) < 0x1000 ? String(cookie) : `${cookie < 0 ? '-' : ''}0x${Math.abs(cookie).toString(16)}`;
}
