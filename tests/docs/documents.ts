/** The documents that people wrote, taken apart. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedPages } from '../../tools/docs/pages';
import type { Markdown } from './markdown';
import { markdown } from './markdown';

export const ROOT = join(__dirname, '..', '..');

export interface Document extends Markdown {
  /** from the root of the project */
  readonly path: string;
  readonly text: string;
}

const GENERATED = new Set(generatedPages().map(({ path }) => path));

function markdownUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join(folder, path))
    .sort();
}

/** README, the guides, and what lies beside scenarios, workloads and lessons. */
export const DOCUMENTS: readonly Document[] = ['README.md', ...markdownUnder('docs'), ...markdownUnder('scripts')]
  .filter((path) => !GENERATED.has(path))
  .map((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    return { path, text, ...markdown(text) };
  });

/** What a link may name behind `#` in a Markdown file of the project, generated ones too. */
export function anchorsOf(path: string): readonly string[] {
  return existsSync(join(ROOT, path)) ? markdown(readFileSync(join(ROOT, path), 'utf8')).anchors : [];
}
