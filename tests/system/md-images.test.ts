import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adma } from './command';

/** What Linux's own tools say of the images `adma md create` makes. */
const ORACLE = join(__dirname, '..', '..', '..', 'shared', 'oracle', 'md-oracle.sh');
const ENVIRONMENT = { ...process.env, TZ: 'UTC', PATH: `${process.env['PATH']}:/usr/sbin:/sbin` };

const have = (command: string): boolean => spawnSync('which', [command], { env: ENVIRONMENT }).status === 0;

/** Whether a judge is here; says on stdout when it is not. */
function present(what: string, here: boolean): boolean {
  if (!here) process.stdout.write(`skipped: ${what} is not here\n`);
  return here;
}

/** Level, members, chunk, layout, bitmap. */
const ARRAYS = [
  ['4', '3', '4KiB', 'parity-last', 'internal'],
  ['5', '3', '64KiB', 'parity-first', 'none'],
  ['5', '4', '512KiB', 'left-symmetric', 'internal'],
  ['5', '5', '1MiB', 'right-asymmetric', 'none'],
  ['6', '4', '32KiB', 'ddf-N-continue', 'none'],
  ['6', '5', '16KiB', 'left-asymmetric-6', 'internal'],
] as const;

describe('images of adma md create', () => {
  let root: string;
  const folder = (array: number): string => join(root, `array${array}`);

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'adma-md-images-'));
    for (const [i, [level, disks, chunk, layout, bitmap]] of ARRAYS.entries()) {
      const options = { level, disks, chunk, layout, bitmap, size: '16MiB', seed: `${i}`, name: 'host:made' };
      const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
      expect(await adma(['md', 'create', folder(i), ...words])).toMatchObject({ code: 0, stderr: '' });
    }
  }, 60_000);
  afterAll(() => rmSync(root, { recursive: true }));

  it('mdadm --examine says of them, letter for letter, what adma md examine says (SB-10)', async () => {
    if (!present('mdadm', have('mdadm'))) return;
    for (const [i, [level, disks, chunk, layout, bitmap]] of ARRAYS.entries()) {
      const images = Array.from({ length: Number(disks) }, (_, member) => join(folder(i), `disk${member}.img`));
      const theirs = spawnSync('mdadm', ['--examine', ...images], { env: ENVIRONMENT, encoding: 'utf8' });
      expect([theirs.status, theirs.stderr]).toEqual([0, '']);
      expect(theirs.stdout.match(/Checksum : \w+ - correct/g)).toHaveLength(images.length);
      expect(theirs.stdout).toContain(`Raid Level : raid${level}\n`);
      expect(theirs.stdout).toContain(`Chunk Size : ${chunk === '1MiB' ? '1024K' : chunk.replace('iB', '')}\n`);
      if (level !== '4') expect(theirs.stdout).toContain(`Layout : ${layout}\n`);
      expect(theirs.stdout.includes('Internal Bitmap : 8 sectors')).toBe(bitmap === 'internal');
      const { stdout } = await adma(['md', 'examine', folder(i)]);
      expect(stdout).toBe(theirs.stdout);
    }
  }, 60_000);

  it('the md driver of Linux assembles them, finds them in sync, and warns of nothing (RU-02)', () => {
    const judge = have('qemu-system-x86_64') && have('mdadm') && existsSync(ORACLE);
    if (!present(`${ORACLE}, or the qemu and mdadm it needs,`, judge)) return;
    const folders = ARRAYS.map((_, i) => folder(i));
    const { status, stdout, stderr } = spawnSync(ORACLE, ['--strict', ...folders], {
      env: ENVIRONMENT,
      encoding: 'utf8',
    });
    if (!present('the kernel package that the judge boots', !stderr.includes('initramfs build failed'))) return;
    const said = (key: string, value: string): number =>
      stdout.split('\n').filter((line) => new RegExp(`^A\\d+\\.${key}=${value}$`).test(line)).length;
    expect([status, said('STARTED', '1'), said('MISMATCH_CNT', '0')]).toEqual([0, ARRAYS.length, ARRAYS.length]);
    expect([said('MD_RESYNC_START', 'none'), said('MD_CONSISTENCY_POLICY', 'bitmap')]).toEqual([ARRAYS.length, 3]);
  }, 300_000);
});
