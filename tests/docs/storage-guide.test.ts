/** Whether the storage engineer's guide names everything that a scenario and a job file may say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DISK_MODEL_NAMES } from '../../raid5/disks/models';
import { LOSSES } from '../../raid5/life/losses';
import { FIO_WORDS } from '../../scripts/input/fio-keys';
import { parseScenario } from '../../scripts/input/scenario';

const GUIDE = readFileSync(join(__dirname, '../../docs/storage-guide.md'), 'utf8');
/** A scenario with one thing in it. */
const withArray = (array: string): string => `version: 1\nname: one\nplatform: iop342\narray: ${array}\nworkload: {}\n`;
const withMore = (more: string): string => `${withArray('{ metadata: 1.2 }')}${more}\n`;

/** What stands between backticks. */
const named = new Set([...GUIDE.matchAll(/`([^`\n]+)`/g)].flatMap(([, code]) => code.split(/[^\w]+/)));

/** The keys that the refusal of an unknown one lists. */
function keysOf(text: string): readonly string[] {
  try {
    parseScenario(text, 's.yaml', { platforms: ['iop342'], disks: ['ssd'], units: () => [] });
  } catch (error) {
    return /expected one of: (.*)$/.exec((error as Error).message)![1].split(', ');
  }
  throw new Error('an unknown key was taken');
}

const unnamed = (words: readonly string[]): readonly string[] => words.filter((word) => !named.has(word));

describe('the storage engineer’s guide', () => {
  it.each([
    ['a scenario', withMore('nonsense: 1')],
    ['array', withArray('{ nonsense: 1 }')],
    ['a disk', withArray('{ disk: { nonsense: 1 } }')],
    ['its mechanics', withArray('{ disk: { overhead: 1us, bandwidth: 1MB/s, mechanics: { nonsense: 1 } } }')],
    ['workload', withArray('{}').replace('workload: {}', 'workload: { nonsense: 1 }')],
    ['a fault', withMore('faults: [{ nonsense: {} }]')],
    ['a failing disk', withMore('faults: [{ fail: { nonsense: 1 } }]')],
    ['a failing engine', withMore('faults: [{ engine: { nonsense: 1 } }]')],
    ['a read error', withMore('faults: [{ readError: { nonsense: 1 } }]')],
    ['a silent corruption', withMore('faults: [{ corrupt: { nonsense: 1 } }]')],
    ['a power cut', withMore('faults: [{ powerCut: { nonsense: 1 } }]')],
    ['a check', withMore('checks: [{ nonsense: {} }]')],
    ['a look at superblocks', withMore('checks: [{ examine: { nonsense: 1 } }]')],
  ])('names every key of %s', (_, text) => {
    const keys = keysOf(text);
    expect(keys.length).toBeGreaterThan(1);
    expect(unnamed(keys)).toEqual([]);
  });

  it('names every key of a job file, every disk and every loss', () => {
    expect(unnamed(FIO_WORDS.flatMap((word) => word.split('-')))).toEqual([]);
    expect(DISK_MODEL_NAMES.filter((name) => !GUIDE.includes(`\`${name}\``))).toEqual([]);
    expect(Object.keys(LOSSES).filter((name) => !GUIDE.includes(`| ${name} |`))).toEqual([]);
  });
});
