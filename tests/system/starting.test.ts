/** What the program loads: why it starts fast. `tools/bench/start-up.mjs` measures how fast. */
import { spawnSync } from 'node:child_process';
import { join, relative } from 'node:path';

const ROOT = join(__dirname, '..', '..');
/** Runs a command line and says on stderr what was loaded by then. */
const PROBE = `
require('ts-node/register/transpile-only');
process.argv.splice(1, 0, 'adma');
process.on('exit', () => process.stderr.write('\\n' + JSON.stringify(Object.keys(require.cache))));
require('./scripts/adma.ts');`;

/** Files of this project, and packages, that a command line loads. */
function loadedBy(words: readonly string[]): { files: string[]; packages: string[] } {
  const { stderr, status } = spawnSync(process.execPath, ['-e', PROBE, '--', ...words], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect([0, 2]).toContain(status);
  const paths = (JSON.parse(stderr.split('\n').at(-1)!) as string[]).map((path) => relative(ROOT, path));
  const packages = paths.flatMap((path) => /^node_modules\/((@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  return { files: paths.filter((path) => /^(?!node_modules|tools)/.test(path)), packages: [...new Set(packages)] };
}

/** What starting means: nothing of it grows with the commands or with what they run. */
const START = [
  'package.json',
  'raid5/workload/input-error.ts',
  'scripts/adma.ts',
  'scripts/commands/table.ts',
  'scripts/console/exit-code.ts',
  'scripts/input/spelling.ts',
  'scripts/program/main.ts',
  'scripts/program/overview.ts',
  'scripts/program/program.ts',
  'scripts/program/spec.ts',
];

/** What ts-node brings along, which the built program has not. */
const OF_TS_NODE = loadedByNothing();

function loadedByNothing(): string[] {
  const { stdout } = spawnSync(
    process.execPath,
    [
      '-p',
      "require('ts-node/register/transpile-only'); require('esbuild'); JSON.stringify(Object.keys(require.cache))",
    ],
    { cwd: ROOT, encoding: 'utf8' },
  );
  const paths = (JSON.parse(stdout) as string[]).map((path) => relative(ROOT, path));
  return paths.flatMap((path) => /^node_modules\/((@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
}

describe.each([[['--version']], [['--help']], [[]], [['rpelay', 'x']]])('adma %j', (words) => {
  it('loads the table of commands and none of the commands', () => {
    const { files, packages } = loadedBy(words);
    expect(files.sort()).toEqual(START);
    expect(packages.filter((name) => !OF_TS_NODE.includes(name))).toEqual(['commander']);
  });
});

/** Constants that help texts name. */
const NAMES = ['emulator/platforms/names.ts', 'emulator/sim/time.ts', 'raid5/disks/models.ts', 'raid5/geometry.ts'];
NAMES.push('raid5/layouts.ts', 'raid5/workload/sizes.ts');

describe.each([
  [['run', '--help']],
  [['md', 'create', '--help']],
  [['explain', '--help']],
  [['dmatest', '--itertions', '5']],
  [['completion', 'bash']],
])('adma %j', (words) => {
  it('loads names and constants, and nothing of the machine', () => {
    const below = loadedBy(words).files.filter((path) => !path.startsWith('scripts/') && !START.includes(path));
    expect(below.filter((path) => !NAMES.includes(path))).toEqual([]);
  });
});

it('a command that runs loads the machine, so that these tests would see it', () => {
  expect(loadedBy(['regs']).files).toEqual(expect.arrayContaining(['emulator/platforms/units.ts']));
  expect(loadedBy(['probe', '--platform', 'none']).files).toContain('emulator/platforms/machine.ts');
});
