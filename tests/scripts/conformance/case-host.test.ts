import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FieldError } from '../../../raid5/workload/input-error';
import { CaseHost } from '../../../scripts/conformance/case-host';
import type { Job } from '../../../scripts/conformance/job';
import type { UnderTest } from '../../../scripts/conformance/under-test';

describe('a host of cases', () => {
  const folder = mkdtempSync(join(tmpdir(), 'adma-host-'));
  const host = new CaseHost(4000);

  afterAll(async () => {
    await host.close();
    rmSync(folder, { recursive: true });
  });

  function job(underTest: UnderTest): Job {
    return { caseId: 'three-points/callback-in-tasklet', underTest, platform: 'iop342', seed: 1 };
  }

  function driver(name: string, text: string): UnderTest {
    const file = join(folder, `${name}.ts`);
    writeFileSync(file, text);
    return { kind: 'driver', file };
  }

  const probes = (body: string): string =>
    `import type { DmaDriver } from 'iop-adma';\nexport const driver: DmaDriver = { name: 'x', *probe() {\n${body}\n} };\n`;

  it('hands out results of good drivers', async () => {
    const { result } = await host.run(job({ kind: 'iop-adma' }));
    expect(result).toMatchObject({ outcome: 'passed', complaints: [] });
  });

  it('fails the case of a driver that never returns, and goes on with a new worker', async () => {
    const { result } = await host.run(job(driver('hanging', probes('for (;;) {}'))));
    expect(result.complaints[0].happened).toBe('no answer for 4 s: it hangs');
    expect((await host.run(job({ kind: 'iop-adma' }))).result.outcome).toBe('passed');
  });

  it('fails the case of a driver that ends its process', async () => {
    const { result } = await host.run(job(driver('leaving', probes('process.exit(3);'))));
    expect(result.complaints[0].happened).toBe('it ends its process with 3');
  });

  it.each([
    ['throws', 'throw new Error("late");'],
    ['ends its process', 'process.exit(3);'],
  ])('outlives a driver that %s after its answer', async (_, late) => {
    const body = `setTimeout(() => { ${late} }, 50); throw new Error("so");`;
    const { result } = await host.run(job(driver('late', probes(body))));
    expect(result.complaints[0].happened).toBe('Error: so');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await host.run(job({ kind: 'iop-adma' }))).result.outcome).toBe('passed');
  });

  it('answers each of those who ask at the same time', async () => {
    const throwing = driver('throwing', probes('throw new Error("so");'));
    const answers = await Promise.all([host.run(job({ kind: 'iop-adma' })), host.run(job(throwing))]);
    expect(answers.map(({ result }) => result.outcome)).toEqual(['passed', 'failed']);
  });

  it('names the line in the user’s file where a driver throws', async () => {
    const { result } = await host.run(job(driver('throwing', probes('throw new Error("so");'))));
    expect(result.complaints[0]).toMatchObject({ happened: 'Error: so', rule: 'SW-13' });
    expect(result.complaints[0].where).toMatch(/throwing\.ts:3:/);
  });

  it('compiles what the file imports from its own folder', async () => {
    writeFileSync(join(folder, 'part.ts'), 'export const count: number = 0;\n');
    const text = `import { count } from './part';\nimport { PAGE_SIZE } from 'iop-adma';\nexport default { name: 'x', *probe() { if (count + PAGE_SIZE !== 4096) throw new Error('no'); } };\n`;
    const { result } = await host.run(job(driver('whole', text)));
    expect(result).toMatchObject({ outcome: 'skipped', reason: '0 of 1 channels can MEMCPY' });
  });

  it('refuses in one line with its place a file that does not compile, and one that exports no driver', async () => {
    const wrong = driver('wrong', 'export const driver = {\n  name: ;\n};\n');
    await expect(host.run(job(wrong))).rejects.toThrow(
      /wrong\.ts:2:9: Unexpected ";", expected TypeScript that compiles$/,
    );
    const empty = driver('empty', 'export const nothing = 1;\n');
    await expect(host.run(job(empty))).rejects.toThrow(FieldError);
    await expect(host.run(job(empty))).rejects.toThrow(/empty\.ts: exports no driver, expected export const driver/);
  });
});
