/** The examples in the help texts do what they say. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMANDS } from '../../../scripts/commands/table';
import type { CommandSpec } from '../../../scripts/program/spec';
import { isGroup } from '../../../scripts/program/spec';
import { program } from '../../../scripts/program/program';
import { CALLED, LEAVES, run, wordsOf } from './command-lines';

/** What takes long, most of it run by tests of its own. */
const EXPENSIVE = new Set([
  'adma run scripts/scenarios/first-light.yaml',
  'adma torture --runs 5',
  'adma torture --seed 1000 --minutes 10',
  'adma bench published',
  'adma dmatest --extended',
  'adma replay scripts/workloads/sqlite.csv.gz --pace asap --fail 2@1.5',
  'adma conformance',
  'adma conformance --mutants',
]);
/** What needs a lesson that was begun, passed or saved meanwhile: tests/scripts/learn. */
const LEARNERS = new Set([
  'adma learn check 1',
  'adma learn check --json',
  'adma learn solution 1',
  'adma learn watch',
]);
/** Print a script, or go on until Ctrl-C, and never a document. */
const NO_JSON = ['completion', 'learn watch'];

const home = process.cwd();
let folder: string;

/** A folder as the examples expect it, for as long as the tests of one block run. */
function inAFolder(): void {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'adma-examples-'));
    process.chdir(folder);
    for (const name of ['scripts', 'README.md']) symlinkSync(join(home, name), name);
    writeFileSync('tiny.fio', '[tiny]\nrw=write\nbs=16k\nsize=256k\n');
    const recorded = ['run', 'tiny.fio', '--disk', 'ram', '--disks', '3', '--trace', 'run.txt'];
    expect((await run(recorded)).code).toBe(0);
    writeFileSync('chain.bin', new Uint8Array(Uint32Array.of(0, 0x1000, 0, 0, 0, 0x8000, 0x400, 0x8000_0003).buffer));
  });
  afterAll(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true });
  });
}

it.each(CALLED.flatMap(({ spec }) => spec.examples))('%s is understood', async (line) => {
  const understood: CommandSpec[] = [];
  const adma = program(COMMANDS, async (command) => void understood.push(command));
  await adma.parseAsync(wordsOf(line), { from: 'user' });
  expect(understood).toHaveLength(1);
});

const cheap = (lines: readonly string[]): string[] =>
  lines.filter((line) => !EXPENSIVE.has(line) && !LEARNERS.has(line));

describe('every cheap example of a command', () => {
  inAFolder();

  it.each(LEAVES.flatMap(({ spec }) => cheap(spec.examples)))('%s', async (line) => {
    const { code, stdout } = await run(wordsOf(line));
    expect(code).toBe(0);
    expect(stdout === '').toBe(/ md (read|write) /.test(line));
  });
});

describe.each(CALLED.filter(({ spec }) => isGroup(spec)))('the examples of the group $path', ({ spec }) => {
  inAFolder();

  it('follow one another', async () => {
    for (const line of cheap(spec.examples)) expect([line, (await run(wordsOf(line))).code]).toEqual([line, 0]);
  });
});

describe('--json', () => {
  inAFolder();
  const answering = LEAVES.filter(({ path }) => !NO_JSON.includes(path));

  it.each(answering)('is an option of adma $path', ({ spec }) => {
    expect(spec.options.map(({ name }) => name)).toContain('--json');
  });

  it.each(
    answering.flatMap(({ spec }) => cheap(spec.examples).filter((line) => !/--(output-)?format|--json/.test(line))),
  )('%s --json prints one document, schemaVersion first', async (line) => {
    const { code, stdout } = await run([...wordsOf(line), '--json']);
    expect(code).toBe(0);
    expect(Object.keys(JSON.parse(stdout) as object)[0]).toBe('schemaVersion');
  });
});
