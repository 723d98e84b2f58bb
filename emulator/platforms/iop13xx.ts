/** The IOP13xx family: three ADMA channels in front of DDR2 (reference/hw-iop13xx 1.1 – 1.4). */
import { admaPersonality } from '../adma/personality';
import { IOP13XX_INTC } from '../intc/iop13xx';
import { IOP13XX_TIMING } from '../memory/timing';
import type { EngineCapability, EngineRecord, PlatformRecord } from './platform';

/** Peripheral registers of the family. */
const PMMR = 0xffd8_0000;

const BASIC: readonly EngineCapability[] = ['memcpy', 'xor', 'xor_val', 'memset', 'interrupt'];

/** Linux gives P+Q to the last channel only (1.1). */
const WITH_PQ: readonly EngineCapability[] = [...BASIC, 'pq', 'pq_val'];

function adma(index: number): EngineRecord {
  return {
    kind: 'adma',
    unit: {
      name: `adma${index}`,
      base: PMMR + (index << 9),
      irq: { eot: 2 * index, eoc: 2 * index + 1, error: 57 + index },
    },
    personality: admaPersonality(index === 2),
    capabilities: index === 2 ? WITH_PQ : BASIC,
    poolBytes: 4096,
  };
}

const IBCLK_PERIOD = 2500;

const COMMON = {
  ibclk: { name: 'IBCLK', period: IBCLK_PERIOD, source: 'hw-iop13xx 1.2: 400 MHz' },
  mclk: { name: 'MCLK', period: 5000, source: 'hw-iop13xx 1.2: DDR2-400' },
  timing: IOP13XX_TIMING,
  dramBase: 0,
  intc: IOP13XX_INTC,
  timers: { crm: 9, irq: [8, 9], tick: IBCLK_PERIOD },
  // XINT0; hw-iop13xx 1.4 leaves 24 to 39 to the pins (assumed)
  hostAdapterIrq: 24,
} as const;

const CORE_800 = { name: 'core', period: 1250, source: 'hw-iop13xx 1.2: 800 MHz, ratio 2:1' } as const;

export const IOP342: PlatformRecord = {
  ...COMMON,
  name: 'iop342',
  title: 'Intel 81342 (IOP342), 800 MHz, three ADMA channels',
  core: CORE_800,
  engines: [adma(0), adma(1), adma(2)],
};

export const IOP341: PlatformRecord = {
  ...IOP342,
  name: 'iop341',
  title: 'Intel 81341 (IOP341), 800 MHz, three ADMA channels',
};

export const IOP348: PlatformRecord = {
  ...IOP342,
  name: 'iop348',
  title: 'Intel 81348 (IOP348), 800 MHz, three ADMA channels',
};

/** The same board without engines: everything runs on the software path. */
export const NONE: PlatformRecord = {
  ...IOP342,
  name: 'none',
  title: 'no engine: the 800 MHz core computes everything',
  engines: [],
};
