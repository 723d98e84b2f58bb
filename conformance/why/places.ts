/** Where in the source each step of an explanation is carried out, what the kernel calls it, and the rules it follows. */

export interface Place {
  readonly says: string;
  readonly file: string;
  readonly rules: string;
}

export const PLACES: Readonly<Record<string, Place>> = {
  'request.start': { says: 'a request enters the array', file: 'raid5/array.ts', rules: 'raid5_make_request, BQ-01' },
  'stripe.request': {
    says: 'its block waits on a stripe',
    file: 'raid5/stripe/stripe-head.ts',
    rules: 'add_stripe_bio, BQ-02',
  },
  'stripe.decide': {
    says: 'how to make new parity',
    file: 'raid5/handler/dirtying.ts',
    rules: 'handle_stripe_dirtying',
  },
  'stripe.write': {
    says: 'the write is started',
    file: 'raid5/handler/dirtying.ts',
    rules: 'schedule_reconstruction, WR-08, WR-09',
  },
  'stripe.op': {
    says: 'the stripe asks for an operation',
    file: 'raid5/operations/operations.ts',
    rules: 'raid_run_ops, OP-01',
  },
  'async_tx.submit': {
    says: 'async_tx gives it to a channel',
    file: 'async_tx/async-tx.ts',
    rules: 'async_tx_submit, AX-30, AX-31',
  },
  'async_tx.software': { says: 'the processor does it itself', file: 'async_tx/sync/', rules: 'AX-50, AX-53' },
  'driver.prep': {
    says: 'the driver writes the descriptor',
    file: 'dmaengine/iop-adma/prep.ts',
    rules: 'IA-10, IA-21',
  },
  'driver.submit': {
    says: 'and appends it to the chain',
    file: 'dmaengine/iop-adma/submit.ts',
    rules: 'iop_adma_tx_submit, IA-43',
  },
  'engine.fetch': { says: 'the engine fetches it', file: 'emulator/chain/chain-unit.ts', rules: 'hw-iop13xx 4.1' },
  'engine.read': { says: 'reads a source', file: 'emulator/chain/phased-execution.ts', rules: 'hw-iop13xx 4.1' },
  'bus.grant': { says: 'has the memory bus', file: 'emulator/memory/bus.ts', rules: 'hw-iop13xx 5.2' },
  'engine.write': {
    says: 'writes the block with the byte',
    file: 'emulator/chain/phased-execution.ts',
    rules: 'hw-iop13xx 4.1',
  },
  'engine.complete': {
    says: 'is done with the descriptor',
    file: 'emulator/chain/chain-unit.ts',
    rules: 'hw-iop13xx 4.1',
  },
  'engine.interrupt': { says: 'raises its interrupt', file: 'emulator/chain/chain-unit.ts', rules: 'hw-iop13xx 2.2' },
  'cpu.irq': { says: 'the core takes it', file: 'dmaengine/iop-adma/irq.ts', rules: 'iop_adma_eot_handler, IA-71' },
  'cpu.tasklet': { says: 'the tasklet cleans up', file: 'dmaengine/iop-adma/irq.ts', rules: 'iop_adma_tasklet, IA-73' },
  'driver.complete': {
    says: 'the descriptor is seen to be complete',
    file: 'dmaengine/iop-adma/cleanup.ts',
    rules: 'IA-52, IA-57',
  },
  'driver.callback': { says: 'and its callback runs', file: 'dmaengine/tx-result.ts', rules: 'IA-57, SW-13' },
  'stripe.io': {
    says: 'the block goes to its disk',
    file: 'raid5/operations/stripe-io.ts',
    rules: 'ops_run_io, OP-16',
  },
  'disk.end': { says: 'the disk has moved it', file: 'raid5/disks/disk.ts', rules: 'semantics 4.10' },
  'request.end': { says: 'the request is answered', file: 'raid5/bio.ts', rules: 'bio_endio, HS-18' },
};
