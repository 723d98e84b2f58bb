/** How md's points are drawn, and the table of the whole stack. */
import { ASYNC_TX_DRAWINGS } from '../async_tx/trace-points';
import { DRIVER_DRAWINGS } from '../dmaengine/iop-adma/trace-points';
import { EMULATOR_DRAWINGS } from '../emulator/trace/drawings';
import type { Drawings } from '../emulator/trace/timeline';
import type { TracePointName } from '../emulator/trace/trace';
import type { OperationName } from './operations/operations';

type Raid5PointName = Extract<TracePointName, `${'request' | 'stripe' | 'disk'}.${string}`>;

/** The line of a stripe that its operations are on: what depends on each other is one chain, and one slice. */
const CHAINS: Readonly<Record<OperationName, string>> = {
  BIOFILL: 'biofill',
  COMPUTE: 'compute',
  PREXOR: 'write',
  BIODRAIN: 'write',
  RECONSTRUCT: 'write',
  CHECK: 'check',
};

const RAID5_DRAWINGS: Drawings<Raid5PointName> = {
  'request.start': (pen, { request, write }) => {
    pen.beginOneOf('requests', 'request', String(request), write ? 'write' : 'read');
  },
  'request.around': (pen, { request, disk, sector }) => {
    pen.touchOneOf('requests', 'request', String(request), pen.newFlow(`${disk} ${sector}`));
  },
  'request.end': (pen, { request }) => pen.endOneOf('requests', 'request', String(request)),

  'stripe.get': (pen, { stripe, active }) => {
    pen.begin('stripes', `stripe ${stripe}`, 'in use');
    pen.counter('active stripes', active);
  },
  'stripe.retire': (pen, { stripe, active }) => {
    for (const chain of new Set(Object.values(CHAINS))) pen.end('stripes', `stripe ${stripe} ${chain}`);
    pen.end('stripes', `stripe ${stripe}`);
    pen.counter('active stripes', active);
  },
  'stripe.request': (pen, { stripe, request }) => {
    const flow = pen.newFlow('request');
    pen.touchOneOf('requests', 'request', String(request), flow);
    pen.endFlow('stripes', `stripe ${stripe}`, flow);
  },
  'stripe.handle': (pen, { stripe }) => pen.instant('stripes', `stripe ${stripe} handler`, 'handled'),
  'stripe.decide': (pen, { stripe, way }) => pen.instant('stripes', `stripe ${stripe} handler`, way),
  'stripe.write': (pen, { stripe, mode }) => pen.instant('stripes', `stripe ${stripe} handler`, `write: ${mode}`),
  'stripe.op': (pen, { stripe, op }) => {
    const line = `stripe ${stripe} ${CHAINS[op]}`;
    pen.begin('stripes', line, op.toLowerCase());
    pen.calls('stripes', line);
  },
  'stripe.asked': (pen) => pen.callsEnd(),
  'stripe.op-end': (pen, { stripe, op }) => pen.end('stripes', `stripe ${stripe} ${CHAINS[op]}`),
  'stripe.io': (pen, { stripe, address }) => {
    pen.touch('stripes', `stripe ${stripe}`, pen.newFlow(address));
  },
  'stripe.io-end': () => undefined,

  'disk.queue': (pen, { disk, queued }) => pen.counter(`${disk} queue`, queued),
  'disk.start': (pen, { disk, slot, write, sector, address, queued, first }) => {
    const line = `${disk} ${slot}`;
    if (first) pen.begin('disks', line, write ? 'write' : 'read');
    for (const key of [address, `${disk} ${sector}`]) {
      for (const flow of pen.flowsOf(key)) pen.endFlow('disks', line, flow);
      pen.unbind(key);
    }
    pen.counter(`${disk} queue`, queued);
  },
  'disk.end': (pen, { disk, slot, last }) => {
    if (last) pen.end('disks', `${disk} ${slot}`);
  },
};

/** How every point of the stack is drawn. */
export const STACK_DRAWINGS: Drawings = {
  ...EMULATOR_DRAWINGS,
  ...DRIVER_DRAWINGS,
  ...ASYNC_TX_DRAWINGS,
  ...RAID5_DRAWINGS,
};
