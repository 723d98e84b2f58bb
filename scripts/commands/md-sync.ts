/** `adma md assemble`, `stop`, `check`, `repair`, `fail` and `add`: what needs the array running, and no data from outside. */
import { randomBytes } from 'node:crypto';
import { basename, join } from 'node:path';
import { STRIPE_SECTORS, STRIPE_SIZE } from '../../raid5/geometry';
import { locate } from '../../raid5/locate';
import { refusalLine } from '../../raid5/superblock/refusal';
import { FieldError, quote } from '../../raid5/workload/input-error';
import { ExitCode } from '../console/exit-code';
import { printJson } from '../console/print-json';
import { count } from '../console/units';
import { BlockFile } from '../images/block-file';
import { imagesIn, isImageName, reading } from '../images/image-folder';
import { OptionError } from '../input/fields';
import { mdDetail } from './md-detail';
import type { Session, SessionOptions } from './md-session';
import { mdSession } from './md-session';

export interface CheckOptions extends SessionOptions {
  readonly locate?: boolean;
}

/** Version of the JSON document of a check. */
const SCHEMA_VERSION = 1;
/** Most stripes that are named one by one. */
const NAMED = 16;

/** Starts the array, lets every pass that is due come to its end, and stops it: resync after a crash, rebuild of spares. */
export async function mdAssemble(folder: string, options: SessionOptions): Promise<ExitCode> {
  const code = await mdSession(folder, options, 'write', function* ({ md }) {
    yield* md.sync.idle();
    return ExitCode.done;
  });
  if (code === ExitCode.done) mdDetail(folder, options);
  return code;
}

/** Starts the array and stops it at once: what is due stays due. */
export async function mdStop(folder: string, options: SessionOptions): Promise<ExitCode> {
  const code = await mdSession(folder, options, 'write', function* ({ kernel }) {
    yield* kernel.scheduler.yieldProcessor();
    return ExitCode.done;
  });
  if (code === ExitCode.done) mdDetail(folder, options);
  return code;
}

/** Compares parity with data, and with `repair` makes parity right. 1 when a check found something wrong. */
export function mdCheck(folder: string, action: 'check' | 'repair', options: CheckOptions): Promise<ExitCode> {
  return mdSession(folder, options, 'write', function* (session) {
    const { md } = session;
    yield* md.sync.idle();
    const suspects = options.locate === true ? suspicions(session) : [];
    const pass = yield* md.sync.request(action);
    session.progressOver();
    if (pass.interrupted) {
      process.stderr.write(`${folder}: no ${action} without redundancy: a member is missing\n`);
      return ExitCode.failed;
    }
    const { mismatchSectors } = pass;
    const stripes = md.size / STRIPE_SECTORS;
    if (options.json === true) printJson(SCHEMA_VERSION, { folder, action, stripes, mismatchSectors, suspects });
    else process.stdout.write(checkText(action, stripes, mismatchSectors, suspects));
    return mismatchSectors === 0 || action === 'repair' ? ExitCode.done : ExitCode.failed;
  });
}

function checkText(
  action: 'check' | 'repair',
  stripes: number,
  mismatchSectors: number,
  suspects: readonly Suspect[],
): string {
  const done = action === 'check' ? 'checked' : 'repaired';
  return [
    `${done} ${count(stripes)} stripes, mismatch_cnt ${mismatchSectors}`,
    ...suspects.slice(0, NAMED).map(({ sector, liar }) => {
      const who = liar === null ? 'nobody can say which member lies' : `${liar} lies`;
      return `member sector ${sector} (${STRIPE_SIZE} bytes): ${who}`;
    }),
    ...(suspects.length > NAMED ? [`and ${count(suspects.length - NAMED)} more`] : []),
    '',
  ].join('\n');
}

/** Declares a member faulty. */
export async function mdFail(folder: string, which: string, options: SessionOptions): Promise<ExitCode> {
  const code = await mdSession(folder, options, 'write', function* ({ md, images, kernel }) {
    const place = images.findIndex(
      (image, at) => image !== undefined && [`${at}`, image, basename(image)].includes(which),
    );
    if (place < 0) {
      const members = images.flatMap((image) => (image === undefined ? [] : [basename(image)])).join(', ');
      throw new OptionError(
        'MEMBER',
        new FieldError(`${quote(which)} is no member of the array`, `one of: ${members}`),
      );
    }
    md.array.error(place);
    yield* kernel.scheduler.yieldProcessor();
    return ExitCode.done;
  });
  if (code === ExitCode.done) mdDetail(folder, options);
  return code;
}

/**
 * Adds an image of the folder to the array: a member that left comes back and gets what the bitmap says it missed, any
 * other image is rebuilt all over. One that is not there is made, sparse, as large as the others.
 */
export async function mdAdd(folder: string, name: string, options: SessionOptions): Promise<ExitCode> {
  const path = join(folder, name);
  if (!isImageName(name)) {
    throw new OptionError(
      'IMAGE',
      new FieldError(`${quote(name)} is no name of an image`, 'disk0.img, spare0.img and so on'),
    );
  }
  if (!imagesIn(folder).includes(path)) {
    const [sectors] = reading(imagesIn(folder), (files) => files.map((file) => file.sectors));
    BlockFile.create(path, sectors).close();
  }
  const code = await mdSession(folder, options, 'write', function* ({ md, devices }) {
    yield* md.sync.idle();
    const added = md.roster.add(
      devices.find(({ disk }) => disk.name === path)!,
      new Uint8Array(randomBytes(16)),
    );
    if (typeof added !== 'string') {
      process.stderr.write(`${refusalLine({ disk: folder, ...added })}\n`);
      return ExitCode.usage;
    }
    process.stderr.write(`${path}: ${added === 'spare' ? 'added' : added}\n`);
    yield* md.sync.idle();
    return ExitCode.done;
  });
  if (code === ExitCode.done) mdDetail(folder, options);
  return code;
}

/** A stripe with wrong parity. */
interface Suspect {
  /** of the members */
  readonly sector: number;
  /** the image that lies; null: nobody can say */
  readonly liar: string | null;
}

/** What every stripe with wrong parity says about its members, from what lies in the images. */
function suspicions({ md, images, progress }: Session): Suspect[] {
  const { geometry, members } = md.array;
  const suspects: Suspect[] = [];
  for (let sector = 0; sector < md.size; sector += STRIPE_SECTORS) {
    progress('locate', sector, md.size);
    const blocks = members.map(({ disk, dataOffset }) => disk.media.peek(dataOffset + sector));
    if (blocks.every((block) => block === undefined)) continue;
    const suspicion = locate(geometry, sector, blocks);
    if (suspicion.kind === 'none') continue;
    suspects.push({ sector, liar: suspicion.kind === 'member' ? images[suspicion.disk]! : null });
  }
  return suspects;
}
