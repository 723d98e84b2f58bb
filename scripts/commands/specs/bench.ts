/** `adma bench` as the command line knows it. */
import type { GroupSpec } from '../../program/spec';
import type * as Published from '../published';
import { JSON_OPTION } from './shared';

export const BENCH: GroupSpec = {
  commands: [
    {
      name: 'published',
      says: 'published figures beside what the model gives; 1 when one is not accepted',
      load: () => ({
        options: [JSON_OPTION],
        examples: ['adma bench published'],
        run: (_, options: { readonly json?: boolean }) =>
          (require('../published') as typeof Published).published(options),
      }),
    },
  ],
  examples: ['adma bench published'],
};
