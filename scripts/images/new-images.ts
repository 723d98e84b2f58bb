/** The images of an array in the making: new ones, or old ones that are no members yet. Until the end all can be taken back. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { MAGIC, SUPER_BYTES, SUPER_SECTOR } from '../../raid5/superblock/layout';
import { decodeSuperblock } from '../../raid5/superblock/superblock';
import { BlockFile } from './block-file';
import { findImages, imageName } from './image-folder';
import { ImageError } from './image-error';

export class NewImages {
  readonly files: BlockFile[] = [];
  /** What brings back how it was, in the order things were done. */
  private readonly undo: (() => void)[] = [];

  /** @param fresh whether the images are made, sparse and zero; otherwise they are there and keep their content */
  private constructor(readonly fresh: boolean) {}

  /**
   * Makes or opens `disk0.img` and so on.
   * @param sectors of each new image; undefined: the images are there
   * @throws ImageError when the images there are not exactly the array's, one is a member already, or the host refuses
   */
  static open(folder: string, disks: number, sectors: number | undefined): NewImages {
    const images = new NewImages(sectors !== undefined);
    try {
      const paths = Array.from({ length: disks }, (_, member) => join(folder, imageName(member)));
      const strangers = findImages(folder).filter((path) => sectors !== undefined || !paths.includes(path));
      if (strangers.length > 0) {
        throw new ImageError(
          strangers[0],
          'it is there already',
          sectors === undefined ? `${disks} images` : 'no images',
        );
      }
      for (const path of paths) images.add(path, sectors);
      return images;
    } catch (error) {
      images.takeBack();
      throw error;
    }
  }

  /** Writes metadata of a member; the superblock goes last. */
  write(member: number, superblock: Uint8Array, bitmap: { sector: number; bytes: Uint8Array } | undefined): void {
    const file = this.files[member];
    if (bitmap !== undefined) {
      this.keep(file, bitmap.sector, bitmap.bytes.length / 512);
      file.write(bitmap.sector, bitmap.bytes);
    }
    this.keep(file, SUPER_SECTOR, SUPER_BYTES / 512);
    file.writeSuperblock(superblock);
  }

  /** Makes everything as it was, as far as the host still lets us, and closes the files. */
  takeBack(): void {
    for (const step of this.undo.reverse()) {
      try {
        step();
      } catch {
        // The error that made us turn back is the one to tell; the other images must not suffer from this one.
      }
    }
    this.close();
  }

  close(): void {
    for (const file of this.files.splice(0)) file.close();
  }

  private add(path: string, sectors: number | undefined): void {
    if (sectors !== undefined) {
      this.files.push(BlockFile.create(path, sectors));
      this.undo.push(() => rmSync(path));
      return;
    }
    const file = BlockFile.open(path, 'r+');
    this.files.push(file);
    const bytes = file.read(SUPER_SECTOR, SUPER_BYTES / 512);
    if (bytes !== undefined && decodeSuperblock(bytes).magic === MAGIC) {
      throw new ImageError(path, 'it is a member of an array already', 'an image without an md superblock');
    }
  }

  private keep(file: BlockFile, sector: number, count: number): void {
    if (this.fresh) return;
    const before = file.read(sector, count)!;
    this.undo.push(() => file.write(sector, before));
  }
}
