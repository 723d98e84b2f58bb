import type { ChainUnitConfig } from '../chain/chain-unit';
import type { ChainPersonality } from '../chain/personality';
import type { IntcConfig } from '../intc/intc';
import type { TimingTable } from '../memory/timing';
import type { ClockDomain } from '../sim/time';
import type { TimerConfig } from '../timer/timers';

/** What an engine can do, as the platform tells its driver (`DMA_*` capabilities). */
export type EngineCapability = 'memcpy' | 'xor' | 'xor_val' | 'memset' | 'pq' | 'pq_val' | 'interrupt';

/** One engine of the platform, as the platform device of its driver describes it. */
export interface EngineRecord {
  readonly kind: 'adma' | 'dma' | 'aau';
  readonly unit: ChainUnitConfig;
  readonly personality: ChainPersonality;
  readonly capabilities: readonly EngineCapability[];
  /** Bytes of descriptor memory for the driver's slot pool. */
  readonly poolBytes: number;
}

/** A machine, as data: units, addresses, interrupts and clocks. */
export interface PlatformRecord {
  readonly name: string;
  readonly title: string;
  readonly core: ClockDomain;
  readonly ibclk: ClockDomain;
  readonly mclk: ClockDomain;
  readonly timing: TimingTable;
  /** physical address of the first byte of DRAM */
  readonly dramBase: number;
  readonly engines: readonly EngineRecord[];
  readonly intc: IntcConfig;
  readonly timers: TimerConfig;
  /** Interrupt source of the host adapter's pin. */
  readonly hostAdapterIrq: number;
}
