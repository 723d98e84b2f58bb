import { GuestPanic } from '../../emulator/findings';
import type { RuleId } from '../rules/catalogue';
import type { CaseWorld } from './case-world';

/** States that the kernel panics over this rule. @param expected what is wrong with the call, for the complaint */
export function checkPanics(world: CaseWorld, rule: RuleId, expected: string, call: () => void): void {
  try {
    call();
  } catch (error) {
    if (!(error instanceof GuestPanic)) throw error;
    world.check(error.rule === rule, rule, `a panic: ${expected}`, `it panics over ${error.rule}: ${error.message}`);
    return;
  }
  world.complain(rule, `a panic: ${expected}`, 'the call returns');
}
