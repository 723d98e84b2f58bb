/** How documents are read by the tests that type their commands. */
import { prints, shownCommands } from './console';
import { markdown } from './markdown';
import { plainWords } from './reader';
import { leavesOpen, misnamed, withoutComment } from './usage';

describe('a document', () => {
  const text = [
    '# Of `adma`, and more: ok',
    '',
    'Text with [a link](a.md#b) and `code [x](y)`.',
    '',
    '    indented',
    '',
    '      deeper',
    '',
    '- item',
    '    goes on',
    '```console',
    '$ true',
    '```',
  ].join('\n');
  const taken = markdown(text);

  it('has blocks, fenced or indented behind an empty line', () => {
    expect(taken.blocks).toEqual([
      { line: 5, info: 'indented', lines: ['indented', '', '  deeper'] },
      { line: 12, info: 'console', lines: ['$ true'] },
    ]);
  });

  it('has links and code spans in its prose, and anchors for its headings', () => {
    expect(taken.links).toEqual([{ line: 3, text: 'a.md#b' }]);
    expect(taken.spans.map(({ text: span }) => span)).toEqual(['adma', 'code [x](y)']);
    expect(taken.anchors).toEqual(['of-adma-and-more-ok']);
  });

  it('ends its fences', () => {
    expect(() => markdown('```console\n$ true')).toThrow('line 1: a fence without end');
  });
});

describe('a console block', () => {
  const block = (...lines: string[]) => shownCommands({ line: 10, info: 'console', lines });

  it('holds commands and what they print', () => {
    expect(block('$ one', 'a', '', 'b', '', '$ two')).toEqual([
      { line: 10, command: 'one', output: ['a', '', 'b'], code: 0 },
      { line: 15, command: 'two', output: [], code: 0 },
    ]);
  });

  it('goes on behind > and asks for codes', () => {
    expect(block('$ cat <<E', '> a', '> E', 'a', '$ false', '$ echo $?', '1')).toEqual([
      { line: 10, command: 'cat <<E\na\nE', output: ['a'], code: 0 },
      { line: 14, command: 'false', output: [], code: 1 },
    ]);
  });

  it('begins with a command', () => {
    expect(() => block('output')).toThrow('line 10: output before any command');
  });
});

describe('what is shown', () => {
  it.each([
    [['a', 'b'], 'a\nb\n', true],
    [['a', 'b'], 'a\n', false],
    [['a'], 'a\nb\n', false],
    [['a', '…'], 'a\nb\nc\n', true],
    [['a', '…'], 'a\n', true],
    [['…', 'c'], 'a\nb\nc\n', true],
    [['…', 'b'], 'a\nb\nc\n', false],
    [['a … c', 'd'], 'a 12 c\nd\n', true],
    [['a … c'], 'a 12\n', false],
    [['a.c (1)'], 'abc (1)\n', false],
  ])('%j against %j: %s', (shown, printed, expected) => {
    expect(prints(shown, printed)).toBe(expected);
  });
});

describe('a line', () => {
  it.each([
    ['adma run a.yaml --seed 1', ['run', 'a.yaml', '--seed', '1']],
    ["adma conformance --filter 'ack/*'", ['conformance', '--filter', 'ack/*']],
    ['adma explain "a b"', ['explain', 'a b']],
    ['adma run a.yaml > file', undefined],
    ['adma run *.yaml', undefined],
    ['cat a.yaml', undefined],
  ])('%s has the words %j, or needs a shell', (line, words) => {
    expect(plainWords(line)).toEqual(words);
  });

  it.each([
    ['adma md read|write DIR --out|--in FILE', []],
    ['adma md check|repair DIR [--locate]', []],
    ['adma md chekc DIR', ['md chekc']],
    ['adma md|regs', []],
    ['adma regs adma0 --felds', ['--felds']],
    ['adma regs adma0 --json | jq --raw', []],
    ['adma --help', []],
  ])('%s names too much: %j', (line, wrong) => {
    expect(misnamed(line)).toEqual(wrong);
  });

  it('leaves something open, or not', () => {
    expect(['adma regs [UNIT]', 'adma run A.yaml', 'adma torture --seed N'].map(leavesOpen)).toEqual([
      true,
      true,
      true,
    ]);
    expect(['adma conformance --filter SW-13', 'adma run a.yaml'].map(leavesOpen)).toEqual([false, false]);
    expect(withoutComment('adma probe     # boots')).toBe('adma probe');
  });
});
