/** Command lines of documents that the tests understand, and do not run. */
export const EXPENSIVE: Readonly<Record<string, string>> = {
  'adma bench published': 'simulates minutes of resync; tests/scripts/bench',
};
