import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderLock } from '../../../scripts/images/folder-lock';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'adma-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const lock = (): string => join(folder, '.adma.lock');
const refusal = (pid: number): string => `${folder}: process ${pid} is working on it, expected one process at a time`;

describe('the lock of a folder', () => {
  it('lets one process in at a time, and leaves nothing behind', () => {
    const first = FolderLock.take(folder);
    expect(() => FolderLock.take(folder)).toThrow(refusal(process.pid));
    expect(readdirSync(folder)).toEqual(['.adma.lock']);
    first.release();
    expect(readdirSync(folder)).toEqual([]);
    FolderLock.take(folder).release();
  });

  it('is taken over from a process that died', () => {
    const { pid } = spawnSync('true');
    writeFileSync(lock(), `${pid} 1\n`);
    const taken = FolderLock.take(folder);
    expect(readFileSync(lock(), 'utf8')).toMatch(new RegExp(`^${process.pid} `));
    expect(readdirSync(folder)).toEqual(['.adma.lock']);
    taken.release();
  });

  it('is taken over when another process has the dead one’s number by now', () => {
    writeFileSync(lock(), `${process.ppid} 1\n`);
    FolderLock.take(folder).release();
    writeFileSync(lock(), 'no process\n');
    FolderLock.take(folder).release();
  });

  it('is not given back by one who no longer has it', () => {
    const taken = FolderLock.take(folder);
    writeFileSync(lock(), '1 1\n');
    taken.release();
    expect(readFileSync(lock(), 'utf8')).toBe('1 1\n');
  });

  it('needs a folder that may be written', () => {
    expect(() => FolderLock.take(join(folder, 'none'))).toThrow(
      `${join(folder, 'none')}: there is no such file or folder`,
    );
  });
});
