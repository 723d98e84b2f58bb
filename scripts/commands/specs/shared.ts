/** Options that several commands have. */
import { PLATFORM_NAMES } from '../../../emulator/platforms/names';
import { DISK_MODEL_NAMES } from '../../../raid5/disks/models';
import { LAYOUTS, LEVELS } from '../../../raid5/layouts';
import type { ParameterSpec } from '../../program/spec';

/** mdadm's names of the layouts, those that only RAID-6 has among them. */
export const LAYOUT_NAMES = Object.keys(LAYOUTS[6]);

/** RAID levels as text. */
export const LEVEL_NAMES = LEVELS.map(String);

export const JSON_OPTION: ParameterSpec = { name: '--json', says: 'print one JSON document on stdout' };

/** A platform to run on. */
export const PLATFORM: ParameterSpec = {
  name: '--platform <name>',
  says: `${PLATFORM_NAMES.join(', ')} (default iop342)`,
  values: PLATFORM_NAMES,
};

/** Platforms to ask. */
export const ANY_PLATFORM: ParameterSpec = { ...PLATFORM, says: `${PLATFORM_NAMES.join(', ')} (default: all)` };

/** What of the run is recorded, and where. */
export const TRACE_OPTIONS: readonly ParameterSpec[] = [
  {
    name: '--trace <file>',
    says: 'record: .json or .pftrace for ui.perfetto.dev, .vcd for GTKWave, else text; - is stdout',
    values: 'file',
  },
  { name: '--trace-filter <globs>', says: 'what to record: engine.*,!engine.read; of a .vcd registers: adma0.*' },
];

/** What an array is built of and what goes wrong on it. */
export const ARRAY_OPTIONS: readonly ParameterSpec[] = [
  PLATFORM,
  { name: '--level <n>', says: 'RAID level: 4, 5 or 6 (default 5)', values: LEVEL_NAMES },
  { name: '--disks <n>', says: 'members (default 5)' },
  { name: '--chunk <size>', says: 'chunk size, a power of two (default 64KiB)' },
  {
    name: '--layout <name>',
    says: 'of parity, by mdadm’s names (default left-symmetric; parity-last with level 4)',
    values: LAYOUT_NAMES,
  },
  { name: '--cache <n>', says: 'stripe heads (default 256)' },
  {
    name: '--rmw-level <n>',
    says: 'read-modify-write: 0 never, 1 when it reads less, 2 also when it reads as much (default 1)',
    values: ['0', '1', '2'],
  },
  {
    name: '--disk <model>',
    says: `${DISK_MODEL_NAMES.join(', ')} (default ${DISK_MODEL_NAMES[0]})`,
    values: DISK_MODEL_NAMES,
  },
  { name: '--fail <disk@time,…>', says: 'disks die: 2@1.5 is disk 2 after 1.5 simulated seconds' },
  { name: '--check', says: 'let md check parity afterwards' },
  { name: '--seed <n>', says: 'decides what is written (default 1)' },
  JSON_OPTION,
  ...TRACE_OPTIONS,
];
