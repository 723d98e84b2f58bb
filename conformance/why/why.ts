/** From a byte on a disk, or a descriptor, back to everything that led to it, by what a trace recorded. */
import { SECTOR } from '../../raid5/geometry';
import type { TraceEvent } from './trace-text';
import { numberOf } from './trace-text';

/** What led to something, in the order of time. */
export interface Explanation {
  readonly title: string;
  readonly steps: readonly TraceEvent[];
}

/** Which events of a trace fit, going back in time from an index. */
class Trace {
  constructor(readonly events: readonly TraceEvent[]) {}

  /** The index of the latest event before `before` that fits; -1 for none. */
  last(before: number, point: string, fits: (event: TraceEvent) => boolean = () => true): number {
    for (let i = before - 1; i >= 0; i--) if (this.events[i].point === point && fits(this.events[i])) return i;
    return -1;
  }

  /** The index of the first event after `after` that fits; -1 for none. */
  first(after: number, point: string, fits: (event: TraceEvent) => boolean = () => true): number {
    for (let i = after + 1; i < this.events.length; i++) {
      if (this.events[i].point === point && fits(this.events[i])) return i;
    }
    return -1;
  }

  /** Those that were found, each once, in the order of time. */
  steps(indices: Iterable<number>): TraceEvent[] {
    return [...new Set(indices)]
      .filter((i) => i >= 0)
      .sort((a, b) => a - b)
      .map((i) => this.events[i]);
  }
}

/**
 * Why a byte of a disk is what it is at the end of the trace.
 * @param disk its name
 * @param sector of the disk
 * @param offset of the byte in the sector
 * @returns undefined when the trace has no write of it
 */
export function whyByte(
  events: readonly TraceEvent[],
  disk: string,
  sector: number,
  offset: number,
): Explanation | undefined {
  const trace = new Trace(events);
  const written = trace.last(events.length, 'disk.end', (event) => {
    const { fields } = event;
    const first = numberOf(event, 'sector');
    const inside = first <= sector && sector < first + numberOf(event, 'sectors');
    return fields['disk'] === disk && fields['write'] === 'true' && fields['failed'] === 'false' && inside;
  });
  if (written < 0) return undefined;
  const transfer = events[written];
  const page = numberOf(transfer, 'address');
  const address = page + (sector - numberOf(transfer, 'sector')) * SECTOR + offset;
  const found = [written];
  const asked = trace.last(written, 'stripe.io', (event) => {
    return event.fields['write'] === 'true' && numberOf(event, 'address') === page;
  });
  const title = `byte ${offset} of sector ${sector} on ${disk}, in memory at 0x${address.toString(16)}`;
  if (asked < 0) return { title: `${title}: md wrote it for itself (superblock or bitmap)`, steps: trace.steps(found) };
  const { stripe } = events[asked].fields;
  found.push(asked, ...requestSteps(trace, asked, stripe));
  const maker = lastWriter(trace, asked, address);
  const made = maker < 0 ? [] : makerSteps(trace, maker);
  found.push(...made, ...decisionOf(trace, made, asked, stripe));
  return { title, steps: trace.steps(found) };
}

/**
 * The latest life of a descriptor.
 * @returns undefined when the trace has none
 */
export function whyDescriptor(events: readonly TraceEvent[], address: number): Explanation | undefined {
  const trace = new Trace(events);
  const fetch = trace.last(events.length, 'engine.fetch', (event) => numberOf(event, 'descriptor') === address);
  if (fetch < 0) return undefined;
  const title = `descriptor 0x${address.toString(16)}, executed by ${events[fetch].fields['unit']}`;
  const found = descriptorSteps(trace, fetch);
  return { title, steps: trace.steps([...found, ...decisionOf(trace, found)]) };
}

/**
 * The decision behind an operation that is among the steps; without one, what was decided about this stripe last. In a
 * batch one stripe speaks for all.
 */
function decisionOf(trace: Trace, steps: readonly number[], before = 0, stripe?: string): number[] {
  const op = steps.find((i) => i >= 0 && trace.events[i].point === 'stripe.op');
  if (op !== undefined) return decisionSteps(trace, op, trace.events[op].fields['stripe']);
  return stripe === undefined ? [] : decisionSteps(trace, before, stripe);
}

/** When the stripe came to what it holds now: it was taken from the free ones, or its write before was started. */
function lifeOf(trace: Trace, before: number, stripe: string): { readonly since: number; readonly write: number } {
  const same = (event: TraceEvent): boolean => event.fields['stripe'] === stripe;
  const taken = trace.last(before, 'stripe.get', same);
  const write = trace.last(before, 'stripe.write', same);
  if (write < taken) return { since: taken, write: -1 };
  return { since: Math.max(taken, trace.last(write, 'stripe.write', same)), write };
}

/** The write was started, and the first decision of its life, which says what either way would have cost, and the last. */
function decisionSteps(trace: Trace, before: number, stripe: string): number[] {
  const { since, write } = lifeOf(trace, before, stripe);
  if (write < 0) return [];
  const same = (event: TraceEvent): boolean => event.fields['stripe'] === stripe;
  return [write, trace.first(since, 'stripe.decide', same), trace.last(write, 'stripe.decide', same)];
}

/** Writes that came to the stripe in this life, and their ends. */
function requestSteps(trace: Trace, before: number, stripe: string): number[] {
  const { since } = lifeOf(trace, before, stripe);
  const found: number[] = [];
  const waits = ({ fields }: TraceEvent): boolean => fields['stripe'] === stripe && fields['write'] === 'true';
  for (let i = trace.first(since, 'stripe.request', waits); i >= 0 && i < before;) {
    const { request } = trace.events[i].fields;
    const same = (event: TraceEvent): boolean => event.fields['request'] === request;
    found.push(i, trace.last(i, 'request.start', same), trace.first(i, 'request.end', same));
    i = trace.first(i, 'stripe.request', waits);
  }
  return found;
}

/** Who wrote an address last before an index: an engine, the processor, or a disk that was read. */
function lastWriter(trace: Trace, before: number, address: number): number {
  for (let i = before - 1; i >= 0; i--) {
    const event = trace.events[i];
    const { point, fields } = event;
    const reads = point === 'disk.end' && fields['write'] === 'false' && fields['failed'] === 'false';
    if (!reads && point !== 'engine.write' && point !== 'async_tx.software') continue;
    const bytes = reads ? numberOf(event, 'sectors') * SECTOR : numberOf(event, 'bytes');
    const first = numberOf(event, 'address');
    if (first <= address && address < first + bytes) return i;
  }
  return -1;
}

/** What led to a write of memory. */
function makerSteps(trace: Trace, maker: number): number[] {
  const { point, fields } = trace.events[maker];
  if (point !== 'engine.write') {
    const op = trace.last(maker, 'stripe.op');
    return [maker, op > trace.last(maker, 'stripe.asked') ? op : -1];
  }
  const unit = fields['unit'];
  const fetch = trace.last(maker, 'engine.fetch', (event) => event.fields['unit'] === unit);
  const block = numberOf(trace.events[maker], 'address');
  const grant = trace.last(maker, 'bus.grant', (event) => {
    return event.fields['master'] === unit && event.fields['write'] === 'true' && numberOf(event, 'address') === block;
  });
  const found = [maker, grant, ...descriptorSteps(trace, fetch)];
  // The sources of this block: what was read between the block before it and this one.
  for (let i = maker - 1; i > fetch; i--) {
    const event = trace.events[i];
    if (event.fields['unit'] !== unit) continue;
    if (event.point !== 'engine.read') break;
    found.push(i);
  }
  return found;
}

/** The life of a descriptor from the call that wants it to its callback. @param fetch where it was fetched */
function descriptorSteps(trace: Trace, fetch: number): number[] {
  const { unit, descriptor: phys } = trace.events[fetch].fields;
  const ofUnit = (event: TraceEvent): boolean => event.fields['unit'] === unit;
  const prep = trace.last(
    fetch,
    'driver.prep',
    ({ fields }) => fields['descriptor'] === phys || fields['head'] === phys,
  );
  const tail = prep < 0 ? phys : trace.events[prep].fields['descriptor'];
  const ofTail = (event: TraceEvent): boolean => event.fields['descriptor'] === tail;
  const op = prep < 0 ? -1 : trace.last(prep, 'stripe.op');
  const complete = trace.first(fetch, 'engine.complete', ofUnit);
  const found = [fetch, prep, complete, op > trace.last(prep, 'stripe.asked') ? op : -1];
  if (prep >= 0) found.push(...['driver.submit', 'async_tx.submit'].map((point) => trace.first(prep, point, ofTail)));
  const seen = complete < 0 ? -1 : trace.first(complete, 'driver.complete', ofTail);
  if (seen < 0) return found;
  const called = trace.first(seen, 'driver.callback', ofTail);
  const over = trace.first(seen, 'driver.complete-end', ofTail);
  found.push(seen, called >= 0 && (over < 0 || called < over) ? called : -1);
  // What woke the clean-up: the unit's latest interrupt before it, if that came after the descriptor was done.
  const raised = trace.last(seen, 'engine.interrupt', ofUnit);
  if (raised < complete) return found;
  const { source } = trace.events[raised].fields;
  const taken = trace.first(raised, 'cpu.irq', (event) => event.fields['source'] === source);
  const tasklet = trace.first(taken, 'cpu.tasklet', (event) => event.fields['name'] === unit);
  found.push(
    raised,
    ...(taken >= 0 && taken < seen ? [taken] : []),
    ...(tasklet >= 0 && tasklet < seen ? [tasklet] : []),
  );
  return found;
}
