/** `npm run docs`: writes the generated pages; with `--check`: fails when one that is checked in is stale. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedPages } from './pages';
import { stalePages } from './stale';

const ROOT = join(__dirname, '..', '..');

if (process.argv.includes('--check')) {
  const stale = stalePages(generatedPages(), (path) => readFileSync(join(ROOT, path), 'utf8'));
  if (stale.length > 0) {
    process.stderr.write(`stale: ${stale.join(', ')}\nnpm run docs writes them anew\n`);
    process.exitCode = 1;
  }
} else {
  for (const { path, text } of generatedPages()) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
  }
}
