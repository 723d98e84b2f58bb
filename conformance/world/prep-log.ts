import type { DmaAsyncTxDescriptor } from '../../dmaengine/descriptor';
import { asyncTxTestAck } from '../../dmaengine/descriptor';
import type { DmaChan, DmaDevice, Prepared } from '../../dmaengine/device';
import { DmaCtrl } from '../../dmaengine/flags';
import type { PqPair } from '../../dmaengine/pq';

/** Bytes at a bus address. */
export interface Stretch {
  readonly address: number;
  readonly len: number;
}

/** One descriptor that a driver granted. */
export interface PrepRecord {
  readonly tx: DmaAsyncTxDescriptor;
  readonly chan: DmaChan;
  readonly kind: PrepKind;
  /** `DmaCtrl` bits that were asked for. */
  readonly flags: number;
  readonly reads: readonly Stretch[];
  readonly writes: readonly Stretch[];
}

/** What one call of a prep routine reads and writes. */
type Footprint = Pick<PrepRecord, 'reads' | 'writes'>;

function all(addresses: readonly number[], len: number): Stretch[] {
  return addresses.map((address) => ({ address, len }));
}

/** The sums of a P+Q descriptor that are not disabled. */
function wanted([p, q]: PqPair, flags: number): number[] {
  return [...(flags & DmaCtrl.PREP_PQ_DISABLE_P ? [] : [p]), ...(flags & DmaCtrl.PREP_PQ_DISABLE_Q ? [] : [q])];
}

/** What each routine's arguments behind the channel mean. The flags are the last of all. */
const FOOTPRINTS = {
  devicePrepDmaMemcpy: (dest: number, src: number, len: number): Footprint => {
    return { reads: all([src], len), writes: all([dest], len) };
  },
  devicePrepDmaXor: (dest: number, srcs: readonly number[], count: number, len: number): Footprint => {
    return { reads: all(srcs.slice(0, count), len), writes: all([dest], len) };
  },
  devicePrepDmaXorVal: (srcs: readonly number[], count: number, len: number): Footprint => {
    return { reads: all(srcs.slice(0, count), len), writes: [] };
  },
  devicePrepDmaPq: (
    dst: PqPair,
    srcs: readonly number[],
    count: number,
    _scf: unknown,
    len: number,
    flags: number,
  ): Footprint => {
    const sums = all(wanted(dst, flags), len);
    return { reads: [...all(srcs.slice(0, count), len), ...(flags & DmaCtrl.PREP_CONTINUE ? sums : [])], writes: sums };
  },
  devicePrepDmaPqVal: (
    sums: PqPair,
    srcs: readonly number[],
    count: number,
    _scf: unknown,
    len: number,
    _result: unknown,
    flags: number,
  ): Footprint => {
    return { reads: [...all(srcs.slice(0, count), len), ...all(wanted(sums, flags), len)], writes: [] };
  },
  devicePrepDmaMemset: (dest: number, _value: number, len: number): Footprint => {
    return { reads: [], writes: all([dest], len) };
  },
  devicePrepDmaInterrupt: (): Footprint => ({ reads: [], writes: [] }),
};

export type PrepKind = keyof typeof FOOTPRINTS;

type Arguments = readonly [DmaChan, ...unknown[]];

/** Whether a driver refuses a descriptor this time. */
export type Refusal = (kind: PrepKind, chan: DmaChan) => boolean;

/** Every descriptor that devices grant from now on, whoever asks; and a place to have them refuse. */
export class PrepLog {
  readonly records: PrepRecord[] = [];
  /** Refusals, in a driver's place; nothing is refused unless set. */
  refuses: Refusal = () => false;

  constructor(devices: readonly DmaDevice[]) {
    for (const device of devices) for (const kind of Object.keys(FOOTPRINTS)) this.watch(device, kind as PrepKind);
  }

  /** Descriptors whose latest user has not acked them (AX-06). */
  unacked(): DmaAsyncTxDescriptor[] {
    return [...new Set(this.records.map(({ tx }) => tx))].filter((tx) => !asyncTxTestAck(tx));
  }

  /** What the descriptor was last granted for. */
  latest(tx: DmaAsyncTxDescriptor): PrepRecord | undefined {
    return this.records.findLast((record) => record.tx === tx);
  }

  private watch(device: DmaDevice, kind: PrepKind): void {
    const prep = Reflect.get(device, kind) as ((this: DmaDevice, ...given: Arguments) => Prepared) | undefined;
    if (prep === undefined) return;
    const footprint = FOOTPRINTS[kind] as (...given: readonly unknown[]) => Footprint;
    const watched = (...given: Arguments): Prepared => {
      const [chan, ...rest] = given;
      const tx = this.refuses(kind, chan) ? null : prep.call(device, ...given);
      const flags = rest.at(-1) as number;
      if (tx !== null) this.records.push({ tx, chan, kind, flags, ...footprint(...rest) });
      return tx;
    };
    Object.assign(device, { [kind]: watched });
  }
}
