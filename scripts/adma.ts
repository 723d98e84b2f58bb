#!/usr/bin/env node
/** The program as a process: its words, its streams, its exit code. */
import { COMMANDS } from './commands/table';
import { main } from './program/main';

// chalk knows FORCE_COLOR and whether stdout is a terminal, but has not heard of NO_COLOR (no-color.org).
if ((process.env['NO_COLOR'] ?? '') !== '') process.env['FORCE_COLOR'] = '0';
// Nobody reads on: no error, and no reason to go on.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    throw error;
  });
}
void main(process.argv.slice(2), COMMANDS).then((code) => {
  process.exitCode = code;
});
