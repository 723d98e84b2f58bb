'use strict';

// ts-node hands every TypeScript file to this transpiler (tsconfig.json, "ts-node"), which starts faster than the
// compiler. Types are checked by `npm run typecheck`, never here. Stack traces keep TypeScript's line numbers. What it has
// made of a file is kept for the next process: a command has hundreds of files.
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { version } = require('esbuild/package.json');

const OPTIONS = { loader: 'ts', format: 'cjs', target: 'node20', sourcemap: 'external' };
const CACHE = join(__dirname, '..', 'node_modules', '.cache', 'ts-node-esbuild');

exports.create = () => ({
  transpile(source, { fileName }) {
    const key = createHash('sha256')
      .update(JSON.stringify([version, OPTIONS, fileName, source]))
      .digest('hex');
    return kept(key) ?? keep(key, transform(source, fileName));
  },
});

function transform(source, sourcefile) {
  const { code, map } = require('esbuild').transformSync(source, { ...OPTIONS, sourcefile });
  return { outputText: code, sourceMapText: map };
}

/** What was made of this source before; undefined when nothing was, or the file is not whole. */
function kept(key) {
  try {
    return JSON.parse(readFileSync(join(CACHE, key), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Two processes may write at once; where nobody may write the next one makes it again. */
function keep(key, made) {
  const file = join(CACHE, key);
  try {
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(made));
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // A checkout that cannot be written to works as well, slower.
  }
  return made;
}
