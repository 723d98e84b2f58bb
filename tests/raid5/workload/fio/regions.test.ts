import { placeThreads } from '../../../../raid5/workload/fio/regions';
import { job } from './jobs';

const MIB = 2 ** 20;

function places(jobs: Parameters<typeof placeThreads>[0], arrayBytes?: number): number[][] {
  return placeThreads(jobs, 'j.fio', arrayBytes)
    .stages.flat()
    .map(({ region: { start, length } }) => [start, length]);
}

it('gives every clone a file of its own, one behind the other on whole mebibytes', () => {
  const jobs = [job({ numjobs: 2, size: { bytes: 5 * 4096 } }), job({ offset: { bytes: 4096 } })];
  expect(places(jobs)).toEqual([
    [0, 20_480],
    [MIB, 20_480],
    [2 * MIB + 4096, MIB],
  ]);
  expect(placeThreads(jobs, 'j.fio', undefined).arrayBytes).toBe(3 * MIB + 4096);
});

it('lets jobs share a file by its name, with offset_increment for each clone', () => {
  const shared = { filename: 'data', numjobs: 2, offsetIncrement: { bytes: MIB } };
  expect(places([job(shared), job({ filename: 'data', size: { bytes: 3 * MIB } }), job()])).toEqual([
    [0, MIB],
    [MIB, MIB],
    [0, 3 * MIB],
    [3 * MIB, MIB],
  ]);
});

it('takes the array itself for a device, with percentages of it in whole blocks', () => {
  const device = { filename: '/dev/md0' };
  const jobs = [
    job({ ...device, size: undefined }),
    job({ ...device, size: { percent: 50 }, offset: { percent: 33 } }),
  ];
  expect(places(jobs, 10 * MIB)).toEqual([
    [0, 10 * MIB],
    [844 * 4096, 5 * MIB],
  ]);
});

it('starts a stage at every stonewall, not between the clones of a job', () => {
  const jobs = [job(), job({ stonewall: true, numjobs: 2 }), job(), job({ stonewall: true })];
  const { stages } = placeThreads(jobs, 'j.fio', undefined);
  expect(stages.map((stage) => stage.map(({ number }) => number))).toEqual([[0], [1, 2, 3], [4]]);
});

it.each([
  [job({ size: undefined, line: 7 }), undefined, "j.fio:7:1: job 'job' has no size"],
  [job({ size: { percent: 10 } }), undefined, "j.fio:1:1: job 'job' wants 10 % of something without a size"],
  [job({ size: { bytes: 512 } }), undefined, "j.fio:1:1: the 512 bytes of job 'job' are less than a block"],
  [job({ offset: { bytes: 100 } }), undefined, "j.fio:1:1: job 'job' starts at byte 100"],
  [job({ size: { bytes: 2 * MIB } }), MIB, "j.fio:1:1: job 'job' ends at byte 2097152"],
])('refuses what does not fit: %#', (wrong, bytes, message) => {
  expect(() => placeThreads([wrong], 'j.fio', bytes)).toThrow(message);
});

it('does not mix the array itself with files on it', () => {
  const jobs = [job({ filename: '/dev/md0' }), job({ line: 4 })];
  expect(() => placeThreads(jobs, 'j.fio', MIB)).toThrow("j.fio:4:1: job 'job' names no device, others do");
});
