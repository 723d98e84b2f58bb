/** A reader of a document, in a folder of their own, who types what it says. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runPrinted } from '../scripts/program/command-lines';
import { ROOT } from './documents';

/** What the folder has of the checkout. */
const LINKED = ['README.md', 'docs', 'scripts'];

/** How a line ended, and what a terminal shows of it. */
export interface Typed {
  readonly code: number;
  readonly printed: string;
}

export class Reader {
  private readonly folder = mkdtempSync(join(tmpdir(), 'adma-reader-'));
  private readonly bin = mkdtempSync(join(tmpdir(), 'adma-bin-'));

  /** Makes the folder, with what the checkout has in it, and goes there. */
  constructor() {
    for (const name of LINKED) symlinkSync(join(ROOT, name), join(this.folder, name));
    const hook = join(ROOT, 'node_modules/ts-node/register/transpile-only.js');
    const project = join(ROOT, 'tsconfig.json');
    const program = `TS_NODE_PROJECT="${project}" exec "${process.execPath}" -r "${hook}" "${join(ROOT, 'scripts/adma.ts')}" "$@"`;
    writeFileSync(join(this.bin, 'adma'), `#!/bin/sh\n${program}\n`, { mode: 0o755 });
    process.chdir(this.folder);
  }

  /** Writes a file that the document shows. */
  write(path: string, lines: readonly string[]): void {
    mkdirSync(join(this.folder, path, '..'), { recursive: true });
    writeFileSync(join(this.folder, path), `${lines.join('\n')}\n`);
  }

  /** Runs a line: `adma` by itself in this process, which starts faster, anything else in a shell. */
  async type(line: string): Promise<Typed> {
    const words = plainWords(line);
    if (words !== undefined) return runPrinted(words);
    const { status, stdout } = spawnSync('bash', ['-c', `exec 2>&1\n${line}`], {
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', PATH: `${this.bin}:${process.env['PATH'] ?? ''}` },
    });
    return { code: status ?? -1, printed: stdout };
  }

  /** Goes back, and takes the folder away. */
  leave(): void {
    process.chdir(ROOT);
    for (const folder of [this.folder, this.bin]) rmSync(folder, { recursive: true });
  }
}

const QUOTED = /'[^']*'|"[^"]*"/g;

/** The words behind `adma` of a line that needs no shell; undefined for any other. */
export function plainWords(line: string): string[] | undefined {
  if (!line.startsWith('adma ') || /[^\w\s./:,=@%+-]/.test(line.replace(QUOTED, ''))) return undefined;
  const words = line.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [];
  return words.slice(1).map((word) => word.replace(QUOTED, (quoted) => quoted.slice(1, -1)));
}
