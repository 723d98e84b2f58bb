/** Drivers that serve interrupts wrongly. */
import type { Mutant } from './mutant';
import { hardware, steps } from './replace';

export const INTERRUPT_MUTANTS: readonly Mutant[] = [
  {
    id: 'wrong-status-bit',
    rule: 'IA-71',
    says: 'The end-of-transfer handler clears the end-of-chain bit, and its own stands for ever.',
    commit: 'dw_dmac: fix copy/paste bug in tasklet (7fe7b2f4ec1, 2008)',
    install: hardware(({ endOfChain }) => ({ endOfTransfer: endOfChain })),
  },
  {
    id: 'end-of-chain-not-served',
    rule: 'IA-71',
    says: 'The end-of-chain handler clears its bit and does nothing else.',
    install: steps(() => ({ eoc: (chan) => chan.clearStatus(chan.hw.endOfChain) })),
  },
  {
    id: 'end-of-transfer-not-served',
    rule: 'IA-71',
    says: 'The end-of-transfer handler clears its bit and waits for the end of the chain.',
    install: steps(() => ({ eot: (chan) => chan.clearStatus(chan.hw.endOfTransfer) })),
  },
  {
    id: 'interrupt-not-cleared',
    rule: 'IA-71',
    says: 'The end-of-chain handler leaves its bit to the tasklet, which never comes to run.',
    install: steps(() => ({ eoc: (chan) => chan.kernel.tasklets.schedule(chan.tasklet) })),
  },
  {
    id: 'cleanup-only-when-idle',
    rule: 'IA-71',
    says: 'The tasklet returns when the channel is busy again: whatever runs will interrupt too.',
    install: steps((good) => ({
      tasklet: (chan) => (chan.readBusy() ? undefined : good.tasklet(chan)),
    })),
  },
  {
    id: 'tasklet-trusts-its-chain',
    rule: 'IA-75',
    says: 'A tasklet that finds its channel without resources stops the machine.',
    install: steps((good) => ({
      tasklet: (chan) => {
        chan.resources('iop_adma_tasklet');
        good.tasklet(chan);
      },
    })),
  },
  {
    id: 'no-interrupt-asked-for',
    rule: 'AX-10',
    says: 'Descriptors with a callback do not interrupt.',
    commit: 'ioat: fix self test interrupts (a6a39ca1bad, 2009)',
    install: hardware((good) => ({
      writeMemcpy: (kernel, phys, dest, src, len) => good.writeMemcpy(kernel, phys, dest, src, len, false),
      writeXor: (kernel, phys, dest, srcs, count, len) => good.writeXor(kernel, phys, dest, srcs, count, len, false),
    })),
  },
  {
    id: 'interrupt-always-asked-for',
    rule: 'AX-10',
    says: 'Every descriptor interrupts, asked to or not.',
    install: hardware((good) => ({
      writeMemcpy: (kernel, phys, dest, src, len) => good.writeMemcpy(kernel, phys, dest, src, len, true),
      writeXor: (kernel, phys, dest, srcs, count, len) => good.writeXor(kernel, phys, dest, srcs, count, len, true),
    })),
  },
  {
    id: 'silent-interrupt-descriptor',
    rule: 'IA-24',
    says: 'The interrupt descriptor does not interrupt.',
    install: hardware((good) => ({
      writeInterrupt: (kernel, phys) => {
        good.writeInterrupt(kernel, phys);
        if (good.xorSlots.length === 0) good.writeMemcpy(kernel, phys, 0, 0, 0, false);
        else good.writeNullXor(kernel, phys, false);
      },
    })),
  },
];
