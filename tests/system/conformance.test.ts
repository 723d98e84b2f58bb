/** `adma conformance` as a driver author runs it. */
import { join } from 'node:path';
import { adma } from './command';

const POLLED = join(__dirname, '../conformance/polled-driver.ts');

interface Matrix {
  readonly mutants: readonly { readonly id: string; readonly verdict: string }[];
}

interface Suite {
  readonly conforming: boolean;
  readonly cases: readonly { readonly id: string; readonly outcome: string; readonly replay: string | null }[];
}

describe('adma conformance', () => {
  it.each(['iop342', 'iop331', 'iop321'])(
    'finds nothing in iop-adma on %s',
    async (platform) => {
      const { code, stdout } = await adma(['conformance', '--platform', platform, '--json']);
      const { conforming, cases } = JSON.parse(stdout) as Suite;
      expect({ code, conforming }).toEqual({ code: 0, conforming: true });
      expect(cases.length).toBeGreaterThanOrEqual(150);
    },
    120_000,
  );

  it('passes a driver that shares nothing with iop-adma, from a file', async () => {
    const { code, stdout } = await adma(['conformance', '--driver', POLLED]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/verdict +conforming/);
  }, 120_000);

  it('kills every mutant by a case that names its rule', async () => {
    const { code, stdout } = await adma(['conformance', '--mutants', '--json']);
    const { mutants } = JSON.parse(stdout) as Matrix;
    expect(mutants.filter(({ verdict }) => verdict !== 'killed')).toEqual([]);
    expect(mutants.length).toBeGreaterThanOrEqual(60);
    expect(code).toBe(0);
  }, 300_000);

  it('says in one line what is wrong with its input', async () => {
    const { code, stdout, stderr } = await adma(['conformance', '--filter', 'three-poinst']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      "--filter: 'three-poinst' names no case (did you mean 'three-points'?), expected a case, a group, a rule, or a pattern with *\n",
    );
  });
});
