/** `adma conformance --mutants`: whether the suite would notice, one broken stack after the other. */
import chalk from 'chalk';
import type { ConformanceCase } from '../../conformance/case';
import { CASES } from '../../conformance/cases';
import type { Kill, MutantFate } from '../../conformance/matrix';
import { casesAgainst, rulesWithoutMutant, verdictOf } from '../../conformance/matrix';
import { MUTANTS } from '../../conformance/mutants';
import type { Mutant } from '../../conformance/mutants/mutant';
import type { PlatformName } from '../../emulator/platforms';
import type { CaseHost } from '../conformance/case-host';
import { inHosts, WORKERS } from '../conformance/in-hosts';
import type { Job } from '../conformance/job';
import { ExitCode } from '../console/exit-code';
import { printJson } from '../console/print-json';
import { columns } from '../console/table';

/** One platform of each family and driver: what a mutant breaks may exist on one of them only. */
const PLATFORMS: readonly PlatformName[] = ['iop342', 'iop331', 'iop321'];
/** Orders of events in which a mutant that time does not kill may die, by case. */
const EXPLORE = { runs: 1000, strategy: 'exhaustive' } as const;
const SCHEMA_VERSION = 1;

/** Runs every mutant against the cases that name its rule, and prints the matrix; 1 unless all are killed by those. */
export async function mutants(asJson: boolean, seed: number): Promise<ExitCode> {
  const fates = await inHosts(MUTANTS, WORKERS, (mutant, host) => fateOf(mutant, host, seed));
  const bare = rulesWithoutMutant(CASES, MUTANTS);
  if (asJson) printJson(SCHEMA_VERSION, document(fates, bare, seed));
  else process.stdout.write(text(fates, bare));
  return fates.every((fate) => verdictOf(fate) === 'killed') ? ExitCode.done : ExitCode.failed;
}

async function fateOf(mutant: Mutant, host: CaseHost, seed: number): Promise<MutantFate> {
  const named = casesAgainst(mutant, CASES);
  const inTime = await killsBy(named, mutant, host, seed);
  // A race that time never loses on these machines may be lost in another order of events.
  const small = named.filter(({ explorable }) => explorable === true);
  const kills = inTime.length > 0 ? inTime : await killsBy(small, mutant, host, seed, EXPLORE);
  const others = CASES.filter((subject) => !named.includes(subject));
  const accidents = kills.length > 0 ? [] : await killsBy(others, mutant, host, seed);
  return { mutant, tried: named.length * PLATFORMS.length, kills, accidents };
}

async function killsBy(
  cases: readonly ConformanceCase[],
  { id }: Mutant,
  host: CaseHost,
  seed: number,
  explore?: Job['explore'],
): Promise<Kill[]> {
  const kills: Kill[] = [];
  for (const platform of PLATFORMS) {
    for (const subject of cases) {
      const how = explore === undefined ? {} : { explore };
      const job = { caseId: subject.id, underTest: { kind: 'mutant', id }, platform, seed, ...how } as const;
      const { result, explored } = await host.run(job);
      const choices = explored?.choices === undefined ? {} : { choices: explored.choices };
      if (result.outcome === 'failed') kills.push({ caseId: subject.id, platform, ...choices });
    }
  }
  return kills;
}

function text(fates: readonly MutantFate[], bare: readonly string[]): string {
  const rows = fates.map((fate) => {
    const { mutant, kills, accidents, tried } = fate;
    const [first] = [...kills, ...accidents];
    const order = first?.choices === undefined ? '' : `, explored: ${first.choices}`;
    const by = first === undefined ? '' : `${first.caseId} on ${first.platform}${order}`;
    const share = kills.length > 0 ? `${kills.length} of ${tried}` : '';
    return [marked(fate), mutant.rule, mutant.id, share, mutant.killedBy === 'assertion' ? `${by} (assertion)` : by];
  });
  const dead = fates.filter((fate) => verdictOf(fate) === 'killed').length;
  const lines = [
    ...columns([['', 'rule', 'mutant', 'kills', 'first killed by'], ...rows]),
    '',
    `mutants  ${dead} of ${fates.length} killed by a case that names their rule`,
    ...fates
      .filter((fate) => verdictOf(fate) !== 'killed')
      .map((fate) => `         ${fate.mutant.id}: ${verdictOf(fate)}`),
    ...(bare.length > 0 ? [`rules    with cases and without a mutant: ${bare.join(' ')}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function marked(fate: MutantFate): string {
  return verdictOf(fate) === 'killed' ? chalk.green('✓') : chalk.red('✗');
}

function document(fates: readonly MutantFate[], bare: readonly string[], seed: number): object {
  return {
    seed,
    mutants: fates.map((fate) => {
      const { id, rule, says, commit, killedBy } = fate.mutant;
      const { tried, kills, accidents } = fate;
      return {
        id,
        rule,
        says,
        commit: commit ?? null,
        killedBy: killedBy ?? 'behaviour',
        verdict: verdictOf(fate),
        tried,
        kills,
        accidents,
      };
    }),
    rulesWithoutMutant: bare,
  };
}
