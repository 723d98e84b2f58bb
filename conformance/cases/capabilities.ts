/** What a device says it can do, it does; up to the limits it names. */
import { DmaCtrl } from '../../dmaengine/flags';
import { DmaCapability } from '../../dmaengine/capability';
import type { DmaDevice } from '../../dmaengine/device';
import { dmaDevToMaxPq, dmaMaxPq } from '../../dmaengine/pq';
import type { ConformanceCase } from '../case';
import type { RuleId } from '../rules/catalogue';
import type { CaseWorld } from '../world/case-world';
import { capabilityName } from '../world/devices';
import type { OperationKind, OperationSpec } from '../world/operation';
import { NEEDS } from '../world/operation';
import { can, KINDS, someCoefficients, spans, specOf } from './parts';

const { XOR, PQ } = DmaCapability;

/** What each kind rests on beside the claim. */
const RULES_OF: Readonly<Record<OperationKind, RuleId>> = {
  copy: 'MC-01',
  fill: 'MC-04',
  xor: 'XR-02',
  xor_val: 'XV-01',
  pq: 'PQ-01',
  pq_val: 'PV-05',
  interrupt: 'IA-24',
};

/** log2 of the alignment that a device wants for each kind. */
function alignmentOf(device: DmaDevice, kind: OperationKind): number {
  const { copyAlign, fillAlign, xorAlign, pqAlign } = device;
  const aligns = { copy: copyAlign, fill: fillAlign, xor: xorAlign, xor_val: xorAlign, pq: pqAlign, pq_val: pqAlign };
  return kind === 'interrupt' ? 0 : aligns[kind];
}

/** A claim that is tried on every channel that makes it. */
function claim(kind: OperationKind): ConformanceCase {
  const name = capabilityName(NEEDS[kind]);
  return {
    id: `capabilities/${kind.replace('_', '-')}`,
    rules: [RULES_OF[kind], 'IA-27', 'AX-41'],
    title: `A channel that claims ${name} does it and calls back.`,
    why: 'async_tx hands it everything of the kind, unseen.',
    *run(world) {
      for (const chan of world.channelsFor(kind)) {
        const operation = world.start(chan, specOf(world, kind, 64), { callback: true });
        world.issue(chan);
        yield* world.callbacks(operation);
      }
      world.audit(RULES_OF[kind]);
    },
  };
}

export const CAPABILITIES: readonly ConformanceCase[] = [
  ...KINDS.map(claim),
  {
    id: 'capabilities/no-length',
    rules: ['IA-23'],
    title: 'Asked for an operation of no bytes, prep returns null, and nothing is lost by it.',
    why: 'A count of zero means everything to some engines.',
    *run(world) {
      for (const chan of world.channels(1)) {
        for (const kind of KINDS) {
          if (kind === 'interrupt' || !can(chan, kind)) continue;
          for (let i = 0; i < 20; i++) {
            const prepared = world.tryPrepare(chan, specOf(world, kind, 0));
            world.check(prepared === undefined, 'IA-23', `null for ${kind} of no bytes`, 'a descriptor', chan.name);
          }
          yield* world.finish(world.start(chan, specOf(world, kind, 32)));
        }
      }
      world.audit('IA-23');
    },
  },
  {
    id: 'capabilities/limits-make-sense',
    rules: ['CF-08', 'XR-09'],
    title: 'A device that sums takes two sources at least; one that computes P+Q takes four, so that it can continue.',
    why: 'async_tx splits what is longer by these numbers: by 0 or 1 it would never end.',
    *run(world) {
      const devices = new Set(world.channels(1).map(({ device }) => device));
      for (const device of devices) {
        const { maxXor, capMask, parent } = device;
        if (capMask.has(XOR)) world.check(maxXor >= 2, 'XR-09', 'max_xor of 2 or more', `it is ${maxXor}`, parent);
        if (!capMask.has(PQ)) continue;
        const least = dmaMaxPq(device, DmaCtrl.PREP_CONTINUE);
        world.check(least >= 1, 'CF-08', 'room for a source when continuing', `there is room for ${least}`, parent);
        const most = dmaDevToMaxPq(device);
        world.check(most >= 4 && most <= 255, 'CF-08', 'max_pq from 4 to 255', `it is ${most}`, parent);
      }
      yield* world.settle(0);
    },
  },
  {
    id: 'capabilities/alignment',
    rules: ['CF-07'],
    title: 'Every kind works at the very alignment that its device asks for, and at no more.',
    why: 'Clients check offsets and length against that number, and rely on the rest.',
    *run(world) {
      for (const chan of world.channels(1)) {
        for (const kind of KINDS) {
          if (!can(chan, kind)) continue;
          const unit = 1 << alignmentOf(chan.device, kind);
          for (const times of [1, 3, 7]) {
            const spec = specOf(world, kind, unit * times, 2, (len) => world.buffer().span(unit * times, len));
            yield* world.finish(world.start(chan, spec));
          }
        }
      }
      world.audit('CF-07');
    },
  },
  {
    id: 'capabilities/full-width',
    rules: ['XR-09', 'IA-21', 'IA-20'],
    title: 'A sum of as many sources as the device names is right.',
    why: 'The last ones stand in words that short descriptors do not have.',
    *run(world) {
      for (const chan of world.channels(1, XOR)) {
        yield* world.finish(world.start(chan, specOf(world, 'xor', 300, chan.device.maxXor)));
      }
      world.audit('XR-09');
    },
  },
  {
    id: 'capabilities/full-width-continued',
    rules: ['CF-09', 'IA-28', 'PQ-07'],
    title: 'P+Q that continues takes as many sources as dma_maxpq says, with P and without.',
    why: 'The engine reads old results as sources of its own; counted wrongly, they do not fit the descriptor.',
    *run(world) {
      for (const chan of world.channels(1, PQ)) {
        for (const disabled of [0, DmaCtrl.PREP_PQ_DISABLE_P]) {
          const count = dmaMaxPq(chan.device, DmaCtrl.PREP_CONTINUE | disabled);
          yield* world.finish(world.start(chan, continued(world, count, disabled === 0)));
        }
      }
      world.audit('CF-09');
    },
  },
];

function continued(world: CaseWorld, count: number, withP: boolean): OperationSpec {
  const [p, q, ...from] = spans(world, count + 2, 200);
  const coefficients = someCoefficients(world, count);
  return { kind: 'pq', q, from, coefficients, continues: true, ...(withP ? { p } : {}) };
}
