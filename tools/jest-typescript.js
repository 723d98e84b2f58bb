'use strict';

// jest's transform for TypeScript: types are stripped, not checked (`npm test` checks them first). The compiler's
// modules export plain properties; esbuild's export getters, behind which the explorer's tests took twice the time.
const { createHash } = require('node:crypto');
const ts = require('typescript');

const compilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.CommonJS,
  esModuleInterop: true,
  inlineSourceMap: true,
};

module.exports = {
  process: (source, fileName) => ({ code: ts.transpileModule(source, { fileName, compilerOptions }).outputText }),

  // Whatever changes the output belongs in the key, or jest's cache would serve stale code.
  getCacheKey: (source, file, { configString }) =>
    createHash('sha256')
      .update([ts.version, JSON.stringify(compilerOptions), file, configString, source].join('\0'))
      .digest('hex'),
};
