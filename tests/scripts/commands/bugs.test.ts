import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXHIBITS } from '../../../conformance/bugs';
import { bugs } from '../../../scripts/commands/bugs';
import { printed, refused } from './capture';

describe('adma bugs', () => {
  it('lists every exhibit with its year', () => {
    const text = printed(() => expect(bugs(undefined, undefined, {})).toBe(0));
    for (const { id, title } of EXHIBITS)
      expect(text).toMatch(new RegExp(`^${id} +${title.slice(0, 10)}.*(19|20)\\d\\d$`, 'm'));
    const { schemaVersion, exhibits } = JSON.parse(printed(() => bugs('list', undefined, { json: true })));
    expect([schemaVersion, exhibits.length]).toEqual([1, EXHIBITS.length]);
  });

  it('tells the story of one, whatever the case of its id', () => {
    const text = printed(() => expect(bugs('show', 'r-09', {})).toBe(0));
    expect(text).toMatch(/^repaired +md: fix prexor vs sync_request race \(e0a115e5aa5, 2008\)$/m);
    expect(text).toMatch(/^lesson +A flag that says “verified”/m);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(118);
  });

  it('runs one, both ways side by side, and says what was wrong', () => {
    const text = printed(() => expect(bugs('run', 'X-04', {})).toBe(0));
    expect(text).toMatch(/^ +[\d.]+ {2}copy 1 calls back +=$/m);
    expect(text).toMatch(/^ +[\d.]+ {56}copy 2 calls back$/m);
    expect(text).toMatch(/^with the bug +✗ AX-41: expected 3 copies have called back within 20 ms; it is not$/m);
    expect(text).toMatch(/^fixed +✓ passed$/m);
  });

  it('gives both runs as JSON', () => {
    const text = printed(() => bugs('run', 'R-01', { json: true, seed: '3' }));
    expect(text.startsWith('{\n  "schemaVersion": 1,')).toBe(true);
    const document = JSON.parse(text);
    expect(document).toMatchObject({ id: 'R-01', seed: 3, shown: true, platform: 'iop342' });
    expect([document.withBug.outcome, document.fixed.outcome]).toEqual(['failed', 'passed']);
    expect(document.withBug.complaints[0].rule).toBe('OP-03');
  });

  it('writes the trace of both runs, one behind the other', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'bugs-')), 'trace.txt');
    printed(() => bugs('run', 'I-03', { trace: file }));
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const times = lines.map((line) => Number(line.trim().split(' ')[0]));
    expect(times.every((time, i) => i === 0 || time >= times[i - 1])).toBe(true);
    expect(lines.filter((line) => /engine\.start /.test(line)).length).toBeGreaterThan(4);
  });

  it('refuses what does not exist in one line', () => {
    expect(refused(() => bugs('run', 'Y-99', {}))).toMatch(/^'Y-99' is no exhibit.*, expected one of: X-01/);
    expect(refused(() => bugs('run', undefined, {}))).toMatch(/^run what\?, expected an id/);
    expect(refused(() => bugs('shew', 'X-01', {}))).toMatch(/^'shew' is not known/);
    expect(refused(() => bugs('list', 'X-01', {}))).toMatch(/^list takes no 'X-01'/);
    expect(refused(() => bugs('show', 'X-01', { trace: 'a' }))).toMatch(/^--trace means nothing without a run/);
    expect(refused(() => bugs('run', 'X-01', { seed: 'x' }))).toMatch(/^--seed/);
    expect(refused(() => bugs('run', 'X-04', { trace: '/no/such/place' }))).toMatch(/^--trace: .*cannot be written/);
  });
});
