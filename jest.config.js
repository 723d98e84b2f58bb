'use strict';

// Tests run in a context of their own, where each look at a global is a call. These are parameters of every module
// instead; the emulator's inner loops, which use them, are two to three times faster so.
const QUICK_GLOBALS = [
  ...['Array', 'Error', 'Infinity', 'Map', 'Math', 'Number', 'Object', 'RangeError', 'Set', 'String', 'WeakMap'],
  ...['BigInt', 'BigUint64Array', 'DataView', 'Float64Array', 'Int32Array', 'Uint16Array', 'Uint32Array', 'Uint8Array'],
];

module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/tests'],
  testMatch: ['**/*.spec.ts', '**/*.test.ts'],
  transform: { '^.+\\.ts$': '<rootDir>/tools/jest-esbuild.js' },
  sandboxInjectedGlobals: QUICK_GLOBALS,
  maxWorkers: 2,
  testTimeout: 30_000,
  reporters: ['default', ...(process.env.ADMA_TEST_COUNT ? ['<rootDir>/tools/jest-count.js'] : [])],
};
