/**
 * Every command: the line that the overview has about it, and where it describes itself. A new one is a file in specs/
 * and a row here.
 */
import type * as Bench from './specs/bench';
import type * as Completion from './specs/completion';
import type * as Conformance from './specs/conformance';
import type * as Bugs from './specs/bugs';
import type * as DmaTest from './specs/dmatest';
import type * as Explain from './specs/explain';
import type * as Learn from './specs/learn';
import type * as Md from './specs/md';
import type * as Probe from './specs/probe';
import type * as Raid6Test from './specs/raid6test';
import type * as Regs from './specs/regs';
import type * as Replay from './specs/replay';
import type * as Run from './specs/run';
import type * as Torture from './specs/torture';
import type * as Why from './specs/why';
import type { CommandSection } from '../program/spec';

/** In the order of the overview. */
export const COMMANDS: readonly CommandSection[] = [
  {
    heading: 'Arrays',
    commands: [
      {
        name: 'run',
        says: 'run a scenario, or a fio job file, and verify every byte',
        load: () => (require('./specs/run') as typeof Run).RUN,
      },
      {
        name: 'replay',
        says: 'replay a block trace and verify every byte',
        load: () => (require('./specs/replay') as typeof Replay).REPLAY,
      },
      {
        name: 'md',
        says: 'arrays in image files, md metadata 1.2 as Linux has it',
        load: () => (require('./specs/md') as typeof Md).MD,
      },
      {
        name: 'torture',
        says: 'random arrays, everything that goes wrong on them, every byte',
        load: () => (require('./specs/torture') as typeof Torture).TORTURE,
      },
      {
        name: 'bench',
        says: 'published figures beside what the model gives',
        load: () => (require('./specs/bench') as typeof Bench).BENCH,
      },
    ],
  },
  {
    heading: 'Engines and drivers',
    commands: [
      {
        name: 'conformance',
        says: 'whether a driver keeps the rules, case by case',
        load: () => (require('./specs/conformance') as typeof Conformance).CONFORMANCE,
      },
      {
        name: 'probe',
        says: 'boot a platform and print what its kernel says, self-tests too',
        load: () => (require('./specs/probe') as typeof Probe).PROBE,
      },
      {
        name: 'dmatest',
        says: 'the kernel’s DMA test on every channel, every byte checked',
        load: () => (require('./specs/dmatest') as typeof DmaTest).DMATEST,
      },
      {
        name: 'raid6test',
        says: 'the kernel’s RAID-6 test, every pair of blocks lost and found',
        load: () => (require('./specs/raid6test') as typeof Raid6Test).RAID6TEST,
      },
      {
        name: 'bugs',
        says: 'bugs that Linux had, switched on and off: what they did and why',
        load: () => (require('./specs/bugs') as typeof Bugs).BUGS,
      },
    ],
  },
  {
    heading: 'Learning and looking up',
    commands: [
      {
        name: 'learn',
        says: 'lessons: fix code that runs on the emulator',
        load: () => (require('./specs/learn') as typeof Learn).LEARN,
      },
      {
        name: 'regs',
        says: 'list the units of a platform, or the registers of a unit',
        load: () => (require('./specs/regs') as typeof Regs).REGS,
      },
      {
        name: 'why',
        says: 'from a byte on a disk or a descriptor back to its causes',
        load: () => (require('./specs/why') as typeof Why).WHY,
      },
      {
        name: 'explain',
        says: 'say what a register value or a descriptor means, field by field',
        load: () => (require('./specs/explain') as typeof Explain).EXPLAIN,
      },
    ],
  },
  {
    heading: 'This program',
    commands: [
      {
        name: 'completion',
        says: 'a script that teaches bash, zsh or fish these commands',
        load: () => (require('./specs/completion') as typeof Completion).completionOf(COMMANDS),
      },
    ],
  },
];
