/** The datapath as WebAssembly text, and that text as bytes. */
import loadWabt from 'wabt';
import { CRC } from './crc';
import { MEMORY } from './memory';
import { PQ } from './pq';
import { XOR } from './xor';

/** The source of the module: its only import is the memory of the DRAM. */
export function datapathText(): string {
  return ['(module', '(import "dram" "memory" (memory 0))', ...MEMORY, ...XOR, ...PQ, ...CRC, ')'].join('\n');
}

/** The module. */
export async function assembleDatapath(): Promise<Uint8Array> {
  const wabt = await loadWabt();
  const module = wabt.parseWat('datapath.wat', datapathText(), { simd: true });
  try {
    module.validate();
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}

const LINE = 100;

/** The file that is checked in: the module in base64. */
export function moduleFile(bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  return [
    '/** Generated from tools/datapath by `npm run datapath`; a test compares. The WebAssembly module in base64. */',
    'export const DATAPATH_MODULE = [',
    ...lines.map((line) => `  '${line}',`),
    "].join('');",
    '',
  ].join('\n');
}
