import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { extent, parseMsrTrace } from '../../../raid5/workload/msr-trace';
import { readInput } from '../../../scripts/input/read-input';

const root = join(__dirname, '../../..');

describe('the recorded workload', () => {
  const file = join(root, 'scripts/workloads/sqlite.csv.gz');

  it('is as its note says', () => {
    const requests = parseMsrTrace(readInput(file), file);
    const writes = requests.filter(({ kind }) => kind === 'write');
    const bytes = (list: typeof requests) => list.reduce((sum, { length }) => sum + length, 0);
    expect([requests.length, writes.length]).toEqual([10_112, 5_041]);
    expect((bytes(writes) / 1e6).toFixed(1)).toBe('58.0');
    expect(((bytes(requests) - bytes(writes)) / 1e6).toFixed(1)).toBe('19.0');
    expect(requests[requests.length - 1].ticks).toBe(533_682_420);
    expect(extent(requests)).toEqual({ start: 67_108_864, end: 270_095_872 });
  });

  it('is small enough to be committed', () => expect(statSync(file).size).toBeLessThan(300 * 1024));
});

describe('the CloudPhysics trace', () => {
  const file = join(root, '../shared/traces/cloudphysics-vm.csv.gz');
  const present = existsSync(file);
  const name = present ? 'parses in full' : `parses in full (skipped: no ${file})`;

  (present ? it : it.skip)(name, () => {
    const requests = parseMsrTrace(readInput(file), file);
    expect(requests).toHaveLength(40_000);
    expect(requests.filter(({ kind }) => kind === 'write')).toHaveLength(23_953);
    expect(extent(requests).end).toBe(33_584_938_496);
    expect(requests[requests.length - 1].ticks).toBe(18_615_874_950);
  });
});
