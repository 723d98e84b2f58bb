/** The kernel's module parameters, as far as a thread looks at them; sizes in bytes. */
export interface DmaTestParameters {
  /** test_buf_size */
  readonly bufSize: number;
  readonly iterations: number;
  /** made odd, so that equal sources give the source back */
  readonly xorSources: number;
  /** made odd as well; every coefficient is 1, so P and Q both give the source back */
  readonly pqSources: number;
  /** milliseconds until a test counts as timed out, -1 for never */
  readonly timeout: number;
  readonly noverify: boolean;
  /** offsets 0 and the whole buffer */
  readonly norandom: boolean;
  /** log2 of the alignment, -1 for the device's */
  readonly alignment: number;
  /** 0: random */
  readonly transferSize: number;
  /** wait by polling, without an interrupt */
  readonly polled: boolean;
}

/** The kernel's defaults; endless iterations become a hundred. */
export const DMATEST_DEFAULTS: DmaTestParameters = {
  bufSize: 16384,
  iterations: 100,
  xorSources: 3,
  pqSources: 3,
  timeout: 3000,
  noverify: false,
  norandom: false,
  alignment: -1,
  transferSize: 0,
  polled: false,
};
