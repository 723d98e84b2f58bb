/** `adma bench published`: published figures beside what the model gives. */
import chalk from 'chalk';
import type { PublishedFigure } from '../bench/published';
import { p11 } from '../bench/published';
import { p2, p2Share, p4, p5 } from '../bench/published-sync';
import { p12Gain, p12Parity } from '../bench/published-writes';
import { ExitCode } from '../console/exit-code';
import { printJson } from '../console/print-json';
import { ProgressBar } from '../console/progress';

const FIGURES = [p2, p2Share, p4, p5, p11, p12Gain, p12Parity];

/** Version of the JSON document. */
const SCHEMA_VERSION = 1;

/** Measures every figure and prints it; 1 when one is not accepted. */
export function published(options: { readonly json?: boolean }): ExitCode {
  const bar = new ProgressBar(process.stderr, () => performance.now());
  const figures = FIGURES.map((measure, i) => {
    bar.update('published', i, FIGURES.length);
    return measure();
  });
  bar.clear();
  if (options.json === true) printJson(SCHEMA_VERSION, { figures });
  else process.stdout.write(figures.map(render).join('\n'));
  return figures.every(({ holds }) => holds) ? ExitCode.done : ExitCode.failed;
}

function render(figure: PublishedFigure): string {
  const { id, published: source, what, expected, measured, accepted, holds, details, fitted } = figure;
  const mark = holds ? chalk.green('✓') : chalk.red('✗');
  const [least, most] = accepted;
  const range = most === Infinity ? `at least ${least}` : `${least} to ${most}`;
  return [
    `${chalk.bold(id)}  ${source}`,
    `     ${what}`,
    `     ${mark} published ${expected}, accepted ${range}, here ${measured.toFixed(2)} (simulated time against simulated time)`,
    ...details.map((line) => `       ${line}`),
    ...fitted.map((line, i) => `     ${i === 0 ? 'fitted: ' : '        '}${line}`),
    '',
  ].join('\n');
}
