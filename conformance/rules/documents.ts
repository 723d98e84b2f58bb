/**
 * What the two API documents state, sentence by sentence, and what holds it: async-tx-api.txt as the pull request
 * of September 2007 brought it, and as it is today. Sentences that tell history or only lead to the next are not here.
 */
import type { RuleId } from './catalogue';
import type { ErratumId } from './errata';

/** Where a sentence stands: in the text of 2007, in today's, or in both. */
type Edition = '2007' | 'modern' | 'both';

/** One sentence, or a part of one that can be wrong by itself. */
export interface DocumentSentence {
  /** Section and number of ours: `api 3.6.1`, `api-2007 4.2.5` for what only the text of 2007 says. */
  readonly id: string;
  readonly edition: Edition;
  readonly quote: string;
  /** The rules that hold it. */
  readonly rules: readonly RuleId[];
  /** Whom it obliges: a finding of one of its rules says that he broke it. */
  readonly binds?: 'client' | 'driver';
  /** Where it is wrong about the code. */
  readonly erratum?: ErratumId;
  /** How it has to be read to be right. */
  readonly note?: string;
}

const both = (section: string, quote: string, rules: readonly RuleId[], more: Partial<DocumentSentence> = {}) =>
  ({ id: `api ${section}`, edition: 'both', quote, rules, ...more }) as const satisfies DocumentSentence;

const modern = (section: string, quote: string, rules: readonly RuleId[], more: Partial<DocumentSentence> = {}) =>
  ({ id: `api ${section}`, edition: 'modern', quote, rules, ...more }) as const satisfies DocumentSentence;

const of2007 = (section: string, quote: string, rules: readonly RuleId[], more: Partial<DocumentSentence> = {}) =>
  ({ id: `api-2007 ${section}`, edition: '2007', quote, rules, ...more }) as const satisfies DocumentSentence;

/** All of them: today's and common ones first, then those of 2007 alone. */
export const DOCUMENT_SENTENCES: readonly DocumentSentence[] = [
  both(
    '1.1',
    'The async_tx API provides methods for describing a chain of asynchronous bulk memory transfers/transforms with support for inter-transactional dependencies.',
    ['AX-31', 'AX-40'],
  ),
  both(
    '1.2',
    'It is implemented as a dmaengine client that smooths over the details of different hardware offload engine implementations.',
    ['AX-20', 'CH-10', 'CL-11'],
  ),
  both(
    '1.3',
    'Code that is written to the API can optimize for asynchronous operation and the API will fit the chain of operations to the available offload',
    ['AX-20', 'XR-08'],
  ),
  both('2.1', 'users of the API do not need to know if the platform they are running on has offload capabilities.', [
    'AX-03',
  ]),
  both('2.2', 'The operation will be offloaded when an engine is available and carried out in software otherwise.', [
    'AX-03',
    'MC-01',
    'MC-03',
  ]),
  both(
    '2.3',
    'the API allows a chain of dependent operations to be submitted, like xor->copy->xor in the raid5 case.',
    ['AX-40'],
  ),
  both(
    '2.4',
    'The API automatically handles cases where the transition from one operation to another implies a hardware channel switch.',
    ['AX-35', 'AX-36'],
  ),
  both('2.5', "dmaengine extensions to support multiple clients and operation types beyond 'memcpy'", [
    'CH-01',
    'CH-12',
    'CL-04',
  ]),
  modern('3.1.1', 'async_<operation>(<op specific parameters>, struct async_submit_ctl *submit)', ['AX-02']),
  both('3.2.1', 'memory copy between a source and a destination buffer', ['MC-01']),
  both('3.2.2', 'fill a destination buffer with a byte value', ['MC-04'], { erratum: 'DX-08', note: 'right in 2007' }),
  both('3.2.3', 'xor a series of source buffers and write the result to a destination buffer', ['XR-02']),
  both('3.2.4', 'xor a series of source buffers and set a flag if the result is zero.', ['XV-01', 'CF-06'], {
    note: 'the flag is set when the result is not zero, and 0 says that it is',
  }),
  both('3.2.5', 'The implementation attempts to prevent writes to memory', ['XV-03'], { erratum: 'DX-07' }),
  modern('3.2.6', 'generate the p+q (raid6 syndrome) from a series of source buffers', ['PQ-01']),
  modern('3.2.7', 'validate that a p and or q buffer are in sync with a given series of sources', ['PV-02', 'PV-05']),
  modern('3.2.8', '(raid6_datap_recov) recover a raid6 data block and the p block from the given sources', [
    'RR-03',
    'RR-10',
  ]),
  modern('3.2.9', '(raid6_2data_recov) recover 2 raid6 data blocks from the given sources', ['RR-02']),
  both(
    '3.3.1',
    "The return value is non-NULL and points to a 'descriptor' when the operation has been queued to execute asynchronously.",
    ['AX-03'],
  ),
  both(
    '3.3.2',
    'Descriptors are recycled resources, under control of the offload engine driver, to be reused as operations complete.',
    ['IA-12', 'IA-59'],
  ),
  both(
    '3.3.3',
    'When an application needs to submit a chain of operations it must guarantee that the descriptor is not automatically recycled before the dependency is submitted.',
    ['AX-30', 'AX-38', 'AX-50'],
    { binds: 'client' },
  ),
  both(
    '3.3.4',
    'This requires that all descriptors be acknowledged by the application before the offload engine driver is allowed to recycle (or free) the descriptor.',
    ['IA-59'],
  ),
  both('3.3.5', 'setting the ASYNC_TX_ACK flag if no child operations are to be submitted', ['AX-06'], {
    binds: 'client',
  }),
  modern(
    '3.3.6',
    'submitting an unacknowledged descriptor as a dependency to another async_tx call will implicitly set the acknowledged state.',
    ['AX-07', 'AX-33'],
  ),
  both('3.3.7', 'calling async_tx_ack() on the descriptor.', ['CF-04', 'IA-59']),
  both('3.4.1', 'Operations do not immediately issue after return from the async_<operation> call.', ['AX-12']),
  both(
    '3.4.2',
    'Offload engine drivers batch operations to improve performance by reducing the number of mmio cycles needed to manage the channel.',
    ['IA-43', 'IA-44'],
  ),
  both('3.4.3', 'Once a driver-specific threshold is met the driver automatically issues pending operations.', [
    'IA-43',
  ]),
  both('3.4.4', 'An application can force this event by calling async_tx_issue_pending_all().', ['AX-12']),
  both('3.4.5', 'This operates on all channels since the application has no knowledge of channel to operation', [
    'CH-14',
    'CL-14',
  ]),
  both('3.5.1', 'This call causes the CPU to spin while it polls for the completion of the operation.', [
    'SW-01',
    'WT-10',
  ]),
  both('3.5.2', 'It handles dependency chains and issuing pending operations.', ['SW-01', 'WT-09'], {
    erratum: 'DX-04',
  }),
  both(
    '3.5.3',
    'The callback routine runs in tasklet context if the offload engine driver supports interrupts,',
    ['SW-13'],
    { erratum: 'DX-06' },
  ),
  both('3.5.4', 'or it is called in application context if the operation is carried out synchronously in software.', [
    'AX-04',
  ]),
  both(
    '3.5.5',
    'The callback can be set in the call to async_<operation>, or when the application needs to submit a chain of unknown length it can use the async_trigger_callback() routine to set a completion interrupt/callback at the end of the chain.',
    ['AX-10', 'AX-51'],
  ),
  both('3.6.1', 'Calls to async_<operation> are not permitted in IRQ context.', ['AX-11'], { binds: 'client' }),
  both('3.6.2', 'Other contexts are permitted provided constraint #2 is not violated.', ['AX-11']),
  both('3.6.3', 'Completion callback routines cannot submit new operations.', ['AX-11', 'IA-64'], { binds: 'client' }),
  both(
    '3.6.4',
    'This results in recursion in the synchronous case and spin_locks being acquired twice in the asynchronous case.',
    ['AX-04', 'IA-64'],
  ),
  both(
    '3.7.1',
    'Perform a xor->copy->xor operation where each operation depends on the result from the previous operation:',
    ['AX-40'],
  ),
  modern('3.7.2', 'addr_conv_t addr_conv[xor_src_cnt];', ['XR-02', 'XR-04'], { erratum: 'DX-01' }),
  both('3.7.3', 'async_xor(xor_dest, xor_srcs, 0, xor_src_cnt, xor_len,', ['XR-02'], { erratum: 'DX-01' }),
  both('4.1.1', 'Completion callbacks are expected to happen in tasklet context', ['SW-13', 'IA-73'], {
    binds: 'driver',
    erratum: 'DX-06',
  }),
  both('4.1.2', 'dma_async_tx_descriptor fields are never manipulated in IRQ context', ['IA-78'], { binds: 'driver' }),
  both(
    '4.1.3',
    'Use async_tx_run_dependencies() in the descriptor clean up path to handle submission of dependent operations',
    ['SW-10'],
    { binds: 'driver', erratum: 'DX-05' },
  ),
  modern(
    '4.2.1',
    'A channel that is performing these operations cannot, for many platform specific reasons, be shared.',
    ['EX-05'],
  ),
  modern(
    '4.2.2',
    "When the optional 'filter_fn' parameter is set to NULL dma_request_channel simply returns the first channel that satisfies the capability mask.",
    ['EX-01', 'EX-02'],
  ),
  modern(
    '4.2.3',
    'Otherwise, when the mask parameter is insufficient for specifying the necessary channel, the filter_fn routine can be used to disposition the available channels in the system.',
    ['EX-03'],
  ),
  modern('4.2.4', 'The filter_fn routine is called once for each free channel in the system.', ['EX-03'], {
    note: 'until it takes one',
  }),
  modern(
    '4.2.5',
    'Upon seeing a suitable channel filter_fn returns DMA_ACK which flags that channel to be the return value from dma_request_channel.',
    ['EX-03'],
    { erratum: 'DX-02' },
  ),
  modern(
    '4.2.6',
    'A channel allocated via this interface is exclusive to the caller, until dma_release_channel() is called.',
    ['EX-05', 'EX-06'],
    { binds: 'client' },
  ),
  modern(
    '4.2.7',
    'The DMA_PRIVATE capability flag is used to tag dma devices that should not be used by the general-purpose allocator.',
    ['CH-06'],
  ),
  modern('4.2.8', 'It can be set at initialization time if it is known that a channel will always be private.', [
    'EX-07',
  ]),
  modern('4.2.9', 'Alternatively, it is set when dma_request_channel() finds an unused "public" channel.', [
    'EX-02',
    'EX-04',
  ]),
  modern(
    '4.2.10',
    'Once a channel has been privately allocated it will no longer be considered by the general-purpose allocator even after a call to dma_release_channel().',
    ['EX-09'],
    { erratum: 'DX-03' },
  ),
  modern(
    '4.2.11',
    'Since capabilities are specified at the device level a dma_device with multiple channels will either have all channels public, or all channels private.',
    ['EX-08'],
  ),

  of2007(
    '3.1.1',
    'enum async_tx_flags flags, struct dma_async_tx_descriptor *dependency, dma_async_tx_callback callback_routine, void *callback_parameter);',
    ['AX-01'],
  ),
  of2007('3.3.6', 'setting the ASYNC_TX_DEP_ACK flag to acknowledge the parent descriptor of a new operation.', [
    'AX-07',
    'AX-53',
  ]),
  of2007(
    '4.2.1',
    "Platform-specific constraints can be handled by registering the application as a 'dma_client' and implementing a 'dma_event_callback' to apply a filter to the available channels in the system.",
    ['CL-01'],
  ),
  of2007('4.2.2', 'The following routines in dmaengine support multiple clients requesting use of a channel:', [
    'CL-04',
  ]),
  of2007('4.2.3', 'dma_async_client_register takes a pointer to an initialized dma_client structure.', ['CL-02']),
  of2007('4.2.4', "It expects that the 'event_callback' and 'cap_mask' fields are already initialized.", ['CL-01'], {
    binds: 'client',
  }),
  of2007(
    '4.2.5',
    'dma_async_client_chan_request triggers dmaengine to notify the client of all channels that satisfy the capability mask.',
    ['CL-04'],
  ),
  of2007(
    '4.2.6',
    "It is up to the client's event_callback routine to track how many channels the client needs and how many it is currently using.",
    ['CL-06'],
    { binds: 'client' },
  ),
  of2007(
    '4.2.7',
    'The dma_event_callback routine returns a dma_state_client code to let dmaengine know the status of the',
    ['CL-03', 'CL-07'],
    { binds: 'client' },
  ),
  of2007(
    '4.2.8',
    'Below is the example of how to extend this functionality for platform-specific filtering of the available channels beyond the standard capability mask:',
    ['CL-01'],
  ),
];

/** The obligations that a rule rests on: what a finding of it breaks. Today's text goes before that of 2007. */
export function documentSentences(rule: string): readonly DocumentSentence[] {
  const all = DOCUMENT_SENTENCES.filter(({ rules, binds }) => binds !== undefined && rules.some((id) => id === rule));
  const today = all.filter(({ edition }) => edition !== '2007');
  return today.length > 0 ? today : all;
}
