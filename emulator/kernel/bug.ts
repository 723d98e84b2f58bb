import { GuestPanic } from '../findings';

/**
 * `BUG_ON`: the guest's kernel stops when `broken` holds.
 * @param rule id of the rule that was broken
 * @param where the function that noticed
 */
export function bugOn(broken: boolean, rule: string, text: string, where: string): asserts broken is false {
  if (broken) throw new GuestPanic(rule, text, where);
}
