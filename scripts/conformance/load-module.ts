/** A module from a user's own folder: TypeScript compiled on the fly, `iop-adma` being this program. */
import { readFileSync } from 'node:fs';
import type { SourceMapPayload } from 'node:module';
import { createRequire, SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';
import { compileFunction } from 'node:vm';
import type { BuildFailure, Message } from 'esbuild';
import { buildSync } from 'esbuild';
import * as root from '../../index';
import { FieldError, InputError, quote } from '../../raid5/workload/input-error';

/** What a file exports, by name. */
export type Exports = Readonly<Record<string, unknown>>;

/** Of every bundle that was loaded, by the path of its file: the way back to the sources. */
const maps = new Map<string, SourceMap>();

/** Places in loaded bundles become places in the user's own files. */
export function inSources(text: string): string {
  return text.replace(/([^\s()]+):(\d+):(\d+)/g, (place, path: string, line: string, column: string) => {
    const entry = maps.get(path)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (entry === undefined || !('originalSource' in entry)) return place;
    return `${resolve(dirname(path), entry.originalSource)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });
}

/**
 * Bundles the file with what it imports from its own folder, and runs it. Packages are looked up from there; `iop-adma`
 * is the very module that the suite runs on, so that its classes are the same.
 * @throws FieldError for a file that is not there, does not compile, or throws while it is loaded
 */
export function loadModule(file: string): Exports {
  const path = resolve(file);
  try {
    readFileSync(path);
  } catch {
    throw new FieldError(`${quote(file)} cannot be read`, 'a TypeScript or JavaScript file');
  }
  const code = compiled(file, path);
  const own = createRequire(path);
  const module = { exports: {} as Exports };
  const lookUp = (name: string): unknown => (name === 'iop-adma' ? root : own(name));
  const body = compileFunction(code, ['module', 'exports', 'require', '__filename', '__dirname'], { filename: path });
  try {
    Reflect.apply(body, undefined, [module, module.exports, lookUp, path, dirname(path)]);
  } catch (error) {
    throw new FieldError(`${file}: loading it throws ${String(error)}`, 'a module that loads');
  }
  return module.exports;
}

function compiled(file: string, path: string): string {
  try {
    const [map, { text }] = buildSync({
      entryPoints: [path],
      outfile: `${path}.js`,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      sourcemap: 'external',
      write: false,
      logLevel: 'silent',
    }).outputFiles;
    maps.set(path, new SourceMap(JSON.parse(map.text) as SourceMapPayload));
    return text;
  } catch (error) {
    const [first] = (error as Partial<BuildFailure>).errors ?? [];
    if (first === undefined) throw error;
    throw compileError(file, first);
  }
}

function compileError(file: string, { location, text: said }: Message): FieldError {
  const text = said.replace(/:$/, '');
  const expected = 'TypeScript that compiles';
  if (location === null) return new FieldError(`${file}: ${text}`, expected);
  return new InputError(file, location.line, location.column + 1, text, expected);
}
