/** What an array cannot promise, and what of it was lost indeed: the only things that may be wrong in the end. */
import type { Geometry } from '../geometry';
import { STRIPE_SECTORS } from '../geometry';

/** Why data may be lost although nothing is broken. */
export const LOSSES = {
  'write hole': { rule: 'RU-01', says: 'stripes were being written when the power failed, and a member was missing' },
  'silent corruption': { rule: 'RS-02', says: 'a disk changed a byte and did not say so' },
  'too many failures': { rule: 'HS-06', says: 'more blocks of a stripe are gone than the level survives' },
  'not started': { rule: 'RU-01', says: 'the array may not start after the power cut' },
} as const satisfies Record<string, { readonly rule: string; readonly says: string }>;

export type LossName = keyof typeof LOSSES;

/** One kind of loss of a run. */
export interface Loss {
  readonly name: LossName;
  readonly rule: string;
  readonly says: string;
  /** How many array sectors, as far as they were looked at. */
  readonly sectors: number;
  /** The first of them; undefined where none can be named. */
  readonly first: number | undefined;
}

export class Losses {
  /** Blocks of the array that may hold anything, by the number of the block. */
  private readonly blocks = new Map<number, LossName>();
  /** Stripes whose parity may be wrong, by member sector. */
  private readonly stripes = new Set<number>();
  private readonly found = new Map<LossName, Set<number>>();

  /** A block of the array may be lost. @param sector of the array */
  suspectBlock(sector: number, name: LossName): void {
    this.blocks.set(Math.floor(sector / STRIPE_SECTORS), name);
  }

  /** Parity of a stripe may be wrong, and every block that is computed with it. @param sector of a member */
  suspectStripe(geometry: Geometry, sector: number, name: LossName): void {
    const stripe = sector - (sector % STRIPE_SECTORS);
    this.stripes.add(stripe);
    for (let disk = 0; disk < geometry.disks; disk++) {
      const block = geometry.arraySector(disk, stripe);
      if (block !== undefined) this.suspectBlock(block, name);
    }
  }

  /** Parity has been made right everywhere; what data hold is as it was. */
  repaired(): void {
    this.stripes.clear();
  }

  /** Why a sector of the array may hold anything; undefined: it may not. */
  suspicion(sector: number): LossName | undefined {
    return this.blocks.get(Math.floor(sector / STRIPE_SECTORS));
  }

  /** Whether parity of a stripe may be wrong. */
  excuses(stripe: number): boolean {
    return this.stripes.has(stripe);
  }

  /** Sectors of the array are lost. */
  note(name: LossName, sectors: readonly number[]): void {
    const all = this.found.get(name) ?? new Set();
    for (const sector of sectors) all.add(sector);
    this.found.set(name, all);
  }

  /** What was lost, in the order it was found. */
  list(): readonly Loss[] {
    return [...this.found].map(([name, sectors]) => {
      const first = sectors.size === 0 ? undefined : [...sectors].reduce((a, b) => Math.min(a, b));
      return { name, ...LOSSES[name], sectors: sectors.size, first };
    });
  }
}
