import type { Lesson } from '../lesson';

export const LESSON: Lesson = {
  slug: '04-appending',
  title: 'Appending without losing a descriptor',
  rules: ['hw-iop13xx 4.3', 'IA-43', 'IA-46', 'IA-47'],
  kernel: ['iop_adma_tx_submit', 'iop_chan_append', 'iop_desc_set_next_desc'],
  hints: [
    'There are two bugs. One loses descriptors that are appended at a certain moment, the other on a board where memory sees stores late.',
    'A channel that is busy with its last descriptor has read `next` long ago. What does it do at the end of it, if nobody has rung?',
    'Ring always. Then look at `linkTail`: when `append` reaches the channel, is the link in memory? Which load makes sure of it?',
    'Take the `if (chan.readBusy()) return;` out of `append`, and let `linkTail` end in `chan.nextDesc(tail);`, the load of the word that was just stored.',
  ],
};
