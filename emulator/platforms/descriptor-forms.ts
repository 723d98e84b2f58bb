import { AAU_FORMAT } from '../aau/forms';
import { ADMA_FORMAT } from '../adma/forms';
import { DMA_FORMAT } from '../dma/forms';
import type { DescriptorFormat } from '../registers/descriptor-format';
import type { EngineRecord } from './platform';

/** The descriptors of every kind of unit. */
export const DESCRIPTOR_FORMATS: Readonly<Record<EngineRecord['kind'], DescriptorFormat>> = {
  adma: ADMA_FORMAT,
  aau: AAU_FORMAT,
  dma: DMA_FORMAT,
};
