/** `adma conformance`: whether a driver, or a client of async_tx, keeps the rules, case by case. */
import chalk from 'chalk';
import { human } from '../../conformance/reporters/human';
import { json } from '../../conformance/reporters/json';
import { junit } from '../../conformance/reporters/junit';
import { ktap } from '../../conformance/reporters/ktap';
import type { SuiteReport } from '../../conformance/suite';
import { isConforming } from '../../conformance/suite';
import type { ConformanceOptions, Format, Plan } from '../conformance/plan';
import { planOf } from '../conformance/plan';
import { runSuite } from '../conformance/run-suite';
import { ExitCode } from '../console/exit-code';
import { printJson } from '../console/print-json';
import { mutants } from './mutants';

export type { ConformanceOptions } from '../conformance/plan';

const SCHEMA_VERSION = 1;

/** Runs the cases that are meant and prints the report; 1 when one failed, or none could run. */
export async function conformance(options: ConformanceOptions): Promise<ExitCode> {
  const plan = planOf(options);
  if (options.mutants === true) return mutants(plan.format === 'json', plan.seed);
  if (options.list === true) {
    list(plan);
    return ExitCode.done;
  }
  const report = await runSuite(plan);
  process.stdout.write(rendered(report, plan.format));
  return isConforming(report) ? ExitCode.done : ExitCode.failed;
}

function rendered(report: SuiteReport, format: Format): string {
  switch (format) {
    case 'human':
      return human(report, { good: chalk.green, bad: chalk.red, faint: chalk.dim });
    case 'ktap':
      return ktap(report);
    case 'junit':
      return junit(report);
    case 'json':
      return json(report);
  }
}

/** The cases with their rules, without running them. */
function list({ cases, format }: Plan): void {
  const rows = cases.map(({ id, rules, title, why }) => ({ id, rules, title, why }));
  if (format === 'json') {
    printJson(SCHEMA_VERSION, { cases: rows });
    return;
  }
  const width = Math.max(...rows.map(({ id }) => id.length));
  const lines = rows.map(({ id, rules, title }) => `${id.padEnd(width)}  ${rules.join(' ')}  ${title}`);
  process.stdout.write(`${lines.join('\n')}\n`);
}
