/** What can be wrong with image files, in one line for the user. */
import { FieldError } from '../../raid5/workload/input-error';

/** Something the host refuses, or that a file is not. The message is `FILE: PROBLEM, expected EXPECTED`. */
export class ImageError extends FieldError {
  constructor(
    readonly file: string,
    problem: string,
    expected: string,
  ) {
    super(problem, expected, `${file}: `);
  }
}

/** What people call the errors of the file system, and what would help. */
const PROBLEMS: Readonly<Record<string, readonly [problem: string, expected: string]>> = {
  ENOENT: ['there is no such file or folder', 'one that exists'],
  ENOTDIR: ['part of the path is no folder', 'a path of folders'],
  EISDIR: ['this is a folder', 'an image file'],
  EEXIST: ['it exists already', 'a name that is free'],
  EACCES: ['access is denied', 'a file that this user may read and write'],
  EPERM: ['access is denied', 'a file that this user may read and write'],
  EROFS: ['its file system is read-only', 'one that may be written'],
  ENOSPC: ['the host’s disk is full', 'free space for the image'],
  EDQUOT: ['this user’s quota is used up', 'free space for the image'],
  EFBIG: ['the file would be larger than the host allows', 'a smaller image'],
  EINVAL: ['the host cannot make a file of this size', 'a smaller image'],
  EIO: ['the host’s disk has an error', 'a disk that works'],
  EMFILE: ['too many files are open', 'a higher limit (ulimit -n) or fewer members'],
};

/** Does something with a file of the host, and says in one line what the host had against it. */
export function onHost<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // A pipe that nobody reads is no error of a file: the program ends quietly.
    if (code === undefined || code === 'EPIPE') throw error;
    const [problem, expected] = PROBLEMS[code] ?? [message.replace(/^\w+: /, ''), 'a file on a working disk'];
    throw new ImageError(file, problem, expected);
  }
}
