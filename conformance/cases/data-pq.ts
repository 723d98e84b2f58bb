/** Data of P+Q and its checks. */
import { DmaCapability } from '../../dmaengine/capability';
import { PAGE_SIZE } from '../../emulator/kernel/pages';
import type { DmaChan } from '../../dmaengine/device';
import { DmaCtrl } from '../../dmaengine/flags';
import { dmaDevToMaxPq, dmaMaxPq } from '../../dmaengine/pq';
import type { ConformanceCase } from '../case';
import type { CaseWorld } from '../world/case-world';
import type { OperationSpec, PqSpec } from '../world/operation';
import { flip, makeSyndrome, SIZES, someCoefficients, sourceCounts, spans } from './parts';

const { PQ, PQ_VAL } = DmaCapability;

/** Everything of a P+Q operation: both sums. */
type Whole = Required<Omit<PqSpec, 'continues'>>;

/** P, Q and so many sources, with coefficients of all kinds unless given. */
function whole(world: CaseWorld, count: number, len: number, coefficients = someCoefficients(world, count)): Whole {
  const [p, q, ...from] = spans(world, count + 2, len);
  return { p, q, from, coefficients };
}

/** The same with both sums right. */
function right(world: CaseWorld, count: number, len: number): Whole {
  const sums = whole(world, count, len);
  makeSyndrome(sums.p, sums.q, sums.from, sums.coefficients);
  return sums;
}

/** Most sources of a check, beside P and Q. */
function mostToCheck({ device }: DmaChan): number {
  return dmaDevToMaxPq(device) - 2;
}

export const DATA_PQ: readonly ConformanceCase[] = [
  {
    id: 'pq/sizes',
    rules: ['PQ-01', 'IA-22'],
    title: 'P and Q of every size around which something changes are right, and touch nothing beside.',
    why: 'Q is used for the first time when two disks are lost.',
    *run(world) {
      for (const chan of world.channels(1, PQ)) {
        for (const len of SIZES) yield* world.finish(world.start(chan, { kind: 'pq', ...whole(world, 3, len) }));
      }
      world.audit('PQ-01');
    },
  },
  {
    id: 'pq/source-counts',
    rules: ['IA-21', 'PQ-01'],
    title: 'P and Q of one source up to the most there may be are right.',
    why: 'Each source has a coefficient in a word of its own.',
    *run(world) {
      for (const chan of world.channels(1, PQ)) {
        for (const count of sourceCounts(dmaMaxPq(chan.device, 0))) {
          yield* world.finish(world.start(chan, { kind: 'pq', ...whole(world, count, 300) }));
        }
      }
      world.audit('IA-21');
    },
  },
  {
    id: 'pq/coefficients',
    rules: ['PQ-01'],
    title: 'Coefficients 0, 1, 2, 0x80, 0xff and others weigh their own source.',
    why: '0 and 1 are special to some multipliers, and an order turned round is not seen with equal ones.',
    *run(world) {
      for (const chan of world.channels(1, PQ)) {
        for (const coefficients of [
          [0, 0],
          [1, 1],
          [0, 1],
          [2, 0],
          [0x80, 2],
          [0xff, 0x80],
          [0x8e, 0x1d],
        ]) {
          yield* world.finish(world.start(chan, { kind: 'pq', ...whole(world, 2, 256, coefficients) }));
        }
      }
      world.audit('PQ-01');
    },
  },
  {
    id: 'pq/powers-of-two',
    rules: ['PQ-01', 'PQ-02'],
    title: 'The syndrome of a stripe, powers of 2 by slot, is right.',
    why: 'It is what a RAID-6 has on its disks.',
    *run(world) {
      for (const chan of world.channels(1, PQ)) {
        const count = Math.min(12, dmaMaxPq(chan.device, 0));
        // Beyond 8 the powers wrap round the polynomial.
        const powers = [1, 2, 4, 8, 16, 32, 64, 128, 29, 58, 116, 232].slice(0, count);
        yield* world.finish(world.start(chan, { kind: 'pq', ...whole(world, count, 4096, powers) }));
      }
      world.audit('PQ-01');
    },
  },
  {
    id: 'pq/without-p',
    rules: ['PQ-05', 'IA-29'],
    title: 'Q alone is right, and nothing is written for P.',
    why: 'A disabled P has no address: whatever is written for it goes into the low pages.',
    *run(world) {
      const { bytes } = world.kernel.machine.dram;
      const low = bytes.slice(0, PAGE_SIZE);
      for (const chan of world.channels(1, PQ)) {
        for (const len of [1, 64, 1500]) {
          const { q, from, coefficients } = whole(world, 3, len);
          yield* world.finish(world.start(chan, { kind: 'pq', q, from, coefficients }));
        }
      }
      const at = low.findIndex((byte, i) => byte !== bytes[i]);
      world.check(at < 0, 'PQ-05', 'nothing written for P', `byte ${at} of the first page is`);
      world.audit('PQ-05');
    },
  },
  {
    id: 'pq/without-q',
    rules: ['PQ-05'],
    title: 'P alone is right, and nothing is written for Q.',
    why: 'A disabled Q has no address either.',
    *run(world) {
      for (const chan of world.channels(1, PQ)) {
        for (const len of [1, 64, 1500]) {
          const { p, from, coefficients } = whole(world, 3, len);
          yield* world.finish(world.start(chan, { kind: 'pq', p, from, coefficients }));
        }
      }
      world.audit('PQ-05');
    },
  },
  {
    id: 'pq/continued',
    rules: ['IA-28', 'PQ-07'],
    title: 'P and Q that continue add to what the destinations held.',
    why: 'A stripe of more disks than one descriptor takes comes in pieces.',
    *run(world) {
      for (const chan of world.channels(1, PQ)) {
        for (const count of [1, 2, 5]) {
          const sums = whole(world, count, 900);
          yield* world.finish(world.start(chan, { kind: 'pq', ...sums, continues: true }));
        }
      }
      world.audit('IA-28');
    },
  },
  {
    id: 'pq/continued-without-one',
    rules: ['IA-28', 'PQ-05', 'CF-09'],
    title: 'Q alone, and P alone, continue as well, with as many sources as then fit.',
    why: 'Only one old result is read then; three would not fit where one does.',
    *run(world) {
      for (const chan of world.channels(1, PQ)) {
        const most = dmaMaxPq(chan.device, DmaCtrl.PREP_CONTINUE | DmaCtrl.PREP_PQ_DISABLE_P);
        for (const count of [1, 3, most]) {
          const { p, q, from, coefficients } = whole(world, count, 400);
          const rest = { kind: 'pq', from, coefficients, continues: true } as const;
          yield* world.finish(world.start(chan, { ...rest, q }));
          if (count < most) yield* world.finish(world.start(chan, { ...rest, p }));
        }
      }
      world.audit('IA-28');
    },
  },
  {
    id: 'pq/in-pieces',
    rules: ['IA-28', 'PQ-07', 'IA-43'],
    title: 'Thirty blocks in pieces that continue one another give the sums of all of them.',
    why: 'It is how async_gen_syndrome does wide stripes.',
    *run(world) {
      for (const chan of world.channels(1, PQ)) {
        const { p, q, from, coefficients } = whole(world, 30, 512);
        const width = dmaMaxPq(chan.device, DmaCtrl.PREP_CONTINUE);
        const pieces: OperationSpec[] = [];
        for (let at = 0; at < from.length; at += width) {
          const part = { from: from.slice(at, at + width), coefficients: coefficients.slice(at, at + width) };
          pieces.push({ kind: 'pq', p, q, ...part, continues: at > 0 });
        }
        yield* world.finish(...pieces.map((piece) => world.start(chan, piece)));
      }
      world.audit('PQ-07');
    },
  },
  {
    id: 'pq/alignments',
    rules: ['CF-07', 'PQ-01'],
    title: 'Sources at any byte offset, and P and Q at any common one, are summed rightly.',
    why: 'Low bits that P and Q share are taken from one of them.',
    *run(world) {
      for (const chan of world.channels(1, PQ)) {
        const unit = 1 << chan.device.pqAlign;
        for (let turn = 0; turn < 8; turn++) {
          const [p, q, ...from] = world
            .blocks(5, 1024)
            .map((page, i) => page.span((i < 2 ? turn : (turn + i) % 8) * unit, 77 * unit));
          const coefficients = someCoefficients(world, from.length);
          yield* world.finish(world.start(chan, { kind: 'pq', p, q, from, coefficients }));
          yield* world.finish(world.start(chan, { kind: 'pq', q, from, coefficients }));
        }
      }
      world.audit('CF-07');
    },
  },
  {
    id: 'pq/product-of-one',
    rules: ['PQ-01', 'RR-07'],
    title: 'Q of one block, or of one block twice, is its product; so recovery multiplies.',
    why: 'Every recovery of a lost block ends in such a product.',
    *run(world) {
      for (const chan of world.channels(1, PQ)) {
        const [q, a] = spans(world, 2, 512);
        yield* world.finish(world.start(chan, { kind: 'pq', q, from: [a], coefficients: [0x53] }));
        world.checkData('PQ-01');
        yield* world.finish(world.start(chan, { kind: 'pq', q, from: [a, a], coefficients: [0x53, 0xca] }));
      }
      world.audit('PQ-01');
    },
  },
  {
    id: 'pq-val/right-and-wrong',
    rules: ['PV-05', 'CF-06'],
    title: 'Checks answer 0 when both sums are right, 1 for a wrong P, 2 for a wrong Q, 3 for both.',
    why: 'The answer decides which disk is written over.',
    *run(world) {
      for (const chan of world.channels(1, PQ_VAL)) {
        for (const len of SIZES) {
          const sums = right(world, 3, len);
          const check = { kind: 'pq_val', ...sums } as const;
          yield* world.finish(world.start(chan, check));
          flip(sums.p, len - 1, 3);
          yield* world.finish(world.start(chan, check));
          flip(sums.q, len >> 1, 6);
          yield* world.finish(world.start(chan, check));
          flip(sums.p, len - 1, 3);
          yield* world.finish(world.start(chan, check));
        }
      }
      world.audit('PV-05');
    },
  },
  {
    id: 'pq-val/every-source-counts',
    rules: ['PV-05', 'IA-30', 'IA-21'],
    title: 'A wrong bit in any data block makes both sums wrong; a block of weight 0 only P.',
    why: 'P and Q stand behind the data in the same list: one place off, and a sum is checked against itself.',
    *run(world) {
      for (const chan of world.channels(1, PQ_VAL)) {
        // A check has four blocks at least (PV-01).
        for (const count of sourceCounts(mostToCheck(chan)).slice(1)) {
          const sums = right(world, count, 64);
          for (const wrong of [0, count - 1]) {
            flip(sums.from[wrong], wrong, 2);
            yield* world.finish(world.start(chan, { kind: 'pq_val', ...sums }));
            flip(sums.from[wrong], wrong, 2);
          }
          yield* world.finish(world.start(chan, { kind: 'pq_val', ...sums }));
        }
      }
      world.audit('IA-30');
    },
  },
  {
    id: 'pq-val/every-bit-counts',
    rules: ['PV-05', 'CF-06'],
    title: 'A single wrong bit of P or of Q is found in the first byte, the last, and every block.',
    why: 'One bit is what a tired disk gets wrong.',
    *run(world) {
      for (const chan of world.channels(1, PQ_VAL)) {
        const sums = right(world, 2, 4096);
        for (const at of [0, 31, 32, 1023, 1024, 2048, 3071, 4095]) {
          for (const sum of [sums.p, sums.q]) {
            flip(sum, at, at % 8);
            yield* world.finish(world.start(chan, { kind: 'pq_val', ...sums }));
            flip(sum, at, at % 8);
          }
        }
      }
      world.audit('PV-05');
    },
  },
  {
    id: 'pq-val/one-sum-alone',
    rules: ['PV-02', 'IA-30'],
    title: 'A check of P alone, or of Q alone, judges that one and no other.',
    why: 'With the place of P left empty, Q was read where P belongs, and something else as Q.',
    *run(world) {
      for (const chan of world.channels(1, PQ_VAL)) {
        const { p, q, from, coefficients } = right(world, 4, 1030);
        for (const sum of [{ p }, { q }]) {
          const check = { kind: 'pq_val', from, coefficients, ...sum } as const;
          yield* world.finish(world.start(chan, check));
          flip(Object.values(sum)[0], 1029);
          yield* world.finish(world.start(chan, check));
        }
        // Each is wrong now, and the check of the other one says nothing of it.
        flip(p, 1029);
        yield* world.finish(world.start(chan, { kind: 'pq_val', from, coefficients, p }));
      }
      world.audit('PV-02');
    },
  },
  {
    id: 'pq-val/changes-nothing',
    rules: ['PV-05', 'PV-04'],
    title: 'A check changes neither sums nor data.',
    why: 'The software of 2007 computed where it should have compared, and found everything right.',
    *run(world) {
      for (const chan of world.channels(1, PQ_VAL)) {
        for (const len of [64, 3000]) {
          yield* world.finish(world.start(chan, { kind: 'pq_val', ...whole(world, 3, len) }));
          world.checkData('PV-04');
        }
      }
      world.audit('PV-04');
    },
  },
];
