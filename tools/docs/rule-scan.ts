/** Finds the rules that tests name in their titles, and those that source names where it checks at run time. */
import ts from 'typescript';

/** A file of the repository. */
export interface SourceFile {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** A place that names a rule. */
export interface RuleMention {
  readonly rule: string;
  readonly path: string;
  /** The whole title of the test, or the routine that is called. */
  readonly what: string;
}

const ID = /\b([A-Z][A-Z0-9]|CK5)-(\d\d)([a-z]?)\b/g;
const RANGE = /\b([A-Z][A-Z0-9])-(\d\d) ?(?:…|\.\.) ?\1-(\d\d)\b/g;
const TEST_CALLS = new Set(['describe', 'it', 'test']);

/** The ids that a text writes down. */
export function namedRules(text: string): string[] {
  return [...new Set(text.match(ID) ?? [])];
}

/** The same, and every rule in between for a range (`CK-09..CK-12`, `WT-02 … WT-12`). */
export function resolvedRules(text: string, known: readonly string[]): string[] {
  const found = new Set(namedRules(text));
  for (const [, family, first, last] of text.matchAll(RANGE)) {
    for (const id of known) {
      const number = id.slice(3, 5);
      if (id.startsWith(`${family}-`) && first <= number && number <= last) found.add(id);
    }
  }
  return [...found];
}

/** What `describe`, `it` and `test` of these files say, `each` included. A title that describes others stands for them. */
export function rulesInTitles(files: readonly SourceFile[], known: readonly string[]): RuleMention[] {
  return files.flatMap(({ path, text }) => {
    const mentions: RuleMention[] = [];
    const visit = (node: ts.Node, above: readonly string[]): void => {
      let titles = above;
      if (ts.isCallExpression(node) && TEST_CALLS.has(rootName(node.expression))) {
        const title = literal(node.arguments[0]);
        if (title !== undefined) {
          titles = [...above, title];
          for (const rule of resolvedRules(title, known)) mentions.push({ rule, path, what: titles.join(' ') });
        }
      }
      node.forEachChild((child) => visit(child, titles));
    };
    if (namedRules(text).length > 0) visit(parse(path, text), []);
    return mentions;
  });
}

/** Calls that hand a rule on as an argument of its own: `bugOn(…, 'CK-07', …)`, `findings.add('rule', 'AX-11', …)`. */
export function rulesInChecks(files: readonly SourceFile[]): RuleMention[] {
  return files.flatMap(({ path, text }) => {
    const mentions: RuleMention[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
        const what = node.expression.getText().split('.').at(-1)!;
        for (const argument of node.arguments ?? []) {
          const value = literal(argument);
          if (value !== undefined && namedRules(value)[0] === value) mentions.push({ rule: value, path, what });
        }
      }
      node.forEachChild(visit);
    };
    if (namedRules(text).length > 0) visit(parse(path, text));
    return mentions;
  });
}

function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

/** `it` of `it`, `it.each` and `it.each(rows)`. */
function rootName(expression: ts.Expression): string {
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isPropertyAccessExpression(expression) || ts.isCallExpression(expression))
    return rootName(expression.expression);
  return '';
}

function literal(node: ts.Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  return ts.isTemplateExpression(node) ? node.getText().slice(1, -1) : undefined;
}
