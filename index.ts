/** iop-adma: an emulator of the Intel XScale I/O processors' DMA and RAID engines. */

// The bare silicon.
export { createTarget } from './emulator/platforms/target';
export type { Target, TargetOptions } from './emulator/platforms/target';
export { PLATFORM_NAMES } from './emulator/platforms';
export type { PlatformName } from './emulator/platforms';
export type { EngineCapability, EngineRecord } from './emulator/platforms/platform';
export type { BusFault, BusFaultKind } from './emulator/faults/bus-faults';
export type { DatapathKind } from './emulator/datapath/datapath';
export type { Finding, FindingLog } from './emulator/findings';
export type { PhaseMode } from './emulator/unit';
export type { Chooser } from './emulator/sim/choice';
export type { TraceRecord, TraceWriter } from './emulator/trace/trace';
export type { WaveSink, WaveUnit } from './emulator/trace/vcd';

// The slice of Linux that a driver stands on.
export { bug, bugOn } from './emulator/kernel/bug';
export type { Costs } from './emulator/kernel/costs';
export type { DmaMapping } from './emulator/kernel/dma-mapping';
export { DmaDirection } from './emulator/kernel/dma-mapping';
export type { Interrupts, IrqHandler } from './emulator/kernel/interrupts';
export { PAGE_SIZE } from './emulator/kernel/pages';
export type { Page, PageAllocator } from './emulator/kernel/pages';
export type { Kernel, LogLine } from './emulator/kernel/kernel';
export type { ContextKind, InterruptEntry, Processor } from './emulator/kernel/processor';
export type { Scheduler, ThreadBody } from './emulator/kernel/scheduler';
export type { LockContext, SpinLock } from './emulator/kernel/spinlock';
export type { Tasklet, Tasklets } from './emulator/kernel/tasklet';
export type { Completion, WaitQueue } from './emulator/kernel/wait';
export { MICROSECOND, MILLISECOND, NANOSECOND, SECOND } from './emulator/sim/time';

// dmaengine, as a driver and a client see it.
export type { DmaDriver } from './dmaengine/driver';
export type { DmaChan, DmaDevice, DmaModule, Prepared } from './dmaengine/device';
export { Errno } from './dmaengine/device';
export { asyncTxAck, asyncTxTestAck, DmaAsyncTxDescriptor } from './dmaengine/descriptor';
export type { DmaCapMask } from './dmaengine/capability';
export { DmaCapability } from './dmaengine/capability';
export { DmaCtrl, SumCheck } from './dmaengine/flags';
export type { SumCheckResult } from './dmaengine/flags';
export type { PqPair } from './dmaengine/pq';
export { dmaSetMaxPq } from './dmaengine/pq';
export type { DmaCookie, DmaStatus, DmaTxState } from './dmaengine/cookie';
export { dmaCookieAssign, dmaCookieComplete, dmaCookieInit, dmaCookieStatus } from './dmaengine/cookie';
export { dmaRunDependencies } from './dmaengine/dependencies';
export type { DmaTxResult } from './dmaengine/tx-result';
export { dmaengineDescCallbackInvoke, TX_NO_ERROR } from './dmaengine/tx-result';
export type { AsyncTxConfig } from './dmaengine/config';
export type { DmaUnmapData, UnmapPools } from './dmaengine/unmap';
export type { DmaEngine } from './dmaengine/engine';

// The steps of iop-adma and what they work on, for whoever replaces one.
export type { IopAdmaSteps } from './dmaengine/iop-adma/steps';
export type { IopAdmaChan } from './dmaengine/iop-adma/channel';
export type { IopAdmaSlot } from './dmaengine/iop-adma/slots';

// async_tx, as its users see it.
export type { AsyncTx, AsyncTxResult, AsyncTxStatistics } from './async_tx/async-tx';
export type { PageList, SpanList } from './async_tx/spans';
export type { PageSpan } from './async_tx/sync/page-access';
export type { AsyncSubmit } from './async_tx/submit';
export { AsyncTxFlags, initAsyncSubmit } from './async_tx/submit';
export { asyncMemcpy } from './async_tx/memcpy';
export { asyncMemset } from './async_tx/memset';
export { asyncXor } from './async_tx/xor';
export { asyncXorVal } from './async_tx/xor-val';
export { asyncGenSyndrome } from './async_tx/pq';
export { asyncSyndromeVal } from './async_tx/pq-val';
export { asyncRaid62dataRecov, asyncRaid6DatapRecov } from './async_tx/raid6-recov';
export { asyncTriggerCallback } from './async_tx/trigger-callback';
export type { AsyncTxClient, ClientHost, ClientOutcome } from './conformance/client';

// A stripe of an md array, for whoever replaces a step of its handling.
export type { Raid5Array } from './raid5/array';
export { R5, STRIPE } from './raid5/stripe/flags';
export type { R5Dev, StripeHead } from './raid5/stripe/stripe-head';
