/** The graders by the name of their lesson. Each loads what it needs when it is asked for. */
import type { Grader } from './lesson';
import type * as Grade01 from './01-first-descriptor/grade';
import type * as Grade02 from './02-reading-status/grade';
import type * as Grade03 from './03-chaining/grade';
import type * as Grade04 from './04-appending/grade';
import type * as Grade05 from './05-interrupts-and-tasklets/grade';
import type * as Grade06 from './06-cookies/grade';
import type * as Grade07 from './07-ack-and-recycle/grade';
import type * as Grade08 from './08-slot-pools-and-groups/grade';
import type * as Grade09 from './09-thresholds-and-doorbells/grade';
import type * as Grade10 from './10-xor-and-xor-val/grade';
import type * as Grade11 from './11-dependency-in-a-channel/grade';
import type * as Grade12 from './12-across-channels/grade';
import type * as Grade13 from './13-xor-copy-xor/grade';
import type * as Grade14 from './14-no-submit-from-callback/grade';
import type * as Grade15 from './15-rmw-or-rcw/grade';
import type * as Grade16 from './16-biofill-2007/grade';
import type * as Grade17 from './17-p-q-and-two-lost-disks/grade';
import type * as Grade18 from './18-the-explorer-finds-your-race/grade';

export const GRADERS: Readonly<Record<string, () => Grader>> = {
  '01-first-descriptor': () => (require('./01-first-descriptor/grade') as typeof Grade01).grade,
  '02-reading-status': () => (require('./02-reading-status/grade') as typeof Grade02).grade,
  '03-chaining': () => (require('./03-chaining/grade') as typeof Grade03).grade,
  '04-appending': () => (require('./04-appending/grade') as typeof Grade04).grade,
  '05-interrupts-and-tasklets': () => (require('./05-interrupts-and-tasklets/grade') as typeof Grade05).grade,
  '06-cookies': () => (require('./06-cookies/grade') as typeof Grade06).grade,
  '07-ack-and-recycle': () => (require('./07-ack-and-recycle/grade') as typeof Grade07).grade,
  '08-slot-pools-and-groups': () => (require('./08-slot-pools-and-groups/grade') as typeof Grade08).grade,
  '09-thresholds-and-doorbells': () => (require('./09-thresholds-and-doorbells/grade') as typeof Grade09).grade,
  '10-xor-and-xor-val': () => (require('./10-xor-and-xor-val/grade') as typeof Grade10).grade,
  '11-dependency-in-a-channel': () => (require('./11-dependency-in-a-channel/grade') as typeof Grade11).grade,
  '12-across-channels': () => (require('./12-across-channels/grade') as typeof Grade12).grade,
  '13-xor-copy-xor': () => (require('./13-xor-copy-xor/grade') as typeof Grade13).grade,
  '14-no-submit-from-callback': () => (require('./14-no-submit-from-callback/grade') as typeof Grade14).grade,
  '15-rmw-or-rcw': () => (require('./15-rmw-or-rcw/grade') as typeof Grade15).grade,
  '16-biofill-2007': () => (require('./16-biofill-2007/grade') as typeof Grade16).grade,
  '17-p-q-and-two-lost-disks': () => (require('./17-p-q-and-two-lost-disks/grade') as typeof Grade17).grade,
  '18-the-explorer-finds-your-race': () => (require('./18-the-explorer-finds-your-race/grade') as typeof Grade18).grade,
};
