/** The report of a run as a storage engineer reads it. */
import chalk from 'chalk';
import type {
  FirstMismatch,
  JobDirectionReport,
  LatencyReport,
  RunReport,
  WrongStripe,
} from '../../raid5/workload/report';
import { seconds } from '../../emulator/sim/time';
import { brokenSentences } from './broken-sentences';
import { table } from './table';
import { binaryBytes, bytes, count, counted, duration, percent } from './units';

const LABEL = 12;

/** The text of a report, for stdout. @param title the first line */
export function renderRunReport(title: string, report: RunReport): string {
  return [chalk.bold(title), '', ...workload(report), '', ...machine(report), '', ...verdict(report), ''].join('\n');
}

/** A line of a report with its label. */
export function line(label: string, text: string): string {
  return `${chalk.dim(label.padEnd(LABEL))}${text}`;
}

/** Lines of a report under one label. */
export function block(label: string, rows: readonly string[]): string[] {
  return rows.map((row, i) => line(i === 0 ? label : '', row));
}

function workload(report: RunReport): string[] {
  const { requests, reads, writes, simulated, host, throughput, array } = report;
  const finished = requests.read + requests.write;
  const of = finished === requests.total ? '' : ` of ${count(requests.total)}`;
  return [
    line(
      'array',
      `RAID-${array.level}, ${array.disks} × ${array.diskModel}, ${binaryBytes(array.chunk)} chunk, ${array.layout}, ${bytes(array.bytes)}`,
    ),
    ...(array.failedDisks.length === 0
      ? []
      : [line('failed', array.failedDisks.map((disk) => `disk${disk}`).join(', '))]),
    line(
      'requests',
      `${count(finished)}${of}: ${counted(requests.read, 'read')} (${bytes(reads.bytes)}), ${counted(requests.write, 'write')} (${bytes(writes.bytes)})`,
    ),
    line(
      'time',
      `${duration(simulated.seconds)} simulated, ${duration(simulated.busySeconds)} with requests in flight; ${host.seconds.toFixed(2)} s on this host`,
    ),
    line(
      'throughput',
      `${bytes(throughput.bytesPerSecond)}/s over all, ${bytes(throughput.bytesPerBusySecond)}/s while busy`,
    ),
    ...block('latency', latencies(reads.latency, writes.latency)),
    ...(report.jobs.length === 0 ? [] : block('jobs', jobs(report.jobs))),
  ];
}

/** Latencies as a table. */
export function latencies(reads: LatencyReport | null, writes: LatencyReport | null): string[] {
  const row = (name: string, latency: LatencyReport | null): string[][] =>
    latency === null
      ? []
      : [[name, ...[latency.mean, latency.p50, latency.p90, latency.p99, latency.p999, latency.max].map(duration)]];
  return table([['', 'mean', 'p50', 'p90', 'p99', 'p99.9', 'max'], ...row('reads', reads), ...row('writes', writes)]);
}

function jobs(reports: RunReport['jobs']): string[] {
  const row = (
    name: string,
    { requests, requestsPerSecond, bytesPerSecond, latency }: JobDirectionReport,
  ): string[][] =>
    latency === null
      ? []
      : [
          [
            name,
            count(requests),
            requestsPerSecond.toFixed(0),
            `${bytes(bytesPerSecond)}/s`,
            ...[latency.mean, latency.p50, latency.p99, latency.max].map(duration),
          ],
        ];
  return table([
    ['', 'requests', 'IOPS', 'bandwidth', 'mean', 'p50', 'p99', 'max'],
    ...reports.flatMap(({ name, reads, writes }) => [...row(`${name}: read`, reads), ...row(`${name}: write`, writes)]),
  ]);
}

function machine(report: RunReport): string[] {
  const { stripes, engine, interrupts, processor, disks, simulated } = report;
  const written = stripes.full + stripes.rmw + stripes.rcw;
  const part = (n: number): string => `${count(n)} (${percent(written === 0 ? 0 : n / written)})`;
  const busy = (s: number): string => percent(simulated.seconds === 0 ? 0 : s / simulated.seconds);
  const channels = engine.channels.map(({ name, descriptors, bytes: moved, phases, busySeconds }) => [
    name,
    count(descriptors),
    bytes(moved),
    count(phases),
    busy(busySeconds),
  ]);
  const members = disks.map(({ name, reads, writes, busySeconds }) => [
    name,
    count(reads),
    count(writes),
    busy(busySeconds),
  ]);
  return [
    line(
      'stripes',
      `${count(written)} stripe writes: full stripe ${part(stripes.full)}, rmw ${part(stripes.rmw)}, rcw ${part(stripes.rcw)}`,
    ),
    ...(channels.length === 0
      ? [line('engine', 'none: the processor computes parity and copies')]
      : block('engine', table([['channel', 'descriptors', 'bytes', 'phases', 'busy'], ...channels]))),
    ...(engine.errors === 0
      ? []
      : [
          line(
            '',
            `${counted(engine.errors, 'engine error')}, ${counted(engine.redone, 'operation')} redone in software`,
          ),
        ]),
    ...block('disks', table([['member', 'reads', 'writes', 'busy'], ...members])),
    line('interrupts', count(interrupts)),
    line(
      'processor',
      `${percent(processor.share)} busy: threads ${percent(processor.thread)}, soft interrupts ${percent(processor.softirq)}, hard interrupts ${percent(processor.hardirq)}`,
    ),
  ];
}

function verdict(report: RunReport): string[] {
  const { verified, blocks, parity, check, findings, panic, seed, traceHash, command } = report;
  const good = chalk.green('✓');
  const bad = chalk.red('✗');
  const lines = [
    line(
      'data',
      `${verified.mismatches + verified.failedReads === 0 ? good : bad} ${bytes(verified.bytes)} compared with a plain model of the disk, ${wrong(verified.mismatches, 'sector')}`,
    ),
    ...(blocks.checked === 0 ? [] : [line('blocks', blockText(blocks))]),
    parity.skipped
      ? line('parity', '– not recomputed: too many members are missing, or the run did not come so far')
      : line(
          'parity',
          `${parity.mismatches === 0 ? good : bad} ${count(parity.stripes)} stripes recomputed from the disks, ${wrong(parity.mismatches, 'stripe')}`,
        ),
  ];
  if (check !== null)
    lines.push(
      line(
        'check',
        check.skipped
          ? '– skipped: no redundancy is left'
          : `${check.mismatchSectors === 0 ? good : bad} ${count(check.stripes)} stripes checked by md, mismatch_cnt ${check.mismatchSectors}`,
      ),
    );
  if (report.firstMismatch !== null) lines.push(...block('first wrong', mismatch(report.firstMismatch)));
  if (parity.firstWrong !== null) lines.push(...block('wrong parity', wrongParity(parity.firstWrong)));
  if (panic !== null) {
    lines.push(...block('panic', [`${bad} ${panic.rule} in ${panic.where}: ${panic.text}`, ...breaks(panic.rule)]));
  }
  const rules = findings.filter(({ kind }) => kind !== 'panic');
  if (rules.length > 0) {
    lines.push(
      ...block(
        'findings',
        rules
          .slice(0, 10)
          .flatMap(({ kind, rule, where, text, time }) => [
            `${kind === 'rule' ? bad : '–'} ${rule} in ${where} at ${duration(seconds(time))}: ${text}`,
            ...breaks(rule),
          ]),
      ),
    );
  }
  lines.push(
    line('verdict', verdictText(report)),
    line('seed', `${seed}, trace hash ${traceHash}`),
    line('repeat', command),
  );
  return lines;
}

function blockText({ checked, failed, first }: RunReport['blocks']): string {
  const text = `${count(checked)} blocks checked by their headers or pattern, ${wrong(failed, 'block')}`;
  if (first === null) return `${chalk.green('✓')} ${text}`;
  return `${chalk.red('✗')} ${text}; first at array sector ${first.sector}: ${first.problem}`;
}

/** Sentences of the API documents that a finding breaks. */
export function breaks(rule: string): string[] {
  return brokenSentences(rule).map((sentence) => chalk.dim(`  breaks ${sentence}`));
}

function wrong(n: number, what: string): string {
  return n === 0 ? 'none wrong' : `${counted(n, what)} WRONG`;
}

function verdictText({ verdict: verdictName }: RunReport): string {
  switch (verdictName) {
    case 'verified':
      return chalk.green.bold('verified');
    case 'failed':
      return chalk.red.bold('FAILED');
    case 'panic':
      return chalk.red.bold('GUEST PANIC');
    case 'interrupted':
      return chalk.yellow.bold('interrupted: the report so far');
  }
}

function mismatch(first: FirstMismatch): string[] {
  const { arraySector, byte, disk, diskSector, stripe, requests, operations } = first;
  return [
    `disk${disk} sector ${diskSector} byte ${byte} (array sector ${arraySector}), stripe at ${stripe}`,
    `touched by ${requests.map(({ kind, line: at }) => `${kind} of line ${at}`).join(', ') || 'no request'}`,
    ...history(operations),
  ];
}

function wrongParity({ stripe, parityDisk, operations }: WrongStripe): string[] {
  return [`stripe at sector ${stripe}, parity on disk${parityDisk}`, ...history(operations)];
}

function history(operations: FirstMismatch['operations']): string[] {
  return operations.map(({ time, operations: names }) => `${duration(seconds(time))}: ${names.join(' → ')}`);
}
