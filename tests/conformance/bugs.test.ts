/** The museum: every bug shows, every repair holds, and both runs are the same each time. */
import { EXHIBITS } from '../../conformance/bugs';
import { runExhibit } from '../../conformance/bugs/run-exhibit';
import { RULES } from '../../conformance/rules/catalogue';

describe('the exhibit', () => {
  it.each(EXHIBITS.map((exhibit) => [exhibit.id, exhibit.title, exhibit] as const))(
    '%s fails with its bug and is good without: %s',
    (_, __, exhibit) => {
      const { withBug, fixed, shown } = runExhibit(exhibit);
      expect(fixed.result.complaints).toEqual([]);
      expect([withBug.result.outcome, fixed.result.outcome, shown]).toEqual(['failed', 'passed', true]);
    },
  );

  it.each(['X-04', 'I-03', 'R-44'])('%s runs the same each time', (id) => {
    const exhibit = EXHIBITS.find((each) => each.id === id)!;
    expect(runExhibit(exhibit, 7)).toEqual(runExhibit(exhibit, 7));
  });
});

describe('a timeline', () => {
  it('begins with the run, goes on in the order of time and ends with what was wrong', () => {
    const { withBug, fixed } = runExhibit(EXHIBITS.find(({ id }) => id === 'R-09')!);
    for (const { timeline, began } of [withBug, fixed]) {
      const times = timeline.map(({ time }) => time);
      expect(times[0]).toBeGreaterThanOrEqual(began);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
    const tracks = new Set(withBug.timeline.map(({ track }) => track));
    expect([...tracks].sort()).toEqual(['engine', 'processor', 'run', 'stripe', 'wrong']);
    expect(fixed.timeline.filter(({ track }) => track === 'wrong')).toEqual([]);
  });

  it('shows what each kernel did with the last of three copies (X-04)', () => {
    const { withBug, fixed } = runExhibit(EXHIBITS.find(({ id }) => id === 'X-04')!);
    const calls = ({ timeline }: typeof fixed): string[] =>
      timeline.filter(({ text }) => text.endsWith('calls back')).map(({ text }) => text);
    expect(calls(fixed)).toEqual(['copy 0 calls back', 'copy 1 calls back', 'copy 2 calls back']);
    expect(calls(withBug)).toEqual(['copy 0 calls back', 'copy 1 calls back']);
  });
});

it('exhibits have ids and titles of their own, commits with a year, rules that exist, and whole stories', () => {
  expect(EXHIBITS.length).toBeGreaterThanOrEqual(25);
  for (const key of ['id', 'title'] as const) {
    expect(new Set(EXHIBITS.map((exhibit) => exhibit[key])).size).toBe(EXHIBITS.length);
  }
  for (const { id, commit, rules, story } of EXHIBITS) {
    expect([id, commit]).toEqual([id, expect.stringMatching(/^.+ \((denx )?[0-9a-f]{11,12}, (19|20)\d\d\)$/)]);
    for (const rule of rules) expect(Object.keys(RULES)).toContain(rule);
    for (const text of Object.values(story)) expect([id, text]).toEqual([id, expect.stringMatching(/^.{20,}[.?]$/)]);
  }
});
