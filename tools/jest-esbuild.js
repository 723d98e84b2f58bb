'use strict';

// jest's transform for TypeScript: types are stripped, not checked (`npm test` checks them first).
const { createHash } = require('node:crypto');
const esbuild = require('esbuild');

const options = { loader: 'ts', format: 'cjs', target: 'node20', sourcemap: 'inline' };

module.exports = {
  process: (source, file) => ({ code: esbuild.transformSync(source, { ...options, sourcefile: file }).code }),

  // Whatever changes the output belongs in the key, or jest's cache would serve stale code.
  getCacheKey: (source, file, { configString }) =>
    createHash('sha256')
      .update([esbuild.version, JSON.stringify(options), file, configString, source].join('\0'))
      .digest('hex'),
};
