/** What the handler and the operations take for impossible is a BUG when it happens. */
import { reconstructFinished } from '../../../raid5/handler/finish';
import { analyse } from '../../../raid5/handler/state';
import { STRIPE_STEPS } from '../../../raid5/steps';
import { R5 } from '../../../raid5/stripe/flags';
import { ArrayWorld } from '../world';
import { BIO, stripeOf, viewOf } from './stripes';

const broken = (rule: string) => expect.objectContaining({ name: 'GuestPanic', rule });

it('three blocks of one stripe that are being computed (AN-02)', () => {
  const stripe = stripeOf(5);
  const view = viewOf([true, true, true, true, true]);
  for (const disk of [0, 1]) stripe.dev[disk].set(R5.Wantcompute);
  expect(analyse(stripe, view).compute).toBe(2);
  stripe.dev[2].set(R5.Wantcompute);
  expect(() => analyse(stripe, view)).toThrow(broken('AN-02'));
});

it('parity that is out of date after a reconstruct (HS-07)', () => {
  const stripe = stripeOf(4);
  const state = analyse(stripe, viewOf([true, true, true, true]));
  stripe.reconstructState = 'drain_result';
  expect(() => reconstructFinished(stripe, state, STRIPE_STEPS)).toThrow(broken('HS-07'));
});

describe('an operation on a stripe', () => {
  const world = new ArrayWorld();

  function running(op: 'compute' | 'biodrain', prepare: (stripe: ReturnType<typeof stripeOf>) => void): () => void {
    const stripe = stripeOf(4);
    prepare(stripe);
    const { compute, reconstruct } = world.array.operations as unknown as {
      compute: { run: (stripe: object) => void };
      reconstruct: { biodrain: (stripe: object, tx: null) => void };
    };
    return () => (op === 'compute' ? compute.run(stripe) : reconstruct.biodrain(stripe, null));
  }

  it('that computes a block which nobody wants (OP-12)', () => {
    const compute = running('compute', (stripe) => (stripe.targets = [1]));
    expect(compute).toThrow(broken('OP-12'));
  });

  it('that drains a write over one that is not answered (OP-06)', () => {
    const drain = running('biodrain', (stripe) => {
      stripe.dev[0].set(R5.Wantdrain);
      stripe.dev[0].towrite = BIO;
      stripe.dev[0].written = BIO;
    });
    expect(drain).toThrow(broken('OP-06'));
  });
});
