import { spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `adma` as a process of its own, as a user would. */
export function adma(
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; interruptWhen?: () => boolean } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const hook = join(ROOT, 'node_modules', 'ts-node', 'register', 'transpile-only.js');
    const child = spawn(process.execPath, ['-r', hook, join('scripts', 'adma.ts'), ...args], {
      cwd: ROOT,
      env: { ...process.env, ...options.env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
    const { interruptWhen } = options;
    if (interruptWhen === undefined) return;
    const poll = setInterval(() => {
      if (!interruptWhen()) return;
      clearInterval(poll);
      child.kill('SIGINT');
    }, 5);
  });
}

/** Runs a shell line with `adma` defined, for pipes. */
export function shell(line: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const start = `adma() { "${process.execPath}" -r ./node_modules/ts-node/register/transpile-only.js scripts/adma.ts "$@"; }; `;
    const child = spawn('bash', ['-c', `set -o pipefail; ${start}${line}`], { cwd: ROOT });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
