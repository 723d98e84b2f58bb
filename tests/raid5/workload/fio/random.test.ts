import { Lfsr, Tausworthe } from '../../../../raid5/workload/fio/random';

it.each(Array.from({ length: 19 }, (_, i) => i + 2))('the register of %d bits visits every number once', (bits) => {
  for (const count of [2 ** bits - 1, 2 ** (bits - 1) + 1]) {
    const lfsr = new Lfsr(count, 5);
    const seen = new Uint8Array(count);
    for (let i = 0; i < count; i++) seen[lfsr.next()]++;
    expect(seen.every((times) => times === 1)).toBe(true);
  }
});

it('a register for one number gives that number', () => {
  const lfsr = new Lfsr(1, 9);
  expect([lfsr.next(), lfsr.next(), lfsr.next()]).toEqual([0, 0, 0]);
});

it('spreads evenly: sixteen bins within three per cent, any seed', () => {
  for (const seed of [0, 1, 0xffff_ffff]) {
    const random = new Tausworthe(seed);
    const bins = new Array<number>(16).fill(0);
    for (let i = 0; i < 160_000; i++) bins[random.below(16)]++;
    for (const bin of bins) expect(Math.abs(bin - 10_000)).toBeLessThan(300);
  }
});
