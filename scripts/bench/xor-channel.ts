/** XOR of 4 KiB and 5 sources through one channel, in timed phases, driven through a Target only. */
import { createTarget } from '../../index';
import type { Benchmark } from './harness';
import { timed } from './harness';

const SOURCES = 5;
const BYTES = 4096;
const DESCRIPTORS = 4000;
const STRIDE = 64;
const CHAIN = 0x10_0000;
const DATA = 0x40_0000;
/** adma0 of the IOP342 and the registers the chain needs (hw-iop13xx 1.3, 2). */
const ADMA0 = 0xffd8_0000;
const ACCR = ADMA0 + 0x00;
const ACSR = ADMA0 + 0x04;
const ANDAR = ADMA0 + 0x24;
const ACTIVE = 1 << 13;
/** local → internal bus, five sources */
const CONTROL = (3 << 1) | ((SOURCES - 1) << 3);
/** Phases of one descriptor: fetch, then five reads and a write for each KiB. */
const PHASES = 1 + (BYTES / 1024) * (SOURCES + 1);

export const xorChannel: Benchmark = {
  name: `XOR of ${SOURCES} × 4 KiB through one channel`,
  run() {
    const target = createTarget('iop342', { dramBytes: 16 * 2 ** 20 });
    const words = new Uint32Array(target.wasmMemory.buffer);
    for (let i = 0; i < DESCRIPTORS; i++) {
      const at = (CHAIN + i * STRIDE) / 4;
      const next = i + 1 < DESCRIPTORS ? CHAIN + (i + 1) * STRIDE : 0;
      words.set([next, CONTROL, 0, BYTES, DATA, 0], at);
      for (let s = 0; s < SOURCES; s++) words.set([DATA + (s + 1) * BYTES, 0], at + 6 + 2 * s);
    }
    target.write32(ANDAR, CHAIN);
    target.write32(ACCR, 1);
    const before = target.now;
    const seconds = timed(() => {
      while (target.read32(ACSR) & ACTIVE) target.advance(1e9);
    });
    return {
      seconds,
      amounts: {
        phases: DESCRIPTORS * PHASES,
        descriptors: DESCRIPTORS,
        'source bytes': DESCRIPTORS * SOURCES * BYTES,
        'simulated seconds': (target.now - before) / 1e12,
      },
    };
  },
};
