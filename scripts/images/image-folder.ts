/** A folder of disk images: `disk0.img`, `disk1.img` … */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BlockFile } from './block-file';
import { ImageError, onHost } from './image-error';

const IMAGE = /^(disk|spare)(\d+)\.img$/;

/** Whether a file of this name is an image. */
export function isImageName(name: string): boolean {
  return IMAGE.test(name);
}

/** Name of the image of a member. */
export function imageName(member: number): string {
  return `disk${member}.img`;
}

/**
 * The images of a folder, members before spares, by number.
 * @throws ImageError when there is no such folder, or no image in it
 */
export function imagesIn(folder: string): string[] {
  const images = findImages(folder);
  if (images.length === 0) throw new ImageError(folder, 'there is no image in it', 'disk0.img and so on');
  return images;
}

/** The images of a folder, maybe none. */
export function findImages(folder: string): string[] {
  return onHost(folder, () => readdirSync(folder))
    .map((name) => IMAGE.exec(name))
    .filter((match) => match !== null)
    .sort(([, a, i], [, b, j]) => a.localeCompare(b) || Number(i) - Number(j))
    .map(([name]) => join(folder, name));
}

/** Opens files to read, does something with them, and closes them whatever happens. */
export function reading<T>(paths: readonly string[], action: (files: readonly BlockFile[]) => T): T {
  const files: BlockFile[] = [];
  try {
    for (const path of paths) files.push(BlockFile.open(path, 'r'));
    return action(files);
  } finally {
    for (const file of files) file.close();
  }
}
