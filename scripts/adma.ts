#!/usr/bin/env node
/** The program as a process: its words, its streams, its exit code. */
import { COMMANDS } from './commands/table';
import { main } from './program/main';

// chalk knows FORCE_COLOR and whether stdout is a terminal, but has not heard of NO_COLOR (no-color.org).
if ((process.env['NO_COLOR'] ?? '') !== '') process.env['FORCE_COLOR'] = '0';
// That nobody reads on is no error, and the exit code still says how it ended.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
void main(process.argv.slice(2), COMMANDS).then((code) => {
  process.exitCode = code;
});
