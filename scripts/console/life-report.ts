/** The report of a life as a storage engineer reads it: the story, then the verdict. */
import chalk from 'chalk';
import type { LifeReport } from '../../raid5/life/report';
import { block, breaks, latencies, line } from './run-report';
import { binaryBytes, bytes, count, counted, duration } from './units';

const GOOD = chalk.green('✓');
const BAD = chalk.red('✗');

/** The text of a report, for stdout. @param title the first line */
export function renderLifeReport(title: string, report: LifeReport): string {
  return [chalk.bold(title), '', ...work(report), '', ...story(report), '', ...verdict(report), ''].join('\n');
}

function work({ array, reads, writes, cutOff, simulated, host, stripes, engine }: LifeReport): string[] {
  const { level, disks, spares, diskModel, chunk, layout, bitmapChunk, rmwLevel } = array;
  const bitmap = bitmapChunk === null ? 'no bitmap' : `bitmap of ${binaryBytes(bitmapChunk)} a bit`;
  const lost = cutOff === 0 ? '' : `, ${count(cutOff)} without an answer as the power failed`;
  const written = stripes.full + stripes.rmw + stripes.rcw;
  return [
    line(
      'array',
      `RAID-${level}, ${disks} × ${diskModel}${spares === 0 ? '' : ` and ${spares} spare`}, ${bytes(array.bytes)}`,
    ),
    line('', `${binaryBytes(chunk)} chunk, ${layout}, metadata 1.2, ${bitmap}, rmw_level ${rmwLevel}`),
    line(
      'requests',
      `${counted(reads.requests, 'read')} (${bytes(reads.bytes)}), ${counted(writes.requests, 'write')} (${bytes(writes.bytes)})${lost}`,
    ),
    line('time', `${duration(simulated.seconds)} simulated; ${host.seconds.toFixed(2)} s on this host`),
    ...block('latency', latencies(reads.latency, writes.latency)),
    line(
      'stripes',
      `${count(written)} stripe writes: full stripe ${count(stripes.full)}, rmw ${count(stripes.rmw)}, rcw ${count(stripes.rcw)}`,
    ),
    ...(engine.errors === 0
      ? []
      : [
          line(
            'engine',
            `${counted(engine.errors, 'engine error')}, ${counted(engine.redone, 'operation')} redone in software`,
          ),
        ]),
  ];
}

function story({ timeline }: LifeReport): string[] {
  const rows = timeline.map(({ seconds, text }) => `${duration(seconds).padStart(11)}  ${text}`);
  return block('story', rows.length === 0 ? ['nothing happened'] : rows);
}

function verdict(report: LifeReport): string[] {
  const { verified, parity, losses, defects, checks, missed, panic, findings, seed, traceHashes, command } = report;
  const rules = findings.filter(({ kind }) => kind !== 'panic');
  return [
    line(
      'data',
      `${defects.count === 0 ? GOOD : BAD} ${bytes(verified.bytes)} compared with a plain model of the disk; what was not acknowledged, old or new by the sector`,
    ),
    parity === null
      ? line('parity', '– not recomputed: too many members are missing, or the run did not come so far')
      : line('parity', `${count(parity.stripes)} stripes recomputed from the disks, ${parity.mismatches} wrong`),
    ...block(
      'losses',
      losses.map(({ name, rule, says, sectors, first }) => {
        const where = first === undefined ? '' : `: ${count(sectors)} sectors, the first at array sector ${first}`;
        return `${name}${where} (${rule}: ${says})`;
      }),
    ),
    ...block('defects', [
      ...defects.first.map((text) => `${BAD} ${text}`),
      ...(defects.count > defects.first.length ? [`and ${count(defects.count - defects.first.length)} more`] : []),
    ]),
    ...block(
      'checks',
      checks.map(({ kind, ok, expected, found }) =>
        ok ? `${GOOD} ${kind}: ${found}` : `${BAD} ${kind}: ${found}, expected ${expected}`,
      ),
    ),
    ...block(
      'missed',
      missed.map((text) => `${BAD} ${text}`),
    ),
    ...(panic === null
      ? []
      : block('panic', [`${BAD} ${panic.rule} in ${panic.where}: ${panic.text}`, ...breaks(panic.rule)])),
    ...block(
      'findings',
      rules
        .slice(0, 10)
        .map(({ kind, rule, where, text }) => `${kind === 'rule' ? BAD : '–'} ${rule} in ${where}: ${text}`),
    ),
    line('verdict', verdictText(report)),
    line('seed', `${seed}, trace hash ${traceHashes.join(' ')}`),
    line('repeat', command),
  ];
}

function verdictText({ verdict: name, asExpected }: LifeReport): string {
  const as = asExpected ? '' : ', not what the scenario expects';
  switch (name) {
    case 'data intact':
    case 'expected loss':
      return (asExpected ? chalk.green : chalk.red).bold(`${name}${as}`);
    case 'failed':
      return chalk.red.bold('FAILED');
    case 'panic':
      return chalk.red.bold('GUEST PANIC');
    case 'interrupted':
      return chalk.yellow.bold('interrupted: the report so far');
  }
}
