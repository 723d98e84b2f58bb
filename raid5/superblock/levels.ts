/** Levels and layouts as numbers of the superblock. */
import { PARITY_DISKS } from '../geometry';
import type { Level } from '../layouts';
import { LAYOUTS, LEVELS } from '../layouts';

/** Whether this is a level with parity. */
export function isLevel(level: number): level is Level {
  return (LEVELS as readonly number[]).includes(level);
}

/** mdadm's name of a layout number; undefined when the level has none such. RAID-4 takes any number. */
export function layoutName(level: number, layout: number): string | undefined {
  if (!isLevel(level)) return undefined;
  const layouts = Object.entries(LAYOUTS[level]);
  return layouts.find(([, { number }]) => level === 4 || number === layout)?.[0];
}

/** Whether the member in this place never holds data (`only_parity` of raid5.c). */
export function onlyParity(level: number, layout: string, disks: number, role: number): boolean {
  const parityDisks = PARITY_DISKS[level as Level];
  if (layout === 'parity-first') return role < parityDisks;
  if (layout === 'parity-last') return role >= disks - parityDisks;
  if (layout === 'parity-first-6') return role === 0 || role === disks - 1;
  return layout.endsWith('-6') && role === disks - 1;
}
