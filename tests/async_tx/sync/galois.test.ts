import * as fc from 'fast-check';
import { gfDouble, gfExi, gfExp, gfInv, gfMul, gfProducts } from '../../../async_tx/sync/galois';
import { powerOfTwo, times } from '../../emulator/datapath/model';

const BYTES = [...new Uint8Array(256).keys()];

describe('arithmetic in GF(2^8) (PQ-01)', () => {
  it('multiplies as polynomials do, all 65,536 products', () => {
    for (const a of BYTES) {
      const products = BYTES.map((b) => times(a, b));
      expect(BYTES.map((b) => gfMul(a, b))).toEqual(products);
      expect([...gfProducts(a)]).toEqual(products);
    }
  });

  it('has the powers of 2 that the kernel prints: exp(8) = 0x1d, exp(255) = 1 (RR-01, oracle 1.3)', () => {
    expect([0, 1, 7, 8, 255].map(gfExp)).toEqual([1, 2, 0x80, 0x1d, 1]);
    const exponents = [...new Uint8Array(255).keys()];
    expect(exponents.map(gfExp)).toEqual(exponents.map(powerOfTwo));
    expect(new Set(exponents.map(gfExp)).size).toBe(255);
  });

  it('inverts: a · inv(a) = 1, and inv(0) = 0 (RR-01)', () => {
    for (const a of BYTES.slice(1)) expect(times(a, gfInv(a))).toBe(1);
    expect(gfInv(0)).toBe(0);
  });

  it('has exi(k) = inv(2^k + 1) (RR-01, oracle 1.3)', () => {
    for (let k = 1; k < 255; k++) expect(times(gfExi(k), powerOfTwo(k) ^ 1)).toBe(1);
  });

  it('doubles each byte of a word for itself', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), (bytes) => {
        const word = new Uint32Array([gfDouble(new Uint32Array(bytes.buffer.slice(0))[0])]);
        expect([...new Uint8Array(word.buffer)]).toEqual([...bytes].map((byte) => times(2, byte)));
      }),
    );
    for (const byte of BYTES) expect(gfDouble(byte)).toBe(times(2, byte));
  });
});
