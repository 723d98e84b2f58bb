import { ProgressBar } from '../../../scripts/console/progress';
import { clock } from '../../../scripts/console/units';

/** A terminal, and a clock that is set by hand. */
function terminal(columns?: number, isTTY = true) {
  const time = { now: 0 };
  const drawn: string[] = [];
  const stream = { isTTY, ...(columns === undefined ? {} : { columns }), write: (text: string) => drawn.push(text) };
  const bar = new ProgressBar(stream, () => time.now);
  const at = (now: number, label: string, done: number, total: number): string | undefined => {
    time.now = now;
    const before = drawn.length;
    bar.update(label, done, total);
    return drawn.slice(before).at(-1)?.replace('\r\x1b[K', '');
  };
  return { bar, at, drawn };
}

describe('the progress bar', () => {
  it('draws nothing but on a terminal', () => {
    const { bar, at, drawn } = terminal(80, false);
    for (let now = 0; now < 5000; now += 50) at(now, 'check', now, 5000);
    bar.clear();
    expect(drawn).toEqual([]);
  });

  it('leaves alone what is over in half a second', () => {
    const { bar, at, drawn } = terminal();
    for (let now = 0; now < 500; now += 10) at(now, 'check', now, 500);
    bar.clear();
    expect(drawn).toEqual([]);
  });

  it('says after a second how long it will take yet, as fast as it went until now', () => {
    const { at } = terminal();
    at(0, 'check', 0, 100);
    expect(at(500, 'check', 1, 100)).toMatch(/^check {6}[░█]{32} {3}1 %$/);
    expect(at(1000, 'check', 5, 100)).toMatch(/ 5 %, 0:19 left$/);
    expect(at(2000, 'check', 50, 100)).toBe(`check      ${'█'.repeat(16)}${'░'.repeat(16)}  50 %, 0:02 left`);
    expect(at(60_000, 'check', 60, 100)).toMatch(/ 60 %, 0:40 left$/);
    expect(at(61_000, 'check', 100, 100)).toMatch(/ 100 %$/);
  });

  it('judges each phase by itself, from what was done when it began', () => {
    const { at } = terminal();
    at(0, 'write', 0, 10);
    at(9000, 'read', 500, 1000);
    expect(at(9500, 'read', 550, 1000)).toMatch(/ 55 %$/);
    expect(at(11_000, 'read', 600, 1000)).toMatch(/ 60 %, 0:08 left$/);
  });

  it('foretells nothing from nothing', () => {
    const { at } = terminal();
    at(0, 'boot', 0, 10);
    expect(at(3000, 'boot', 0, 10)).toMatch(/ 0 %$/);
    expect(at(3100, 'empty', 0, 0)).toMatch(/ 0 %$/);
  });

  it('draws ten times a second at most, and takes the bar away once', () => {
    const { bar, at, drawn } = terminal();
    for (let now = 0; now <= 2000; now++) at(now, 'check', now, 4000);
    expect(drawn).toHaveLength(16);
    bar.clear();
    bar.clear();
    expect(drawn.slice(16)).toEqual(['\r\x1b[K']);
  });

  it.each([
    [80, 32],
    [60, 24],
    [40, 4],
    [20, 0],
    [0, 32],
  ])('on %i columns has a bar of %i', (columns, width) => {
    const { at } = terminal(columns);
    at(0, 'reconstruct', 0, 2);
    const line = at(4000 * 3600, 'reconstruct', 1, 2)!;
    expect(line.match(/[█░]/g) ?? []).toHaveLength(width);
    if (columns >= 40) expect(line.length).toBeLessThan(columns);
  });
});

it.each([
  [0.2, '0:01'],
  [7, '0:07'],
  [65, '1:05'],
  [3600, '1:00:00'],
  [36_061, '10:01:01'],
])('%d seconds are %s on the clock', (seconds, text) => {
  expect(clock(seconds)).toBe(text);
});
