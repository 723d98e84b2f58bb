import { bugOn } from '../../emulator/kernel/bug';
import type { DmaDevice } from '../device';
import { dmaHasCap, LegacyCapability } from './capability';

/** Which kernel's assertions hold: the INTERRUPT one asked for the wrong capability until 2.6.25 (D-08). */
export type LegacyRelease = '2.6.24' | '2.6.25';

/** Which prep routine a capability needs; the one for INTERRUPT depends on the release. */
const NEEDED_ROUTINE: readonly (readonly [LegacyCapability, keyof DmaDevice])[] = [
  [LegacyCapability.MEMCPY, 'devicePrepDmaMemcpy'],
  [LegacyCapability.XOR, 'devicePrepDmaXor'],
  [LegacyCapability.ZERO_SUM, 'devicePrepDmaXorVal'],
  [LegacyCapability.MEMSET, 'devicePrepDmaMemset'],
];

/** What every device must have. */
const MANDATORY: readonly (keyof DmaDevice)[] = [
  'deviceAllocChanResources',
  'deviceFreeChanResources',
  'deviceDependencyAdded',
  'deviceTxStatus',
  'deviceIssuePending',
];

/** The assertions of `dma_async_device_register` (RG-02): what is an error today was a BUG. */
export function assertDevice(device: DmaDevice, release: LegacyRelease): void {
  const where = 'dma_async_device_register';
  const interruptKey = release === '2.6.24' ? LegacyCapability.ZERO_SUM : LegacyCapability.INTERRUPT;
  const needs = [...NEEDED_ROUTINE, [interruptKey, 'devicePrepDmaInterrupt'] as const];
  for (const [capability, routine] of needs) {
    bugOn(dmaHasCap(device, capability) && device[routine] === undefined, 'RG-02', `${routine} is missing`, where);
  }
  for (const routine of MANDATORY) bugOn(device[routine] === undefined, 'RG-02', `${routine} is missing`, where);
  bugOn(device.parent === '', 'RG-02', 'the device has no parent', where);
}
