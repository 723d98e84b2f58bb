/** Every rule of semantics 1 – 5 by its id. */
import { ASYNC_TX_FAMILIES, ASYNC_TX_RULES } from './async-tx';
import { DMAENGINE_FAMILIES, DMAENGINE_RULES } from './dmaengine';
import { IOP_ADMA_FAMILIES, IOP_ADMA_RULES } from './iop-adma';
import { PARITY_FAMILIES, PARITY_RULES } from './parity';
import { RAID5_FAMILIES, RAID5_RULES } from './raid5';
import type { Rule, RuleFamilies } from './rule';

const CATALOGUE = { ...DMAENGINE_RULES, ...IOP_ADMA_RULES, ...ASYNC_TX_RULES, ...PARITY_RULES, ...RAID5_RULES };

export type RuleId = keyof typeof CATALOGUE;

/** The rules, in the order of the reference. */
export const RULES: Readonly<Record<RuleId, Rule>> = CATALOGUE;

/** What the letters of their ids stand for, in the same order. */
export const RULE_FAMILIES: RuleFamilies = {
  ...DMAENGINE_FAMILIES,
  ...IOP_ADMA_FAMILIES,
  ...ASYNC_TX_FAMILIES,
  ...PARITY_FAMILIES,
  ...RAID5_FAMILIES,
};
