'use strict';

module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/tests'],
  testMatch: ['**/*.spec.ts', '**/*.test.ts'],
  transform: { '^.+\\.ts$': '<rootDir>/tools/jest-esbuild.js' },
  maxWorkers: 2,
  testTimeout: 30_000,
  reporters: ['default', ...(process.env.ADMA_TEST_COUNT ? ['<rootDir>/tools/jest-count.js'] : [])],
};
