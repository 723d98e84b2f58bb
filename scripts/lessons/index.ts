/** Every lesson, in order. A new one is a folder beside this file and a row here. */
import type { Lesson } from './lesson';
import { LESSON as L01 } from './01-first-descriptor/lesson';
import { LESSON as L02 } from './02-reading-status/lesson';
import { LESSON as L03 } from './03-chaining/lesson';
import { LESSON as L04 } from './04-appending/lesson';
import { LESSON as L05 } from './05-interrupts-and-tasklets/lesson';
import { LESSON as L06 } from './06-cookies/lesson';
import { LESSON as L07 } from './07-ack-and-recycle/lesson';
import { LESSON as L08 } from './08-slot-pools-and-groups/lesson';
import { LESSON as L09 } from './09-thresholds-and-doorbells/lesson';
import { LESSON as L10 } from './10-xor-and-xor-val/lesson';
import { LESSON as L11 } from './11-dependency-in-a-channel/lesson';
import { LESSON as L12 } from './12-across-channels/lesson';
import { LESSON as L13 } from './13-xor-copy-xor/lesson';
import { LESSON as L14 } from './14-no-submit-from-callback/lesson';
import { LESSON as L15 } from './15-rmw-or-rcw/lesson';
import { LESSON as L16 } from './16-biofill-2007/lesson';
import { LESSON as L17 } from './17-p-q-and-two-lost-disks/lesson';
import { LESSON as L18 } from './18-the-explorer-finds-your-race/lesson';

export const LESSONS: readonly Lesson[] = [
  L01,
  L02,
  L03,
  L04,
  L05,
  L06,
  L07,
  L08,
  L09,
  L10,
  L11,
  L12,
  L13,
  L14,
  L15,
  L16,
  L17,
  L18,
];
