'use strict';

// jest reporter: writes "N passed, N failed" into the file that ADMA_TEST_COUNT names (used by .ci/run).
const { writeFileSync } = require('node:fs');

module.exports = class CountReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    // A spec that cannot even load has no tests to count: it is one failure.
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    writeFileSync(process.env.ADMA_TEST_COUNT, `${numPassedTests} passed, ${failed} failed\n`);
  }
};
