/** The catalogue of rules against the reference it restates, and against who cites it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RULE_FAMILIES, RULES } from '../../conformance/rules/catalogue';
import { ERRATA } from '../../conformance/rules/errata';
import type { Rule } from '../../conformance/rules/rule';
import { KERNEL_RULES } from '../../emulator/kernel/rules';
import { STAND_INS } from '../../emulator/stand-ins';
import { ruleHolders } from '../../tools/docs/rules';
import { namedRules } from '../../tools/docs/rule-scan';
import { sourceFiles } from '../../tools/docs/source-files';

const REFERENCE = join(__dirname, '..', '..', '..', 'shared', 'reference');
const present = existsSync(REFERENCE);
const withReference = present ? it : it.skip;
const because = present ? '' : ` (skipped: no ${REFERENCE})`;

/** The rules that a section of semantics lists. */
function listed(from: string, to?: string): string[] {
  const text = readFileSync(join(REFERENCE, 'semantics.md'), 'utf8');
  const end = to === undefined ? text.length : text.indexOf(`\n## ${to}`);
  const ids = text.slice(text.indexOf(`\n## ${from}`), end).matchAll(/^- ((?:[A-Z][A-Z0-9]|CK5)-\d\d[a-z]?) /gm);
  return [...ids].map(([, id]) => id);
}

const familyOf = (id: string): string => id.split('-')[0];

describe('the catalogue', () => {
  withReference(`has every rule of semantics 1 to 5 and no other, in order of family and number${because}`, () => {
    expect(Object.keys(RULES).sort()).toEqual(listed('1.', '6.').sort());
    const families = Object.keys(RULE_FAMILIES);
    const place = (id: string): number => families.indexOf(familyOf(id)) * 100 + Number.parseInt(id.split('-')[1], 10);
    const places = Object.keys(RULES).map(place);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  withReference(`has every difference between document and code of semantics 6${because}`, () => {
    expect(Object.keys(ERRATA)).toEqual(listed('6.'));
  });

  withReference(`says when a rule holds for one form of the kernel alone, as the reference does${because}`, () => {
    const text = readFileSync(join(REFERENCE, 'semantics.md'), 'utf8');
    for (const [id, { era }] of Object.entries(RULES)) {
      const [, tag, rest] = new RegExp(`^- ${id} \\[(07|M)\\](.*)`, 'm').exec(text) ?? [];
      // A rule that opens with one form and goes on with the other is about both.
      if (tag !== undefined && !/\[(07|M)/.test(rest))
        expect([id, era]).toEqual([id, tag === '07' ? '2007' : 'modern']);
    }
  });

  it('says each rule in one short sentence', () => {
    for (const [id, { says }] of Object.entries(RULES)) {
      expect([id, says]).toEqual([id, expect.stringMatching(/^[A-Z\d].{15,125}\.$/)]);
    }
    expect(new Set(Object.values(RULES).map(({ says }) => says)).size).toBe(Object.keys(RULES).length);
  });

  it('has no rule without its family', () => {
    const families = Object.keys(RULE_FAMILIES);
    expect(new Set(families).size).toBe(families.length);
    for (const id of Object.keys(RULES)) expect(families).toContain(familyOf(id));
  });

  it('says of no rule that its subject is missing while a test or a check holds it', () => {
    const { tests, checks, cases } = ruleHolders();
    const holders = (id: string): number => tests(id).length + checks(id).length + cases(id).length;
    const absent = Object.entries<Rule>(RULES).filter(([, { built }]) => built === false);
    expect(absent.filter(([id]) => holders(id) > 0).map(([id]) => id)).toEqual([]);
  });
});

/** Every id of two letters that source and tests write down, with one place each. */
function cited(): Map<string, string> {
  const { rooms, tests } = sourceFiles();
  const places = new Map<string, string>();
  for (const { path, text } of [...rooms, ...tests]) for (const id of namedRules(text)) places.set(id, path);
  return places;
}

describe('an id that source or tests cite', () => {
  const own = [...Object.keys(RULES), ...Object.keys(ERRATA), ...Object.keys(KERNEL_RULES)];
  const known = new Set([...own, ...STAND_INS.map(({ id }) => id)]);

  it('is a rule, an erratum, a rule of the kernel slice or a stand-in', () => {
    const unknown = [...cited()].filter(([id]) => !known.has(id));
    expect(unknown).toEqual([]);
  });

  withReference(`is a bug that the reference has when it has one letter${because}`, () => {
    const bugs = readFileSync(join(REFERENCE, 'bugs.md'), 'utf8');
    for (const { path, text } of sourceFiles().tests) {
      for (const [id] of text.matchAll(/(?<![\w-])[DFIORTX]-\d\d(?!\w)/g)) {
        expect([path, id, bugs.includes(`${id} `)]).toEqual([path, id, true]);
      }
    }
  });
});

describe('what holds a rule', () => {
  it('is a test or a case for every rule that a run checks', () => {
    const { tests, checks, cases } = ruleHolders();
    const tried = (id: string): number => tests(id).length + cases(id).length;
    const checkedOnly = Object.keys(RULES).filter((id) => checks(id).length > 0 && tried(id) === 0);
    expect(checkedOnly).toEqual([]);
  });
});
