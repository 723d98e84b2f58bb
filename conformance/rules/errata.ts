/** Semantics 6: where the API documents are wrong about the code. */
import type { RuleId } from './catalogue';

/** Which of the two documents is wrong. */
export type WrongIn = '2007' | 'today' | 'both';

/** One erratum. */
export interface Erratum {
  /** The text of 2007 can be right about its own kernel where today's is not about today's. */
  readonly wrongIn: WrongIn;
  /** What the document says, in short. */
  readonly document: string;
  /** What the code does instead, here as in Linux. */
  readonly code: string;
  /** Rules that say so as well. */
  readonly rules: readonly RuleId[];
}

const CATALOGUE = {
  'DX-01': {
    wrongIn: 'both',
    document: 'the example compiles, and its flags need no explanation',
    code: 'today’s has addr_conv twice, one of a size nobody defines, lacks a semicolon and uses a struct as a pointer; in both, DROP_DST asks for xor_dest as xor_srcs[0]',
    rules: ['XR-02', 'XR-04'],
  },
  'DX-02': {
    wrongIn: 'today',
    document: 'a filter accepts a channel with DMA_ACK',
    code: 'a filter answers true; DMA_ACK of the old enumeration is 0 and refuses the channel',
    rules: ['EX-03'],
  },
  'DX-03': {
    wrongIn: 'today',
    document: 'a channel that was private once is never public again',
    code: 'the release of the last private channel makes its device public again',
    rules: ['EX-06', 'EX-09'],
  },
  'DX-04': {
    wrongIn: 'both',
    document: 'waiting handles dependency chains and issues what is pending',
    code: 'waiting issues the operation’s own channel alone; what it depends on was flushed when the dependency was attached, and in 2.6.23 to 2.6.25 was not waited for',
    rules: ['SW-01', 'WT-04', 'WT-05', 'WT-09'],
  },
  'DX-05': {
    wrongIn: 'today',
    document: 'drivers call async_tx_run_dependencies()',
    code: 'since 2.6.29 the routine is dma_run_dependencies() of the core; drivers call it without async_tx',
    rules: ['SW-04', 'SW-10'],
  },
  'DX-06': {
    wrongIn: 'both',
    document: 'callbacks run in tasklet context',
    code: 'a poll of the status or a prep without a free slot cleans up as well, and so calls back in its caller, bottom halves off',
    rules: ['IA-11', 'IA-70'],
  },
  'DX-07': {
    wrongIn: 'both',
    document: 'xor_val attempts to prevent writes to memory',
    code: 'only on an engine; in software the sum goes into the destination and destroys it',
    rules: ['XV-03'],
  },
  'DX-08': {
    wrongIn: 'today',
    document: 'memset is an operation',
    code: 'Linux dropped it in 3.11; this model keeps it for the drivers of 2007',
    rules: ['MC-04'],
  },
} as const satisfies Readonly<Record<string, Erratum>>;

export type ErratumId = keyof typeof CATALOGUE;

export const ERRATA: Readonly<Record<ErratumId, Erratum>> = CATALOGUE;
