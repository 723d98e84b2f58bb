import { ktap } from '../../../conformance/reporters/ktap';
import { MIXED } from './reports';

/** A line of KTAP version 1 as the kernel's documentation describes it. */
const TEST_LINE = /^(?<indent> *)(?<result>ok|not ok) (?<number>\d+) (?<name>[\w-]+)(?: # SKIP ?(?<reason>.*))?$/;

describe('a KTAP report', () => {
  const lines = ktap(MIXED).trimEnd().split('\n');

  it('opens with its version and the number of groups', () => {
    expect(lines.slice(0, 2)).toEqual(['KTAP version 1', '1..2']);
  });

  it('has a numbered result for each group and, four spaces in, for each case', () => {
    const tests = lines.map((line) => TEST_LINE.exec(line)?.groups).filter((groups) => groups !== undefined);
    expect(tests.map(({ indent, result, number, name }) => [indent.length, result, number, name])).toEqual([
      [4, 'ok', '1', 'good'],
      [4, 'not ok', '2', 'bad'],
      [4, 'ok', '3', 'absent'],
      [0, 'not ok', '1', 'append'],
      [4, 'ok', '1', 'good'],
      [0, 'ok', '2', 'cookies'],
    ]);
    expect(tests[2].reason).toBe('0 of 1 channels can PQ');
  });

  it('announces each subtest with its plan before its results', () => {
    expect(lines.slice(2, 5)).toEqual(['    KTAP version 1', '    # Subtest: append', '    1..3']);
  });

  it('writes nothing but diagnostics between results', () => {
    const others = lines.filter((line) => !TEST_LINE.test(line) && !/^ *(KTAP version 1|1\.\.\d+)$/.test(line));
    expect(others.every((line) => /^ {4}# /.test(line))).toBe(true);
    expect(others.join('\n')).toContain('SW-13 at 1.500 µs in dma0chan0');
  });
});
