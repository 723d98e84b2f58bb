/** A disk image file as a block device of 512-byte sectors. What was never written is a hole and reads as zeros. */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import type { MemberDisk } from '../../raid5/superblock/assemble';
import { SUPER_BYTES, SUPER_SECTOR } from '../../raid5/superblock/layout';
import { ImageError, onHost } from './image-error';

const SECTOR = 512;

export class BlockFile implements MemberDisk {
  /**
   * @param name what messages call it
   * @param handle an open file
   */
  constructor(
    readonly name: string,
    private readonly handle: number,
    readonly sectors: number,
  ) {}

  /**
   * Opens an image.
   * @throws ImageError when the host refuses, it is no file, or ends inside a sector
   */
  static open(path: string, mode: 'r' | 'r+'): BlockFile {
    const handle = onHost(path, () => openSync(path, mode));
    try {
      const stat = onHost(path, () => fstatSync(handle));
      if (!stat.isFile()) throw new ImageError(path, 'this is no plain file', 'an image file');
      if (stat.size % SECTOR !== 0) {
        throw new ImageError(path, `the file has ${stat.size} bytes`, `whole sectors of ${SECTOR}`);
      }
      return new BlockFile(path, handle, stat.size / SECTOR);
    } catch (error) {
      closeSync(handle);
      throw error;
    }
  }

  /**
   * Makes a new image, all of it a hole.
   * @throws ImageError when the file exists or the host refuses
   */
  static create(path: string, sectors: number): BlockFile {
    const handle = onHost(path, () => openSync(path, 'wx+'));
    const file = new BlockFile(path, handle, sectors);
    onHost(path, () => ftruncateSync(handle, sectors * SECTOR));
    return file;
  }

  read(sector: number, count: number): Uint8Array | undefined {
    if (sector < 0 || sector + count > this.sectors) return undefined;
    const bytes = new Uint8Array(count * SECTOR);
    for (let at = 0; at < bytes.length;) {
      const got = onHost(this.name, () => readSync(this.handle, bytes, at, bytes.length - at, sector * SECTOR + at));
      if (got === 0) throw new ImageError(this.name, 'the file has become shorter', `${this.sectors} sectors`);
      at += got;
    }
    return bytes;
  }

  /**
   * Writes whole sectors; they are safe after the next `sync`.
   * @throws ImageError when the host refuses; what was written until then stays
   */
  write(sector: number, bytes: Uint8Array): void {
    if (bytes.length % SECTOR !== 0 || sector < 0 || sector + bytes.length / SECTOR > this.sectors) {
      throw new RangeError(`${bytes.length} bytes at sector ${sector} of ${this.sectors}`);
    }
    for (let at = 0; at < bytes.length;) {
      at += onHost(this.name, () => writeSync(this.handle, bytes, at, bytes.length - at, sector * SECTOR + at));
    }
  }

  /** Returns when everything written is on the host's disk. */
  sync(): void {
    onHost(this.name, () => fsyncSync(this.handle));
  }

  /**
   * Replaces the superblock: what it speaks of is made safe first, then its 4 KiB go out as one aligned page, which
   * hosts write whole or not at all, and are made safe as well.
   */
  writeSuperblock(bytes: Uint8Array): void {
    if (bytes.length !== SUPER_BYTES) throw new RangeError(`a superblock of ${bytes.length} bytes`);
    this.sync();
    this.write(SUPER_SECTOR, bytes);
    this.sync();
  }

  close(): void {
    closeSync(this.handle);
  }
}
