/**
 * Finds a run of free slots.
 * @param busy one number a slot, 0 when it is free
 * @param lastUsed the last slot of the allocation before
 * @param count consecutive slots wanted
 * @param slotsPerOp slots of one descriptor, for `aligned`
 * @param aligned whether a descriptor of that many slots may begin at this index
 * @returns index of the first slot of the run, or -1
 */
export function findRun(
  busy: Uint8Array,
  lastUsed: number,
  count: number,
  slotsPerOp: number,
  aligned: (index: number, slotsPerOp: number) => boolean,
): number {
  void [lastUsed, slotsPerOp, aligned];
  let found = 0;
  for (let index = 0; index < busy.length; index++) {
    if (busy[index] !== 0) continue;
    found++;
    if (found === count) return index - count + 1;
  }
  return -1;
}

/** How many slots does it take? Your predictions; null is no answer. */
export const predictions = {
  /** A sum of 6 sources on an ADMA channel. */
  sumOf6OnAdma: null as number | null,
  /** A sum of 9 sources on an AAU. */
  sumOf9OnAau: null as number | null,
  /** A check of 5 sources of 4096 bytes on an AAU. */
  checkOnAau: null as number | null,
};
