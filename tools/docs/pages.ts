/** Every generated page, by its path from the root of the repository. */
import { descriptorPage } from './descriptors';
import { lessonsPage } from './lessons';
import { iop13xxIntcPage, iop3xxIntcPage, unitPage } from './registers';
import { errataPage, rulesPage } from './rules';
import { standInPage } from './stand-ins';
import { timingPage } from './timing';

const PAGES: Readonly<Record<string, () => readonly string[]>> = {
  'docs/registers/adma.md': () => unitPage('adma', 'IOP13xx ADMA channel', 'emulator/adma/registers.ts'),
  'docs/registers/aau.md': () => unitPage('aau', 'IOP3xx application accelerator', 'emulator/aau/registers.ts'),
  'docs/registers/dma.md': () => unitPage('dma', 'IOP3xx DMA channel', 'emulator/dma/registers.ts'),
  'docs/registers/timers.md': () => unitPage('timers', 'Timers and watchdog', 'emulator/timer/registers.ts'),
  'docs/registers/intc-iop13xx.md': iop13xxIntcPage,
  'docs/registers/intc-iop3xx.md': iop3xxIntcPage,
  'docs/registers/descriptors.md': descriptorPage,
  'docs/timing.md': timingPage,
  'docs/stand-ins.md': standInPage,
  'docs/rules.md': rulesPage,
  'docs/errata.md': errataPage,
  'docs/lessons.md': lessonsPage,
};

/** The text of every page. */
export function generatedPages(): readonly { readonly path: string; readonly text: string }[] {
  return Object.entries(PAGES).map(([path, lines]) => ({ path, text: `${lines().join('\n').trimEnd()}\n` }));
}
