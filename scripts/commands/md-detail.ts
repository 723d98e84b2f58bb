/** `adma md detail`: the array that the images of a folder make. */
import { assemble, refuseStart } from '../../raid5/superblock/assemble';
import { detailText } from '../../raid5/superblock/detail';
import { refusalLine } from '../../raid5/superblock/refusal';
import { ExitCode } from '../console/exit-code';
import { arrayDocument } from '../console/md-report';
import { printJson } from '../console/print-json';
import { imagesIn, reading } from '../images/image-folder';

/** Version of the JSON document. */
const SCHEMA_VERSION = 1;

/** Options as commander hands them over. */
export interface DetailOptions {
  readonly json?: boolean;
}

/**
 * Prints the array, and on stderr a line for each image that is not taken and for what keeps the array from starting.
 * Nothing is written. Ends with 1 when there is such a line.
 * @throws ImageError when the host refuses
 */
export function mdDetail(folder: string, { json = false }: DetailOptions = {}): ExitCode {
  return reading(imagesIn(folder), (files) => {
    const { refused, array } = assemble(files);
    const start = array === undefined ? undefined : refuseStart(array);
    const refusals = start === undefined ? refused : [...refused, { disk: folder, ...start }];
    const document = array === undefined ? null : arrayDocument(array);
    if (json) printJson(SCHEMA_VERSION, { folder, array: document, refused: refusals });
    else if (array !== undefined) process.stdout.write(detailText(folder, array));
    for (const refusal of refusals) process.stderr.write(`${refusalLine(refusal)}\n`);
    return refusals.length === 0 ? ExitCode.done : ExitCode.failed;
  });
}
