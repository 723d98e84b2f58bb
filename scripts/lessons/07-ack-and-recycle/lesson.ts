import type { Lesson } from '../lesson';

export const LESSON: Lesson = {
  slug: '07-ack-and-recycle',
  title: 'Ack and recycle',
  rules: ['IA-59', 'IA-60', 'IA-42', 'CF-05'],
  kernel: ['iop_adma_clean_slot', 'async_tx_ack', 'async_tx_test_ack'],
  hints: [
    'Two kinds of complete descriptors must stay. Look at the second picture.',
    'The panic comes first: after the newest descriptor was recycled there is nothing to append to. `slot === chan.chain.last` is that one, and behind it there is nothing to walk.',
    'One that is not acked stays, but the walk goes on: younger ones must not wait for a lazy client. Which of the two answers is that?',
    'Before anything else: `if (!asyncTxTestAck(slot)) return false;` and then `if (slot === chan.chain.last) return true;`. Import asyncTxTestAck from iop-adma.',
  ],
};
