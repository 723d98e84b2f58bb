/** Why a member, or a whole array, is not taken. */
export interface Refusal {
  /** id of the rule it breaks */
  readonly rule: string;
  /** what is wrong, without a full stop */
  readonly problem: string;
  /** what would be right; completes "expected …" */
  readonly expected: string;
}

/** A refusal that names the disk. */
export interface DiskRefusal extends Refusal {
  /** as the caller named it */
  readonly disk: string;
}

/** The one line that a user reads. */
export function refusalLine({ disk, problem, expected, rule }: DiskRefusal): string {
  return `${disk}: ${problem}, expected ${expected} (${rule})`;
}
