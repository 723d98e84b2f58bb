/** How the one thread of a world is run, and what came of it in words: the same for cases and clients. */
import { GuestHang } from '../../emulator/findings';
import type { GuestPanic } from '../../emulator/findings';
import type { Kernel } from '../../emulator/kernel/kernel';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import { SECOND } from '../../emulator/sim/time';
import type { Complaint } from '../case';
import type { TraceRing } from './trace-ring';

/** Simulated time after which a thread counts as hung. */
const LIMIT = 30 * SECOND;
/** Lines of trace before and after a complaint. */
const EXCERPT = { before: 18, after: 4 } as const;

/** Runs a thread until it returns. Throws GuestHang where it has not within 30 s. @param whose `the case`, `the client` */
export function runThread({ scheduler }: Kernel, name: string, body: ThreadBody, whose: string): void {
  let done = false;
  scheduler.spawn(
    name,
    (function* () {
      yield* body;
      done = true;
    })(),
  );
  scheduler.run(() => {
    if (scheduler.now > LIMIT) throw new GuestHang('KS-08', `${whose} has not ended within 30 s`, name);
    return done;
  });
}

/** Rules that were broken, as the kernel found. */
export function brokenRules({ findings }: Kernel): Complaint[] {
  const broken = findings.all().filter(({ kind }) => kind === 'rule');
  return broken.map(({ rule, text, time, where }) => ({
    ...{ rule, expected: 'no rule broken', happened: text },
    ...{ time, where },
  }));
}

/** A panic, or a hang, at a moment in picoseconds. */
export function complaintOfPanic(error: GuestPanic, time: number): Complaint {
  const happened = `${error instanceof GuestHang ? 'it hangs' : 'panic'}: ${error.message}`;
  return { rule: error.rule, expected: 'a running kernel', happened, time, where: error.where };
}

/** Lines of trace around a moment in picoseconds. */
export function excerptAround(ring: TraceRing, time: number): string[] {
  return ring.around(time, EXCERPT.before, EXCERPT.after);
}
