/**
 * The array of a folder, running on an emulated machine whose disks are the image files, for as long as one command
 * takes: assembled, used, stopped. Whatever ends it early leaves the images as a power cut would.
 */
import { AsyncTx } from '../../async_tx/async-tx';
import { bootDmaEngine } from '../../dmaengine/boot';
import { GuestPanic } from '../../emulator/findings';
import { Kernel } from '../../emulator/kernel/kernel';
import { PLATFORM_NAMES, PLATFORMS } from '../../emulator/platforms';
import { Machine } from '../../emulator/platforms/machine';
import { Disk } from '../../raid5/disks/disk';
import { HostAdapter } from '../../raid5/disks/host-adapter';
import { DISK_MODELS } from '../../raid5/disks/models';
import { SECTOR } from '../../raid5/geometry';
import type { Mddev } from '../../raid5/md/mddev';
import type { Device } from '../../raid5/md/devices';
import { startArray } from '../../raid5/md/start';
import { refusalLine } from '../../raid5/superblock/refusal';
import { ExitCode } from '../console/exit-code';
import { ProgressBar } from '../console/progress';
import { binaryBytes } from '../console/units';
import type { Recorder, TraceOptions } from '../console/recorder';
import { openRecorder } from '../console/recorder';
import { BlockFile } from '../images/block-file';
import { FolderLock } from '../images/folder-lock';
import { imagesIn } from '../images/image-folder';
import { ImageMedia } from '../images/image-media';
import { forOption, oneOf } from '../input/fields';

/** Options that every command on a running array has. */
export interface SessionOptions extends TraceOptions {
  readonly platform?: string;
  readonly run?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** What a command has in its hands. */
export interface Session {
  readonly kernel: Kernel;
  readonly md: Mddev;
  /** Images by place in the array; undefined where nobody is. */
  readonly images: readonly (string | undefined)[];
  /** Every image of the folder as a disk of the machine, whether it belongs to the array or not. */
  readonly devices: readonly Device[];
  /** Whether stdout is for a document. */
  readonly json: boolean;
  /** Draws how far the command is. */
  readonly progress: (phase: string, done: number, total: number) => void;
  /** Takes the bar away, before something is printed. */
  readonly progressOver: () => void;
}

/** What a command does with the array; its value is how it ended. */
export type SessionBody = (session: Session) => Generator<void, ExitCode, void>;

/** Stripe heads, enough for a window of requests. */
const CACHE = 256;
/** Scheduler turns between two looks at the terminal and at signals. */
const TURNS = 100;

/**
 * Runs a command on the array of a folder.
 * @param mode `read` changes no byte of any image
 * @throws ImageError when the host refuses, OptionError
 */
export async function mdSession(
  folder: string,
  options: SessionOptions,
  mode: 'read' | 'write',
  body: SessionBody,
): Promise<ExitCode> {
  const platform = forOption('--platform', () => oneOf(PLATFORM_NAMES).parse(options.platform ?? 'iop342'));
  const paths = imagesIn(folder);
  const lock = mode === 'read' ? FolderLock.takeToRead(folder) : FolderLock.take(folder);
  const files: BlockFile[] = [];
  let recorder: Recorder | undefined;
  try {
    for (const path of paths) files.push(BlockFile.open(path, mode === 'read' ? 'r' : 'r+'));
    recorder = openRecorder(options);
    const kernel = new Kernel(new Machine(PLATFORMS[platform], recorder.machine));
    const progress = new SessionProgress();
    const code = await play(kernel, progress, run(kernel, progress, folder, files, options, mode, body));
    if (mode === 'write') for (const file of files) file.sync();
    for (const { text } of kernel.log) if (/^md\b/.test(text)) process.stderr.write(`${text}\n`);
    return code;
  } finally {
    recorder?.close();
    for (const file of files) file.close();
    lock?.release();
  }
}

/** What the bar shows: how far the command says it is, or else the pass under way. */
class SessionProgress {
  /** the array, once it has started */
  md: Mddev | undefined;
  private readonly bar = new ProgressBar(process.stderr, () => performance.now());
  private told = false;

  /** What the command says. */
  readonly tell: Session['progress'] = (phase, done, total) => {
    this.told = true;
    this.bar.update(phase, done, total);
  };

  /** Looks how far the pass is, unless the command has said something since the last look. */
  look(): void {
    const { md, told } = this;
    this.told = false;
    if (!told && md !== undefined && md.sync.action !== 'idle') {
      this.bar.update(md.sync.action, md.array.sync.current, md.size);
    }
  }

  /** Takes the bar away. */
  readonly clear = (): void => this.bar.clear();
}

function* run(
  kernel: Kernel,
  progress: SessionProgress,
  folder: string,
  files: readonly BlockFile[],
  { force = false, run: degraded = false, json = false }: SessionOptions,
  mode: 'read' | 'write',
  body: SessionBody,
): Generator<void, ExitCode, void> {
  const adapter = new HostAdapter(kernel);
  const devices = files.map((file, i): Device => {
    return { disk: new Disk(file.name, i, DISK_MODELS.ssd, adapter, new ImageMedia(file)), sectors: file.sectors };
  });
  const api = new AsyncTx(yield* bootDmaEngine(kernel));
  const bootTime = Math.floor(Date.now() / 1000);
  const {
    verdict,
    refusal,
    md,
    writeHole = [],
  } = startArray(kernel, api, devices, {
    ...{ adapter, cache: CACHE, bootTime, readOnly: mode === 'read', force, run: degraded },
  });
  for (const refused of verdict.refused) process.stderr.write(`${refusalLine(refused)}\n`);
  if (md === undefined) {
    if (refusal !== undefined) process.stderr.write(`${refusalLine({ disk: folder, ...refusal })}\n`);
    return ExitCode.usage;
  }
  if (writeHole.length > 0) {
    const lost = writeHole.reduce((sum, { sectors }) => sum + sectors * SECTOR, 0);
    process.stderr.write(
      `${folder}: was dirty and degraded: what was being written may be lost, in no more than ${binaryBytes(lost)}; repair it once it is rebuilt (RU-01)\n`,
    );
  }
  const images = md.array.members.map(({ disk }) => (disk.name === 'missing' ? undefined : disk.name));
  progress.md = md;
  const code = yield* body({
    kernel,
    md,
    images,
    devices,
    json,
    progress: progress.tell,
    progressOver: progress.clear,
  });
  yield* md.stop();
  return code;
}

async function play(
  kernel: Kernel,
  progress: SessionProgress,
  thread: Generator<void, ExitCode, void>,
): Promise<ExitCode> {
  let ended: ExitCode | undefined;
  let interrupted = false;
  const onInterrupt = (): void => {
    interrupted = true;
  };
  process.on('SIGINT', onInterrupt);
  kernel.scheduler.spawn(
    'adma md',
    (function* () {
      ended = yield* thread;
    })(),
  );
  try {
    while (ended === undefined && !interrupted) {
      let turns = TURNS;
      kernel.scheduler.run(() => ended !== undefined || turns-- === 0);
      progress.look();
      await new Promise((resolve) => setImmediate(resolve));
    }
  } catch (error) {
    if (!(error instanceof GuestPanic)) throw error;
    progress.clear();
    const text = `panic: ${error.rule} in ${error.where}: ${error.message}`;
    process.stderr.write(`${text}; the images are as after a power cut\n`);
    return ExitCode.failed;
  } finally {
    progress.clear();
    process.removeListener('SIGINT', onInterrupt);
  }
  if (ended !== undefined) return ended;
  process.stderr.write('interrupted: the images are as after a power cut\n');
  return ExitCode.interrupted;
}
