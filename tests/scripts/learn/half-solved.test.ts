/** Solutions with one thing undone: a grader that lets one pass does not look where the lesson points. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadModule } from '../../../scripts/conformance/load-module';
import { lessonFile } from '../../../scripts/learn/workshop';
import { LESSONS } from '../../../scripts/lessons';
import { GRADERS } from '../../../scripts/lessons/graders';
import { passes } from '../../../scripts/lessons/lesson';

/** What is undone, the text of the solution, and what stands there instead. */
type Undone = readonly [says: string, text: string, instead: string];

const HALF_SOLVED: Readonly<Record<string, readonly Undone[]>> = {
  '03-chaining': [
    ['the last next pointer is not cleared', 'last ? 0 : address', 'last ? address : address'],
    ['every descriptor interrupts', 'last ? COPY_AND_TELL : COPY', 'COPY_AND_TELL'],
    ['none interrupts', 'last ? COPY_AND_TELL : COPY', 'COPY'],
    ['a prediction is wrong', 'andar: 0x1020', 'andar: 0x1000'],
  ],
  '04-appending': [
    ['the link is not flushed', 'chan.nextDesc(tail);', ''],
    ['another word is loaded', 'chan.nextDesc(tail);', 'chan.kernel.load32(tail.phys + 4);'],
    ['a busy channel is not told', 'const { control }', 'if (chan.readBusy()) return;\n    const { control }'],
    ['a prediction is wrong', 'inTheTail: false', 'inTheTail: true'],
  ],
  '05-interrupts-and-tasklets': [
    ['both bits are cleared', '(chan.hw.endOfTransfer)', '(chan.hw.endOfTransfer | chan.hw.endOfChain)'],
    ['the bit is not cleared', 'chan.clearStatus(chan.hw.endOfTransfer);', ''],
    [
      'the tasklet does not lock',
      "chan.lock.lock('iop_adma_tasklet');\n    chan.steps.cleanup(chan);\n    chan.lock.unlock();",
      'chan.steps.cleanup(chan);',
    ],
    ['a prediction is missing', 'taskletRuns: 1', 'taskletRuns: null'],
  ],
  '06-cookies': [
    ['cookies become negative', 'next < 1 ? 1 : next', 'next'],
    ['0 is given out', 'next < 1 ? 1 : next', 'next < 0 ? 0 : next'],
    ['the wrap is not looked at', 'before && after', 'before || after'],
    ['an idle channel counts as wrapped', 'lastComplete <= lastUsed', 'lastComplete < lastUsed'],
  ],
  '07-ack-and-recycle': [
    ['the ack is ignored', 'if (!asyncTxTestAck(slot)) return false;', ''],
    [
      'a lazy client ends the walk',
      'if (!asyncTxTestAck(slot)) return false',
      'if (!asyncTxTestAck(slot)) return true',
    ],
    ['the newest is recycled', 'if (slot === chan.chain.last) return true;', ''],
    ['nothing is recycled', "chan.resources('iop_adma_clean_slot').give(slot);", ''],
  ],
  '08-slot-pools-and-groups': [
    ['runs go on behind busy slots', 'found = 0;\n      }', 'void 0;\n      }'],
    ['runs begin anywhere', 'found > 0 || aligned(index, slotsPerOp)', 'index >= 0'],
    ['the search begins at 0', '[lastUsed + 1, 0]', '[0]'],
    ['the search does not go round', '[lastUsed + 1, 0]', '[lastUsed + 1]'],
  ],
  '09-thresholds-and-doorbells': [
    ['the client does not issue', 'chan.device.deviceIssuePending?.(chan);', ''],
    ['pending is never 0 again', 'chan.pending = 0;', ''],
    ['one slot is not worth a ring', 'chan.pending === 0', 'chan.pending < 2'],
    ['the client issues each', 'tx.txSubmit(tx);', 'tx.txSubmit(tx);\n    chan.device.deviceIssuePending?.(chan);'],
  ],
  '10-xor-and-xor-val': [
    ['one source too many is read', '(srcs.length - 1)', 'srcs.length'],
    ['upper words keep what was there', 'store(7 + 2 * i, 0);', ''],
    ['the check is not asked for', '| CHECK | WRITE_BACK', '| WRITE_BACK'],
    ['the result is not written back', '| CHECK | WRITE_BACK', '| CHECK'],
    ['the first source is left out', 'xor(kernel, phys, 0, srcs,', 'xor(kernel, phys, 0, srcs.slice(1),'],
    ['the whole word is looked at', '(kernel.load32(phys + 4 * 3) & NOT_ZERO)', 'kernel.load32(phys + 4 * 3)'],
  ],
  '11-dependency-in-a-channel': [
    ['the links are not fenced', 'last ? ACK : FENCE', 'last ? ACK : 0'],
    ['the last is not acked', 'last ? ACK : FENCE', 'FENCE'],
    ['nothing depends on anything', ', tx, last', ', null, last'],
    ['every copy calls back', 'last ? done : undefined', 'done'],
    ['nobody rings', 'api.issuePendingAll();', ''],
  ],
  '12-across-channels': [
    ['the link stays after submission', 'tx.next = undefined;', ''],
    ['the parent stays', 'current.parent = undefined;', ''],
    ['links to other channels are followed', 'current.next?.chan === chan ? current.next : undefined', 'current.next'],
    ['only one is submitted', 'current.next?.chan === chan ? current.next : undefined', 'undefined'],
    ['links to other channels are cut', 'if (dependant !== undefined) current.next', 'current.next'],
    ['the channel is not rung', 'chan.device.deviceIssuePending?.(chan);', ''],
  ],
  '13-xor-copy-xor': [
    ['the destination is not dropped', 'XOR_DROP_DST | ACK', 'ACK'],
    ['the first sum is not fenced', 'XOR_DROP_DST | FENCE', 'XOR_DROP_DST'],
    ['the copy does not wait', 'initAsyncSubmit(FENCE, tx)', 'initAsyncSubmit(FENCE, null)'],
    ['the last sum does not wait', 'XOR_DROP_DST | ACK, tx', 'XOR_DROP_DST | ACK, null'],
    ['nobody rings', 'api.issuePendingAll();', ''],
  ],
  '14-no-submit-from-callback': [
    ['the callback goes on', 'queue.push(job);', 'step(job);'],
    ['nobody is woken', 'wait.wake();', ''],
    ['nobody rings', 'api.issuePendingAll();', ''],
  ],
  '15-rmw-or-rcw': [
    ['rmw forgets the parity', 'parity || dev.towrite', 'dev.towrite'],
    ['rmw forgets the data', 'parity || dev.towrite.length > 0', 'parity'],
    ['rcw reads the parity', '!parity && !dev', '!dev'],
    ['rcw reads what is overwritten', '!parity && !dev.has(R5.OVERWRITE)', '!parity'],
    ['rcw forgets the rest of a block', '!dev.has(R5.OVERWRITE)', 'dev.towrite.length === 0'],
  ],
  '16-biofill-2007': [
    ['blocks are passed over', 'return true', 'return _dev.toread.length === 0'],
    ['the handler is not asked', 'stripe.set(STRIPE.HANDLE);', ''],
    ['the stripe is kept', 'array.cache.release(stripe);', ''],
  ],
  '17-p-q-and-two-lost-disks': [
    ['the polynomial is another', '0x11d', '0x11b'],
    ['A and B change places', '[times(ga, i), i]', '[i, times(ga, i)]'],
    ['A belongs to the other block', 'times(ga, i)', 'times(gb, i)'],
    ['weights start at two', 'let power = 1', 'let power = 2'],
  ],
  '18-the-explorer-finds-your-race': [
    ['lines stay disabled', 'lines.enable(chan);', ''],
    [
      'nothing is locked',
      "chan.lock.lock('tasklet');\n    chan.steps.cleanup(chan);\n    chan.lock.unlock();",
      'chan.steps.cleanup(chan);',
    ],
    ['nobody looks', 'chan.steps.cleanup(chan);', ''],
  ],
};

describe.each(Object.entries(HALF_SOLVED))('lesson %s', (slug, variants) => {
  const lesson = LESSONS.find((one) => one.slug === slug)!;
  const folder = mkdtempSync(join(tmpdir(), 'half-solved-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(variants)('does not pass when %s', (says, text, instead) => {
    const solution = readFileSync(lessonFile(lesson, 'solution.ts'), 'utf8');
    const half = solution.replaceAll(text, instead);
    expect(half).not.toBe(solution);
    const file = join(folder, `${says.replace(/\W+/g, '-')}.ts`);
    writeFileSync(file, half);
    expect(passes(GRADERS[slug]()(loadModule(file)))).toBe(false);
  });
});
