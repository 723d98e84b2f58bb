/** What makes a chain-walking unit an IOP3xx application accelerator (reference/hw-iop3xx 2.2, 3.2 – 3.6, 4). */
import { Fold } from '../chain/operation';
import type { Operation } from '../chain/operation';
import type { ChainPersonality, Note } from '../chain/personality';
import { Route } from '../memory/bus';
import { IOP321_TIMING } from '../memory/timing';
import { fieldMasks } from '../registers/layout';
import {
  AAU_EXTENDED_WORDS,
  AAU_FORMATS,
  AAU_PQ_FORMATS,
  AAU_PQ_PLACES,
  AAU_REGISTERS,
  AAU_SOURCE_WORDS,
  aauAdcr,
  aauWordRegister,
  AauWord,
  ACR,
  ADAR,
  ASR,
  BlockCommand,
} from './registers';

const COUNT_MASK = 0x00ff_ffff;
const DUAL_XOR_WORDS = 9;
/** Most bytes of a zero-result check (3.6). */
const CHECK_BYTES = 1024;
const acr = fieldMasks(ACR);
const asr = fieldMasks(ASR);

/** What a part's accelerator can do beyond XOR and fill. */
export interface AauFeatures {
  /** P+Q: 33x D-step; enable bit and layout are inferred (3.5). */
  readonly pq: boolean;
  /** Zero-result check: 33x; on 32x no driver used it (0.4). */
  readonly zeroResult: boolean;
  /** Dual XOR: 33x D-step (3.5, partly inferred). */
  readonly dualXor: boolean;
}

export function aauPersonality(features: AauFeatures): ChainPersonality {
  return {
    reference: 'hw-iop3xx',
    windowBytes: 0xa8,
    registers: AAU_REGISTERS,
    control: ACR,
    enable: acr.ENABLE.mask,
    resume: acr.RESUME.mask,
    status: ASR,
    active: asr.ACTIVE.mask,
    endOfTransfer: asr.END_OF_TRANSFER.mask,
    endOfChain: asr.END_OF_CHAIN.mask,
    errors: asr.MASTER_ABORT.mask,
    faultFlags: {
      'master-abort': asr.MASTER_ABORT.mask,
      'target-abort': asr.MASTER_ABORT.mask,
      'mcu-abort': asr.MASTER_ABORT.mask,
      parity: asr.MASTER_ABORT.mask,
    },
    checkFlag: undefined,
    signalsBeforeReread: true,
    suspendsAfter: 'descriptor',
    current: ADAR,
    next: aauWordRegister(AauWord.next),
    countWord: AauWord.count,
    descriptorWords: (dram, address, control) =>
      dram.contains(address, 32) ? wordsOf(dram.word(address + 4 * AauWord.control), control) : 8,
    blockBytes: (control) => IOP321_TIMING.BLOCK.value / (control & acr.SMALL_QUEUE.mask ? 2 : 1),
    decode: (words, operation, note, control) => decode(words, operation, note, features, control),
  };
}

function decode(
  words: Uint32Array,
  operation: Operation,
  note: Note,
  features: AauFeatures,
  unitControl: number,
): void {
  const control = words[AauWord.control];
  operation.count = words[AauWord.count] & COUNT_MASK;
  operation.interrupt = (control & aauAdcr.INT_EN.mask) !== 0;
  operation.readRoute = Route.internal;
  operation.writeRoute = Route.internal;
  if (control & aauAdcr.DUAL_XOR.mask) {
    decodeDualXor(words, operation, note, features);
    return;
  }
  if (unitControl & acr.PQ_ENABLE.mask) {
    decodePq(words, operation, note, features);
    return;
  }
  decodeBlocks(words, operation, note);
  if (control & aauAdcr.ZERO_RESULT.mask) decodeCheck(operation, note, features);
  if (control & aauAdcr.WRITE_ENABLE.mask) operation.addDestination(words[AauWord.destination], 0);
}

/** Every block by its command; block 1 normally loads the queue, a plain XOR there folds into what is left in it. */
function decodeBlocks(words: Uint32Array, operation: Operation, note: Note): void {
  const { sources } = formatOf(words[AauWord.control]);
  for (let i = 0; i < sources; i++) {
    const address = words[AAU_SOURCE_WORDS[i]];
    switch (commandOf(words, i)) {
      case BlockCommand.null:
        break;
      case BlockCommand.xor:
        operation.addSource(address, Fold.xor);
        break;
      case BlockCommand.directFill:
        operation.addSource(address, Fold.load);
        break;
      case BlockCommand.fill:
        operation.addSource(address, Fold.pattern);
        break;
      default:
        note('rule', '3.3', `block ${i + 1} has the reserved command ${commandOf(words, i)}; ignored`);
    }
  }
}

/**
 * One sum of sources with multipliers: Q, or P where all multipliers are 1 (3.5). The second queue holds it,
 * because that is the one that multiplies.
 */
function decodePq(words: Uint32Array, operation: Operation, note: Note, { pq }: AauFeatures): void {
  note(
    'unmodelled',
    '3.5',
    `P+Q${pq ? '' : ' on a part that is not a 33x D-step'}: layout and enable bit are inferred`,
  );
  const { sources } = pqFormatOf(words[AauWord.control]);
  operation.multiplies = true;
  for (let i = 0; i < sources; i++) {
    const { source, multiplier, byte } = AAU_PQ_PLACES[i];
    const command = commandOf(words, i);
    if (command === BlockCommand.null) continue;
    if (command !== BlockCommand.xor && command !== BlockCommand.directFill) {
      note('rule', '3.3', `block ${i + 1} has command ${command}, which P+Q does not know; ignored`);
      continue;
    }
    const fold = command === BlockCommand.directFill ? Fold.loadPq : Fold.xorPq;
    operation.addSource(words[source], fold, (words[multiplier] >>> (8 * byte)) & 0xff);
  }
  if (words[AauWord.control] & aauAdcr.ZERO_RESULT.mask) {
    operation.checkSecond = true;
    operation.notZeroSecond = aauAdcr.NOT_ZERO.mask;
    operation.statusWord = AauWord.control;
    operation.complete = aauAdcr.COMPLETE.mask;
  }
  if (words[AauWord.control] & aauAdcr.WRITE_ENABLE.mask) operation.addDestination(words[AauWord.destination], 1);
}

function decodeCheck(operation: Operation, note: Note, { zeroResult }: AauFeatures): void {
  if (!zeroResult) note('unmodelled', '0.4', 'zero-result check on a part whose check is not documented; it is done');
  if (operation.count > CHECK_BYTES) note('rule', '3.6', `zero-result check of ${operation.count} bytes; at most 1024`);
  operation.checkFirst = true;
  operation.notZeroFirst = aauAdcr.NOT_ZERO.mask;
  operation.statusWord = AauWord.control;
  operation.complete = aauAdcr.COMPLETE.mask;
}

/** NDA, S1, S2, H source, D source, H destination, count, control, D destination (3.5, inferred). */
function decodeDualXor(words: Uint32Array, operation: Operation, note: Note, { dualXor }: AauFeatures): void {
  if (!dualXor) note('unmodelled', '3.5', 'dual XOR on a part that is not a 33x D-step; it is done');
  operation.addSource(words[1], Fold.loadPq);
  operation.addSource(words[2], Fold.xorPq);
  operation.addSource(words[3], Fold.xor);
  operation.addSource(words[4], Fold.xorSecond);
  operation.addDestination(words[AauWord.destination], 0);
  operation.addDestination(words[DUAL_XOR_WORDS - 1], 1);
}

/** A dual XOR has one word more than four sources need: its second destination. */
function wordsOf(control: number, unitControl: number): number {
  if (unitControl & acr.PQ_ENABLE.mask && !(control & aauAdcr.DUAL_XOR.mask)) return pqFormatOf(control).words;
  return control & aauAdcr.DUAL_XOR.mask ? DUAL_XOR_WORDS : formatOf(control).words;
}

function formatOf(control: number): (typeof AAU_FORMATS)[number] {
  return AAU_FORMATS[(control & aauAdcr.SUPPLEMENT.mask) >>> aauAdcr.SUPPLEMENT.shift];
}

function pqFormatOf(control: number): (typeof AAU_PQ_FORMATS)[number] {
  return AAU_PQ_FORMATS[(control & aauAdcr.SUPPLEMENT.mask) >>> aauAdcr.SUPPLEMENT.shift];
}

/** The command of block i, 0 … 31: eight in the control word, the others in the extended words. */
function commandOf(words: Uint32Array, index: number): number {
  const word = index < 8 ? AauWord.control : AAU_EXTENDED_WORDS[(index >>> 3) - 1];
  return (words[word] >>> (3 * (index & 7) + 1)) & 7;
}
