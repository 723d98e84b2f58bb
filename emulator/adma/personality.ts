/** What makes a chain-walking unit an IOP13xx ADMA channel (reference/hw-iop13xx 2 – 4). */
import { Fold } from '../chain/operation';
import type { Operation } from '../chain/operation';
import type { ChainPersonality, Note } from '../chain/personality';
import { Route } from '../memory/bus';
import { IOP13XX_TIMING } from '../memory/timing';
import { descriptorWords, Direction, Word, wordRegister } from './descriptor';
import {
  abcr,
  ACCR,
  accr,
  ACSR,
  acsr,
  ADAR,
  adcr,
  ADMA_REGISTERS,
  ADMA_WINDOW_BYTES,
  ERROR_BITS,
  IIPAR,
  IIPUAR,
} from './registers';

/** Upper address bits of a source that carries a multiplier in its top byte. */
const MULTIPLIED_UPPER = 0x00ff_ffff;

/** Modes in the order in which they win when software sets more than one (4.10). */
const MODES = [
  { name: 'fill', mask: adcr.FILL.mask, decode: decodeFill },
  { name: 'dual XOR', mask: adcr.DUAL_XOR.mask, decode: decodeDualXor },
  { name: 'P+Q update', mask: adcr.PQ_UPDATE.mask, decode: decodePqUpdate },
  { name: 'P+Q', mask: adcr.PQ.mask, decode: decodePq },
  { name: 'CRC', mask: adcr.CRC.mask, decode: decodeCrc },
] as const;

const ALL_MODES = MODES.reduce((all, { mask }) => all | mask, 0);
/** Modes that have P+Q arithmetic in them. */
const PQ_MODES = adcr.PQ.mask | adcr.PQ_UPDATE.mask;
/** Modes whose descriptor has 16 words, whatever the source select says: a second destination follows the sources. */
const TWO_DESTINATIONS = adcr.DUAL_XOR.mask | adcr.PQ_UPDATE.mask;
const TWO_DESTINATIONS_WORDS = 16;

/** @param hasPq whether this channel is one that drivers give P+Q to (1.1) */
export function admaPersonality(hasPq: boolean): ChainPersonality {
  return {
    reference: 'hw-iop13xx',
    windowBytes: ADMA_WINDOW_BYTES,
    registers: ADMA_REGISTERS,
    control: ACCR,
    enable: accr.ENABLE.mask,
    resume: accr.RESUME.mask,
    status: ACSR,
    active: acsr.ACTIVE.mask,
    endOfTransfer: acsr.END_OF_TRANSFER.mask,
    endOfChain: acsr.END_OF_CHAIN.mask,
    errors: ERROR_BITS,
    faultFlags: {
      'master-abort': acsr.MASTER_ABORT.mask,
      'target-abort': acsr.TARGET_ABORT.mask,
      'mcu-abort': acsr.MCU_ABORT.mask,
      parity: acsr.PARITY.mask,
    },
    checkFlag: acsr.ERROR_1.mask,
    signalsBeforeReread: false,
    suspendsAfter: 'block',
    current: ADAR,
    next: wordRegister(Word.next),
    countWord: Word.count,
    parityAddress: [IIPAR, IIPUAR],
    descriptorWords: (dram, address) =>
      dram.contains(address, 8) ? wordsOf(dram.word(address + 4 * Word.control)) : descriptorWords(1),
    blockBytes: () => IOP13XX_TIMING.BLOCK.value,
    decode: (words, operation, note) => decode(words, operation, note, hasPq),
  };
}

function wordsOf(control: number): number {
  return control & TWO_DESTINATIONS ? TWO_DESTINATIONS_WORDS : descriptorWords(sourcesOf(control));
}

function decode(words: Uint32Array, operation: Operation, note: Note, hasPq: boolean): void {
  const control = words[Word.control];
  operation.count = words[Word.count] & abcr.BYTE_COUNT.mask;
  operation.interrupt = (control & adcr.INT_EN.mask) !== 0;
  if (control & adcr.STATUS_WRITE_BACK.mask) operation.statusWord = Word.count;
  operation.complete = abcr.COMPLETE.mask;
  operation.notZeroFirst = abcr.NOT_ZERO.mask;
  operation.notZeroSecond = abcr.Q_NOT_ZERO.mask;
  decodeDirection(control, operation, note);
  if (control & ALL_MODES) decodeMode(words, operation, note, hasPq);
  else decodeXor(words, operation);
  if (control & adcr.ENDIAN_SWAP.mask) {
    note('unmodelled', '4.10', 'endian swap: bytes of each 32-bit word are swapped (stand-in)');
    operation.swap = true;
  }
}

function decodeMode(words: Uint32Array, operation: Operation, note: Note, hasPq: boolean): void {
  const control = words[Word.control];
  const asked = control & ALL_MODES;
  const mode = MODES.find(({ mask }) => asked & mask)!;
  // Whether an update needs the P+Q bit as well is not known: either is taken (3.4).
  if (asked !== mode.mask && asked !== PQ_MODES) {
    const names = MODES.filter(({ mask }) => asked & mask).map(({ name }) => name);
    note('rule', '4.10', `modes ${names.join(' and ')} together: ${mode.name} wins`);
  }
  if (mode.mask & PQ_MODES && !hasPq) note('rule', '4.10', 'P+Q on a channel that drivers do not use for it');
  mode.decode(words, operation, note);
}

function decodeDirection(control: number, operation: Operation, note: Note): void {
  const direction = (control & adcr.DIRECTION.mask) >>> adcr.DIRECTION.shift;
  if (direction === Direction.internalToLocal) operation.readRoute = Route.internal;
  if (direction === Direction.localToInternal) operation.writeRoute = Route.internal;
  if (direction === Direction.hostToLocal || direction === Direction.localToHost) {
    note('unmodelled', '3.2', 'a transfer to or from the host interface runs as a local one');
  }
}

/** Copy, XOR and zero-result check: the sources are folded in the order of the descriptor. */
function decodeXor(words: Uint32Array, operation: Operation): void {
  const sources = sourcesOf(words[Word.control]);
  for (let i = 0; i < sources; i++) operation.addSource(source(words, i), i === 0 ? Fold.load : Fold.xor);
  if (words[Word.control] & adcr.ZERO_RESULT.mask) operation.checkFirst = true;
  else operation.addDestination(destination(words), 0);
}

function decodeFill(words: Uint32Array, operation: Operation): void {
  operation.fill = true;
  operation.pattern = words[Word.data];
  operation.addDestination(destination(words), 0);
}

/** H' = S0 ^ S1 ^ H, D' = S0 ^ S1 ^ D (4.9); always four sources, the diagonal destination in word 14. */
function decodeDualXor(words: Uint32Array, operation: Operation, note: Note): void {
  if (operation.readRoute !== Route.port) note('rule', '4.10', 'dual XOR of sources that are not local');
  operation.addSource(source(words, 0), Fold.loadPq);
  operation.addSource(source(words, 1), Fold.xorPq);
  operation.addSource(source(words, 2), Fold.xor);
  operation.addSource(source(words, 3), Fold.xorSecond);
  operation.addDestination(destination(words), 0);
  operation.addDestination(source(words, 4), 1);
}

/** P' = S0 ^ S1 ^ P, Q' = m⊗S0 ^ m⊗S1 ^ Q; m stands with the Q source (3.4). */
function decodePqUpdate(words: Uint32Array, operation: Operation): void {
  const multiplier = multiplierOf(words, 3);
  operation.multiplies = true;
  operation.addSource(source(words, 0), Fold.loadPq, multiplier);
  operation.addSource(source(words, 1), Fold.xorPq, multiplier);
  operation.addSource(source(words, 2), Fold.xor);
  operation.addSource(multipliedSource(words, 3), Fold.xorSecond);
  operation.addDestination(destination(words), 0);
  operation.addDestination(source(words, 4), 1);
}

/** P and Q of the sources, or with the check bit whether the last two sources are P and Q of the others. */
function decodePq(words: Uint32Array, operation: Operation, note: Note): void {
  const control = words[Word.control];
  const sources = sourcesOf(control);
  const check = (control & adcr.ZERO_RESULT.mask) !== 0;
  const withP = !(control & adcr.P_DISABLE.mask);
  operation.multiplies = true;
  if (check && sources < 4) note('rule', '3.4', `P+Q check of ${sources} sources; at least 4 are valid`);
  if (check) {
    decodePqCheck(words, operation, sources);
    operation.checkFirst = withP && sources > 1;
    operation.checkSecond = true;
    return;
  }
  for (let i = 0; i < sources; i++) {
    operation.addSource(multipliedSource(words, i), i === 0 ? Fold.loadPq : Fold.xorPq, multiplierOf(words, i));
  }
  const p = destination(words);
  const q = words[Word.data] + words[Word.destinationUpper] * 0x1_0000_0000;
  if ((p ^ q) & 7) note('rule', '6.1', 'the low address bits of P and Q differ');
  if (withP) operation.addDestination(p, 0);
  operation.addDestination(q, 1);
}

/** Data, then P, then Q; the multipliers of the last two are ignored. A lone source is a Q. */
function decodePqCheck(words: Uint32Array, operation: Operation, sources: number): void {
  const p = sources - 2;
  for (let i = 0; i < sources; i++) {
    const address = multipliedSource(words, i);
    // What comes first loads both queues, whatever it is.
    if (i === 0) operation.addSource(address, Fold.loadPq, i < p ? multiplierOf(words, i) : i === p ? 0 : 1);
    else if (i < p) operation.addSource(address, Fold.xorPq, multiplierOf(words, i));
    else operation.addSource(address, i === p ? Fold.xor : Fold.xorSecond);
  }
}

/** A copy whose data also run through CRC-32C; the copy itself can be switched off (4.8). */
function decodeCrc(words: Uint32Array, operation: Operation, note: Note): void {
  const control = words[Word.control];
  if (sourcesOf(control) > 1) note('rule', '4.10', 'CRC of an XOR: only the first source is taken');
  operation.addSource(source(words, 0), Fold.load);
  operation.crcAddress = (words[Word.data] & ~3) >>> 0;
  operation.crcContinues = (control & adcr.CRC_SEED_DISABLE.mask) !== 0;
  if (!(control & adcr.CRC_NO_TRANSFER.mask)) operation.addDestination(destination(words), 0);
}

function sourcesOf(control: number): number {
  return ((control & adcr.SOURCE_SELECT.mask) >>> adcr.SOURCE_SELECT.shift) + 1;
}

function destination(words: Uint32Array): number {
  return words[Word.destinationLow] + words[Word.destinationUpper] * 0x1_0000_0000;
}

function source(words: Uint32Array, index: number): number {
  return words[Word.sources + 2 * index] + words[Word.sources + 2 * index + 1] * 0x1_0000_0000;
}

/** A source whose upper word carries a multiplier. */
function multipliedSource(words: Uint32Array, index: number): number {
  return words[Word.sources + 2 * index] + (words[Word.sources + 2 * index + 1] & MULTIPLIED_UPPER) * 0x1_0000_0000;
}

function multiplierOf(words: Uint32Array, index: number): number {
  return words[Word.sources + 2 * index + 1] >>> 24;
}
