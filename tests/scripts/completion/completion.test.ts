import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PLATFORMS } from '../../../emulator/platforms';
import { CALLED, run } from '../program/command-lines';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

const installed = SHELLS.filter((shell) => spawnSync(shell, ['-c', 'true']).status === 0);
for (const shell of SHELLS) {
  if (!installed.includes(shell)) process.stderr.write(`skipped: no ${shell} to try its completion in\n`);
}
const withShell = (shell: Shell) => (installed.includes(shell) ? describe : describe.skip);

let folder: string;
const scripts = {} as Record<Shell, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'adma-completion-'));
  mkdirSync(join(folder, 'array one'));
  writeFileSync(join(folder, 'array.yaml'), '');
  for (const shell of SHELLS) {
    const { code, stdout, stderr } = await run(['completion', shell]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    scripts[shell] = join(folder, `adma.${shell}`);
    writeFileSync(scripts[shell], stdout);
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Runs shell code that has the completion; its lines. */
function lines(shell: Shell, code: string): string[] {
  const args = shell === 'fish' ? ['--no-config', '-c', code] : ['-c', code];
  const { stdout, stderr, status } = spawnSync(shell, args, { cwd: folder, encoding: 'utf8' });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout.split('\n').filter((line) => line !== '');
}

/** What bash offers behind these words, the last of which is being written; `=` is a word of its own to readline. */
function bash(...words: string[]): string[] {
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const code = `source '${scripts.bash}'; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}`;
  return lines('bash', `${code}; _adma; printf '%s\\n' "\${COMPREPLY[@]}"`);
}

/** What fish offers behind a line. */
const fish = (line: string): string[] =>
  lines('fish', `source '${scripts.fish}'; complete -C '${line}'`).map((offer) => offer.split('\t')[0]);

const top = CALLED.map(({ path }) => path).filter((path) => !path.includes(' '));

withShell('bash')('bash', () => {
  it('is told of the command by the script', () => {
    expect(lines('bash', `source '${scripts.bash}'; complete -p adma`)).toEqual(['complete -F _adma adma']);
  });

  it('completes commands, and commands of commands', () => {
    expect(bash('adma', '')).toEqual(top);
    expect(bash('adma', 're')).toEqual(['replay', 'regs']);
    expect(bash('adma', 'md', 'a')).toEqual(['assemble', 'add']);
    expect(bash('adma', '--v')).toEqual(['--version']);
  });

  it('completes every option of every command', () => {
    for (const { path, spec } of CALLED) {
      const names = (spec.options ?? []).map(({ name }) => name.split(' ')[0]);
      expect(bash('adma', ...path.split(' '), '--')).toEqual([...names, '--help']);
    }
  });

  it('completes values, in either way of writing them, and none where anything goes', () => {
    const platforms = Object.keys(PLATFORMS);
    expect(bash('adma', 'probe', '--platform', '')).toEqual(platforms);
    expect(bash('adma', 'run', 'x.fio', '--platform', '=')).toEqual(platforms);
    expect(bash('adma', 'run', 'x.fio', '--platform', '=', 'iop33')).toEqual(['iop331']);
    expect(bash('adma', 'md', 'create', 'array', '--bitmap', '')).toEqual(['internal', 'none']);
    expect(bash('adma', 'completion', 'z')).toEqual(['zsh']);
    expect(bash('adma', 'run', '--seed', '')).toEqual([]);
    expect(bash('adma', 'probe', '')).toEqual([]);
  });

  it('completes files where files go, folders where folders go, spaces in them too', () => {
    expect(bash('adma', 'run', 'arr').sort()).toEqual(['array one', 'array.yaml']);
    expect(bash('adma', 'run', 'x.fio', '--trace', 'array.')).toEqual(['array.yaml']);
    expect(bash('adma', 'md', 'detail', 'arr')).toEqual(['array one']);
  });

  it('takes a word for a command only where one goes', () => {
    expect(bash('adma', 'regs', 'md', '--f')).toEqual(['--fields']);
  });
});

withShell('fish')('fish', () => {
  it('completes commands, options, values and folders', () => {
    expect(fish('adma ').sort()).toEqual([...top].sort());
    expect(fish('adma md a').sort()).toEqual(['add', 'assemble']);
    expect(fish('adma md create --lev')).toEqual(['--level']);
    expect(fish('adma run x --platform iop33')).toEqual(['iop331']);
    expect(fish('adma run arr').sort()).toEqual(['array one/', 'array.yaml']);
    expect(fish('adma md detail arr')).toEqual(['array one/']);
  });
});

withShell('zsh')('zsh', () => {
  it('finds no fault with the script, and has a function after it', () => {
    lines('zsh', `zsh -n '${scripts.zsh}'`);
    const loaded = `compdef() { print -r -- "$*"; }; source '${scripts.zsh}'; whence -w _adma`;
    expect(lines('zsh', loaded)).toEqual(['_adma adma', '_adma: function']);
  });
});
