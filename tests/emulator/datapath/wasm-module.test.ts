/** The WebAssembly module that is checked in. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATAPATH_MODULE } from '../../../emulator/datapath/wasm-module';
import { assembleDatapath, moduleFile } from '../../../tools/datapath/assemble';

const FILE = join(__dirname, '..', '..', '..', 'emulator', 'datapath', 'wasm-module.ts');

it('is what its source in tools/datapath assembles to (if not: npm run datapath)', async () => {
  const bytes = await assembleDatapath();
  expect(Buffer.from(DATAPATH_MODULE, 'base64').equals(bytes)).toBe(true);
  expect(readFileSync(FILE, 'utf8')).toBe(moduleFile(bytes));
});
