import { GuestPanic } from '../findings';

/**
 * `BUG()`: the guest's kernel stops.
 * @param rule id of the rule that was broken
 * @param where the function that noticed
 */
export function bug(rule: string, text: string, where: string): never {
  throw new GuestPanic(rule, text, where);
}

/** `BUG_ON()`: stops when `broken` holds. */
export function bugOn(broken: boolean, rule: string, text: string, where: string): void {
  if (broken) bug(rule, text, where);
}
