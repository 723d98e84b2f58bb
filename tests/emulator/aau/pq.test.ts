import { createTarget } from '../../../index';
import { SeededRandom } from '../../../emulator/sim/random';

/** The AAU of an IOP331 and the registers a chain needs, retyped (hw-iop3xx 2.2); ACR bit 3 is our stand-in. */
const AAU = 0xffffe800;
const ACR = AAU;
const ASR = AAU + 0x04;
const ANDAR = AAU + 0x0c;
const PQ_ENABLE = 1 << 3;
const ACTIVE = 1 << 10;
const DESCRIPTOR = 0x1000;
const DESTINATION = 0x8000;
const SOURCES = 0x10000;
const BYTES = 1500;

/** Words of source i and of its multiplier byte, written down from hw-iop3xx 3.5 a second time. */
const PLACES: readonly (readonly [number, number, number])[] = [
  [1, 4, 0],
  [2, 4, 1],
  [3, 4, 2],
  [8, 11, 0],
  [9, 11, 1],
  [10, 11, 2],
  [13, 16, 0],
  [14, 16, 1],
  [15, 16, 2],
  [17, 20, 0],
  [18, 20, 1],
  [19, 20, 2],
  [22, 25, 0],
  [23, 25, 1],
  [24, 25, 2],
  [26, 25, 3],
];

/** Multiplication in GF(2^8) modulo 0x11D, bit by bit. */
function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 0; bit < 8; bit++) {
    if (b & (1 << bit)) product ^= a << bit;
  }
  for (let bit = 14; bit >= 8; bit--) if (product & (1 << bit)) product ^= 0x11d << (bit - 8);
  return product;
}

function supplementFor(sources: number): number {
  if (sources <= 3) return 0;
  if (sources <= 6) return 1;
  return sources <= 12 ? 2 : 3;
}

describe('P+Q of the IOP331 accelerator (inferred, hw-iop3xx 3.5)', () => {
  it.each([1, 2, 3, 4, 6, 7, 9, 12, 13, 16])(
    'sums %i sources with their multipliers into one destination',
    (sources) => {
      const target = createTarget('iop331', { dramBytes: 1 << 20 });
      const random = new SeededRandom(sources);
      const words = new Uint32Array(target.memory.buffer, 0, target.memory.length / 4);
      const multipliers = Array.from({ length: sources }, () => random.below(256));
      const expected = new Uint8Array(BYTES);
      const at = DESCRIPTOR / 4;
      words[at + 5] = DESTINATION;
      words[at + 6] = BYTES;
      words[at + 7] = (0x80000000 | (supplementFor(sources) << 25)) >>> 0;
      for (let i = 0; i < sources; i++) {
        const address = SOURCES + i * 0x1001;
        for (let k = 0; k < BYTES; k++) {
          target.memory[address + k] = random.below(256);
          expected[k] ^= multiply(target.memory[address + k], multipliers[i]);
        }
        const [source, multiplier, byte] = PLACES[i];
        words[at + source] = address;
        words[at + multiplier] |= multipliers[i] << (8 * byte);
        const command = i === 0 ? 7 : 1;
        const commandWord = i < 8 ? 7 : 12;
        words[at + commandWord] |= command << (3 * (i % 8) + 1);
      }
      target.write32(ANDAR, DESCRIPTOR);
      target.write32(ACR, 1 | PQ_ENABLE);
      expect(target.runUntil(() => target.now > 0 && (target.read32(ASR) & ACTIVE) === 0, 1e9)).toBe(true);
      expect(target.memory.slice(DESTINATION, DESTINATION + BYTES)).toEqual(expected);
      expect(target.findings()).toEqual([expect.objectContaining({ kind: 'unmodelled', rule: 'hw-iop3xx 3.5' })]);
    },
  );
});
