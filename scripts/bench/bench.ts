/**
 * `npm run bench`: the speed of the emulator on this machine, as it is built. Figures go to stdout and into a history
 * file. Each
 * benchmark has a process of its own, as a run has: what one machine has warmed up would slow the next.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { table } from '../console/table';
import { BENCHMARKS } from './benchmarks';
import { datapathBench } from './datapath';
import type { Figure } from './harness';
import { keep, machineName } from './harness';
import { projectFile } from './project';

const TIMES = 7;
const CHILD = join(__dirname, 'one.js');

const figures = BENCHMARKS.flatMap((_, number) => {
  const text = execFileSync(process.execPath, [CHILD, String(number), String(TIMES)], { encoding: 'utf8' });
  return JSON.parse(text) as Figure[];
});
const rows = figures.map(({ name, unit, value }) => [name, value.toPrecision(4), unit]);
process.stdout.write(
  `${machineName()}; medians of ${TIMES}\n\n${table([['benchmark', 'figure', 'unit'], ...rows]).join('\n')}\n`,
);
const datapath = datapathBench();
process.stdout.write(`\n${datapath.lines.join('\n')}\n`);
keep(projectFile('scripts', 'bench', 'history.json'), [...figures, ...datapath.figures]);
