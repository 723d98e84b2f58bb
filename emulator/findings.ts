/**
 * The three kinds of wrong. A finding says that the guest (driver or client) broke a rule and the run went
 * on as silicon or kernel would; `unmodelled` says that the guest used something this model does not have;
 * a panic ends the guest's world.
 */
export interface Finding {
  readonly kind: 'rule' | 'unmodelled' | 'panic';
  /** A rule id of semantics (`CK-09`, `IA-52`, …) or a section of a hardware reference (`hw-iop13xx 4.7`). */
  readonly rule: string;
  readonly text: string;
  /** picoseconds */
  readonly time: number;
  /** The unit, context or function that noticed. */
  readonly where: string;
}

/** Thrown inside the guest when its kernel would BUG, deadlock or hang; ends the run, never the host. */
export class GuestPanic extends Error {
  constructor(
    readonly rule: string,
    text: string,
    readonly where: string,
  ) {
    super(text);
    this.name = 'GuestPanic';
  }
}

/** A panic of its own kind: nothing can ever wake the guest again, or a watchdog of simulated time fired. */
export class GuestHang extends GuestPanic {
  constructor(rule: string, text: string, where: string) {
    super(rule, text, where);
    this.name = 'GuestHang';
  }
}

/** A broken invariant of the model itself: our defect, never the guest's. Exit code 3. */
export class ModelDefect extends Error {
  constructor(text: string) {
    super(text);
    this.name = 'ModelDefect';
  }
}

/** States an invariant of the model. */
export function invariant(condition: boolean, text: string): asserts condition {
  if (!condition) throw new ModelDefect(text);
}

/** Where findings go. One per machine. */
export class FindingLog {
  private readonly list: Finding[] = [];
  private readonly counts = new Map<string, number>();

  /** In strict mode, the first rule that was broken: the guest ends at its next processor boundary. */
  tripped: Finding | undefined;

  /**
   * @param now where the time comes from
   * @param strict whether a broken rule ends the run
   * @param keep how many findings of one rule at one place are kept in full; all are counted
   */
  constructor(
    private readonly now: () => number,
    private readonly strict = false,
    private readonly keep = 16,
  ) {}

  /** Records one finding. */
  add(kind: Finding['kind'], rule: string, where: string, text: string): void {
    const key = `${rule} ${where}`;
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    if (count > this.keep) return;
    const finding: Finding = { kind, rule, text, time: this.now(), where };
    this.list.push(finding);
    if (this.strict && kind === 'rule') this.tripped ??= finding;
  }

  /** Everything kept so far, in order of time. */
  all(): readonly Finding[] {
    return this.list;
  }

  /** How many findings of this kind were kept. */
  count(kind: Finding['kind']): number {
    return this.list.reduce((n, finding) => n + (finding.kind === kind ? 1 : 0), 0);
  }

  /** Forgets everything: a new run begins. */
  clear(): void {
    this.list.length = 0;
    this.counts.clear();
    this.tripped = undefined;
  }
}
