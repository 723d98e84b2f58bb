import type { EngineRecord } from '../../emulator/platforms/platform';
import { bugOn } from '../../emulator/kernel/bug';
import type { Kernel } from '../../emulator/kernel/kernel';
import type { SpinLock } from '../../emulator/kernel/spinlock';
import type { Tasklet } from '../../emulator/kernel/tasklet';
import type { Trace } from '../../emulator/trace/trace';
import type { DmaCookie } from '../cookie';
import type { DmaChan, DmaDevice } from '../device';
import { Chain } from './chain';
import type { IopAdmaHardware } from './hardware';
import type { IopAdmaSlot, SlotPool } from './slots';
import type { IopAdmaSteps } from './steps';

/** `struct iop_adma_chan`: the state of one channel. What happens to it is in the steps. */
export class IopAdmaChan implements DmaChan {
  chanId = 0;
  name: string;
  cookie: DmaCookie = 0;
  completedCookie: DmaCookie = 0;
  clientCount = 0;
  tableCount = 0;

  readonly lock: SpinLock;
  readonly tasklet: Tasklet;
  /** Operations that were submitted and not recycled, oldest first. */
  readonly chain = new Chain();
  /** Present while the channel has its resources. */
  pool: SlotPool | undefined;
  /** Slots submitted since the engine was last told (IA-44). */
  pending = 0;
  /** What cleanup sampled: the address of the current descriptor, and whether the channel was busy (IA-50). */
  sampledCurrent = 0;
  sampledBusy = false;
  /** When current descriptor and status were last read (picoseconds). */
  currentReadAt = 0;
  statusReadAt = 0;
  /** Whether the channel had stopped with an error when it was sampled. */
  sampledFailure = false;
  /** Error bits that were taken off the stopped engine and are not dealt with yet. */
  errors = 0;
  /** The engine is off, and this failed descriptor was the last: whoever appends starts it again. */
  stoppedBehind: IopAdmaSlot | undefined;
  /** Operations that ended with an error. */
  failures = 0;
  /** The latest cookies that failed with nobody to tell; their status reads error. */
  readonly failedCookies: DmaCookie[] = [];

  /**
   * @param poolBase physical address of the slots
   * @param poolBytes bytes of the slots
   */
  constructor(
    readonly device: DmaDevice,
    readonly kernel: Kernel,
    readonly hw: IopAdmaHardware,
    readonly steps: IopAdmaSteps,
    readonly engine: EngineRecord,
    readonly poolBase: number,
    readonly poolBytes: number,
  ) {
    this.name = engine.unit.name;
    this.lock = kernel.spinLock(`${this.name}.lock`);
    this.tasklet = kernel.tasklets.create(this.name, () => steps.tasklet(this));
    steps.initCookies(this);
  }

  get trace(): Trace | undefined {
    return this.kernel.machine.trace;
  }

  /** Reads a register. @param offset bytes from the channel's base */
  read(offset: number): number {
    return this.kernel.readl(this.engine.unit.base + offset);
  }

  /** Writes a register, posted. */
  write(offset: number, value: number): void {
    this.kernel.writel(this.engine.unit.base + offset, value);
  }

  /** `iop_chan_get_current_descriptor`. */
  readCurrent(): number {
    this.currentReadAt = this.kernel.now;
    return this.read(this.hw.registers.current);
  }

  /** `iop_chan_get_status`. */
  readStatus(): number {
    this.statusReadAt = this.kernel.now;
    return this.read(this.hw.registers.status);
  }

  /** `iop_chan_is_busy`. */
  readBusy(): boolean {
    return (this.readStatus() & this.hw.active) !== 0;
  }

  /** Clears those of the given status bits that stand, by writing them back. */
  clearStatus(bits: number): void {
    const { status } = this.hw.registers;
    this.write(status, this.read(status) & bits);
  }

  /** The slot pool; a channel without resources has none, and using it is a BUG. */
  resources(where: string): SlotPool {
    bugOn(this.pool === undefined, 'IA-40', 'used without alloc_chan_resources', where);
    return this.pool!;
  }

  /** `iop_desc_get_next_desc`. */
  nextDesc(slot: IopAdmaSlot): number {
    return this.kernel.load32(slot.phys + this.hw.nextPointer);
  }

  /** `iop_desc_set_next_desc`, into the write buffer. */
  setNextDesc(slot: IopAdmaSlot, phys: number): void {
    this.kernel.store32(slot.phys + this.hw.nextPointer, phys);
  }

  /**
   * States that what cleanup goes by was sampled in the right order, current first (IA-50). Where nobody can start the
   * engine between the two reads, as on one processor, this alone tells.
   */
  sampledInOrder(where: string): void {
    if (this.sampledFailure || this.currentReadAt < this.statusReadAt) return;
    this.kernel.findings.add('rule', 'IA-50', where, 'the busy bit is read before the current descriptor');
  }

  /** States that descriptor fields are about to be touched here: never in hard-IRQ context (IA-78, SW-13). */
  touchesDescriptors(where: string): void {
    if (this.kernel.inIrq) {
      this.kernel.findings.add('rule', 'IA-78', where, 'descriptor fields are touched in hard interrupt context');
    }
  }
}
