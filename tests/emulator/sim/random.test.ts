import { RecordedChooser, RecordingChooser, SeededChooser } from '../../../emulator/sim/choice';
import { SeededRandom } from '../../../emulator/sim/random';

const MASK = 0xffff_ffffn;

/** xoshiro128** as its authors publish it, over big integers; state filled by the murmur3 finaliser of a Weyl sequence. */
function* independent(seed: bigint): Generator<number, never, void> {
  const rotate = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (32n - k))) & MASK;
  const finalise = (x: bigint): bigint => {
    x = ((x ^ (x >> 16n)) * 0x85ebca6bn) & MASK;
    x = ((x ^ (x >> 13n)) * 0xc2b2ae35n) & MASK;
    return x ^ (x >> 16n);
  };
  const s = [1n, 2n, 3n, 4n].map((i) => finalise((seed + i * 0x9e3779b9n) & MASK));
  for (;;) {
    yield Number((rotate((s[1] * 5n) & MASK, 7n) * 9n) & MASK);
    const t = (s[1] << 9n) & MASK;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 11n);
  }
}

describe('SeededRandom', () => {
  it.each([0, 1, 42, 0xffff_ffff])('is xoshiro128** for seed %i', (seed) => {
    const random = new SeededRandom(seed);
    const reference = independent(BigInt(seed));
    for (let i = 0; i < 1000; i++) expect(random.next()).toBe(reference.next().value);
  });

  it('gives the same values on every machine, for ever', () => {
    const random = new SeededRandom(1);
    const values = [random.next(), random.next(), random.next()];
    expect(values).toEqual([2442144158, 3238099751, 3819917871]);
    const again = new SeededRandom(1);
    expect([again.next(), again.next(), again.next()]).toEqual(values);
  });

  it('gives other values for other seeds', () => {
    const first = new Set(Array.from({ length: 1000 }, (_, seed) => new SeededRandom(seed).next()));
    expect(first.size).toBeGreaterThan(995);
  });

  it.each([2, 3, 7, 10, 1000])('spreads evenly below %i', (bound) => {
    const random = new SeededRandom(bound);
    const buckets = new Array<number>(bound).fill(0);
    const draws = 200 * bound;
    for (let i = 0; i < draws; i++) buckets[random.below(bound)]++;
    const expected = draws / bound;
    const chiSquare = buckets.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    // Mean bound − 1, deviation √(2 (bound − 1)): five deviations are far beyond chance.
    expect(chiSquare).toBeLessThan(bound - 1 + 5 * Math.sqrt(2 * (bound - 1)));
  });

  it('is not biased by a bound that divides 2^32 badly', () => {
    const random = new SeededRandom(3);
    const bound = 3 * 2 ** 30;
    let low = 0;
    const draws = 6000;
    for (let i = 0; i < draws; i++) if (random.below(bound) < 2 ** 30) low++;
    // A plain remainder would give one half instead of one third.
    expect(low / draws).toBeCloseTo(1 / 3, 1);
  });

  it.each([0, -1, 1.5, NaN, 2 ** 32 + 1])('refuses the bound %d', (bound) => {
    expect(() => new SeededRandom(0).below(bound)).toThrow(RangeError);
  });

  it('accepts the whole range', () => {
    const value = new SeededRandom(9).below(2 ** 32);
    expect(value).toBe(new SeededRandom(9).next());
  });
});

describe('choosers', () => {
  it('answer the same questions the same way for the same seed', () => {
    const a = new SeededChooser(5);
    const b = new SeededChooser(5);
    for (let i = 1; i < 200; i++) expect(a.choose('x', i)).toBe(b.choose('x', i));
  });

  it('answer within the alternatives', () => {
    const chooser = new SeededChooser(6);
    const seen = new Set<number>();
    for (let i = 0; i < 200; i++) seen.add(chooser.choose('x', 4));
    expect([...seen].sort()).toEqual([0, 1, 2, 3]);
  });

  it('record what was answered, and a replay gives it back', () => {
    const recording = new RecordingChooser(new SeededChooser(77));
    const questions = Array.from({ length: 100 }, (_, i) => 1 + (i % 5));
    const answers = questions.map((n) => recording.choose('x', n));
    const replay = new RecordedChooser(recording.answers);
    expect(questions.map((n) => replay.choose('x', n))).toEqual(answers);
  });

  it('neither record nor consume anything where there is one way', () => {
    const recording = new RecordingChooser(new SeededChooser(1));
    recording.choose('x', 1);
    expect(recording.answers).toEqual([]);
    expect(new RecordedChooser([]).choose('x', 1)).toBe(0);
  });

  it('refuse a replay that does not fit, naming the point', () => {
    expect(() => new RecordedChooser([]).choose('disk order', 2)).toThrow(/disk order/);
    expect(() => new RecordedChooser([2]).choose('disk order', 2)).toThrow(/disk order/);
    expect(new RecordedChooser([1]).choose('disk order', 2)).toBe(1);
  });
});
