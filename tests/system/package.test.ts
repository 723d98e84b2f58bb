/** What npm would publish, as npm itself says. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

describe('the package', () => {
  const [{ files }] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT, encoding: 'utf8' }),
  ) as [{ files: { path: string }[] }];
  const paths = files.map(({ path }) => path);

  it('brings the scenarios, and the trace and jobs that they name', () => {
    const folder = join(ROOT, 'scripts/scenarios');
    const own = readdirSync(folder).map((name) => join('scripts/scenarios', name));
    const named = own.flatMap((path) => {
      const text = readFileSync(join(ROOT, path), 'utf8');
      return [...text.matchAll(/^ +(?:trace|fio): (\S+)/gm)].map(([, file]) => join('scripts/scenarios', file));
    });
    expect(named).toContain('scripts/workloads/sqlite.csv.gz');
    expect(paths).toEqual(expect.arrayContaining([...own, ...named]));
  });

  it('brings every page that the README leads to', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const pages = [...readme.matchAll(/\]\((docs\/[^)#]+\.md)/g)].map(([, page]) => page);
    expect(pages.length).toBeGreaterThan(5);
    expect(paths).toEqual(expect.arrayContaining(pages));
  });

  it('leaves sources, tests and maps to sources at home', () => {
    // Exercises and examples are there to be read and copied.
    const own = paths.filter((path) => !/^(dist\/scripts\/lessons|docs\/examples)\//.test(path));
    expect(own.filter((path) => /(^tests\/|\.map$|(?<!\.d)\.ts$)/.test(path))).toEqual([]);
  });
});
