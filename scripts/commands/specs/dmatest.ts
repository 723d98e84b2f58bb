/** `adma dmatest` as the command line knows it. */
import type { CommandSpec } from '../../program/spec';
import type * as DmaTest from '../dmatest';
import type { DmaTestOptions } from '../dmatest';
import { JSON_OPTION, PLATFORM, TRACE_OPTIONS } from './shared';

export const DMATEST: CommandSpec = {
  options: [
    PLATFORM,
    { name: '--device <name>', says: 'like iop-adma.0 (default: all)' },
    { name: '--channel <name>', says: 'like dma0chan0 (default: all)' },
    { name: '--max-channels <n>', says: 'no more than so many channels (default: all)' },
    { name: '--threads-per-chan <n>', says: 'threads of each kind on a channel (default 1)' },
    { name: '--buf-size <size>', says: 'test buffer (default 16KiB)' },
    { name: '--iterations <n>', says: 'tests of a thread (default 100)' },
    { name: '--xor-sources <n>', says: 'sources of an xor, made odd (default 3)' },
    { name: '--pq-sources <n>', says: 'sources of a P+Q, made odd (default 3)' },
    { name: '--timeout <ms>', says: 'simulated milliseconds a test may take, -1: for ever (default 3000)' },
    { name: '--alignment <log2>', says: 'of offsets and length, -1: the device’s (default -1)' },
    { name: '--transfer-size <size>', says: 'of every test (default: random)' },
    { name: '--polled', says: 'wait by polling, without interrupts' },
    { name: '--norandom', says: 'offsets 0, the whole buffer' },
    { name: '--noverify', says: 'do not look at the bytes' },
    {
      name: '--extended',
      says: 'then what the kernel’s omits: own data, checks, late acks, exhaustion, chains over channels',
    },
    { name: '--seed <n>', says: 'decides offsets, lengths and data (default 1)' },
    ...TRACE_OPTIONS,
    JSON_OPTION,
  ],
  examples: ['adma dmatest --platform iop321 --iterations 20', 'adma dmatest --extended'],
  run: (_, options: DmaTestOptions) => (require('../dmatest') as typeof DmaTest).dmatest(options),
};
