'use strict';

// ts-node hands every TypeScript file to this transpiler (tsconfig.json, "ts-node"), which starts faster than the
// compiler. Types are checked by `npm run typecheck`, never here. Stack traces keep TypeScript's line numbers.
const esbuild = require('esbuild');

exports.create = () => ({
  transpile(source, { fileName }) {
    const { code, map } = esbuild.transformSync(source, {
      loader: 'ts',
      format: 'cjs',
      target: 'node20',
      sourcemap: 'external',
      sourcefile: fileName,
    });
    return { outputText: code, sourceMapText: map };
  },
});
