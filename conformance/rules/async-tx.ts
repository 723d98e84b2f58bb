/** Semantics 3.1 – 3.6: submission, dependencies and waiting of async_tx. */
import type { RuleCatalogue, RuleFamilies } from './rule';

export const ASYNC_TX_FAMILIES = {
  AX: 'Submission, channel choice and dependencies',
  WT: 'Waiting for an operation',
  MC: 'Copy and fill',
} as const satisfies RuleFamilies;

export const ASYNC_TX_RULES = {
  'AX-01': { says: 'Flags are XOR_ZERO_DST 1, XOR_DROP_DST 2, ASSUME_COHERENT 4, ACK 8, DEP_ACK 16.', era: '2007' },
  'AX-02': {
    says: 'Flags are XOR_ZERO_DST 1, XOR_DROP_DST 2, ACK 4, FENCE 8, PQ_XOR_DST 16, in a submit record.',
    era: 'modern',
  },
  'AX-03': { says: 'An operation returns a descriptor when it was queued, null when it is done.' },
  'AX-04': { says: 'Done in software, it calls back in the caller before it returns.' },
  'AX-05': { says: 'Done in software, it first waits for what it depends on, and lets go of it.' },
  'AX-06': { says: 'ACK says that no child will come.' },
  'AX-07': { says: 'A dependency is acked when its child is submitted; in 2007 only with DEP_ACK.' },
  'AX-08': {
    says: 'Scribble is the caller’s space for addresses, without which his list of sources is overwritten.',
    era: 'modern',
  },
  'AX-09': { says: 'FENCE keeps the engine from starting the next descriptor before this result is written.' },
  'AX-10': { says: 'A descriptor interrupts exactly when it carries a callback.' },
  'AX-11': { says: 'Operations are not called in interrupt context, nor from callbacks.' },
  'AX-12': { says: 'Nothing starts before the driver’s threshold, a flush or a dependency.' },
  'AX-20': {
    says: 'The channel of the dependency is taken if it can do it, else the table’s.',
    source: '__async_tx_find_channel',
  },
  'AX-21': { says: 'Without channel switches only channels that can do everything are used.', era: 'modern' },
  'AX-30': {
    says: 'A dependency is not acked and has no child; the new descriptor has no parent. Else a BUG.',
    era: 'modern',
    source: 'async_tx_submit',
  },
  'AX-31': {
    says: 'Behind a waiting dependency on its channel a descriptor is chained, behind a submitted one submitted, elsewhere it switches.',
    era: 'modern',
  },
  'AX-32': { says: 'Without a dependency it has no parent and is submitted.', era: 'modern' },
  'AX-33': { says: 'After that ACK acks it, and the dependency is acked.' },
  'AX-34': {
    says: 'A switch looks again under the lock whether it can chain on the same channel.',
    era: 'modern',
    source: 'async_tx_channel_switch',
  },
  'AX-35': {
    says: 'It hangs behind an interrupt descriptor on the dependency’s channel, which it flushes.',
    era: 'modern',
  },
  'AX-36': {
    says: 'Where none is to be had it waits for the dependency, and panics unless that completes.',
    era: 'modern',
  },
  'AX-37': { says: 'The interrupt descriptor is acked after it was submitted or chained.', era: 'modern' },
  'AX-38': { says: 'A child on another channel is listed with its parent, which must not be acked.', era: '2007' },
  'AX-39': { says: 'A child on the same channel is submitted at once, even before its parent was.', era: '2007' },
  'AX-40': { says: 'A chain over channels executes strictly in order.' },
  'AX-41': { says: 'An operation and its callback happen exactly once.' },
  'AX-42': { says: 'A child of a complete descriptor that is not acked runs.' },
  'AX-50': {
    says: 'Quiescing waits for a descriptor that is not acked, acks it, and panics unless it completed.',
    source: 'async_tx_quiesce',
  },
  'AX-51': {
    says: 'A trigger hangs an interrupt descriptor with the callback behind the chain.',
    source: 'async_trigger_callback',
  },
  'AX-52': { says: 'Where that cannot be it waits and calls back in the caller.', source: 'async_trigger_callback' },
  'AX-53': { says: 'Then the dependency is acked only with DEP_ACK.', era: '2007' },
  'AX-54': { says: 'The end of software work is the callback, if there is one.', source: 'async_tx_sync_epilog' },

  'WT-01': { says: 'Waiting for nothing is over at once.' },
  'WT-02': {
    says: 'Generation 0 climbs to a parent that is submitted, waits, and starts over until it is there.',
    era: '2007',
    source: '9bc89cd8',
  },
  'WT-03': {
    says: 'Generation 1 stops below a parent that is submitted and waits for what is not.',
    era: '2007',
    source: '6247cdc2',
  },
  'WT-04': { says: 'So on two entries it says success while the parent runs.', era: '2007' },
  'WT-04a': {
    says: 'The denx tree undid that climb when it repaired dependencies on one channel.',
    era: '2007',
    source: '8d5ebdee13c',
  },
  'WT-05': {
    says: 'On three entries it may turn for ever, having flushed only the middle one’s channel.',
    era: '2007',
  },
  'WT-06': { says: 'With wrapped cookies it runs into the 5 s and an error.', era: '2007' },
  'WT-07': {
    says: 'Generation 2 climbs to the one without parent, spins until that is submitted, waits, and starts over.',
    source: '19242d72',
  },
  'WT-08': { says: 'Generations 0 to 2 go on after an ancestor’s error.' },
  'WT-09': {
    says: 'Generation 3 spins 5 s at most until the descriptor itself is submitted, then waits for it.',
    era: 'modern',
    source: '95475e57',
  },
  'WT-10': { says: 'Success means that the operation has executed and its data are there.' },
  'WT-11': { says: 'Generation 3 has 5 s for submission and another 5 s for execution.', era: 'modern' },
  'WT-12': { says: 'Climbing races with cleanup, which may recycle a parent between two reads.' },

  'MC-01': {
    says: 'A copy goes to an engine with a channel, an unmap record, alignment and a free descriptor.',
    source: 'async_memcpy',
  },
  'MC-02': { says: 'It asks for an interrupt with a callback, for a fence with FENCE.' },
  'MC-03': { says: 'In software it waits for its dependency, copies and calls back.' },
  'MC-04': { says: 'A fill replicates a byte; Linux dropped it in 3.11.', source: 'async_memset' },
} as const satisfies RuleCatalogue;
