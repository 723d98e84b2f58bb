/** `adma explain` as the command line knows it. */
import type { CommandSpec } from '../../program/spec';
import type * as Explain from '../explain';
import type { ExplainOptions } from '../explain';
import { ANY_PLATFORM, JSON_OPTION } from './shared';

export const EXPLAIN: CommandSpec = {
  arguments: [
    { name: '[address]', says: 'of a register: 0xffd80004, adma0.ACSR, or cp6:CRn,CRm' },
    { name: '[value]', says: 'of it: 0x2000, 0b10 or decimal' },
  ],
  options: [
    {
      name: '--descriptor <file|hex>',
      says: 'a descriptor: hex words, hex bytes (little-endian), or a text or binary file',
      values: 'file',
    },
    {
      name: '--unit <unit>',
      says: 'whose descriptor: adma, aau, dma, or a unit like adma0 (default: the platform’s only kind)',
    },
    {
      name: '--control <value>',
      says: 'with a descriptor: the unit’s control register; ACR bit 3 makes an AAU do P+Q',
    },
    ANY_PLATFORM,
    JSON_OPTION,
  ],
  notes: `A descriptor is given as
  hex words, with 0x or without      0x0,0x4001F,0x9000,0x400,…
  hex bytes as they are in memory    1f 00 04 00 … or one string of digits
  a file with either, # starts a comment, or with the bytes themselves`,
  examples: [
    'adma explain 0xffd80004 0x2000',
    'adma explain adma0.ACSR 0x2820 --platform iop342',
    'adma explain cp6:c0,c4 0x3',
    'adma explain --descriptor 0,0x7,0,0x1000,0x8000,0,0x4000,0',
    'adma explain --descriptor chain.bin --unit aau --platform iop331',
  ],
  run: ([address, value], options: ExplainOptions) =>
    (require('../explain') as typeof Explain).explain(address, value, options),
};
