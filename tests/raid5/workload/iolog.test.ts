import { isIolog, parseIolog } from '../../../raid5/workload/iolog';

const V2 = `fio version 2 iolog
/dev/md0 add
/dev/md0 open
/dev/md0 write 0 4096
/dev/md0 wait 2000 0
/dev/md0 read 4096 512
/dev/md0 wait 99 0
/dev/md0 datasync 0 0
/dev/md0 wait 500 0
/dev/md0 write 8192 1024
/dev/md0 close
`;

const V3 = `fio version 3 iolog
2 Nvme1n1 add
872 Nvme1n1 open
878 Nvme1n1 write 0 16384
888 Nvme1n1 read 16384 512
880 Nvme1n1 sync 0 0
891 Nvme1n1 write 0 16384
10001677 Nvme1n1 close
`;

it('knows an iolog by its first line', () => {
  expect(isIolog(V2)).toBe(true);
  expect(isIolog('0,h,0,Write,0,512,0\n')).toBe(false);
});

it('reads version 2: waits add up in microseconds, those below 100 count for nothing, syncs do nothing', () => {
  expect(parseIolog(V2, 'f')).toEqual([
    { ticks: 0, kind: 'write', offset: 0, length: 4096, line: 4 },
    { ticks: 20_000, kind: 'read', offset: 4096, length: 512, line: 6 },
    { ticks: 25_000, kind: 'write', offset: 8192, length: 1024, line: 10 },
  ]);
});

it('reads version 3: microseconds since the first request, and a clock that goes back stands still', () => {
  expect(parseIolog(V3, 'f').map(({ ticks, line }) => [ticks, line])).toEqual([
    [0, 4],
    [100, 5],
    [210, 7],
  ]);
});

it('reads lines that end in CR LF', () => {
  expect(parseIolog(V3.replaceAll('\n', '\r\n'), 'f')).toEqual(parseIolog(V3, 'f'));
});

const open2 = 'fio version 2 iolog\nd add\nd open\n';
const open3 = 'fio version 3 iolog\n0 d add\n0 d open\n';

it.each([
  ['fio version 1 iolog\n', 'log:1:1: ', "'fio version 1 iolog' is no header"],
  [`${open2}d trim 0 4096\n`, 'log:4:3: ', "'trim' is nothing that the array can do"],
  [`${open2}d read 0\n`, 'log:4:9: ', 'the line ends after 3 words'],
  [`${open2}d read 0 512 9\n`, 'log:4:14: ', 'the line has more words'],
  [`${open2}d read 100 512\n`, 'log:4:8: ', 'offset 100 is no multiple of 512'],
  [`${open2}d write 0 0\n`, 'log:4:11: ', 'length 0 is no positive multiple of 512'],
  [`${open2}d write -1 512\n`, 'log:4:9: ', "offset '-1' is no whole number"],
  [`${open2}e add\n`, 'log:4:1: ', "'e' is a second file"],
  ['fio version 2 iolog\nd add\nd read 0 512\n', 'log:3:1: ', "'d' is not open"],
  ['fio version 2 iolog\nd open\n', 'log:2:1: ', "'d' was not added"],
  ['fio version 2 iolog\nd add\nd close\n', 'log:3:1: ', "'d' is not open"],
  [`${open2}`, 'log:4:1: ', 'the log ends'],
  [`${open3}5 d wait 100 0\n`, 'log:4:5: ', 'version 3 has no wait'],
  [`${open3}d read 0 512\n`, 'log:4:1: ', "timestamp 'd' is no whole number"],
])('refuses %j where it stands', (text, place, problem) => {
  expect(() => parseIolog(text, 'log')).toThrow(`${place}${problem}`);
});
