/** What each incident does to the machine, the disks and the array, and what a timeline says of it. */
import { MILLISECOND } from '../../emulator/sim/time';
import type { Disk } from '../disks/disk';
import { SECTOR, STRIPE_SECTORS, STRIPE_SIZE } from '../geometry';
import type { LifeBench } from './bench';
import { diskName } from './bench';
import type { Incident } from './events';
import type { Losses } from './losses';

/** An incident that cannot happen when its time has come. The message says why. */
export class Impossible extends Error {}

/** What incidents happen to. */
export interface Stage {
  readonly bench: LifeBench;
  readonly losses: Losses;
  /** Media whose drives are dead. */
  readonly dead: Set<number>;
  /** The power fails as soon as the processor looks up. */
  readonly cut: (force: boolean) => void;
}

/** What somebody does with mdadm, in a thread of its own; everything else just happens. */
const BY_HAND: ReadonlySet<Incident['kind']> = new Set(['remove', 'addSpare', 'reAdd', 'replaceDisk', 'repair']);

/** Whether a thread has to do it. */
export function isByHand({ kind }: Incident): boolean {
  return BY_HAND.has(kind);
}

/** At once, or taking its time; what the timeline says. */
export type Struck = string | Generator<void, string, void>;

type Strikes = { readonly [K in Incident['kind']]: (stage: Stage, incident: Incident & { kind: K }) => Struck };

/** How often a removal is tried while the superblocks are being written. */
const PATIENCE = 1000;

const STRIKES: Strikes = {
  fail: ({ bench, dead }, { disk }) => {
    drive(bench, disk).die();
    bench.unplug(disk);
    dead.add(disk);
    return `${diskName(disk)} dies`;
  },

  engine: ({ bench }, { unit, fault, times }) => {
    bench.machine.faults.inject({ kind: fault, unit, times, address: 0, length: Infinity, access: 'any' });
    return `the next ${times === 1 ? 'transfer' : `${times} transfers`} of ${unit} will fail (${fault})`;
  },

  readError: ({ bench }, { disk, sector, blocks, permanent }) => {
    const { unreadable } = drive(bench, disk);
    for (let i = 0; i < blocks; i++) {
      const block = bench.dataSector(blockOf(sector) + i * STRIPE_SECTORS);
      unreadable.set(block, permanent ? 'for ever' : 'until written');
    }
    return `${diskName(disk)} cannot read ${blocks === 1 ? 'a block' : `${blocks} blocks`} at sector ${blockOf(sector)}`;
  },

  corrupt: ({ bench, losses }, { disk, sector }) => {
    const { media } = drive(bench, disk);
    const at = bench.dataSector(blockOf(sector));
    const block = new Uint8Array(STRIPE_SIZE);
    media.readBlock(at, block, 0);
    block[(sector % STRIPE_SECTORS) * SECTOR] ^= 0xff;
    media.writeBlock(at, block, 0);
    losses.suspectStripe(bench.md.array.geometry, sector, 'silent corruption');
    return `the first byte of sector ${sector} changes on ${diskName(disk)}`;
  },

  powerCut: ({ cut }, { force }) => {
    cut(force);
    return 'the power fails';
  },

  remove: function* (stage, { disk }) {
    yield* remove(stage, disk);
    return `${diskName(disk)} removed`;
  },

  addSpare: ({ bench }) => add(bench, bench.blank()),

  reAdd: ({ bench, dead }, { disk }) => {
    const story = add(bench, disk);
    dead.delete(disk);
    return story;
  },

  replaceDisk: function* (stage, { disk }) {
    yield* remove(stage, disk);
    return `${diskName(disk)} removed, ${add(stage.bench, stage.bench.blank())}`;
  },

  repair: function* ({ bench, losses }) {
    const { array, sync } = bench.md;
    array.cache.dropCached();
    const { mismatchSectors, interrupted } = yield* sync.request('repair');
    if (interrupted) throw new Impossible('no redundancy is left, or a member failed meanwhile');
    losses.repaired();
    return `repaired, mismatch_cnt ${mismatchSectors}`;
  },
};

/** Called in a thread for what is done by hand. @throws Impossible */
export function strike<K extends Incident['kind']>(stage: Stage, incident: Incident & { kind: K }): Struck {
  return STRIKES[incident.kind](stage, incident);
}

function drive(bench: LifeBench, disk: number): Disk {
  const device = bench.devices.find((candidate) => candidate.disk.index === disk);
  if (device === undefined || !bench.plugged.includes(disk)) throw new Impossible(`${diskName(disk)} is not there`);
  return device.disk;
}

/** Declares a member faulty if nobody has, and takes it out as soon as the superblocks say so. */
function* remove({ bench }: Stage, disk: number): Generator<void, void, void> {
  const { roster } = bench.md;
  const name = diskName(disk);
  const rdev = roster.find(name);
  if (rdev === undefined) throw new Impossible(`${name} is no device of the array`);
  if (rdev.place !== undefined && !rdev.member.faulty) roster.fail(name);
  for (let tries = 1; roster.remove(name) !== undefined; tries++) {
    if (tries === PATIENCE) throw new Impossible(`${name} stays in use`);
    yield* bench.kernel.scheduler.sleep(MILLISECOND);
  }
  bench.unplug(disk);
}

function add(bench: LifeBench, disk: number): string {
  if (bench.media.at(disk) === undefined) throw new Impossible(`there never was a ${diskName(disk)}`);
  const added = bench.add(disk);
  if (typeof added !== 'string') throw new Impossible(added.problem);
  return `${diskName(disk)} ${added === 'spare' ? 'added as a spare' : added}`;
}

function blockOf(sector: number): number {
  return sector - (sector % STRIPE_SECTORS);
}
