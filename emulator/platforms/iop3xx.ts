/**
 * The IOP321 and IOP331: two DMA channels that copy and an application accelerator that combines, all on the
 * internal bus in front of DDR (reference/hw-iop3xx 1).
 */
import type { AauFeatures } from '../aau/personality';
import { aauPersonality } from '../aau/personality';
import { dmaPersonality } from '../dma/personality';
import { IOP321_INTC, IOP331_INTC } from '../intc/iop3xx';
import { IOP321_TIMING, IOP331_TIMING } from '../memory/timing';
import type { EngineCapability, EngineRecord, PlatformRecord } from './platform';

/** Peripheral registers of the family. */
const PMMR = 0xffff_e000;
const PAGE = 4096;

function dma(index: number, error: number, hasCrc: boolean): EngineRecord {
  return {
    kind: 'dma',
    unit: {
      name: `dma${index}`,
      base: PMMR + 0x400 + 0x40 * index,
      irq: { eot: 2 * index, eoc: 2 * index + 1, error },
    },
    personality: dmaPersonality(hasCrc),
    capabilities: ['memcpy', 'interrupt'],
    poolBytes: PAGE,
  };
}

function aau(error: number, features: AauFeatures, capabilities: readonly EngineCapability[]): EngineRecord {
  return {
    kind: 'aau',
    unit: { name: 'aau', base: PMMR + 0x800, irq: { eot: 6, eoc: 7, error } },
    personality: aauPersonality(features),
    capabilities,
    poolBytes: 3 * PAGE,
  };
}

const IOP321_BUS = 5000;

export const IOP321: PlatformRecord = {
  name: 'iop321',
  title: 'Intel 80321 (IOP321), 600 MHz, two DMA channels and an AAU',
  core: { name: 'core', period: 1667, source: 'hw-iop3xx 7: 600 MHz' },
  ibclk: { name: 'internal bus', period: IOP321_BUS, source: 'hw-iop3xx 7: 200 MHz' },
  mclk: { name: 'MCLK', period: 10_000, source: 'hw-iop3xx 7: DDR-200' },
  timing: IOP321_TIMING,
  dramBase: 0xa000_0000,
  engines: [
    dma(0, 20, false),
    dma(1, 21, false),
    aau(23, { zeroResult: false, dualXor: false, pq: false }, ['xor', 'memset', 'interrupt']),
  ],
  intc: IOP321_INTC,
  timers: { crm: 1, irq: [9, 10], tick: IOP321_BUS, base: PMMR + 0x7e0 },
  hostAdapterIrq: 27,
};

const IOP331_BUS = 3000;

export const IOP331: PlatformRecord = {
  name: 'iop331',
  title: 'Intel 80331 (IOP331), 800 MHz, two DMA channels and an AAU with zero-result check',
  core: { name: 'core', period: 1250, source: 'assumed: 800 MHz, the fastest part' },
  ibclk: { name: 'internal bus', period: IOP331_BUS, source: 'hw-iop3xx 7: 333 MHz (D-step)' },
  mclk: { name: 'MCLK', period: 6024, source: 'hw-iop3xx 7: DDR 333' },
  timing: IOP331_TIMING,
  dramBase: 0,
  engines: [
    dma(0, 57, true),
    dma(1, 58, true),
    aau(60, { zeroResult: true, dualXor: true, pq: true }, ['xor', 'xor_val', 'memset', 'interrupt']),
  ],
  intc: IOP331_INTC,
  timers: { crm: 1, irq: [8, 9], tick: IOP331_BUS, base: PMMR + 0x7d0 },
  hostAdapterIrq: 24,
};
