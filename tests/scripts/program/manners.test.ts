import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version } from '../../../package.json';
import type { CommandSpec, ParameterSpec } from '../../../scripts/program/spec';
import { isGroup } from '../../../scripts/program/spec';
import { CALLED, LEAVES, run, wordsOf } from './command-lines';

const paths = CALLED.map(({ path }) => path);

describe('adma --help', () => {
  it('fits a screen of 24 lines and 80 columns, and lists every command', async () => {
    const { code, stdout, stderr } = await run(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(24);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    const listed = lines.flatMap((line) => /^ {2}(\w+) +\S/.exec(line)?.[1] ?? []);
    expect(listed).toEqual(paths.filter((path) => !path.includes(' ')));
  });

  it('is what help without a word says, on stderr and with 2 when there was no word at all', async () => {
    const { stdout } = await run(['--help']);
    expect(await run(['help'])).toEqual({ code: 0, stdout, stderr: '' });
    expect(await run([])).toEqual({ code: 2, stdout: '', stderr: stdout });
  });
});

it('adma --version prints the version alone', async () => {
  expect(await run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

describe.each(CALLED)('adma $path', ({ path, row, spec }) => {
  const words = path.split(' ');

  it('has help on stdout: what it does, its options, and examples of itself', async () => {
    const { code, stdout, stderr } = await run([...words, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: adma ${path} `);
    expect(stdout.replace(/\s+/g, ' ')).toContain(row.says);
    expect(spec.examples.length).toBeGreaterThan(0);
    for (const example of spec.examples) {
      expect(example).toMatch(new RegExp(`^adma ${path}( |$)`));
      expect(stdout).toContain(`\n  ${example}\n`);
    }
    for (const { name } of [...(isGroup(spec) ? [] : (spec.arguments ?? [])), ...(spec.options ?? [])]) {
      expect(stdout).toContain(`  ${name.replace(/^[<[](.*?)(\.\.\.)?[>\]]$/, '$1')} `);
    }
    expect(await run(['help', ...words])).toEqual({ code, stdout, stderr });
  });

  it('refuses an option that it does not have in one line on stderr, with 2', async () => {
    const { code, stdout, stderr } = await run([...words, '--nonsense']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^unknown option '--nonsense'; adma .* --help lists \S.*\n$/);
  });
});

const misspeltCommands = CALLED.map(({ path }): [string, string] => {
  const name = path.split(' ').at(-1)!;
  return [`${path.slice(0, path.length - name.length)}${name.slice(0, -1)}`, name];
}).filter(([, name]) => name.length > 3);

it.each(misspeltCommands)('adma %s: did you mean %s?', async (misspelt, meant) => {
  const { code, stdout, stderr } = await run(misspelt.split(' '));
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(
    new RegExp(`^unknown command '\\w+' \\(did you mean '.*${meant}.*'\\?\\); adma.* --help lists`),
  );
  expect(stderr.trimEnd()).not.toContain('\n');
});

it('knows words that are cut short', async () => {
  for (const [words, meant] of [
    [['repl'], 'replay'],
    [['re'], "replay' or 'regs"],
    [['md', 'exam', 'x'], 'examine'],
    [['replay', 'x.csv', '--plat', 'none'], '--platform'],
    [['dmatest', '--max-ch', '1'], '--max-channels'],
  ] as const) {
    expect((await run(words)).stderr).toContain(` (did you mean '${meant}'?); `);
  }
  for (const word of ['-', '--', 'x', '']) expect((await run(['bench', word])).stderr).not.toContain('did you mean');
});

const optionsOf = ({ options }: CommandSpec): string[] => options.map(({ name }) => name.split(' ')[0]);

it.each(LEAVES.flatMap(({ path, spec }) => optionsOf(spec).map((option): [string, string] => [path, option])))(
  'adma %s knows what was meant by a %s with two letters swapped',
  async (path, option) => {
    const misspelt = option.replace(/(.)(.)$/, '$2$1');
    const { code, stdout, stderr } = await run([...path.split(' '), misspelt]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^unknown option '${misspelt}' \\(did you mean '.*${option}.*'\\?\\); .*\n$`));
  },
);

describe('a value that is misspelt', () => {
  const home = process.cwd();
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'adma-manners-'));
    process.chdir(folder);
    symlinkSync(join(home, 'scripts'), 'scripts');
    writeFileSync('contents.img', 'x'.repeat(512));
    expect(await run(['md', 'create', 'array', '--size', '8MiB'])).toMatchObject({ code: 0 });
  });

  afterAll(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true });
  });

  const words = ({ values }: ParameterSpec): readonly string[] =>
    Array.isArray(values) ? values.filter((value: string) => value.length > 3) : [];
  const cases = LEAVES.flatMap(({ path, spec }) =>
    spec.options
      .filter((option) => words(option).length > 0)
      .map((option): [string, string, string, CommandSpec] => [
        path,
        option.name.split(' ')[0],
        words(option)[0],
        spec,
      ]),
  );

  it.each(cases)('adma %s %s: did you mean %s?', async (path, option, value, { examples }) => {
    const misspelt = `${value.slice(0, -2)}${value.slice(-1)}`;
    const refusals = [];
    // A new array needs a folder without one.
    for (const example of examples.map((line) => line.replace('create array', 'create other'))) {
      const { code, stdout, stderr } = await run([...wordsOf(example), option, misspelt]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      refusals.push(stderr);
    }
    expect(refusals).toContainEqual(
      expect.stringMatching(`^${option}: .*'${misspelt}'.* \\(did you mean '[^']+'\\?\\)`),
    );
    for (const refusal of refusals) expect(refusal.trimEnd()).not.toContain('\n');
  });

  it('adma completion: did you mean bash?', async () => {
    const refusal = "SHELL: 'bsh' is not known (did you mean 'bash'?), expected one of: bash, zsh, fish\n";
    expect(await run(['completion', 'bsh'])).toEqual({ code: 2, stdout: '', stderr: refusal });
  });

  it('a key of a scenario: did you mean disks?', async () => {
    writeFileSync('s.yaml', 'version: 1\narray: { dsks: 5 }\n');
    const { code, stderr } = await run(['run', 's.yaml']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^s\.yaml:2:10: unknown key 'dsks' in array \(did you mean 'disks'\?\), expected one of: /);
  });
});
