/** `adma md examine`: the superblocks of images, in the words of `mdadm --examine`. */
import { statSync } from 'node:fs';
import { examineText } from '../../raid5/superblock/examine';
import { SUPER_BYTES, SUPER_SECTOR } from '../../raid5/superblock/layout';
import { loadSuperblock } from '../../raid5/superblock/load';
import { refusalLine } from '../../raid5/superblock/refusal';
import { ExitCode } from '../console/exit-code';
import { superblockDocument } from '../console/md-report';
import { printJson } from '../console/print-json';
import { imagesIn, reading } from '../images/image-folder';
import { onHost } from '../images/image-error';

/** Version of the JSON document. */
const SCHEMA_VERSION = 1;

/** Options as commander hands them over. */
export interface ExamineOptions {
  readonly json?: boolean;
}

/**
 * Prints what each image says, and on stderr why one may not be used. Ends with 1 when there is such a one.
 * @param paths images, or folders of them
 * @throws ImageError when the host refuses
 */
export function mdExamine(paths: readonly string[], { json = false }: ExamineOptions = {}): ExitCode {
  const images = paths.flatMap((path) => (onHost(path, () => statSync(path)).isDirectory() ? imagesIn(path) : [path]));
  return reading(images, (files) => {
    let code: ExitCode = ExitCode.done;
    const members: object[] = [];
    for (const file of files) {
      const { refusal, superblock } = loadSuperblock(file.read(SUPER_SECTOR, SUPER_BYTES / 512), file.sectors);
      const document = superblock === undefined ? null : superblockDocument(superblock);
      if (json) members.push({ file: file.name, superblock: document, refused: refusal ?? null });
      else process.stdout.write(examineText(file) ?? '');
      if (refusal === undefined) continue;
      process.stderr.write(`${refusalLine({ disk: file.name, ...refusal })}\n`);
      code = ExitCode.failed;
    }
    if (json) printJson(SCHEMA_VERSION, { members });
    return code;
  });
}
