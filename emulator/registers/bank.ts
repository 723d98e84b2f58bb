import type { FindingLog } from '../findings';
import type { RegisterLayout } from './layout';
import { accessMask } from './layout';

interface Masks {
  readonly layout: RegisterLayout;
  readonly rw: number;
  readonly w1c: number;
  readonly set: number;
  readonly guestError: number;
  readonly unmodelled: number;
}

/** What is the same for all units with these registers: masks and reset values, by word. */
interface Plan {
  readonly masks: readonly (Masks | undefined)[];
  readonly reset: Uint32Array;
}

const plans = new WeakMap<readonly RegisterLayout[], Plan>();

function planOf(layouts: readonly RegisterLayout[], words: number): Plan {
  const known = plans.get(layouts);
  if (known?.reset.length === words) return known;
  const masks = new Array<Masks | undefined>(words).fill(undefined);
  const reset = new Uint32Array(words);
  for (const layout of layouts) {
    reset[layout.offset >>> 2] = layout.reset ?? 0;
    masks[layout.offset >>> 2] = {
      layout,
      rw: accessMask(layout, 'rw'),
      w1c: accessMask(layout, 'w1c'),
      set: accessMask(layout, 'set'),
      guestError: accessMask(layout, 'reserved'),
      unmodelled: accessMask(layout, 'unknown'),
    };
  }
  const plan = { masks, reset };
  plans.set(layouts, plan);
  return plan;
}

/** Called after software wrote a register, with the value before and the bits written. */
export type WriteHook = (before: number, written: number) => void;

/**
 * The registers of one unit. `values[offset / 4]` is the stored word; hardware changes it directly,
 * software goes through `read` and `write`, which apply the access kinds of the layouts.
 */
export class RegisterBank {
  readonly values: Uint32Array;
  private readonly masks: Plan['masks'];
  private readonly resetValues: Uint32Array;
  private readonly hooks: (WriteHook | undefined)[];

  /**
   * @param unit name of the unit, for findings
   * @param layouts every register of the unit; offsets between them read 0 and ignore writes
   * @param size bytes of the unit's window
   */
  constructor(
    readonly unit: string,
    readonly layouts: readonly RegisterLayout[],
    size: number,
    private readonly findings: FindingLog,
  ) {
    const { masks, reset } = planOf(layouts, size >>> 2);
    this.masks = masks;
    this.resetValues = reset;
    this.values = new Uint32Array(size >>> 2);
    this.hooks = new Array<WriteHook | undefined>(size >>> 2).fill(undefined);
    this.reset();
  }

  /** Calls `hook` after every software write to this register. */
  onWrite(layout: RegisterLayout, hook: WriteHook): void {
    this.hooks[layout.offset >>> 2] = hook;
  }

  /** Puts every register to its reset value. */
  reset(): void {
    this.values.set(this.resetValues);
  }

  /** A software read. */
  read(offset: number): number {
    const index = offset >>> 2;
    if (this.masks[index] === undefined) this.note('unmodelled', offset, 'read of an address without a register');
    return this.values[index];
  }

  /** A software write of the bits in `lanes`. The whole rule: keep, take, clear, set. */
  write(offset: number, value: number, lanes = 0xffff_ffff): void {
    const index = offset >>> 2;
    const masks = this.masks[index];
    if (masks === undefined) {
      this.note('unmodelled', offset, 'write to an address without a register');
      return;
    }
    const before = this.values[index];
    const written = value & lanes;
    const rw = masks.rw & lanes;
    this.values[index] = ((before & ~rw) | (written & rw) | (written & masks.set)) & ~(written & masks.w1c);
    if (written & masks.guestError)
      this.note('rule', offset, `ones written to reserved bits: ${hex(written & masks.guestError)}`);
    if (written & masks.unmodelled)
      this.note('unmodelled', offset, `ones written to unknown bits: ${hex(written & masks.unmodelled)}`);
    this.hooks[index]?.(before, written);
  }

  private note(kind: 'rule' | 'unmodelled', offset: number, text: string): void {
    const layout = this.masks[offset >>> 2]?.layout;
    const where = layout === undefined ? `${this.unit}+${hex(offset)}` : `${this.unit}.${layout.name}`;
    this.findings.add(kind, layout?.source ?? 'hw-iop13xx 2', where, text);
  }
}

function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`;
}
