import { PLATFORMS } from '../../../emulator/platforms';
import { Machine } from '../../../emulator/platforms/machine';
import type { PhaseMode } from '../../../emulator/unit';

const DESCRIPTORS = 100;
const CHAIN = 0x1000;

/** Events that a chain of checks and XORs with status write-back takes. */
function events(phases: PhaseMode, bytes: number): number {
  const machine = new Machine(PLATFORMS.iop342, { dramBytes: 1 << 20, phases });
  for (let i = 0; i < DESCRIPTORS; i++) {
    const at = CHAIN + 64 * i;
    const next = i + 1 < DESCRIPTORS ? at + 64 : 0;
    // three sources, status write-back, local → internal bus
    const words = [next, 0x1016, 0, bytes, 0x80000, 0, 0x40000, 0, 0x44000, 0, 0x48000, 0];
    words.forEach((word, k) => machine.dram.setWord(at + 4 * k, word));
  }
  machine.postWrite(0xffd80024, CHAIN, 0xffff_ffff);
  machine.postWrite(0xffd80000, 1, 0xffff_ffff);
  while (machine.sim.step()) continue;
  expect(machine.engines[0].statistics.descriptors).toBe(DESCRIPTORS);
  // the two register writes are events as well
  return machine.sim.fired - 2;
}

it('coarse timing takes one event a descriptor, whatever its size', () => {
  expect(events('coarse', 0)).toBe(DESCRIPTORS);
  expect(events('coarse', 4096)).toBe(DESCRIPTORS);
});

it('fine timing takes one event a phase: fetch, three reads and a write for each KiB, write-back', () => {
  expect(events('fine', 4096)).toBe(DESCRIPTORS * (1 + 4 * 4 + 1));
});
