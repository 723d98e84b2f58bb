/** Links of the documents lead somewhere. */
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { anchorsOf, DOCUMENTS, ROOT } from './documents';

it.each(DOCUMENTS)('every relative link of $path leads to a file, and to a heading if it names one', (document) => {
  const dead = document.links.filter(({ text }) => {
    if (/^[a-z]+:/.test(text)) return false;
    const [file, anchor] = text.split('#');
    const target = file === '' ? document.path : normalize(join(dirname(document.path), file));
    if (!existsSync(join(ROOT, target))) return true;
    return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor);
  });
  expect(dead).toEqual([]);
});
