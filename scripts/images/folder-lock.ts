/** One process at a time works on a folder of images: a lock file with the process's number. */
import { accessSync, constants, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ImageError, onHost } from './image-error';

const NAME = '.adma.lock';

/** A lock that this process holds. */
export class FolderLock {
  private constructor(
    private readonly path: string,
    private readonly owner: string,
  ) {}

  /**
   * Takes the lock; one that a dead process left is taken over.
   * @throws ImageError when another process has it, or the folder may not be written
   */
  static take(folder: string): FolderLock {
    const path = join(folder, NAME);
    const owner = `${process.pid} ${startOf(process.pid)}\n`;
    const own = `${path}.${process.pid}`;
    try {
      onHost(folder, () => writeFileSync(own, owner));
      // A link appears with its content or not at all, and never over another.
      while (!linked(folder, own, path)) removeStale(folder, path, own);
    } finally {
      rmSync(own, { force: true });
    }
    return new FolderLock(path, owner);
  }

  /**
   * Takes the lock of a folder that is only read from; one on a read-only file system needs none, as nobody can write there.
   * @throws ImageError as `take` does
   */
  static takeToRead(folder: string): FolderLock | undefined {
    return isReadOnly(folder) ? undefined : FolderLock.take(folder);
  }

  /** Gives the lock back. */
  release(): void {
    if (readLock(this.path) === this.owner) rmSync(this.path, { force: true });
  }
}

function isReadOnly(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EROFS';
  }
}

function linked(folder: string, own: string, path: string): boolean {
  return onHost(folder, () => {
    try {
      linkSync(own, path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  });
}

/** Removes the lock of a dead process. @throws ImageError when its owner lives */
function removeStale(folder: string, path: string, own: string): void {
  const owner = readLock(path);
  if (owner === undefined) return;
  const [pid, start] = owner.trim().split(' ');
  if (isAlive(Number(pid), start)) {
    throw new ImageError(folder, `process ${pid} is working on it`, 'one process at a time');
  }
  // Another process may take the stale lock over at this very moment: then what moved aside is its new lock.
  const aside = `${own}.stale`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (readLock(aside) !== owner) linked(folder, aside, path);
  rmSync(aside, { force: true });
}

function readLock(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Whether the process of that number lives and is still the one that began at `start`. */
function isAlive(pid: number, start: string | undefined): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = startOf(pid);
  return now === '' || start === undefined || now === start;
}

/** When a process began, in the host's ticks since boot; empty where the host does not say. */
function startOf(pid: number): string {
  const stat = readLock(`/proc/${pid}/stat`);
  // The name of the program stands in parentheses and may hold anything; field 22 is the twentieth behind it.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
