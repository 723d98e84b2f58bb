/** `npm run datapath`: assembles the datapath and writes the module that is checked in. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assembleDatapath, moduleFile } from './assemble';

const file = join(__dirname, '..', '..', 'emulator', 'datapath', 'wasm-module.ts');

void assembleDatapath().then((bytes) => writeFileSync(file, moduleFile(bytes)));
