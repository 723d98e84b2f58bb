/** docs/rules.md and docs/errata.md: what holds each rule and each sentence of the API documents. */
import { CASES } from '../../conformance/cases';
import { RULE_FAMILIES, RULES } from '../../conformance/rules/catalogue';
import type { DocumentSentence } from '../../conformance/rules/documents';
import { DOCUMENT_SENTENCES } from '../../conformance/rules/documents';
import { ERRATA } from '../../conformance/rules/errata';
import type { Rule } from '../../conformance/rules/rule';
import { markdownTable, pageHead } from './markdown';
import type { RuleMention, SourceFile } from './rule-scan';
import { rulesInChecks, rulesInTitles } from './rule-scan';
import { sourceFiles } from './source-files';

/** Which places name each rule. */
export interface RuleHolders {
  readonly tests: (rule: string) => readonly RuleMention[];
  readonly checks: (rule: string) => readonly RuleMention[];
  /** Conformance cases by their ids. */
  readonly cases: (rule: string) => readonly string[];
}

let holders: RuleHolders | undefined;

/** What this repository holds; scanned once. */
export function ruleHolders(): RuleHolders {
  return (holders ??= holdersIn(sourceFiles()));
}

/** The same for any files. */
export function holdersIn(files: {
  readonly tests: readonly SourceFile[];
  readonly rooms: readonly SourceFile[];
}): RuleHolders {
  const known = [...Object.keys(RULES), ...Object.keys(ERRATA)];
  const tests = byRule(rulesInTitles(files.tests, known));
  // What a case complains about is seen when the case runs, not in every run.
  const watching = files.rooms.filter(({ path }) => !path.startsWith('conformance/'));
  const checks = byRule(rulesInChecks(watching));
  return {
    tests: (rule) => tests.get(rule) ?? [],
    checks: (rule) => checks.get(rule) ?? [],
    cases: (rule) => CASES.filter(({ rules }) => rules.some((id) => id === rule)).map(({ id }) => id),
  };
}

function byRule(mentions: readonly RuleMention[]): Map<string, RuleMention[]> {
  const found = new Map<string, RuleMention[]>();
  for (const mention of mentions) found.set(mention.rule, [...(found.get(mention.rule) ?? []), mention]);
  return found;
}

/** Rules that neither a test, a case nor a check holds, though there is something to hold. */
export function heldByNothing({ tests, checks, cases }: RuleHolders): string[] {
  return Object.entries<Rule>(RULES)
    .filter(([id, { built }]) => built !== false && tests(id).length + checks(id).length + cases(id).length === 0)
    .map(([id]) => id);
}

/** docs/rules.md */
export function rulesPage(held: RuleHolders = ruleHolders()): string[] {
  const rules = Object.entries<Rule>(RULES);
  const free = heldByNothing(held);
  const absent = rules.filter(([, { built }]) => built === false);
  const tested = rules.filter(([id]) => held.tests(id).length > 0).length;
  return [
    ...pageHead('Rules', 'conformance/rules and the titles of tests'),
    `The ${rules.length} rules of dmaengine, the iop-adma driver, async_tx and md, with the tests whose titles name them, the`,
    `conformance cases that are about them, and the checks that watch them in every run. ${tested} have a test; nothing holds ${free.length}, [listed below](#held-by-nothing).`,
    `${absent.length} are about what this model does not have ([list](#not-built-yet)).`,
    'What the API documents say, and where they are wrong: [errata.md](errata.md).',
    '',
    ...Object.entries(RULE_FAMILIES).flatMap(([family, title]) => [
      `## ${family}: ${title}`,
      '',
      ...markdownTable(
        ['rule', 'form', 'says', 'tests', 'cases', 'checked in a run'],
        rules
          .filter(([id]) => id.startsWith(`${family}-`))
          .map(([id, rule]) => [
            id,
            form(rule),
            sentence(rule),
            testLinks(held.tests(id)),
            held.cases(id).join('<br>'),
            checkLinks(held.checks(id)),
          ]),
      ),
    ]),
    '## Held by nothing',
    '',
    ...markdownTable(
      ['rule', 'form', 'says'],
      rules.filter(([id]) => free.includes(id)).map(([id, rule]) => [id, form(rule), sentence(rule)]),
    ),
    '## Not built yet',
    '',
    ...markdownTable(
      ['rule', 'form', 'says'],
      absent.map(([id, rule]) => [id, form(rule), sentence(rule)]),
    ),
  ];
}

/** docs/errata.md */
export function errataPage(held: RuleHolders = ruleHolders()): string[] {
  return [
    ...pageHead('The API documents, sentence by sentence', 'conformance/rules'),
    'async-tx-api.txt as it came with the pull request of September 2007 for 2.6.23, and the page as it is today.',
    'Where the code does something else than they say, this model follows the code. Of 2007 is wrong what was wrong about 2.6.23,',
    'of today what is wrong about 6.1.',
    '',
    '## Errata',
    '',
    ...markdownTable(
      ['erratum', 'wrong in', 'where', 'a document says', 'the code', 'rules', 'shown by'],
      Object.entries(ERRATA).map(([id, { wrongIn, document, code, rules }]) => [
        id,
        wrongIn,
        DOCUMENT_SENTENCES.filter(({ erratum }) => erratum === id)
          .map((sentence) => sentence.id)
          .join(', '),
        document,
        code,
        rules.join(', '),
        testLinks(held.tests(id)),
      ]),
    ),
    '## Right when read so',
    '',
    ...markdownTable(
      ['', 'in', 'says', 'to be read'],
      DOCUMENT_SENTENCES.flatMap(({ id, edition, quote, note, erratum }) =>
        note === undefined || erratum !== undefined
          ? []
          : [[id, edition === 'modern' ? 'today' : edition, quoted(quote), note]],
      ),
    ),
    '## Sentences of both documents, or of today’s',
    '',
    ...sentences(held, ({ edition }) => edition !== '2007'),
    '## Sentences of 2007',
    '',
    ...sentences(held, ({ edition }) => edition === '2007'),
  ];
}

function sentences(held: RuleHolders, chosen: (sentence: DocumentSentence) => boolean): string[] {
  return markdownTable(
    ['', 'in', 'says', 'binds', 'rules', 'tests', 'wrong'],
    DOCUMENT_SENTENCES.filter(chosen).map(({ id, edition, quote, note, binds = '', rules, erratum = '' }) => [
      id,
      edition === 'modern' ? 'today' : edition,
      note === undefined ? quoted(quote) : `${quoted(quote)} (${note})`,
      binds,
      rules.join(', '),
      String(new Set(rules.flatMap((rule) => held.tests(rule).map(({ path, what }) => `${path} ${what}`))).size),
      erratum,
    ]),
  );
}

function quoted(quote: string): string {
  return `“${quote.replaceAll('<', '&lt;').replaceAll('*', '\\*')}”`;
}

function sentence({ says, source }: Rule): string {
  return source === undefined ? says : `${says} (\`${source}\`)`;
}

/** Which form of the kernel the rule is about; empty for both. */
function form({ era }: Rule): string {
  return era === 'modern' ? 'today' : (era ?? '');
}

function testLinks(mentions: readonly RuleMention[]): string {
  return mentions.map(({ path, what }) => `[${short(path)}](../${path}): ${what}`).join('<br>');
}

function checkLinks(mentions: readonly RuleMention[]): string {
  const links = mentions.map(({ path, what }) => `\`${what}\` in [${short(path)}](../${path})`);
  return [...new Set(links)].join('<br>');
}

function short(path: string): string {
  return path.replace(/^tests\//, '').replace(/(\.test)?\.ts$/, '');
}
