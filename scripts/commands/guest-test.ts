/** What commands that test a booted machine have in common. */
import { bootDmaEngine } from '../../dmaengine/boot';
import type { DmaEngine } from '../../dmaengine/engine';
import { GuestPanic } from '../../emulator/findings';
import { Kernel } from '../../emulator/kernel/kernel';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import type { PlatformName } from '../../emulator/platforms';
import { PLATFORMS } from '../../emulator/platforms';
import { Machine } from '../../emulator/platforms/machine';
import { seconds } from '../../emulator/sim/time';
import { brokenSentences } from '../console/broken-sentences';
import type { TraceOptions } from '../console/recorder';
import { openRecorder } from '../console/recorder';

/** How the guest ended, whatever its tests found. */
export interface GuestEnd {
  /** One line for a panic and for each rule that was broken; any makes the run a failure. */
  readonly complaints: readonly string[];
  /** since power-on */
  readonly simulatedSeconds: number;
}

/** Scheduler turns between two looks at the terminal. */
const TURNS = 500;

/** Boots a platform, runs `body` there as a thread until it ends or the guest's kernel dies. @param onLook called now and then */
export function runGuest(
  platform: PlatformName,
  trace: TraceOptions,
  body: (dma: DmaEngine) => ThreadBody,
  onLook: () => void,
): GuestEnd {
  const recorder = openRecorder(trace);
  const kernel = new Kernel(new Machine(PLATFORMS[platform], recorder.machine));
  const complaints: string[] = [];
  let ended = false;
  kernel.scheduler.spawn(
    'test',
    (function* () {
      yield* body(yield* bootDmaEngine(kernel));
      ended = true;
    })(),
  );
  try {
    let turns = 0;
    kernel.scheduler.run(() => {
      if (turns++ % TURNS === 0) onLook();
      return ended;
    });
  } catch (error) {
    if (!(error instanceof GuestPanic)) throw error;
    complaints.push(`panic: ${complaint(error.rule, error.where, error.message)}`);
  } finally {
    recorder.close();
  }
  const broken = kernel.findings.all().filter(({ kind }) => kind === 'rule');
  complaints.push(...broken.map(({ rule, where, text }) => `finding: ${complaint(rule, where, text)}`));
  return { complaints, simulatedSeconds: seconds(kernel.now) };
}

function complaint(rule: string, where: string, text: string): string {
  return [`${rule} in ${where}: ${text}`, ...brokenSentences(rule).map((sentence) => `breaks ${sentence}`)].join('; ');
}
