/** Client conformance: clients that keep the rules pass, each of those that break one is noticed by name. */
import { CLIENT_CASES, CLIENT_CONDITIONS, CLIENT_GROUPS, runClientCase } from '../../../conformance/client';
import type { ClientCase } from '../../../conformance/client';
import { RULES } from '../../../conformance/rules/catalogue';
import { Dram } from '../../../emulator/memory/dram';
import { KERNEL_RULES } from '../../../emulator/kernel/rules';
import { BROKEN_CLIENTS } from './broken-clients';
import { documentExample, GOOD_CLIENTS } from './good-clients';

/** Used again by every run. */
const dram = new Dram(0, 4 * 1024 * 1024);

function caseOf(id: string): ClientCase {
  const found = CLIENT_CASES.find((subject) => subject.id === id);
  if (found === undefined) throw new Error(`no client case ${id}`);
  return found;
}

describe('a client that keeps the rules', () => {
  it.each(GOOD_CLIENTS.map((client) => [client.name, client] as const))('passes every case: %s', (_, client) => {
    for (const subject of CLIENT_CASES) {
      const { id, complaints } = runClientCase(subject, { client, seed: 1, dram });
      expect({ id, complaints }).toEqual({ id, complaints: [] });
    }
  });
});

describe('a client that breaks a rule', () => {
  it.each(BROKEN_CLIENTS.map((client) => [client.name, client] as const))('is noticed: it %s', (_, client) => {
    for (const id of client.noticedBy) {
      const { outcome, complaints, excerpt } = runClientCase(caseOf(id), { client, seed: 1, dram });
      expect([id, outcome]).toEqual([id, 'failed']);
      const rules = complaints.map(({ rule }) => rule);
      expect(rules.some((rule) => rule === client.rule || caseOf(id).rules.some((own) => own === rule))).toBe(true);
      expect(excerpt.length).toBeGreaterThan(0);
    }
  });

  it('is there for every case', () => {
    const noticing = new Set(BROKEN_CLIENTS.flatMap(({ noticedBy }) => noticedBy));
    expect(CLIENT_CASES.map(({ id }) => id).filter((id) => !noticing.has(id))).toEqual([]);
  });

  it('and is noticed only under one condition is reported there and not among its rules', () => {
    const client = BROKEN_CLIENTS.find(({ name }) => name === 'is called back too early')!;
    const failed = CLIENT_CASES.filter(
      (subject) => runClientCase(subject, { client, seed: 1, dram }).outcome === 'failed',
    );
    expect(failed.map(({ id }) => id)).toEqual(['client-bytes/prompt']);
  });
});

describe('client cases', () => {
  it('have ids of their own in a group, rules that exist, and between them every condition', () => {
    expect(CLIENT_CASES.length).toBeGreaterThanOrEqual(20);
    expect(new Set(CLIENT_CASES.map(({ id }) => id)).size).toBe(CLIENT_CASES.length);
    for (const { id, rules } of CLIENT_CASES) {
      expect(Object.keys(CLIENT_GROUPS)).toContain(id.split('/')[0]);
      expect([...Object.keys(RULES), ...Object.keys(KERNEL_RULES)]).toEqual(expect.arrayContaining([...rules]));
    }
    const used = new Set(CLIENT_CASES.flatMap(({ under }) => under));
    expect([...used].sort()).toEqual(Object.keys(CLIENT_CONDITIONS).sort());
  });

  it('give the same result each time', () => {
    const [first, second] = [1, 2].map(() =>
      runClientCase(caseOf('client-bytes/divided'), { client: documentExample, seed: 3 }),
    );
    expect(second).toEqual(first);
  });
});
