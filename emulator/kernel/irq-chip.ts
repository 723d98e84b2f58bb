/** What Linux's interrupt code does to each kind of controller, over coprocessor 6. */
import type { IntcRecord } from '../platforms/platform';
import { IOP13XX_INTC_PAGES } from '../intc/iop13xx';
import type { IntcRegister, Iop3xxIntcConfig } from '../intc/iop3xx';
import type { Processor } from './processor';

export interface IrqChip {
  /** Everything masked and steered to IRQ. */
  boot(processor: Processor): void;
  /** Writes the enable word of 32 sources. */
  setEnabled(processor: Processor, word: number, sources: number): void;
  /** The source to serve next, undefined when none is pending. */
  next(processor: Processor): number | undefined;
}

const NO_VECTOR = 0xffff_ffff;
/** INTSIZE code for a step of 4 bytes. */
const STEP_4 = 1;

/** The chip routines of a platform's controller. */
export function irqChip(intc: IntcRecord): IrqChip {
  if (intc.kind === 'iop13xx') return IOP13XX_CHIP;
  return intc.config.words === 2 ? vectoredChip(intc.config) : scannedChip(intc.config);
}

const IOP13XX_CHIP: IrqChip = {
  boot(processor) {
    const { VECTOR, INTCTL, INTSTR } = IOP13XX_INTC_PAGES;
    processor.writeCp6(0, VECTOR.crm, 0);
    processor.writeCp6(2, VECTOR.crm, STEP_4);
    for (let word = 0; word < 4; word++) {
      processor.writeCp6(word, INTCTL.crm, 0);
      processor.writeCp6(word, INTSTR.crm, 0);
    }
  },
  setEnabled: (processor, word, sources) => processor.writeCp6(word, IOP13XX_INTC_PAGES.INTCTL.crm, sources),
  next: (processor) => sourceOf(processor.readCp6(3, IOP13XX_INTC_PAGES.VECTOR.crm)),
};

/** 33x: the controller gives a vector. */
function vectoredChip(config: Iop3xxIntcConfig): IrqChip {
  return {
    boot(processor) {
      maskAll(config, processor);
      processor.writeCp6(crn(config, 'INTBASE'), 0, 0);
      processor.writeCp6(crn(config, 'INTSIZE'), 0, STEP_4);
    },
    setEnabled: (processor, word, sources) => processor.writeCp6(crn(config, 'INTCTL', word), 0, sources),
    next: (processor) => sourceOf(processor.readCp6(crn(config, 'IINTVEC'), 0)),
  };
}

/** 80321: Linux reads the pending word and takes its highest bit (hw-iop3xx 1.4). */
function scannedChip(config: Iop3xxIntcConfig): IrqChip {
  return {
    boot: (processor) => maskAll(config, processor),
    setEnabled: (processor, _word, sources) => processor.writeCp6(crn(config, 'INTCTL'), 0, sources),
    next(processor) {
      const pending = processor.readCp6(crn(config, 'IINTSRC'), 0);
      return pending === 0 ? undefined : 31 - Math.clz32(pending);
    },
  };
}

function maskAll(config: Iop3xxIntcConfig, processor: Processor): void {
  for (let word = 0; word < config.words; word++) {
    processor.writeCp6(crn(config, 'INTCTL', word), 0, 0);
    processor.writeCp6(crn(config, 'INTSTR', word), 0, 0);
  }
}

function crn(config: Iop3xxIntcConfig, name: IntcRegister['name'], word = 0): number {
  return config.registers.find((register) => register.name === name && register.word === word)?.crn ?? 0;
}

function sourceOf(vector: number): number | undefined {
  return vector === NO_VECTOR ? undefined : vector >>> 2;
}
