/** The TypeScript of this repository, read once. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceFile } from './rule-scan';

const ROOT = join(__dirname, '..', '..');
/** What a lesson's grader checks is an exercise, not the stack. */
const LESSONS = 'scripts/lessons/';
const ROOMS = ['emulator', 'dmaengine', 'async_tx', 'raid5', 'conformance', 'scripts'];

let read: { readonly tests: readonly SourceFile[]; readonly rooms: readonly SourceFile[] } | undefined;

/** Test files, and the files of every room, each list in the order of paths. */
export function sourceFiles(): NonNullable<typeof read> {
  read ??= { tests: under('tests'), rooms: ROOMS.flatMap(under) };
  return read;
}

function under(folder: string): SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(folder === 'tests' ? '.test.ts' : '.ts'))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => !path.startsWith(LESSONS))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}
