/** `npm run bench`: the speed of the emulator on this machine. Figures go to stdout and into a history file. */
import { join } from 'node:path';
import { table } from '../console/table';
import { CHAIN_BENCHMARKS } from './chains';
import { datapathBench } from './datapath';
import { keep, machineName, measure } from './harness';
import { defaultWorkload } from './workload';

const TIMES = 5;

const figures = [defaultWorkload('iop342'), defaultWorkload('none'), ...CHAIN_BENCHMARKS].flatMap((benchmark) =>
  measure(benchmark, TIMES),
);
const rows = figures.map(({ name, unit, value }) => [name, value.toPrecision(4), unit]);
process.stdout.write(
  `${machineName()}; medians of ${TIMES}\n\n${table([['benchmark', 'figure', 'unit'], ...rows]).join('\n')}\n`,
);
const datapath = datapathBench();
process.stdout.write(`\n${datapath.lines.join('\n')}\n`);
keep(join(__dirname, 'history.json'), [...figures, ...datapath.figures]);
