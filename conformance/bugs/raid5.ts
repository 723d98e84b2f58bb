/** Bugs of the stripe handler. Their runs are cases, their bugs mutants: what stands here is the story. */
import { CHECK_CASES } from '../cases/checks';
import { STRIPE_CASES } from '../cases/stripes';
import type { Exhibit, Story } from './exhibit';
import { bugOfMutant } from './exhibit';

const CASES = [...STRIPE_CASES, ...CHECK_CASES];

/** An exhibit made of a mutant and the case that kills it. */
function exhibit(id: string, title: string, mutantId: string, caseId: string, story: Story): Exhibit {
  const subject = CASES.find((each) => each.id === `stripes/${caseId}`);
  if (subject === undefined) throw new Error(`${id} names a case that is not there`);
  return { id, title, rules: subject.rules, story, ...bugOfMutant(mutantId), run: subject.run };
}

export const RAID5_EXHIBITS: readonly Exhibit[] = [
  exhibit('R-01', 'A read that is never answered', 'fill-skips-new-reads', 'read-while-filling', {
    wrong:
      'ops_complete_biofill decided by itself, without the stripe’s lock, which reads it had to answer. It passed over a block for which another read had been queued, although the first one’s data had been copied.',
    symptom: 'Two readers of one block, and one of them hangs.',
    lesson: 'A completion records what is done and asks for the handler; it does not decide.',
  }),
  exhibit('R-06', 'A failure during a check spins for ever', 'check-waits-for-the-failed', 'failure-in-check', {
    wrong:
      'A member failed between the start of a check and its end. The code that would have cleared the check’s mark was only reached without failures.',
    symptom: 'The stripe is handled again and again; the resync is stuck at 100 % of a processor.',
    lesson: 'Ask of every state how it ends when a disk dies in it.',
  }),
  exhibit('R-07', 'A repair writes to the wrong member', 'repair-writes-the-failed', 'failure-in-repair', {
    wrong:
      'Where to write what was computed was looked up at the end: the failed member, if there is one, else parity. A member that fails while parity is being computed turns the write to itself.',
    symptom: 'Parity stays wrong on the disk, and the data of the failed member are computed from it.',
    lesson: 'Decide once, and keep what was decided beside the operation that carries it out.',
  }),
  exhibit('R-08', 'A repair that repairs its cache', 'repair-checks-again', 'repair', {
    wrong:
      'The repair of R-06 cleared too much: after parity had been computed the check ran again, on the corrected block in memory, found nothing, and nothing was written.',
    symptom: 'A repair counts 51,072 mismatches; the next one counts the same.',
    lesson: 'Fixes need tests of what worked before.',
  }),
  exhibit('R-09', 'A small write passes for a resync', 'prexor-proves-parity', 'check-during-small-write', {
    wrong:
      'The end of a write marked its stripe as in sync. After a read-modify-write that is not known: it carried the old parity on, right or wrong.',
    symptom:
      'The first resync of an array leaves out stripes that are written meanwhile. Nobody notices until a disk is lost.',
    lesson: 'A flag that says “verified” may be set by what has verified.',
  }),
  exhibit('R-10', 'A check compares a block with itself', 'readable-block-computed', 'check-of-cached-blocks', {
    wrong: 'When all blocks but one were cached the last was computed from them, which is quicker than reading it.',
    symptom: 'The check of that stripe always succeeds, whatever the disk holds.',
    lesson: 'An optimisation of reads is none for somebody who wants to know what can be read.',
  }),
  exhibit('R-24', 'A check that writes', 'check-repairs', 'check-writes-nothing', {
    wrong: 'For RAID-6, check and repair went the same way: what disagreed was written.',
    symptom: 'Asking whether an array is consistent changes it.',
    lesson: 'Every promise not to write wants a test that counts writes.',
  }),
  exhibit('R-33', 'A partial write that nobody reads for', 'partial-write-not-read-for', 'degraded-partial-write', {
    wrong:
      'One function decides what to read, another how to write. Without a member, with a write to part of its block, the first saw nothing to read and the second could not begin.',
    symptom: 'raid5d is busy for ever with one stripe.',
    lesson: 'Two predicates that must agree want to be one, or a test of all combinations.',
  }),
  exhibit('R-39', 'The error on P that stays', 'unreadable-parity-tried-again', 'unreadable-parity', {
    wrong:
      'A block that cannot be read is tried again alone, and if that fails written from the others. P of a RAID-6 is never tried again: it is computed, because that is cheaper.',
    symptom: 'The bad sector is never written, so the drive never maps it elsewhere.',
    lesson: 'A retry counts on somebody asking again.',
  }),
  exhibit('R-44', 'One missing member is taken for both', 'one-missing-proves-both', 'rebuild-during-write', {
    wrong:
      'A write to a block of a missing member makes the stripe count as synced, since that block is as it should be now. With two members missing the other one, which is being rebuilt, is not.',
    symptom: 'The rebuild leaves the stripe out: the new disk holds zeros there.',
    lesson: '“Degraded” is a number.',
  }),
  exhibit('R-58', 'Wrong parity is carried on', 'unsure-parity-modified', 'write-on-unsure-parity', {
    wrong: 'After a crash parity may be wrong. A small write changed it by what the data changed, and kept the error.',
    symptom: 'A disk that fails before the resync comes by is computed from wrong parity.',
    lesson: 'Do not build on what you do not know to be right when you can afford to build anew.',
  }),
];
