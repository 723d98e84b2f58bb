import { namedRules, resolvedRules, rulesInChecks, rulesInTitles } from '../../tools/docs/rule-scan';
import { errataPage, heldByNothing, holdersIn, rulesPage } from '../../tools/docs/rules';

const KNOWN = ['CK-08', 'CK-09', 'CK-10', 'CK-11', 'CK-12', 'CH-10', 'WT-03', 'WT-04', 'WT-04a', 'WT-05'];

describe('the rules in a title', () => {
  it.each([
    ['one (CK-09)', ['CK-09']],
    ['several (CK-09, CH-10; WT-04a)', ['CK-09', 'CH-10', 'WT-04a']],
    ['once each: CK-09 and CK-09', ['CK-09']],
    ['none of X-07, CRC-32C, 0xCK-09, CK-9 or CK-0912', []],
  ])('are those it writes down: %s', (text, expected) => {
    expect(namedRules(text)).toEqual(expected);
  });

  it.each([
    ['(CK-09..CK-12)', ['CK-09', 'CK-12', 'CK-10', 'CK-11']],
    ['(CK-09 … CK-11, CH-10)', ['CK-09', 'CK-11', 'CH-10', 'CK-10']],
    ['(WT-03 … WT-05)', ['WT-03', 'WT-05', 'WT-04', 'WT-04a']],
    ['CK-09, … and CH-10', ['CK-09', 'CH-10']],
  ])('and those in between: %s', (text, expected) => {
    expect(resolvedRules(text, KNOWN)).toEqual(expected);
  });
});

const TEST_FILE = `
describe('a channel (CH-10)', () => {
  it('counts (CK-09)', () => { expect(rule).toBe('CK-12'); });
  // it('is commented out (CK-11)', () => undefined);
  it.each([['WT-04', 1]])('takes %s of \${these} (CK-10)', () => undefined);
  test(\`says \${8 * 2} (CK-08)\`, () => undefined);
});
commit('is no test (WT-03)');
`;

const ROOM_FILE = `
/** Says CK-12 and 'CK-11' in a comment. */
export function complete(kernel: Kernel): void {
  bugOn(broken, 'CK-09', 'a cookie (CK-10)', 'here');
  kernel.findings.add('rule', 'CH-10', 'there', 'text');
  throw new GuestHang('WT-05', 'text', 'nowhere');
}
export const table = { rule: 'CK-08' };
`;

const files = {
  tests: [{ path: 'tests/a.test.ts', text: TEST_FILE }],
  rooms: [{ path: 'dmaengine/a.ts', text: ROOM_FILE }],
};

describe('the scan', () => {
  it('finds the titles of tests and of what groups them, and nothing else in a test file', () => {
    expect(rulesInTitles(files.tests, KNOWN).map(({ rule, what }) => `${rule}: ${what}`)).toEqual([
      'CH-10: a channel (CH-10)',
      'CK-09: a channel (CH-10) counts (CK-09)',
      'CK-10: a channel (CH-10) takes %s of ${these} (CK-10)',
      'CK-08: a channel (CH-10) says ${8 * 2} (CK-08)',
    ]);
  });

  it('finds the calls that hand a rule on, and nothing else in a source file', () => {
    expect(rulesInChecks(files.rooms)).toEqual([
      { rule: 'CK-09', path: 'dmaengine/a.ts', what: 'bugOn' },
      { rule: 'CH-10', path: 'dmaengine/a.ts', what: 'add' },
      { rule: 'WT-05', path: 'dmaengine/a.ts', what: 'GuestHang' },
    ]);
  });
});

describe('the pages', () => {
  const held = holdersIn(files);

  it('give tests and checks of a rule with their files', () => {
    const row = rulesPage(held).find((line) => line.startsWith('| CK-09 |'));
    expect(row).toContain('[a](../tests/a.test.ts): a channel (CH-10) counts (CK-09) |');
    expect(row).toContain('`bugOn` in [dmaengine/a](../dmaengine/a.ts) |');
  });

  it('list exactly the rules that nothing holds at the end', () => {
    const page = rulesPage(held);
    const rest = page.slice(page.indexOf('## Held by nothing'), page.indexOf('## Not built yet'));
    const ids = rest.flatMap((line) => /^\| ([A-Z][A-Z0-9]+-\d\da?) \|/.exec(line)?.[1] ?? []);
    expect(ids).toEqual(heldByNothing(held));
    expect(ids).toContain('CK-14');
    for (const id of ['CK-08', 'CK-09', 'CH-10', 'WT-05']) expect(ids).not.toContain(id);
  });

  it('count the tests of every sentence once', () => {
    const row = errataPage(held).find((line) => line.startsWith('| api 1.2 |'));
    expect(row).toMatch(/AX-20, CH-10, CL-11 \| 1 \|/);
  });
});
