/**
 * Chains of operations in which each writes a cell of its own, so that the trace points of the engines, which know
 * nothing of async_tx, name the operation: what was executed, in which order and how often.
 */
import type { AsyncTxResult } from '../../async_tx/async-tx';
import { asyncMemcpy } from '../../async_tx/memcpy';
import { asyncMemset } from '../../async_tx/memset';
import { asyncGenSyndrome } from '../../async_tx/pq';
import type { AsyncSubmit } from '../../async_tx/submit';
import { AsyncTxFlags, initAsyncSubmit } from '../../async_tx/submit';
import type { PageSpan } from '../../async_tx/sync/page-access';
import { asyncTriggerCallback } from '../../async_tx/trigger-callback';
import { asyncXorOffs } from '../../async_tx/xor';
import { DmaCapability } from '../../dmaengine/capability';
import type { Page } from '../../emulator/kernel/pages';
import type { PlatformRecord } from '../../emulator/platforms/platform';
import { qModel } from './raid6-world';
import { AsyncWorld, expectBytes, xorModel } from './world';

const { ACK, XOR_ZERO_DST } = AsyncTxFlags;

/** Bytes of a cell. */
const CELL = 64;
/** Pages of a chain. Neighbouring cells lie in different ones, and are dealt out again when all were. */
const PAGES = 4;
const CELLS = (PAGES * 4096) / CELL;
const XOR_SALTS = 4;

/** What an operation can be, and what a channel must be able to do for it. */
export const KINDS = {
  copy: DmaCapability.MEMCPY,
  fill: DmaCapability.MEMSET,
  xor: DmaCapability.XOR,
  /** All salts: in batches where they are more than one descriptor has. */
  many: DmaCapability.XOR,
  pq: DmaCapability.PQ,
} as const;
export type Kind = keyof typeof KINDS;

/** What happened: an engine wrote to an address, or an operation was done by the processor or called back. */
type Event =
  | { readonly what: 'write'; readonly address: number }
  | { readonly what: 'software' | 'callback'; readonly operation: Operation };

/** One operation of a chain. */
export interface Operation {
  /** Bus addresses it writes. */
  readonly cells: readonly number[];
  /** Times an engine writes each: the descriptors it takes. */
  readonly writes: number;
  readonly calls: boolean;
  /** Done by the processor. */
  software: boolean;
}

/** A world that keeps what engines write; with common salts for its sums. */
export class TracedWorld extends AsyncWorld {
  readonly events: Event[];
  readonly salts: readonly PageSpan[];

  constructor(platform: PlatformRecord, salts: number) {
    const events: Event[] = [];
    super(platform, undefined, ({ point, fields }) => {
      if (point === 'engine.write') events.push({ what: 'write', address: fields.address });
    });
    this.events = events;
    const page = this.noise(1);
    this.salts = Array.from({ length: salts }, (_, i) => ({ page, offset: i * CELL }));
    events.length = 0;
  }

  cell({ page, offset }: PageSpan): Uint8Array {
    return this.bytes(page).subarray(offset, offset + CELL);
  }
}

/** Operations in a row, each of which reads the cell that the one before wrote: executed otherwise, the data are wrong. */
export class TracedChain {
  tail: AsyncTxResult = null;
  readonly operations: Operation[] = [];
  private readonly pages: readonly Page[];
  private dealt = 0;
  private from: PageSpan;
  private model: Uint8Array;

  constructor(
    private readonly world: TracedWorld,
    seed: number,
  ) {
    this.pages = Array.from({ length: PAGES }, (_, i) => world.noise(1000 + PAGES * seed + i));
    this.from = this.deal();
    this.model = world.cell(this.from).slice();
  }

  /** Adds an operation. @param calls whether it has a callback of its own */
  add(kind: Kind, calls: boolean): void {
    const { world, from } = this;
    const { api, salts } = world;
    const to = this.deal();
    const few = salts.slice(0, XOR_SALTS);
    const parts = (spans: readonly PageSpan[]): Uint8Array[] => [this.model, ...spans.map((span) => world.cell(span))];
    switch (kind) {
      case 'copy':
        return this.run(to, [to], 1, this.model, calls, (submit) =>
          asyncMemcpy(api, to.page, from.page, to.offset, from.offset, CELL, submit),
        );
      case 'fill': {
        const value = this.operations.length & 0xff;
        const filled = new Uint8Array(CELL).fill(value);
        return this.run(to, [to], 1, filled, calls, (submit) =>
          asyncMemset(api, to.page, value, to.offset, CELL, submit),
        );
      }
      case 'xor':
      case 'many': {
        const added = kind === 'xor' ? few : salts;
        const sum = xorModel(parts(added));
        return this.run(to, [to], this.batches(added.length + 1), sum, calls, (submit) =>
          asyncXorOffs(api, to, [from, ...added], CELL, { ...submit, flags: submit.flags | XOR_ZERO_DST }),
        );
      }
      case 'pq': {
        const p = this.deal();
        return this.run(to, [p, to], 1, qModel(parts(few), CELL), calls, (submit) =>
          asyncGenSyndrome(api, [from, ...few, p, to], CELL, submit),
        );
      }
    }
  }

  /** Ends the chain, however long it is, with a callback and nothing behind it (AX-51). */
  end(): void {
    this.trigger(ACK);
    this.tail = null;
  }

  trigger(flags = 0): void {
    this.run(this.from, [], 0, this.model, true, (submit) =>
      asyncTriggerCallback(this.world.api, { ...submit, flags: submit.flags | flags }),
    );
  }

  /**
   * Everything was executed once and in order, called back once, in order and not before it was executed, and what came
   * out is right. Interrupt descriptors write nothing: their callbacks alone show them.
   */
  expectDone(): void {
    const { operations, world } = this;
    const frames = new Set(this.pages.map(({ address }) => frameOf(address)));
    const numbers = new Map(operations.map((operation, i) => [operation, i]));
    const due: number[] = [];
    const expected = operations.flatMap((operation, i) => {
      const writes = operation.software ? [] : Array.from({ length: operation.writes }, () => operation.cells).flat();
      due.push((due[i - 1] ?? 0) + writes.length);
      return operation.software ? [-1 - i] : writes;
    });
    const executed: number[] = [];
    const called: number[] = [];
    const early: number[] = [];
    let written = 0;
    for (const event of world.events) {
      if (event.what === 'write') {
        if (!frames.has(frameOf(event.address))) continue;
        written++;
        executed.push(event.address);
        continue;
      }
      const number = numbers.get(event.operation);
      if (number === undefined) continue;
      if (event.what === 'software') {
        executed.push(-1 - number);
      } else {
        called.push(number);
        if (written < due[number]) early.push(number);
      }
    }
    expect(executed).toEqual(expected);
    expect(called).toEqual([...numbers.values()].filter((number) => operations[number].calls));
    expect(early).toEqual([]);
    expectBytes(world.cell(this.from), this.model);
  }

  private run(
    result: PageSpan,
    cells: readonly PageSpan[],
    writes: number,
    model: Uint8Array,
    calls: boolean,
    start: (submit: AsyncSubmit) => AsyncTxResult,
  ): void {
    const { events } = this.world;
    const addresses = cells.map(({ page, offset }) => page.address + offset);
    const operation: Operation = { cells: addresses, writes, calls, software: false };
    this.operations.push(operation);
    const callback = calls ? () => events.push({ what: 'callback', operation }) : undefined;
    this.tail = start(initAsyncSubmit(0, this.tail, callback));
    if (this.tail === null && cells.length > 0) {
      operation.software = true;
      events.push({ what: 'software', operation });
    }
    this.from = result;
    this.model = model;
  }

  private deal(): PageSpan {
    const n = this.dealt++ % CELLS;
    return { page: this.pages[n % PAGES], offset: Math.floor(n / PAGES) * CELL };
  }

  /** XR-09, for the one kind of channel that combines. */
  private batches(sources: number): number {
    const { maxXor } = this.world.chans.find(({ device }) => device.capMask.has(DmaCapability.XOR))!.device;
    return sources <= maxXor ? 1 : 1 + Math.ceil((sources - maxXor) / (maxXor - 1));
  }
}

function frameOf(address: number): number {
  return Math.floor(address / 4096);
}
