/** The rules of md RAID-4/5/6 and its metadata, semantics 4 and 5. */
import { ARRAY_FAMILIES, ARRAY_RULES } from './raid5-arrays';
import { STRIPE_FAMILIES, STRIPE_RULES } from './raid5-stripes';

export const RAID5_FAMILIES = { ...STRIPE_FAMILIES, ...ARRAY_FAMILIES } as const;

export const RAID5_RULES = { ...STRIPE_RULES, ...ARRAY_RULES } as const;
