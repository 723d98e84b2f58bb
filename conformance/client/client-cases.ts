/** What code that uses async_tx must keep: rule by rule, and the same bytes under every condition. */
import type { KernelRule } from '../../emulator/kernel/rules';
import type { RuleId } from '../rules/catalogue';
import type { ClientConditionName } from './conditions';

/** One thing that a client must do. */
export interface ClientCase {
  /** `group/what-it-is-about`, unique. */
  readonly id: string;
  /** The rules it holds, the one it is about first. */
  readonly rules: readonly [RuleId | KernelRule, ...(RuleId | KernelRule)[]];
  /** What a conforming client does, as a sentence. */
  readonly title: string;
  /** What goes wrong on a machine whose client does not. */
  readonly why: string;
  /** Under which conditions it is run; one that compares has one. */
  readonly under: readonly [ClientConditionName, ...ClientConditionName[]];
  /** Whether the outcome is compared with the one on engines, and anything else that goes wrong only here counts. */
  readonly compares?: boolean;
}

/** Groups of client cases: the first part of their ids, and what they are about. */
export const CLIENT_GROUPS = {
  'client-context': 'where operations and waits may stand',
  'client-acks': 'who lets go of descriptors, and when',
  'client-chains': 'dependencies, flushes and fences',
  'client-memory': 'pages and mappings',
  'client-bytes': 'the same outcome whatever the machine',
} as const satisfies Readonly<Record<string, string>>;

/** A case that runs under one more condition and compares. */
function same(
  under: Exclude<ClientConditionName, 'engines'>,
  rules: ClientCase['rules'],
  title: string,
  why: string,
): ClientCase {
  return { id: `client-bytes/${under}`, rules, title, why, under: [under], compares: true };
}

export const CLIENT_CASES: readonly ClientCase[] = [
  {
    id: 'client-context/operations',
    rules: ['AX-11'],
    title: 'No operation is asked for in interrupt context or from a callback.',
    why: 'Callbacks run with the channel’s lock held: the operation takes it a second time.',
    under: ['engines', 'divided'],
  },
  {
    id: 'client-context/operations-in-software',
    rules: ['AX-11'],
    title: 'The same where the processor does the work, and calls back inside the call.',
    why: 'An operation that calls itself back, again and again, runs off the stack.',
    under: ['software', 'refusing-driver'],
  },
  {
    id: 'client-context/waits',
    rules: ['KS-01'],
    title: 'It waits and sleeps in a thread, with no lock held and soft interrupts on.',
    why: 'What it waits for may need the soft interrupt that it holds up.',
    under: ['engines', 'late-interrupts', 'no-interrupt-descriptors'],
  },
  {
    id: 'client-context/locks',
    rules: ['KS-02', 'KS-03'],
    title: 'No lock that a callback takes is held where an operation is asked for.',
    why: 'Done by the processor, the operation calls back before it returns: the lock is taken twice.',
    under: ['engines', 'software'],
  },
  {
    id: 'client-acks/in-the-end',
    rules: ['AX-06', 'AX-33'],
    title: 'Every descriptor is acked in the end, by ACK, by a child or by hand.',
    why: 'One that is not is never used again, and the driver has 128.',
    under: ['engines', 'divided'],
  },
  {
    id: 'client-acks/before-the-child',
    rules: ['AX-30', 'SW-06'],
    title: 'No child is attached to a descriptor that is acked, or that has one.',
    why: 'Async_tx panics.',
    under: ['engines', 'divided'],
  },
  {
    id: 'client-acks/recycled',
    rules: ['AX-30', 'AX-42'],
    title: 'The same where the parent is complete before the child is asked for.',
    why: 'An acked parent is somebody else’s operation by then.',
    under: ['prompt'],
  },
  {
    id: 'client-acks/waited-once',
    rules: ['AX-50'],
    title: 'It waits for descriptors that are not acked, and for each once.',
    why: 'Waiting acks; afterwards the descriptor is the driver’s.',
    under: ['engines', 'software', 'prompt'],
  },
  {
    id: 'client-chains/set-going',
    rules: ['AX-12'],
    title: 'Everything it submits is set going before it is done.',
    why: 'Below the driver’s threshold an operation waits for the next client that flushes.',
    under: ['engines', 'divided'],
  },
  {
    id: 'client-chains/below-the-threshold',
    rules: ['AX-12', 'KS-08', 'SW-01'],
    title: 'It does not count on the driver starting anything by itself.',
    why: 'Other drivers have other thresholds, or none.',
    under: ['no-threshold'],
  },
  {
    id: 'client-chains/ends',
    rules: ['KS-08', 'SW-01'],
    title: 'It comes to its end, and does not crash.',
    why: 'A thread that waits for what nobody started waits for ever.',
    under: ['engines', 'software'],
  },
  {
    id: 'client-chains/fences',
    rules: ['AX-09'],
    title: 'An operation whose result the next one of its chain reads has FENCE.',
    why: 'An engine that reads ahead gives the next one old data.',
    under: ['engines', 'divided', 'iop321'],
  },
  {
    id: 'client-chains/recovery',
    rules: ['RR-13'],
    title: 'It gives a recovery nothing to depend on, but waits first.',
    why: 'On an engine the dependency is ignored: the recovery reads blocks that are not written yet.',
    under: ['engines', 'divided'],
  },
  {
    id: 'client-memory/owned',
    rules: ['KS-04'],
    title: 'It does not touch a page while an engine works on it.',
    why: 'It reads what is not written yet, or writes into a cache line that is thrown away.',
    under: ['engines', 'slow-memory', 'late-interrupts'],
  },
  {
    id: 'client-memory/mappings',
    rules: ['UM-08', 'KS-05'],
    title: 'No mapping is left, nor undone twice.',
    why: 'Mappings are a resource, and pages that stay mapped are lost for the processor.',
    under: ['engines', 'refusing-driver'],
  },
  {
    id: 'client-memory/pages',
    rules: ['KS-06'],
    title: 'Every page that is no result is freed once, and not while an engine works on it.',
    why: 'The next owner’s data are overwritten by a transfer that is still under way.',
    under: ['engines', 'slow-memory', 'software'],
  },
  same(
    'software',
    ['XR-03', 'XR-02', 'XV-03'],
    'Pages and answers are the same when the processor does the work.',
    'A sum without XOR_ZERO_DST or XOR_DROP_DST replaces the destination on an engine, and adds to it in software.',
  ),
  same(
    'iop331',
    ['AX-20', 'AX-40'],
    'They are the same on an IOP331, which copies and sums on different engines and has no P+Q.',
    'A chain there changes channels and leaves the engines.',
  ),
  same(
    'iop321',
    ['AX-20', 'XV-03'],
    'They are the same on an IOP321, which cannot check either.',
    'A check in software destroys its destination: it must not be read afterwards.',
  ),
  same(
    'divided',
    ['AX-40', 'AX-35'],
    'They are the same where every kind of operation has a channel of its own.',
    'Order that came from sharing a channel is gone; only dependencies count.',
  ),
  same(
    'no-interrupt-descriptors',
    ['AX-36'],
    'They are the same where a change of channel has to wait.',
    'The call then takes as long as everything before it.',
  ),
  same(
    'few-descriptors',
    ['XR-12', 'IA-13'],
    'They are the same, and it ends, where descriptors are few.',
    'A client that holds on to descriptors waits for itself.',
  ),
  same(
    'narrow',
    ['XR-08', 'PQ-07'],
    'They are the same where engines take few sources.',
    'One operation becomes many descriptors, and the caller’s flags go with the last.',
  ),
  same(
    'late-interrupts',
    ['WT-10', 'AX-41'],
    'They are the same where interrupts come late.',
    'Who counts on the time a transfer takes reads too early.',
  ),
  same(
    'slow-memory',
    ['WT-10', 'XV-06'],
    'They are the same where memory is slow.',
    'The same, for who counts on the speed of the engine.',
  ),
  same(
    'prompt',
    ['AX-42', 'AX-41'],
    'They are the same where each operation is complete before the next is asked for.',
    'A callback may come before the call that asked for it has returned.',
  ),
  same(
    'no-threshold',
    ['AX-12'],
    'They are the same where nothing starts by itself.',
    'What ran by chance before a read is not there now.',
  ),
  same(
    'failing-engines',
    ['MC-03', 'XR-13'],
    'They are the same where engines fail and the processor does the operation again.',
    'The callback comes later than any transfer takes.',
  ),
  same(
    'refusing-driver',
    ['MC-01', 'AX-05'],
    'They are the same where the driver now and then has no descriptor.',
    'Any link of a chain may be done by the processor, and return null.',
  ),
];
