import type { Dram } from '../memory/dram';
import type { Datapath } from './datapath';

/** The plain reference of the datapath: TypeScript on the bytes and words of the DRAM. */
export function referenceDatapath(dram: Dram): Datapath {
  const { allBytes, allWords } = dram;

  const accumulate = (queue: number, source: number, bytes: number): void => {
    let done = 0;
    if (source % 4 === 0) {
      const to = queue >>> 2;
      const from = source >>> 2;
      const words = bytes >>> 2;
      for (let i = 0; i < words; i++) allWords[to + i] ^= allWords[from + i];
      done = words << 2;
    }
    for (let i = done; i < bytes; i++) allBytes[queue + i] ^= allBytes[source + i];
  };

  const multiplyAccumulate = (queue: number, source: number, multiplier: number, bytes: number): void => {
    const products = productsOf(multiplier);
    for (let i = 0; i < bytes; i++) allBytes[queue + i] ^= products[allBytes[source + i]];
  };

  const multiplyLoad = (queue: number, source: number, multiplier: number, bytes: number): void => {
    const products = productsOf(multiplier);
    for (let i = 0; i < bytes; i++) allBytes[queue + i] = products[allBytes[source + i]];
  };

  const load = (queue: number, source: number, bytes: number): void => {
    allBytes.copyWithin(queue, source, source + bytes);
  };

  const pqGeneral: Datapath['pqGeneral'] = (p, q, sources, multipliers, count, bytes) => {
    const products = Array.from({ length: count }, (_, s) => productsOf(multipliers[s]));
    for (let i = 0; i < bytes; i++) {
      let sum = 0;
      let weighted = 0;
      for (let s = 0; s < count; s++) {
        const byte = allBytes[sources[s] + i];
        sum ^= byte;
        weighted ^= products[s][byte];
      }
      allBytes[p + i] = sum;
      allBytes[q + i] = weighted;
    }
  };

  return {
    load,
    accumulate,
    store: load,
    fill: (destination, pattern, bytes) => {
      const end = destination + bytes;
      const firstWord = Math.min((destination + 3) & ~3, end);
      const lastWord = Math.max(end & ~3, firstWord);
      for (let i = destination; i < firstWord; i++) allBytes[i] = pattern >>> (8 * (i & 3));
      allWords.fill(pattern, firstWord >>> 2, lastWord >>> 2);
      for (let i = lastWord; i < end; i++) allBytes[i] = pattern >>> (8 * (i & 3));
    },
    isZero: (queue, bytes) => {
      for (let i = queue; i < queue + bytes; i++) if (allBytes[i] !== 0) return false;
      return true;
    },
    loadPq: (p, q, source, multiplier, bytes) => {
      load(p, source, bytes);
      multiplyLoad(q, source, multiplier, bytes);
    },
    accumulatePq: (p, q, source, multiplier, bytes) => {
      accumulate(p, source, bytes);
      multiplyAccumulate(q, source, multiplier, bytes);
    },
    multiplyLoad,
    multiplyAccumulate,
    crc32c: (register, source, bytes) => {
      let value = register;
      for (let i = source; i < source + bytes; i++) {
        value = (value >>> 8) ^ CRC_OF_BYTE[(value ^ allBytes[i]) & 0xff];
      }
      return value >>> 0;
    },
    swap32: (queue, bytes) => {
      const first = queue >>> 2;
      for (let i = first; i < first + (bytes >>> 2); i++) {
        const word = allWords[i];
        allWords[i] = (word >>> 24) | ((word >>> 8) & 0xff00) | ((word & 0xff00) << 8) | (word << 24);
      }
    },
    xor: (destination, sources, count, bytes) => {
      for (let i = 0; i < bytes; i++) {
        let sum = 0;
        for (let s = 0; s < count; s++) sum ^= allBytes[sources[s] + i];
        allBytes[destination + i] = sum;
      }
    },
    syndrome: (p, q, sources, count, bytes) => {
      pqGeneral(p, q, sources, POWERS, count, bytes);
    },
    pqGeneral,
  };
}

const POLYNOMIAL = 0x11d;

/** 2^0, 2^1, … in GF(2^8): 255 different elements. */
const POWERS = new Uint8Array(255);
/** Which power of two an element is; nothing for 0. */
const LOGARITHMS = new Uint8Array(256);
for (let i = 0, value = 1; i < 255; i++) {
  POWERS[i] = value;
  LOGARITHMS[value] = i;
  value <<= 1;
  if (value & 0x100) value ^= POLYNOMIAL;
}

/** multiplier ⊗ 0 … multiplier ⊗ 255. */
function productsOf(multiplier: number): Uint8Array {
  const products = new Uint8Array(256);
  if (multiplier === 0) return products;
  for (let value = 1; value < 256; value++) {
    products[value] = POWERS[(LOGARITHMS[multiplier] + LOGARITHMS[value]) % 255];
  }
  return products;
}

/** What one byte does to an empty CRC-32C register (0x1EDC6F41, bits reversed). */
const CRC_OF_BYTE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f6_3b78 : value >>> 1;
  return value;
});
