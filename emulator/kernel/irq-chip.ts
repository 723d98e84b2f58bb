/** What Linux's interrupt code does to a controller, over coprocessor 6. */
import type { IntcConfig, IntcRegister } from '../intc/intc';
import type { Processor } from './processor';

const NO_VECTOR = 0xffff_ffff;
/** INTSIZE code for a step of 4 bytes. */
const STEP_4 = 1;

export class IrqChip {
  /** Whether the controller gives vectors; the 80321 has only its pending word. */
  private readonly vectors: boolean;
  /** What says which source to serve. */
  private readonly source: IntcRegister;

  constructor(
    private readonly config: IntcConfig,
    private readonly processor: Processor,
  ) {
    this.vectors = config.registers.some(({ name }) => name === 'IINTVEC');
    this.source = this.place(this.vectors ? 'IINTVEC' : 'IINTSRC', 0);
  }

  /** Everything masked and steered to IRQ; vectors from 0 in steps of 4. */
  boot(): void {
    if (this.vectors) {
      this.write('INTBASE', 0, 0);
      this.write('INTSIZE', 0, STEP_4);
    }
    for (let word = 0; word < this.config.words; word++) {
      this.write('INTCTL', word, 0);
      this.write('INTSTR', word, 0);
    }
  }

  /** Writes the enable word of 32 sources. */
  setEnabled(word: number, sources: number): void {
    this.write('INTCTL', word, sources);
  }

  /** The source to serve next, undefined when none is pending. Without vectors: the highest bit (hw-iop3xx 1.4). */
  next(): number | undefined {
    const pending = this.processor.readCp6(this.source.crn, this.source.crm);
    if (this.vectors) return pending === NO_VECTOR ? undefined : pending >>> 2;
    return pending === 0 ? undefined : 31 - Math.clz32(pending);
  }

  private write(name: IntcRegister['name'], word: number, value: number): void {
    const { crn, crm } = this.place(name, word);
    this.processor.writeCp6(crn, crm, value);
  }

  private place(name: IntcRegister['name'], word: number): IntcRegister {
    return this.config.registers.find((register) => register.name === name && register.word === word)!;
  }
}
