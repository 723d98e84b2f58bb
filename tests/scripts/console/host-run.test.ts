import { parseMsrTrace } from '../../../raid5/workload/msr-trace';
import type { Raid5Array } from '../../../raid5/array';
import type { RunConfig } from '../../../raid5/workload/run';
import { hostRun } from '../../../scripts/console/host-run';

const CSV = '0,h,0,Write,0,262144,0\n5,h,0,Write,4096,4096,0\n9,h,0,Read,0,16384,0\n';

function config(spoil: (array: Raid5Array) => void): RunConfig {
  return {
    platform: 'iop342',
    seed: 1,
    disks: 5,
    chunk: 65536,
    level: 5,
    layout: 'left-symmetric',
    cache: 256,
    diskModel: 'ram',
    arrayBytes: 1 << 20,
    requests: parseMsrTrace(CSV, 'small.csv'),
    pace: 'trace',
    speed: 1,
    depth: 32,
    failures: [],
    check: false,
    beforeReadBack: spoil,
  };
}

async function print(spoil: (array: Raid5Array) => void, json = false): Promise<{ code: number; text: string }> {
  const written: string[] = [];
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  try {
    const code = await hostRun(config(spoil), {
      title: 'spoilt',
      format: json ? 'json' : 'text',
      trace: {},
      command: 'again',
    });
    return { code, text: written.join('') };
  } finally {
    spy.mockRestore();
  }
}

describe('a hosted run', () => {
  it('exits 0 when nothing is wrong', async () => {
    const { code, text } = await print(() => undefined);
    expect(code).toBe(0);
    expect(text).toContain('verified');
  });

  it('exits 1 and names disk, sector, stripe and what touched them when a data bit has flipped', async () => {
    const { code, text } = await print((array) => {
      const { disk, sector } = array.geometry.place(9);
      array.disks[disk].media.peek(sector - (sector % 8))![512 * (sector % 8) + 3] ^= 0x10;
    });
    expect(code).toBe(1);
    expect(text).toContain('1 sector WRONG');
    expect(text).toMatch(/disk0 sector 9 byte 3 \(array sector 9\), stripe at 8/);
    expect(text).toMatch(/touched by write of line 1, write of line 2, read of line 3/);
    expect(text).toMatch(/BIODRAIN → RECONSTRUCT/);
    expect(text).toContain('FAILED');
  });

  it('exits 1 and names the stripe when parity is wrong', async () => {
    const { code, text } = await print((array) => {
      array.disks[array.geometry.row(16).parity].media.peek(16)![4095] ^= 1;
    });
    expect(code).toBe(1);
    expect(text).toContain('1 stripe WRONG');
    expect(text).toMatch(/stripe at sector 16, parity on disk4/);
  });

  it('shows the sentence of the API document that a finding breaks, to people and to programs', async () => {
    const spoil = (array: Raid5Array): void => {
      const { findings } = array.kernel.machine;
      findings.add('rule', 'AX-11', 'async_tx', 'an operation is called in interrupt context');
      findings.add('rule', 'KS-03', 'lock', 'released while nobody holds it');
    };
    const sentence = 'Calls to async_<operation> are not permitted in IRQ context.';
    const { code, text } = await print(spoil);
    expect(code).toBe(1);
    const lines = text.split('\n');
    const at = lines.findIndex((line) => line.includes('AX-11 in async_tx'));
    expect(lines[at + 1]).toContain(`breaks api 3.6.1: “${sentence}”`);
    expect(lines.filter((line) => line.includes('breaks'))).toHaveLength(2);

    const document = JSON.parse((await print(spoil, true)).text);
    expect(document.findings).toMatchObject([
      { rule: 'AX-11', breaks: [`api 3.6.1: “${sentence}”`, expect.stringContaining('api 3.6.3')] },
      { rule: 'KS-03', breaks: [] },
    ]);
    expect(document.panic).toBeNull();
  });
});
