/** Semantics 4.8 – 5: operations, checks, I/O, the life of an array, layouts and metadata. */
import type { RuleCatalogue, RuleFamilies } from './rule';

export const ARRAY_FAMILIES = {
  OP: 'Operations on a stripe',
  C5: 'The check of one parity',
  C6: 'The check of P and Q',
  C7: 'The check of 2007',
  CK5: 'Failures during a check',
  IO: 'Reads and writes of members',
  RS: 'Resync, recovery and their like',
  BT: 'Batches',
  BM: 'Bitmap',
  MQ: 'Requests and sync actions',
  RP: 'Reshape',
  JR: 'Journal and partial parity log',
  LO: 'Layouts',
  RU: 'Starting an array',
  SB: 'Superblocks, version 1',
} as const satisfies RuleFamilies;

export const ARRAY_RULES = {
  'OP-01': {
    says: 'Operations run in one order; compute, prexor, drain and reconstruct are one chain.',
    source: 'raid_run_ops',
  },
  'OP-02': { says: 'The descriptor of a compute is acked unless a reconstruct follows it.' },
  'OP-03': {
    says: 'A fill copies cached blocks to the reads that wait, answers them all, and has the stripe handled.',
    source: 'ops_complete_biofill',
  },
  'OP-04': { says: 'No block is marked to be filled while a fill runs, so that its end answers every mark.' },
  'OP-05': { says: 'The end of a fill sets its complete bit and nothing else.', era: '2007', built: false },
  'OP-06': { says: 'A drain takes the writes that wait, where none is unanswered, and copies them into the stripe.' },
  'OP-07': { says: 'A prexor takes the old contents out of P, and out of Q.' },
  'OP-08': { says: 'A reconstruct makes parity from parity and the new blocks, or from all data.' },
  'OP-09': { says: 'A stripe that is discarded whole needs no parity.', built: false },
  'OP-10': { says: 'A check compares P, Q or both with the data, and leaves its result.' },
  'OP-11': { says: 'After a check on an engine P was still valid.', era: '2007', built: false },
  'OP-12': { says: 'The end of a compute makes its blocks valid, and each of them had been wanted.' },
  'OP-13': { says: 'One block is the XOR of the others but Q; Q is a syndrome.' },
  'OP-14': { says: 'Two blocks take a syndrome, a recovery or both, by their places in the syndrome.' },
  'OP-15': { says: 'The syndrome counts from behind Q; DDF counts members, P and Q too.' },
  'OP-16': { says: 'A write for a member that is gone makes the stripe degraded and is left out.' },

  'C5-01': { says: 'A check starts with every block up to date, and P is not from then on.' },
  'C5-02': { says: 'What was computed is written; a stripe that is in sync needs nothing.' },
  'C5-03': { says: 'While it runs or computes, a check waits.' },
  'C5-04': { says: 'A right sum is in sync; a wrong one is counted, and repaired unless this is only a check.' },

  'C6-01': { says: 'Checked is what was not used to make something else; two missing leave nothing to check.' },
  'C6-02': { says: 'What was missing and what was wrong is written.' },
  'C6-03': { says: 'Right sums leave missing blocks to be written; wrong ones are counted, and repaired on demand.' },
  'C6-04': { says: 'With one data block missing only Q is checked, without P only Q, without Q only P.' },

  'C7-01': {
    says: 'A check asks for itself until it is complete, then compares or repairs.',
    era: '2007',
    built: false,
  },
  'C7-02': { says: 'A repair that is complete clears its marks.', era: '2007', built: false },
  'C7-03': { says: 'Then the failed block, or P, is written in the same pass.', era: '2007', built: false },
  'C7-04': { says: 'A failure while a check is pending leaves it pending for ever.', era: '2007', built: false },

  'CK5-05': { says: 'A failure between start and result neither hangs the stripe nor is a BUG.' },

  'IO-01': { says: 'A block that was read is up to date; one that had failed before counts as corrected.' },
  'IO-02': { says: 'A read that fails is tried alone, then corrected from the others, or fails the member.' },
  'IO-03': { says: 'A block beyond correction is recorded as bad, or its member fails.' },
  'IO-04': { says: 'A write that fails makes the stripe degraded and fails the member.' },
  'IO-05': { says: 'A member that fails is no longer in sync; superblocks change, and passes end.' },
  'IO-06': { says: 'With a replacement both writes must end before the block is unlocked.', built: false },
  'IO-07': { says: 'A read within a chunk of a good member goes around the cache, and comes back on an error.' },

  'RS-01': {
    says: 'A pass takes stripe by stripe, honours the bitmap unless told not to, and ends without redundancy.',
    source: 'raid5_sync_request',
  },
  'RS-02': { says: 'Mismatches count 8 sectors a stripe; a check writes nothing, a repair parity alone.' },
  'RS-03': { says: 'A rebuild writes the block of the failed member without a check.' },
  'RS-04': { says: 'A rebuild that cannot have a stripe is given up.' },

  'BT-01': { says: 'Only neighbouring full-stripe writes of one chunk and kind that nobody has looked at join.' },
  'BT-02': { says: 'The head is handled for all; when the batch breaks each goes on with the head’s state.' },

  'BM-01': { says: 'The bit is on the disks before the data, and stays when a member missed the write.' },

  'MQ-00': { says: 'A failed member that superblocks call good holds up writes and passes, not reads.' },
  'MQ-01': { says: 'Passes resync, recover, check, repair; the count of mismatches starts at zero.' },
  'MQ-02': { says: 'A request is cut in blocks by the layout; reads go around the cache first.' },
  'MQ-03': { says: 'A piece that conflicts wakes the thread, waits and is tried again.' },
  'MQ-04': { says: 'To be quiet an array drains its stripes; new ones wait.' },

  'RP-01': { says: 'A stripe is moved when all its blocks are known.', built: false },
  'RP-02': { says: 'Its data are copied to their new places on one chain.', built: false },
  'RP-03': {
    says: 'New parity is made when all data have come, and written when the old place has been read.',
    built: false,
  },
  'RP-04': { says: 'A moved stripe counts when its writes have ended.', built: false },
  'RP-05': { says: 'The checkpoint is written before anything passes it.', built: false },
  'RP-06': { says: 'Old and new layout meet at the place where the reshape is.', built: false },

  'JR-01': { says: 'Data and parity reach the journal, with checksums, before the members.', built: false },
  'JR-02': { says: 'Before a partial write the parity of what stays is logged.', built: false },

  'LO-01': { says: 'The sector on the member is stripe times chunk plus the offset in the chunk.' },
  'LO-02': { says: 'RAID-4 has parity on the last member.' },
  'LO-03': { says: 'RAID-5 has six layouts: parity turns left or right, data follow it or do not, or it stands.' },
  'LO-04': { says: 'RAID-6 has the same with Q behind P.' },
  'LO-05': { says: 'Three DDF layouts turn otherwise and count the syndrome by members.' },
  'LO-06': { says: 'Five layouts are those of RAID-5 with Q fixed on the last member.' },
  'LO-07': { says: 'The inverse leads back to the same place.' },

  'RU-01': { says: 'An array needs enough members, a chunk of whole pages, and a clean past when one is missing.' },
  'RU-02': { says: 'An array that is not clean resyncs from where it stopped.' },

  'SB-01': { says: 'Superblocks lie at the end (1.0), at the start (1.1), or at sector 8 (1.2).' },
  'SB-02': { says: 'The fields and their offsets, little-endian.' },
  'SB-03': { says: 'The checksum adds 32-bit words and folds the carry once.' },
  'SB-04': { says: 'A role is a place, 0xffff spare, 0xfffe faulty or 0xfffd journal.' },
  'SB-05': { says: 'A superblock is refused unless magic, sizes, features and checksum are right.' },
  'SB-06': { says: 'The highest event count leads; a member one behind still belongs.' },
  'SB-07': { says: 'Feature bits say what a reader must understand.' },
  'SB-08': { says: 'The bitmap has a superblock of 256 bytes and a bit for each chunk, set when dirty.' },
  'SB-09': { says: 'What mdadm writes when it creates an array.' },
  'SB-10': { says: 'An image of ours is accepted by mdadm --examine.' },
} as const satisfies RuleCatalogue;
