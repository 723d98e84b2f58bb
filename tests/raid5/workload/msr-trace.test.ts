import * as fc from 'fast-check';

import { extent, parseMsrTrace } from '../../../raid5/workload/msr-trace';
import type { TraceRequest } from '../../../raid5/workload/msr-trace';

const GOOD = '1000,host,0,Write,4096,512,7\n';
const FORMAT = '7 columns: timestamp,host,disk,Read|Write,offset,size,response time';
const INTEGER = 'a decimal integer of 0 or more';

/** The second line of a trace whose first is good, as an MSR file has it. */
function parseSecond(line: string): readonly TraceRequest[] {
  return parseMsrTrace(`${GOOD}${line}`, 't.csv');
}

it('reads one request a line, with or without a last line feed', () => {
  const text = `${GOOD}1250,host,0,Read,0,1024,0`;
  const requests = [
    { ticks: 0, kind: 'write', offset: 4096, length: 512, line: 1 },
    { ticks: 250, kind: 'read', offset: 0, length: 1024, line: 2 },
  ];
  expect(parseMsrTrace(text, 't.csv')).toEqual(requests);
  expect(parseMsrTrace(`${text}\n`, 't.csv')).toEqual(requests);
  expect(parseMsrTrace(text.replaceAll('\n', '\r\n'), 't.csv')).toEqual(requests);
});

it('keeps 18-digit timestamps exact to the tick', () => {
  const stamps = ['128166372000000000', '128166372000000001', '128166390615874950', '128166390615874951'];
  const text = stamps.map((stamp) => `${stamp},h,0,Read,0,512,0\n`).join('');
  expect(parseMsrTrace(text, 't.csv').map(({ ticks }) => ticks)).toEqual([0, 1, 18_615_874_950, 18_615_874_951]);
});

it('measures exactly across a change of the upper digits', () => {
  const text = '128166371999999999,h,0,Read,0,512,0\n128166372000000000,h,0,Read,0,512,0\n';
  expect(parseMsrTrace(text, 't.csv')[1].ticks).toBe(1);
});

it('sorts requests that are out of order, keeping the order of the file within a tick', () => {
  const text = [5, 3, 5, 3].map((time, index) => `${time},h,0,Read,${index * 512},512,0\n`).join('');
  const requests = parseMsrTrace(text, 't.csv');
  expect(requests.map(({ ticks, line }) => [ticks, line])).toEqual([
    [0, 2],
    [0, 4],
    [2, 1],
    [2, 3],
  ]);
});

it('gives the bytes a trace touches', () => {
  expect(extent(parseSecond('1000,host,0,Read,1048576,65536,0'))).toEqual({ start: 4096, end: 1048576 + 65536 });
});

describe('bad lines', () => {
  it.each([
    ['an empty line', '\n', 1, 'the line is empty', FORMAT],
    ['a truncated line', '1001,host,0,Wri', 16, 'the line ends after column 4 of 7', FORMAT],
    ['a line one column short', '1001,host,0,Write,512,512\n', 26, 'the line ends after column 6 of 7', FORMAT],
    ['one column too many', '1001,host,0,Read,512,512,0,9', 28, 'the line has more than 7 columns', FORMAT],
    ['an unknown operation', '1001,host,0,Trim,512,512,0', 13, "'Trim' is no operation", 'Read or Write'],
    ['no timestamp', ',host,0,Read,0,512,0', 1, "timestamp '' is no integer", INTEGER],
    ['a timestamp with a fraction', '10.5,host,0,Read,0,512,0', 1, "timestamp '10.5' is no integer", INTEGER],
    ['a negative timestamp', '-1,host,0,Read,0,512,0', 1, "timestamp '-1' is negative", INTEGER],
    [
      'a timestamp of 21 digits',
      `${'1'.repeat(21)},host,0,Read,0,512,0`,
      1,
      'the timestamp has 21 characters',
      'at most 20 digits',
    ],
    [
      'a timestamp of another age',
      '128166372000000000,host,0,Read,0,512,0',
      1,
      'the timestamp is years away from the first',
      'at most 4503599627370496 ticks of 100 ns between',
    ],
    ['no offset', '1001,host,0,Read,,512,0', 18, "offset '' is no integer", INTEGER],
    ['an offset in hexadecimal', '1001,host,0,Read,0x200,512,0', 18, "offset '0x200' is no integer", INTEGER],
    ['a negative offset', '1001,host,0,Read,-512,512,0', 18, "offset '-512' is negative", INTEGER],
    ['an odd offset', '1001,host,0,Read,100,512,0', 18, 'offset 100 is no multiple of 512', 'whole sectors, in bytes'],
    [
      'an offset of 2^53',
      '1001,host,0,Read,9007199254740992,512,0',
      18,
      "offset '9007199254740992' is too large",
      'at most 2^53 - 1',
    ],
    [
      'an end beyond 2^53',
      '1001,host,0,Read,9007199254740480,512,0',
      35,
      'the request ends beyond 2^53 - 1',
      'offset + size of at most 2^53 - 1',
    ],
    ['size 0', '1001,host,0,Read,512,0,0', 22, 'size is 0', 'a positive multiple of 512'],
    ['an odd size', '1001,host,0,Read,512,513,0', 22, 'size 513 is no multiple of 512', 'whole sectors, in bytes'],
    ['a negative size', '1001,host,0,Read,512,-512,0', 22, "size '-512' is negative", INTEGER],
    [
      'a response time that is none',
      '1001,host,0,Read,512,512,fast',
      26,
      "response time 'fast' is no integer",
      INTEGER,
    ],
    [
      'a second disk',
      '1001,host,1,Read,512,512,0',
      6,
      "'host,1' is another disk than in line 1",
      "'host,0': one disk a trace",
    ],
    [
      'a second host',
      '1001,guest,0,Read,512,512,0',
      6,
      "'guest,0' is another disk than in line 1",
      "'host,0': one disk a trace",
    ],
  ])('refuses %s at its column', (_, line, column, problem, expected) => {
    expect(() => parseSecond(line)).toThrow(new Error(`t.csv:2:${column}: ${problem}, expected ${expected}`));
  });

  it('refuses an empty file', () => {
    expect(() => parseMsrTrace('', 't.csv')).toThrow(
      new Error(`t.csv:1:1: the file is empty, expected a trace, ${FORMAT}`),
    );
  });

  it('refuses a header line, naming its first column', () => {
    expect(() => parseMsrTrace('Timestamp,Hostname,DiskNumber,Type,Offset,Size,ResponseTime\n', 't.csv')).toThrow(
      "t.csv:1:1: timestamp 'Timestamp' is no integer",
    );
  });
});

it('reads back every printed trace', () => {
  const sectors = (max: number) => fc.integer({ min: 0, max }).map((count) => count * 512);
  const request = fc.record({
    gap: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 ** 40 })),
    kind: fc.constantFrom('read', 'write'),
    offset: sectors(2 ** 40),
    length: sectors(2 ** 20).map((bytes) => bytes + 512),
  });
  const start = fc.bigInt({ min: 0n, max: 2n ** 63n });
  fc.assert(
    fc.property(start, fc.array(request, { minLength: 1, maxLength: 30 }), (origin, drawn) => {
      let now = 0;
      const requests = drawn.map(({ gap, ...rest }, index) => {
        if (index > 0) now += gap;
        return { ticks: now, ...rest, line: index + 1 };
      });
      const text = requests
        .map(({ ticks, kind, offset, length }) => {
          return `${origin + BigInt(ticks)},h,0,${kind === 'read' ? 'Read' : 'Write'},${offset},${length},0\n`;
        })
        .join('');
      expect(parseMsrTrace(text, 't.csv')).toEqual(requests);
    }),
  );
});
