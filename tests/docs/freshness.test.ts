/** The generated pages that are checked in. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STAND_INS } from '../../emulator/stand-ins';
import { generatedPages } from '../../tools/docs/pages';
import { stalePages } from '../../tools/docs/stale';

const ROOT = join(__dirname, '..', '..');

describe('generated pages', () => {
  it('are what their literals say today (if not: npm run docs)', () => {
    expect(stalePages(generatedPages(), (path) => readFileSync(join(ROOT, path), 'utf8'))).toEqual([]);
  });

  it('are stale when a line differs or the file is missing', () => {
    const pages = [
      { path: 'a.md', text: 'one\n' },
      { path: 'b.md', text: 'two\n' },
    ];
    const read = (path: string): string => {
      if (path === 'b.md') throw new Error('ENOENT');
      return 'one!\n';
    };
    expect(stalePages(pages, read)).toEqual(['a.md', 'b.md']);
    expect(stalePages(pages.slice(0, 1), () => 'one\n')).toEqual([]);
  });

  it('hold well-formed tables', () => {
    for (const { text } of generatedPages()) {
      const cells = (line: string) => line.replaceAll('\\|', '').split('|').length;
      text.split('\n').forEach((line, i, lines) => {
        if (line.startsWith('|') && lines[i + 1]?.startsWith('|')) expect(cells(line)).toBe(cells(lines[i + 1]));
        expect(line).not.toMatch(/undefined|NaN|\[object/);
      });
    }
  });

  it('list every parameter with a source, resolved to time', () => {
    const timing = generatedPages().find(({ path }) => path === 'docs/timing.md')!.text;
    expect(timing).toContain('| MMIO_RD | 40 | IBCLK | 100 ns |');
    expect(timing).toContain('### iop321');
  });
});

describe('the list of stand-ins', () => {
  it('numbers its rows and covers section 7 of hw-iop13xx row by row', () => {
    expect(STAND_INS.map(({ id }) => id)).toEqual(STAND_INS.map((_, i) => `SI-${String(i + 1).padStart(2, '0')}`));
    for (let row = 1; row <= 16; row++) {
      expect(STAND_INS.filter(({ source }) => source.includes(`hw-iop13xx 7 row ${row},`))).toHaveLength(1);
    }
    for (let item = 1; item <= 9; item++) {
      expect(STAND_INS.some(({ source }) => source.includes(`8 (${item})`))).toBe(true);
    }
  });
});
