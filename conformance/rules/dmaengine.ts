/** Semantics 1: the dmaengine core. */
import type { RuleCatalogue, RuleFamilies } from './rule';

export const DMAENGINE_FAMILIES = {
  CK: 'Cookies',
  CF: 'Capabilities and control flags',
  CH: 'The channel table and references to channels',
  EX: 'Exclusive channels',
  RG: 'Registration of devices',
  CL: 'Clients of 2007 and their references',
  SW: 'Waiting and dependencies',
  UM: 'Unmapping',
} as const satisfies RuleFamilies;

export const DMAENGINE_RULES = {
  'CK-01': { says: 'A cookie is a signed 32-bit number: positive for a request, 0 for none, negative for an error.' },
  'CK-02': { says: 'Between prep and submission, and while it hangs behind another, a descriptor has cookie -EBUSY.' },
  'CK-03': { says: 'Submission assigns the cookie under the channel lock, to descriptor and channel, and returns it.' },
  'CK-04': { says: 'A fresh channel stands at 1, so the first request gets 2.', era: 'modern' },
  'CK-05': { says: 'After 0x7fffffff comes 1.', era: 'modern', source: 'dma_cookie_assign' },
  'CK-06': {
    says: 'The driver counts from 0, its null descriptor gets 2, so the first client gets 3; 0 never comes back.',
    era: '2007',
  },
  'CK-07': {
    says: 'Completion refuses a cookie below 1, moves the channel to it and clears it.',
    era: 'modern',
    source: 'dma_cookie_complete',
  },
  'CK-08': { says: 'A completed descriptor has cookie 0 until its slot is recycled.' },
  'CK-09': {
    says: 'With completed <= used, a cookie is in progress exactly in between.',
    source: 'dma_async_is_complete',
  },
  'CK-10': {
    says: 'With completed > used, only a cookie above used and up to completed is complete.',
    source: 'dma_async_is_complete',
  },
  'CK-11': { says: 'Cookies 0 and -EBUSY read complete without a wrap and in progress with one.' },
  'CK-12': { says: 'A cookie beyond the last one handed out reads complete: it is taken for one from before a wrap.' },
  'CK-13': {
    says: 'Status reads last-used, then last-completed, without a lock, and fills a state with residue 0.',
    source: 'dma_cookie_status',
  },
  'CK-14': { says: 'Twelve triples of cookie, completed and used have known answers.' },
  'CK-15': { says: 'The answers of a status are success, in progress and error, today also paused and out of order.' },
  'CK-16': { says: 'Only a wait that times out makes an error; the status of iop-adma never does.' },

  'CF-01': { says: 'There are ten capabilities, from MEMCPY 0 to INTERRUPT 9.', era: '2007' },
  'CF-02': {
    says: 'There are sixteen capabilities, from MEMCPY to LOAD_EOT, in the order of the header.',
    era: 'modern',
  },
  'CF-03': {
    says: 'Control flags of a descriptor are bits 0 to 9, from PREP_INTERRUPT to PREP_LOAD_EOT.',
    era: 'modern',
  },
  'CF-04': { says: 'Acknowledged means a flag bit of the descriptor today, a field of its own in 2007.' },
  'CF-05': { says: 'Prep writes all flags anew, so a recycled slot has no ack left over.', era: 'modern' },
  'CF-06': { says: 'A check answers with bit 0 for a wrong P and bit 1 for a wrong Q.' },
  'CF-07': {
    says: 'Aligned to n means that offsets and length together have no bit below 2^n; each kind of operation has its n.',
    era: 'modern',
  },
  'CF-08': { says: 'The top bit of max_pq says that the engine continues by itself.', era: 'modern' },
  'CF-09': {
    says: 'Continuing takes no source from the limit natively, one when P is disabled, three otherwise.',
    era: 'modern',
    source: 'dma_maxpq',
  },

  'CH-01': {
    says: 'The table has an entry for each processor and capability but INTERRUPT, PRIVATE and SLAVE.',
    era: 'modern',
  },
  'CH-02': {
    says: 'Finding a channel reads this processor’s entry, which may be empty.',
    era: 'modern',
    source: 'dma_find_channel',
  },
  'CH-03': { says: 'A rebuild empties the table and every count of a public channel first.', era: 'modern' },
  'CH-04': { says: 'Without a client the table stays empty.', era: 'modern' },
  'CH-05': {
    says: 'It is filled by capability, within that by processor, both ascending.',
    era: 'modern',
    source: 'dma_channel_rebalance',
  },
  'CH-06': {
    says: 'Candidates are channels in use of capable public devices, in the order of registration.',
    era: 'modern',
    source: 'min_chan',
  },
  'CH-07': {
    says: 'The least used candidate wins, a local one before all others, the earliest on a tie.',
    era: 'modern',
    source: 'min_chan',
  },
  'CH-08': {
    says: 'Local is a channel of a device without a node, or on the processor’s node.',
    era: 'modern',
    source: 'dma_chan_is_local',
  },
  'CH-09': {
    says: 'Devices that come, go or change and the first get rebuild the table; a put does not.',
    era: 'modern',
  },
  'CH-10': {
    says: 'A get takes a reference on every public channel; -ENODEV takes the device off the list, the rest is logged.',
    era: 'modern',
    source: 'dmaengine_get',
  },
  'CH-11': {
    says: 'A put gives one back on every public channel; more puts than gets are a BUG.',
    era: 'modern',
    source: 'dmaengine_put',
  },
  'CH-12': {
    says: 'The first reference of a channel takes module, device and resources, then balances to the count of clients.',
    era: 'modern',
    source: 'dma_chan_get',
  },
  'CH-13': {
    says: 'The last one quiets the channel and frees its resources; each gives its module reference back.',
    era: 'modern',
    source: 'dma_chan_put',
  },
  'CH-14': {
    says: 'Issuing all pending work flushes every channel in use of every public device.',
    source: 'dma_issue_pending_all',
  },
  'CH-15': {
    says: 'A channel that got no resources stays, and is in no table until a later get succeeds.',
    era: 'modern',
  },

  'EX-01': {
    says: 'A request is granted by the first device, in the order of registration, with a candidate that can be had.',
    era: 'modern',
    source: 'dma_request_channel',
  },
  'EX-02': {
    says: 'A candidate is a free channel of a device that satisfies the mask and serves nobody in public.',
    era: 'modern',
    source: 'private_candidate',
  },
  'EX-03': { says: 'The filter sees each free channel once until it takes one, and no busy channel.', era: 'modern' },
  'EX-04': { says: 'The device becomes private before the get, and stops being so when the get fails.', era: 'modern' },
  'EX-05': { says: 'A private channel has exactly one reference.', era: 'modern' },
  'EX-06': {
    says: 'A release warns unless there is exactly one client, and makes the device public with the last channel.',
    era: 'modern',
    source: 'dma_release_channel',
  },
  'EX-07': { says: 'A device that registers as private stays so.', era: 'modern' },
  'EX-08': {
    says: 'One exclusive channel withdraws its whole device from general use; a release rebuilds no table.',
    era: 'modern',
  },
  'EX-09': {
    says: 'What was private becomes public again, whatever the page says.',
    era: 'modern',
    source: '0f571515c33',
  },

  'RG-01': { says: 'A device without parent, status, issue_pending or a routine it claims is refused.', era: 'modern' },
  'RG-02': { says: 'In 2007 the same gaps are assertions, and more routines are mandatory.', era: '2007' },
  'RG-03': { says: 'A device that can do everything async_tx knows is granted ASYNC_TX.', era: 'modern' },
  'RG-04': { says: 'Devices are numbered by the smallest free number, in 2007 by a counter; channels in list order.' },
  'RG-05': {
    says: 'A device that comes when clients wait is got at once, listed, and the table rebuilt.',
    era: 'modern',
  },
  'RG-06': { says: 'A device that comes is offered to every client in their order.', era: '2007' },
  'RG-07': {
    says: 'A device that goes is taken out of the table, and released with its last reference.',
    era: 'modern',
  },
  'RG-08': { says: 'A device goes when every client was told and every reference is gone.', era: '2007' },

  'CL-01': { says: 'A client is a callback and a mask; an empty mask matches every channel.', era: '2007' },
  'CL-02': { says: 'Registering a client offers it nothing yet.', era: '2007', source: 'dma_async_client_register' },
  'CL-03': { says: 'Channels come, go, stop and resume; a client answers ACK, DUP or NAK.', era: '2007' },
  'CL-04': {
    says: 'An offer allocates, asks, takes a reference for ACK and ends at NAK.',
    era: '2007',
    source: 'dma_async_client_chan_request',
  },
  'CL-05': { says: 'Allocating resources again changes nothing and succeeds.', era: '2007' },
  'CL-06': { says: 'A client answers ACK once for a channel and DUP when it is offered again.', era: '2007' },
  'CL-07': { says: 'A client answers ACK once to the removal of a channel that it holds, and only then.', era: '2007' },
  'CL-08': {
    says: 'A client that unregisters, and no other, is told that every channel goes.',
    era: '2007',
    source: 'dma_async_client_unregister',
  },
  'CL-09': {
    says: 'References are counted by processor until a release begins; the resources go with the last one.',
    era: '2007',
  },
  'CL-10': { says: 'In-use reads one processor’s count, and may say too little.', era: '2007' },
  'CL-11': {
    says: 'As a client, async_tx takes each channel once, with two references, drops both at removal, and leaks when out of memory.',
    era: '2007',
  },
  'CL-12': {
    says: 'Its table takes the n-th channel on many processors and the least used one otherwise.',
    era: '2007',
  },
  'CL-13': { says: 'Only counts of channels that the old table names start anew.', era: '2007' },
  'CL-14': { says: 'Issuing all pending work flushes every channel async_tx knows.', era: '2007' },

  'SW-01': {
    says: 'A wait flushes once and polls until the status is no longer in progress, for 5 s.',
    source: 'dma_sync_wait',
  },
  'SW-02': { says: 'A poll that finds it complete after the deadline still answers error.', source: 'dma_sync_wait' },
  'SW-03': { says: 'A wait for what is complete already flushes once and returns.' },
  'SW-04': {
    says: 'Dependants on one channel are submitted in order, once, and that channel is flushed at the end.',
    era: 'modern',
    source: 'dma_run_dependencies',
  },
  'SW-05': { says: 'A link to another channel stays until the descriptor before it completes itself.', era: 'modern' },
  'SW-06': { says: 'A descriptor has at most one child and one parent.', era: 'modern' },
  'SW-07': {
    says: 'A descriptor has a list of dependants, all on other channels; each is submitted and flushed.',
    era: '2007',
  },
  'SW-08': { says: 'Dependants are submitted by the routine of the parent.', era: '2007' },
  'SW-09': { says: 'A submitted child keeps its pointer to the parent.', era: '2007' },
  'SW-10': { says: 'Cleanup runs dependants of every completed descriptor, also of one it visited before.' },
  'SW-11': {
    says: 'A driver is told of a dependant that comes after completion, and schedules its cleanup.',
    era: '2007',
    source: 'device_dependency_added',
  },
  'SW-12': { says: 'The copy helpers map, prep, ack, submit and count, or return -ENOMEM.', era: '2007' },
  'SW-13': { says: 'Callbacks run in tasklet context, descriptors change in no interrupt, cleanup runs dependants.' },

  'UM-01': {
    says: 'An unmap record lists addresses to the device, from it, and both ways, in this order.',
    era: 'modern',
  },
  'UM-02': { says: 'Records come in pools of 2, 16, 128 and 256 addresses; more is a BUG.', era: 'modern' },
  'UM-03': { says: 'A record goes back to the pool of the size it was asked for.', era: 'modern' },
  'UM-04': { says: 'Each group is unmapped in its direction; address 0 both ways is skipped.', era: 'modern' },
  'UM-05': {
    says: 'Each descriptor that uses the mappings holds the record, and the last one undoes it.',
    era: 'modern',
  },
  'UM-06': { says: 'A descriptor that is unmapped forgets its record.', era: 'modern', source: 'dma_descriptor_unmap' },
  'UM-07': { says: 'Drivers read the addresses to unmap back from the hardware descriptor.', era: '2007' },
  'UM-08': { says: 'When all is quiet and acknowledged, every mapping has been undone.' },
} as const satisfies RuleCatalogue;
