import { junit } from '../../../conformance/reporters/junit';
import { MIXED } from './reports';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const TOKEN =
  /<\?[^>]*\?>|<(?<close>\/)?(?<name>[\w-]+)(?<attributes>(?:\s+[\w-]+="[^"<]*")*)\s*(?<empty>\/)?>|(?<text>[^<]+)/gy;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** A small XML reader: elements, attributes, text; refuses anything else. */
function parse(xml: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  let end = 0;
  for (const { 0: token, groups = {}, index } of xml.matchAll(TOKEN)) {
    expect(index).toBe(end);
    end = index + token.length;
    const top = open[open.length - 1];
    if (groups['text'] !== undefined) top.text += decoded(groups['text']);
    else if (groups['close'] !== undefined) expect(open.pop()?.name).toBe(groups['name']);
    else if (groups['name'] !== undefined) {
      const pairs = [...groups['attributes'].matchAll(/([\w-]+)="([^"]*)"/g)].map(([, k, v]) => [k, decoded(v)]);
      const element: Element = { name: groups['name'], attributes: Object.fromEntries(pairs), children: [], text: '' };
      top.children.push(element);
      if (groups['empty'] === undefined) open.push(element);
    }
  }
  expect([end, open.length]).toEqual([xml.length, 1]);
  return root.children[0];
}

function decoded(text: string): string {
  return text.replace(/&(\w+);/g, (_, name: string) => ENTITIES[name]);
}

describe('a JUnit report', () => {
  const root = parse(junit(MIXED));

  it('is one testsuites element with the sums', () => {
    expect(root.name).toBe('testsuites');
    expect(root.attributes).toMatchObject({ tests: '4', failures: '1', errors: '0', skipped: '1', time: '0.000008' });
    expect(root.attributes['name']).toBe('adma conformance: my <driver> on iop342');
  });

  it('has a suite for each group and a testcase for each case', () => {
    expect(root.children.map(({ attributes, children }) => [attributes['name'], children.length])).toEqual([
      ['append', 3],
      ['cookies', 1],
    ]);
    expect(root.children[0].children[0].attributes).toEqual({
      classname: 'conformance.append',
      name: 'good',
      time: '0.000002',
    });
  });

  it('says in a failure what was expected and what happened, markup escaped and control characters gone', () => {
    const [failure] = root.children[0].children[1].children;
    expect(failure.attributes).toEqual({ type: 'SW-13', message: 'SW-13: expected a & b, but it is <c>\ufffd' });
    expect(failure.text).toContain('again: adma conformance --filter append/bad');
  });

  it('says why a case was skipped', () => {
    expect(root.children[0].children[2].children[0].attributes).toEqual({ message: '0 of 1 channels can PQ' });
  });
});
