/** Numbers that clients and drivers share, retyped from include/linux/dmaengine.h of 6.1. */
import { DmaCapability } from '../../dmaengine/capability';
import { asyncTxAck, asyncTxTestAck } from '../../dmaengine/descriptor';
import { DmaCtrl } from '../../dmaengine/flags';
import { bareKernel, fakeDevice } from './fake';

it('the capabilities stand in the order of the header (CF-02)', () => {
  const order =
    'MEMCPY XOR PQ XOR_VAL PQ_VAL MEMSET MEMSET_SG INTERRUPT PRIVATE ASYNC_TX SLAVE CYCLIC INTERLEAVE ' +
    'COMPLETION_NO_ORDER REPEAT LOAD_EOT';
  expect(DmaCapability).toEqual(Object.fromEntries(order.split(' ').map((name, bit) => [name, bit])));
});

it('the control flags are bits 0 to 9 (CF-03)', () => {
  const order =
    'PREP_INTERRUPT CTRL_ACK PREP_PQ_DISABLE_P PREP_PQ_DISABLE_Q PREP_CONTINUE PREP_FENCE CTRL_REUSE PREP_CMD ' +
    'PREP_REPEAT PREP_LOAD_EOT';
  expect(DmaCtrl).toEqual(Object.fromEntries(order.split(' ').map((name, bit) => [name, 2 ** bit])));
});

it('the ack is one bit of the flags that prep wrote, and leaves the others alone (CF-04)', () => {
  const tx = fakeDevice().channels[0].prepare(bareKernel());
  tx.init(0b10_0001);
  expect(asyncTxTestAck(tx)).toBe(false);
  asyncTxAck(tx);
  expect([asyncTxTestAck(tx), tx.flags]).toEqual([true, 0b10_0011]);
  tx.flags &= ~0b10;
  expect(asyncTxTestAck(tx)).toBe(false);
});
