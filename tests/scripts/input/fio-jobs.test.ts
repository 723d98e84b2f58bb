import { MICROSECOND, MILLISECOND, SECOND } from '../../../emulator/sim/time';
import type { FioJob } from '../../../raid5/workload/fio/job';
import { parseFioJobs } from '../../../scripts/input/fio-jobs';

function one(...lines: string[]): FioJob {
  return parseFioJobs(`[j]\n${lines.join('\n')}\n`, 'j.fio')[0];
}

it("has fio's defaults", () => {
  expect(one()).toMatchObject({
    ...{ name: 'j', line: 1, random: false, reads: true, writes: false, rwmixread: 50, iodepth: 1, numjobs: 1 },
    ...{ size: undefined, offset: { bytes: 0 }, runtime: undefined, timeBased: false, thinktime: 0, stonewall: false },
    ...{ norandommap: false, randomGenerator: 'tausworthe', verify: undefined, doVerify: true },
    bs: { read: [{ bytes: 4096, weight: 1 }], write: [{ bytes: 4096, weight: 1 }] },
  });
});

it('applies [global] to the jobs below it only, and lets a job override it', () => {
  const jobs = parseFioJobs(
    '; a comment\n[global]\nbs=8k\niodepth=4\n[a]\nrw=write # another\n[global]\nbs = 16k\n[b]\niodepth=2\n',
    'j.fio',
  );
  expect(jobs.map(({ name, line, bs, iodepth, writes }) => [name, line, bs.read[0].bytes, iodepth, writes])).toEqual([
    ['a', 5, 8192, 4, true],
    ['b', 9, 16_384, 2, false],
  ]);
});

it.each([
  ['read', false, true, false],
  ['write', false, false, true],
  ['randread', true, true, false],
  ['randwrite', true, false, true],
  ['rw', false, true, true],
  ['readwrite', false, true, true],
  ['randrw', true, true, true],
])('rw=%s', (rw, random, reads, writes) => {
  expect(one(`rw=${rw}`)).toMatchObject({ random, reads, writes });
  expect(one(`readwrite=${rw}`)).toMatchObject({ random, reads, writes });
});

// HOWTO, "Parameter types", int: the examples for both bases.
it.each([
  [1024, ['4096', '4096b', '4096B', '4k', '4kb', '4kB', '4K', '4KB', '0x1000'], 4096],
  [1024, ['1048576', '1m', '1024k'], 1_048_576],
  [1024, ['1mi', '1000ki', '1MiB'], 1_000_000],
  [1024, ['1t', '1024g', '1048576m'], 2 ** 40],
  [1000, ['4096', '4ki', '4kib', '4kiB', '4Ki', '4KiB'], 4096],
  [1000, ['1000000', '1m', '1000k', '1MB'], 1_000_000],
  [1000, ['1ti', '1024gi', '1048576mi'], 2 ** 40],
])('with kb_base=%d %j are all the same size', (base, texts, bytes) => {
  for (const text of texts) expect(one(`size=${text}`, `kb_base=${base}`).size).toEqual({ bytes });
});

it.each([
  ['runtime=90', 90 * SECOND],
  ['runtime=2m', 120 * SECOND],
  ['runtime=1h', 3600 * SECOND],
  ['runtime=20ms', 20 * MILLISECOND],
  ['runtime=7usec', 7 * MICROSECOND],
])('%s is a time; a bare number is seconds', (text, runtime) => {
  expect(one(text).runtime).toBe(runtime);
});

it('takes a bare thinktime as microseconds', () => {
  expect(one('thinktime=500', 'thinktime_blocks=4')).toMatchObject({
    thinktime: 500 * MICROSECOND,
    thinktimeBlocks: 4,
  });
});

it.each([
  ['bs=256k', [262_144], [262_144]],
  ['bs=8k,32k', [8192], [32_768]],
  ['bs=8k,32k,', [8192], [32_768]],
  ['bs=,8k', [4096], [8192]],
  ['bs=8k,', [8192], [4096]],
  ['bsrange=1k-4k', [1024, 2048, 3072, 4096], [1024, 2048, 3072, 4096]],
  ['bsrange=4k:1k,2k-8k', [1024, 2048, 3072, 4096], [2048, 4096, 6144, 8192]],
])('%s', (text, read, write) => {
  const { bs } = one('rw=rw', text);
  expect([bs.read.map(({ bytes }) => bytes), bs.write.map(({ bytes }) => bytes)]).toEqual([read, write]);
});

it.each([
  ['4k/10:64k/50:32k/40', [10, 50, 40]],
  ['4k/50:1k/:32k/', [50, 25, 25]],
  ['4k/50:1k:32k', [50, 25, 25]],
  ['1k/:2k/:4k/', [33.33, 33.33, 33.33]],
])('bssplit=%s shares out a hundred per cent', (text, percentages) => {
  const { read } = one(`bssplit=${text}`).bs;
  const sum = read.reduce((total, { weight }) => total + weight, 0);
  expect(read.every(({ weight }) => Number.isInteger(weight))).toBe(true);
  read.forEach(({ weight }, i) => expect((100 * weight) / sum).toBeCloseTo(percentages[i], 1));
});

it('splits for reads and for writes of their own', () => {
  const { bs } = one('rw=rw', 'bssplit=2k/50:4k/50,4k/90:8k/10');
  expect(bs.read.map(({ bytes }) => bytes)).toEqual([2048, 4096]);
  expect(bs.write).toEqual([
    { bytes: 4096, weight: 90 },
    { bytes: 8192, weight: 10 },
  ]);
});

it.each([
  ['rwmixread=70', 70],
  ['rwmixwrite=70', 30],
  ['rwmixread=70\nrwmixwrite=40', 60],
  ['rwmixwrite=40\nrwmixread=70', 70],
])('%j: the last one decides', (text, rwmixread) => {
  expect(one('rw=rw', text).rwmixread).toBe(rwmixread);
});

it.each([
  ['0xdeadface', [0xde, 0xad, 0xfa, 0xce]],
  ['0xabc', [0x0a, 0xbc]],
  ['258', [2, 1]],
  ['0', [0]],
  ['"ab"', [97, 98]],
])('verify_pattern=%s', (text, bytes) => {
  const { verify, verifyPattern } = one('rw=write', 'verify=pattern', `verify_pattern=${text}`);
  expect([verify, [...verifyPattern!]]).toEqual(['pattern', bytes]);
});

it('reads flags bare, as 1 and as 0, and percentages', () => {
  expect(one('rw=randread', 'norandommap', 'group_reporting=0', 'stonewall=1', 'size=20%')).toMatchObject({
    ...{ norandommap: true, groupReporting: false, stonewall: true, size: { percent: 20 } },
  });
});

it('names every unsupported key with its line in one message', () => {
  const text = '[global]\nramp_time=5\n[a]\nzonesize=1m\n[b]\niodepht=3\n';
  expect(() => parseFioJobs(text, 'j.fio')).toThrow(
    "j.fio:2:1: not supported: 'ramp_time' (line 2), 'zonesize' (line 4), 'iodepht' (line 6) (did you mean 'iodepth'?)",
  );
});

describe('refuses, with file, line and column', () => {
  it.each([
    ['[]\n', "1:1: '[]' is no section"],
    ['rw=read\n[j]\n', "1:1: 'rw=read' stands before any section"],
    ['; nothing\n', '1:1: the file has no job'],
    ['[global]\nrw=read\n', '1:1: the file has no job'],
    ['[j]\n  rw = reed\n', "2:8: rw: 'reed' is not known (did you mean 'read'?)"],
    ['[j]\nrw=\n', '2:4: rw has no value'],
    ['[j]\niodepth\n', '2:1: iodepth: it has no value'],
    ['[j]\niodepth=0\n', "2:9: iodepth: '0' is out of range, expected a whole number from 1 to 1024"],
    ['[j]\nsize=4x\n', "2:6: size: '4x' is no size"],
    ['[j]\nsize=101%\n', "2:6: size: '101' is out of range"],
    ['[j]\nsize=${SIZE}\n', "2:6: size: '${SIZE}' names a variable"],
    ['[j]\nbs=100\n', "2:4: bs: '100' is no block size, expected a positive multiple of 512 bytes"],
    ['[j]\nbs=4k,8k,16k\n', "2:4: bs: '4k,8k,16k' says something of trims"],
    ['[j]\nrw=rw\nbs=4k,6k\n', '3:4: 6144 bytes are no multiple of the smallest block, 4096 bytes'],
    ['[j]\nbssplit=4k/60:8k/60\n', "2:9: bssplit: the percentages of '4k/60:8k/60' add up to 120, expected 100"],
    ['[j]\nruntime=5x\n', "2:9: runtime: '5x' is no time"],
    ['[j]\ndirect=0\n', "2:8: direct: '0' cannot be had: there is no page cache above the array"],
    ['[j]\nrandrepeat=0\n', "2:12: randrepeat: '0' cannot be had"],
    ['[j]\nfilename=/dev/a:/dev/b\n', "2:10: filename: '/dev/a:/dev/b' names several files"],
    ['[j]\nverify=md5\n', "2:8: verify: 'md5' is not known"],
  ])('%j', (text, message) => {
    expect(() => parseFioJobs(text, 'j.fio')).toThrow(`j.fio:${message}`);
  });

  it.each([
    ['ioengine=psync\niodepth=8', '3:9: iodepth: a synchronous ioengine has one request in flight'],
    ['time_based', '2:1: time_based: it means nothing without runtime'],
    ['thinktime_blocks=3', '2:18: thinktime_blocks: it means nothing without thinktime'],
    ['verify_pattern=0x1', '2:16: verify_pattern: it means nothing without verify'],
    ['rw=write\nverify=pattern', '3:8: verify: there is no pattern'],
    ['rw=write\nverify=crc32c\nbs=2m', '3:8: verify: a block is larger than what can be checked'],
    ['rwmixread=50', '2:11: rwmixread: the job does not mix reads and writes'],
    ['norandommap', '2:1: norandommap: the job is sequential'],
    ['rw=randread\nrandom_generator=lfsr\nbssplit=4k/50:8k/50', '3:18: random_generator: lfsr takes one block size'],
    ['bs=4k\nbssplit=4k/50:8k/50', '3:9: bssplit: bs is there as well'],
    ['offset_increment=1m', '2:18: offset_increment: it means nothing without filename'],
  ])('what makes no sense together: %j', (text, message) => {
    expect(() => one(text)).toThrow(`j.fio:${message}`);
  });
});
