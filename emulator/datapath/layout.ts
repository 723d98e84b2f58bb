/** What the WASM datapath keeps in silicon storage: agreed between wasm.ts and tools/datapath. */
import { MAX_SOURCES } from './datapath';

/** Bytes a step of the CRC takes at once; each has a table of 256 words. */
export const CRC_SLICES = 16;
export const CRC_TABLE_BYTES = 1024;
export const CRC_TABLES_BYTES = CRC_SLICES * CRC_TABLE_BYTES;

// The list of a whole operation: addresses (words), multipliers (words), then two tables of 16 bytes a source.
export const MULTIPLIERS_OFFSET = 4 * MAX_SOURCES;
export const TABLES_OFFSET = 8 * MAX_SOURCES;
export const SOURCE_TABLES_BYTES = 32;
export const LIST_BYTES = TABLES_OFFSET + MAX_SOURCES * SOURCE_TABLES_BYTES;
