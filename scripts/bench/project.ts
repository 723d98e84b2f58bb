import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file of the project by its path from the root, whether this runs from the sources or from dist. */
export function projectFile(...path: readonly string[]): string {
  let folder = __dirname;
  while (!existsSync(join(folder, 'tsconfig.json'))) folder = dirname(folder);
  return join(folder, ...path);
}
