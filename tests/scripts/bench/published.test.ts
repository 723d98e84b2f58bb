import { p11, xorThroughput } from '../../../scripts/bench/published';

describe('P11, the AAU of an IOP321 against its processor', () => {
  it('comes out within 20 % of the published ratio', () => {
    const { measured, holds } = p11();
    expect(holds).toBe(true);
    expect(measured).toBeGreaterThan(7 * 0.8);
    expect(measured).toBeLessThan(7 * 1.2);
  });

  it('rests on an engine below the peak of its memory: 1.6 GB/s', () => {
    for (const sources of [2, 5, 16]) {
      expect(xorThroughput('iop321', true, sources) * (sources + 1)).toBeLessThan(1.6e9);
    }
  });

  it('is the same every time, being simulated time', () => {
    expect(xorThroughput('iop321', true, 4)).toBe(xorThroughput('iop321', true, 4));
  });
});
