/** Semantics 3.7 – 3.11: xor, P+Q, their checks and the recovery of lost blocks. */
import type { RuleCatalogue, RuleFamilies } from './rule';

export const PARITY_FAMILIES = {
  XR: 'Xor',
  XV: 'Checks of an xor',
  PQ: 'P+Q',
  PV: 'Checks of P+Q',
  RR: 'Recovery of blocks with P+Q',
} as const satisfies RuleFamilies;

export const PARITY_RULES = {
  'XR-01': { says: 'An xor has two sources at least; fewer are a BUG.', source: 'async_xor' },
  'XR-02': {
    says: 'An engine replaces the destination, the processor adds to it; ZERO_DST and DROP_DST make both the same.',
  },
  'XR-03': { says: 'Without either flag the two results differ.' },
  'XR-04': { says: 'A destination among the sources is the first of them.' },
  'XR-05': {
    says: 'It goes to an engine with a channel, an unmap record and alignment of every offset and the length.',
    era: 'modern',
  },
  'XR-06': { says: 'Missing sources are skipped.', era: 'modern' },
  'XR-07': { says: 'The destination is mapped once, both ways; sources to the device.', era: 'modern' },
  'XR-08': {
    says: 'Too many sources go in batches that start with the result so far; only the last has callback and ACK.',
  },
  'XR-09': { says: 'Beyond the limit m each descriptor takes m - 1 more sources.' },
  'XR-10': { says: 'Each batch depends on the one before.', era: 'modern' },
  'XR-11': { says: 'A flag of one batch stays with those that follow.', era: 'modern' },
  'XR-12': {
    says: 'Without a descriptor it waits for its dependency, then flushes and asks again for ever.',
    era: 'modern',
  },
  'XR-13': { says: 'Without a descriptor the processor does what is left.', era: '2007' },
  'XR-14': {
    says: 'In software a pass takes four sources, and only the first clears the destination.',
    source: 'do_sync_xor',
  },
  'XR-15': { says: 'Later passes in software have the destination as a source that is dropped.', era: '2007' },

  'XV-01': {
    says: 'A check has its destination as source 0 and answers 0 when all sum to zero.',
    source: 'async_xor_val',
  },
  'XV-02': { says: 'It goes to an engine when one descriptor takes all sources and they are aligned.' },
  'XV-03': { says: 'An engine leaves the destination alone; the processor destroys it.' },
  'XV-04': { says: 'In software it sums, waits, looks at the sum and calls back.' },
  'XV-05': { says: 'On an engine it does not skip missing sources.', era: 'modern' },
  'XV-06': { says: 'Its result counts only after completion.' },
  'XV-07': { says: 'A configuration may have no checks on engines.', era: 'modern' },

  'PQ-01': { says: 'P is the sum, Q the sum weighted with powers of 2 by slot, in GF(2^8) over 0x11d.' },
  'PQ-02': { says: 'Data blocks come first, then P and Q, of which one may be missing; 255 blocks at most.' },
  'PQ-03': {
    says: 'It goes to an engine with a channel, alignment and room for the sources, never with PQ_XOR_DST.',
    source: 'async_gen_syndrome',
  },
  'PQ-04': { says: 'Holes are left out; the others keep the power of their slot.' },
  'PQ-05': { says: 'A missing P or Q is disabled.' },
  'PQ-06': { says: 'P and Q are mapped both ways.' },
  'PQ-07': {
    says: 'Batches from the second on continue and so take fewer sources; only the last has callback and ACK.',
    source: 'do_async_gen_syndrome',
  },
  'PQ-08': { says: 'Without a descriptor it waits for its dependency, flushes and asks again for ever.' },
  'PQ-09': { says: 'In software it waits for its dependency; missing blocks stand for zeros and a scratch page.' },
  'PQ-10': { says: 'PQ_XOR_DST adds to P and Q, in software.' },
  'PQ-11': { says: 'Of no data at all Linux’s loop submits nothing and never calls back; nobody asks for it.' },

  'PV-01': {
    says: 'A P+Q check has 4 to 255 blocks and goes to an engine when one descriptor takes them.',
    source: 'async_syndrome_val',
  },
  'PV-02': { says: 'A missing P or Q is not checked, and holes are skipped.' },
  'PV-03': {
    says: 'In software it computes into a spare page, compares, and gives the caller’s record back as it was.',
  },
  'PV-04': { says: 'It changes neither P nor Q.' },
  'PV-05': { says: 'It compares, and does not only compute.' },

  'RR-01': { says: 'Powers, inverses and inverses of 2^k + 1 come from tables.' },
  'RR-02': { says: 'Two lost data blocks are two linear equations in P and Q.' },
  'RR-03': { says: 'A lost data block without P comes from Q, and P from all.' },
  'RR-04': { says: 'Other losses are a sum or a syndrome.' },
  'RR-05': {
    says: 'Two recovered blocks are two different ones, in either order; without P+Q channel it is done in software.',
    source: 'async_raid6_2data_recov',
  },
  'RR-06': { says: 'The form is chosen by the blocks that are there, not by entries; fewer than two are a BUG.' },
  'RR-07': { says: 'With no good block: one product of two sources, one sum.' },
  'RR-08': { says: 'With one good block: a copy, a product and four steps.' },
  'RR-09': { says: 'With more: a syndrome into the lost pages, then the same steps.' },
  'RR-10': {
    says: 'A data block and P come back by syndrome or copy, sum, product, sum.',
    source: 'async_raid6_datap_recov',
  },
  'RR-11': { says: 'Every step but the last is fenced and silent.' },
  'RR-12': { says: 'A product that gets no descriptor is done in software after waiting.' },
  'RR-13': { says: 'On an engine what the caller depends on is ignored; callers pass none.' },
  'RR-14': { says: 'Products do not look at alignment.' },
  'RR-15': { says: 'The caller’s lists are as before when it returns.' },
  'RR-16': { says: 'For every pair of lost blocks the recovered ones are right and the check answers 0.' },
} as const satisfies RuleCatalogue;
