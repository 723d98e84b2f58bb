/** Drivers that describe an operation wrongly to their engine. */
import { SumCheck } from '../../dmaengine/flags';
import type { Mutant } from './mutant';
import { hardware, steps } from './replace';

export const DATA_MUTANTS: readonly Mutant[] = [
  {
    id: 'low-address-bits-dropped',
    rule: 'MC-01',
    says: 'The source of a copy loses its low address bits.',
    install: hardware((good) => ({
      writeMemcpy: (kernel, phys, dest, src, len, interrupt) =>
        good.writeMemcpy(kernel, phys, dest, src - (src & 7), len, interrupt),
    })),
  },
  {
    id: 'count-of-16-bits',
    rule: 'IA-22',
    says: 'Lengths are cut to 16 bits.',
    install: hardware((good) => ({
      writeMemcpy: (kernel, phys, dest, src, len, interrupt) =>
        good.writeMemcpy(kernel, phys, dest, src, len & 0xffff, interrupt),
      writeXor: (kernel, phys, dest, srcs, count, len, interrupt) =>
        good.writeXor(kernel, phys, dest, srcs, count, len & 0xffff, interrupt),
    })),
  },
  {
    id: 'length-rounded-up',
    rule: 'MC-01',
    says: 'Lengths are rounded up to words.',
    install: hardware((good) => ({
      writeMemcpy: (kernel, phys, dest, src, len, interrupt) =>
        good.writeMemcpy(kernel, phys, dest, src, (len + 3) & ~3, interrupt),
    })),
  },
  {
    id: 'fill-byte-not-repeated',
    rule: 'MC-04',
    says: 'The byte of a fill is handed on as the 32-bit pattern, as Linux did.',
    install: hardware((good) => ({
      writeMemset: (kernel, phys, dest, pattern, len, interrupt) =>
        good.writeMemset(kernel, phys, dest, pattern & 0xff, len, interrupt),
    })),
  },
  {
    id: 'last-source-missing',
    rule: 'XR-02',
    says: 'A sum is told of one source less than it has.',
    install: hardware((good) => ({
      writeXor: (kernel, phys, dest, srcs, count, len, interrupt) =>
        good.writeXor(kernel, phys, dest, srcs, Math.max(1, count - 1), len, interrupt),
    })),
  },
  {
    id: 'sixteen-sources-at-most',
    rule: 'IA-20',
    says: 'Of the 32 sources that the device names, those from the seventeenth on are another time the first.',
    install: hardware((good) => ({
      writeXor: (kernel, phys, dest, srcs, count, len, interrupt) =>
        good.writeXor(
          kernel,
          phys,
          dest,
          srcs.map((_, i) => srcs[i % 16]),
          count,
          len,
          interrupt,
        ),
    })),
  },
  {
    id: 'destination-is-no-source',
    rule: 'XR-04',
    says: 'A destination among the sources is left out, as a processor that adds to it would have it.',
    install: hardware((good) => ({
      writeXor: (kernel, phys, dest, srcs, _, len, interrupt) => {
        const others = srcs.filter((address) => address !== dest);
        const left = others.length === 0 ? srcs : others;
        good.writeXor(kernel, phys, dest, left, left.length, len, interrupt);
      },
    })),
  },
  {
    id: 'pieces-not-advanced',
    rule: 'IA-22',
    says: 'Every piece of a long check starts where the first does.',
    install: hardware((good) => ({
      writeXorVal: (kernel, phys, srcs, count, _, len, interrupt) =>
        good.writeXorVal(kernel, phys, srcs, count, 0, len, interrupt),
    })),
  },
  {
    id: 'check-of-all-but-one',
    rule: 'XV-01',
    says: 'A check leaves its last source out where it has more than two.',
    install: hardware((good) => ({
      writeXorVal: (kernel, phys, srcs, count, done, len, interrupt) =>
        good.writeXorVal(kernel, phys, srcs, count > 2 ? count - 1 : count, done, len, interrupt),
    })),
  },
  {
    id: 'check-says-p-alone',
    rule: 'CF-06',
    says: 'The answer of a P+Q check is that for P.',
    install: hardware((good) => ({
      readZeroResult: (kernel, phys) => good.readZeroResult(kernel, phys) & SumCheck.P_RESULT,
    })),
  },
  {
    id: 'check-always-zero',
    rule: 'XV-01',
    says: 'Whatever a check finds, it answers 0.',
    install: hardware((good) => ({
      readZeroResult: (kernel, phys) => good.readZeroResult(kernel, phys) & 0,
    })),
  },
  {
    id: 'coefficients-turned-round',
    rule: 'PQ-01',
    says: 'The coefficients of P+Q are written in the opposite order.',
    install: hardware((good) => ({
      writePq: (kernel, phys, dst, srcs, scf, len, withP, interrupt) =>
        good.writePq(kernel, phys, dst, srcs, [...scf].reverse(), len, withP, interrupt),
    })),
  },
  {
    id: 'coefficient-of-7-bits',
    rule: 'PQ-01',
    says: 'The highest bit of a coefficient is lost.',
    install: hardware((good) => ({
      writePq: (kernel, phys, dst, srcs, scf, len, withP, interrupt) =>
        good.writePq(
          kernel,
          phys,
          dst,
          srcs,
          scf.map((c) => c & 0x7f),
          len,
          withP,
          interrupt,
        ),
    })),
  },
  {
    id: 'p-not-disabled',
    rule: 'PQ-05',
    says: 'A disabled P is written all the same, to the address that only had to agree with Q.',
    install: hardware((good) => ({
      writePq: (kernel, phys, dst, srcs, scf, len, _, interrupt) =>
        good.writePq(kernel, phys, dst, srcs, scf, len, true, interrupt),
    })),
  },
  {
    id: 'continuation-missing',
    rule: 'IA-28',
    says: 'P+Q that continues starts afresh.',
    install: steps(() => ({ continuation: () => [] })),
  },
  {
    id: 'continuation-does-not-cancel',
    rule: 'IA-28',
    says: 'The old Q is read once, and so counts in P.',
    install: steps((good) => ({ continuation: (dst, flags) => good.continuation(dst, flags).slice(0, 2) })),
  },
  {
    id: 'three-where-one-does',
    rule: 'CF-09',
    says: 'Continuing without P reserves room for three old results instead of one, which does not fit.',
    commit: 'ioat3: fix p-disabled q-continuation (cd78809f619, 2009)',
    install: steps((good) => ({
      continuation: (dst, flags) => {
        const old = good.continuation(dst, flags);
        return old.length === 1 ? [...old, { ...old[0], coefficient: 0 }, { ...old[0], coefficient: 0 }] : old;
      },
    })),
  },
  {
    id: 'p-judged-though-disabled',
    rule: 'PV-02',
    says: 'A P+Q check without P judges what stands in its place.',
    install: hardware((good) => ({
      writePqVal: (kernel, phys, srcs, scf, len, _, interrupt) =>
        good.writePqVal(kernel, phys, srcs, scf, len, true, interrupt),
    })),
  },
  {
    id: 'q-never-judged',
    rule: 'PV-05',
    says: 'A P+Q check is done as a check of P alone.',
    install: hardware((good) => ({
      writePqVal: (kernel, phys, srcs, _scf, len, _, interrupt) =>
        good.writeXorVal(kernel, phys, srcs.slice(0, -1), srcs.length - 1, 0, len, interrupt),
    })),
  },
  {
    id: 'fourth-coefficient-missing',
    rule: 'ST-06',
    says: 'The coefficient of the fourth source of P+Q is not written.',
    install: hardware((good) => ({
      writePq: (kernel, phys, dst, srcs, scf, len, withP, interrupt) => {
        const written = scf.map((coefficient, i) => (i === 3 ? 0 : coefficient));
        good.writePq(kernel, phys, dst, srcs, written, len, withP, interrupt);
      },
    })),
  },
  {
    id: 'q-and-p-confused',
    rule: 'CF-06',
    says: 'A P+Q check says P where Q is wrong, and Q where P is.',
    install: hardware((good) => ({
      readZeroResult: (kernel, phys) => {
        const answer = good.readZeroResult(kernel, phys);
        return (
          (answer & SumCheck.P_RESULT ? SumCheck.Q_RESULT : 0) | (answer & SumCheck.Q_RESULT ? SumCheck.P_RESULT : 0)
        );
      },
    })),
  },
  {
    id: 'copy-in-whole-lines',
    rule: 'ST-01',
    says: 'A copy ends with its last whole cache line.',
    install: hardware((good) => ({
      writeMemcpy: (kernel, phys, dest, src, len, interrupt) =>
        good.writeMemcpy(kernel, phys, dest, src, len < 32 ? len : len & ~31, interrupt),
    })),
  },
  {
    id: 'third-source-twice',
    rule: 'ST-02',
    says: 'A sum of four reads the third source in place of the fourth.',
    install: hardware((good) => ({
      writeXor: (kernel, phys, dest, srcs, count, len, interrupt) => {
        const read = srcs.map((address, i) => (i === 3 ? srcs[2] : address));
        good.writeXor(kernel, phys, dest, read, count, len, interrupt);
      },
    })),
  },
  {
    id: 'check-without-its-first',
    rule: 'ST-03',
    says: 'A check of more than two blocks starts with the second.',
    install: hardware((good) => ({
      writeXorVal: (kernel, phys, srcs, count, done, len, interrupt) => {
        const rest = count > 2 ? srcs.slice(1) : srcs;
        good.writeXorVal(kernel, phys, rest, Math.min(count, rest.length), done, len, interrupt);
      },
    })),
  },
  {
    id: 'sources-on-whole-words',
    rule: 'CF-07',
    says: 'Sources of a sum lose their low address bits, though the device claims to take any.',
    install: hardware((good) => ({
      writeXor: (kernel, phys, dest, srcs, count, len, interrupt) => {
        const words = srcs.map((address) => address - (address & 3));
        good.writeXor(kernel, phys, dest, words, count, len, interrupt);
      },
    })),
  },
  {
    id: 'q-in-the-place-of-p',
    rule: 'IA-30',
    says: 'A P+Q check reads P where Q belongs.',
    install: hardware((good) => ({
      writePqVal: (kernel, phys, srcs, scf, len, withP, interrupt) => {
        const [p, q] = srcs.slice(-2);
        good.writePqVal(kernel, phys, [...srcs.slice(0, -2), q, p], scf, len, withP, interrupt);
      },
    })),
  },
];
