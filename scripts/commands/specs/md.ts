/** `adma md` as the command line knows it. */
import { PLATFORM_NAMES } from '../../../emulator/platforms/names';
import type { CommandRow, CommandSpec, GroupSpec, ParameterSpec } from '../../program/spec';
import type * as Create from '../md-create';
import type { MdCreateOptions } from '../md-create';
import type * as Detail from '../md-detail';
import type { DetailOptions } from '../md-detail';
import type * as Examine from '../md-examine';
import type { ExamineOptions } from '../md-examine';
import type { SessionOptions } from '../md-session';
import type * as Sync from '../md-sync';
import type { CheckOptions } from '../md-sync';
import type * as Transfer from '../md-transfer';
import type { TransferOptions } from '../md-transfer';
import { JSON_OPTION, LAYOUT_NAMES, LEVEL_NAMES, PLATFORM, TRACE_OPTIONS } from './shared';

const sync = (): typeof Sync => require('../md-sync') as typeof Sync;
const transfer = (): typeof Transfer => require('../md-transfer') as typeof Transfer;

const FOLDER: ParameterSpec = { name: '<dir>', says: 'folder of the images', values: 'folder' };

/** What every command has that runs the array. */
const ON_ARRAY: readonly ParameterSpec[] = [
  { ...PLATFORM, says: `whose engines do the parity: ${PLATFORM_NAMES.join(', ')} (default iop342)` },
  { name: '--run', says: 'start also when a member that was there is not here' },
  { name: '--force', says: 'start also when dirty and degraded: what was being written may be lost' },
  ...TRACE_OPTIONS,
  JSON_OPTION,
];

const CREATE: CommandSpec = {
  arguments: [FOLDER],
  options: [
    { name: '--level <n>', says: '4, 5 or 6 (default 5)', values: LEVEL_NAMES },
    { name: '--disks <n>', says: 'members (default 3, RAID-6 4)' },
    { name: '--chunk <size>', says: 'chunk size, a power of two (default 512KiB)' },
    { name: '--layout <name>', says: `${LAYOUT_NAMES.join(', ')} (default left-symmetric)`, values: LAYOUT_NAMES },
    { name: '--size <size>', says: 'make the images, sparse and zero, of this size each, like 64MiB' },
    { name: '--bitmap <kind>', says: 'internal or none (default none)', values: ['internal', 'none'] },
    { name: '--consistency-policy <policy>', says: 'resync or bitmap: the same in mdadm’s words' },
    { name: '--assume-clean', says: 'parity of the images that are there is right already' },
    { name: '--name <name>', says: 'of the array (default: the folder’s)' },
    { name: '--uuid <uuid>', says: 'of the array (default: a random one)' },
    { name: '--seed <n>', says: 'decides all UUIDs, with a fixed creation time' },
    JSON_OPTION,
  ],
  examples: ['adma md create array --level 6 --disks 5 --size 16MiB --bitmap internal'],
  run: ([dir], options: MdCreateOptions) => (require('../md-create') as typeof Create).mdCreate(dir!, options),
};

const EXAMINE: CommandSpec = {
  arguments: [{ name: '<path...>', says: 'images, or folders of them', values: 'file' }],
  options: [JSON_OPTION],
  examples: ['adma md examine array/disk0.img'],
  run: (paths: readonly string[], options: ExamineOptions) =>
    (require('../md-examine') as typeof Examine).mdExamine(paths, options),
};

const DETAIL: CommandSpec = {
  arguments: [FOLDER],
  options: [JSON_OPTION],
  examples: ['adma md detail array'],
  run: ([dir], options: DetailOptions) => (require('../md-detail') as typeof Detail).mdDetail(dir!, options),
};

const ASSEMBLE: CommandSpec = {
  arguments: [FOLDER],
  options: ON_ARRAY,
  examples: ['adma md assemble array'],
  run: ([dir], options: SessionOptions) => sync().mdAssemble(dir!, options),
};

const STOP: CommandSpec = {
  arguments: [FOLDER],
  options: ON_ARRAY,
  examples: ['adma md stop array'],
  run: ([dir], options: SessionOptions) => sync().mdStop(dir!, options),
};

const READ: CommandSpec = {
  arguments: [FOLDER],
  options: [
    ...ON_ARRAY,
    { name: '--out <file>', says: 'where to', values: 'file' },
    { name: '--offset <size>', says: 'first byte (default 0)' },
    { name: '--length <size>', says: 'how much (default: to the end)' },
  ],
  examples: ['adma md read array --out contents.img'],
  run: ([dir], options: TransferOptions) => transfer().mdRead(dir!, options),
};

const WRITE: CommandSpec = {
  arguments: [FOLDER],
  options: [
    ...ON_ARRAY,
    { name: '--in <file>', says: 'where from', values: 'file' },
    { name: '--offset <size>', says: 'first byte of the array (default 0)' },
    { name: '--length <size>', says: 'how much of the file (default: all)' },
  ],
  examples: ['adma md write array --in contents.img'],
  run: ([dir], options: TransferOptions) => transfer().mdWrite(dir!, options),
};

const CHECK: CommandSpec = {
  arguments: [FOLDER],
  options: [...ON_ARRAY, { name: '--locate', says: 'name the member that lies, as raid6check does' }],
  examples: ['adma md check array --locate'],
  run: ([dir], options: CheckOptions) => sync().mdCheck(dir!, 'check', options),
};

const REPAIR: CommandSpec = {
  arguments: [FOLDER],
  options: ON_ARRAY,
  examples: ['adma md repair array'],
  run: ([dir], options: SessionOptions) => sync().mdCheck(dir!, 'repair', options),
};

const FAIL: CommandSpec = {
  arguments: [FOLDER, { name: '<member>', says: 'its image, or its place' }],
  options: ON_ARRAY,
  examples: ['adma md fail array disk2.img'],
  run: ([dir, member], options: SessionOptions) => sync().mdFail(dir!, member!, options),
};

const ADD: CommandSpec = {
  arguments: [FOLDER, { name: '<image>', says: 'its name in the folder; made if it is not there' }],
  options: ON_ARRAY,
  examples: ['adma md add array spare0.img'],
  run: ([dir, image], options: SessionOptions) => sync().mdAdd(dir!, image!, options),
};

function row(name: string, says: string, spec: CommandSpec): CommandRow {
  return { name, says, load: () => spec };
}

export const MD: GroupSpec = {
  later: {
    grow: ['adma md grow: this version has no growing or any other reshape', 'an array that keeps its shape'],
    replace: [
      'adma md replace: this version has no replacement of a member that still works',
      'adma md fail, then adma md add',
    ],
  },
  commands: [
    row('create', 'write the metadata of a new array, on new images with --size, or on those that are there', CREATE),
    row('examine', 'say what superblocks say, in the words of mdadm --examine; times are UTC', EXAMINE),
    row('detail', 'say which array the images of a folder make, and what keeps it from starting', DETAIL),
    row('assemble', 'start the array, resync and rebuild what is due, stop it', ASSEMBLE),
    row('stop', 'start the array and stop it: superblocks say so, what is due stays due', STOP),
    row('read', 'contents of the array into a file, degraded too; no image changes', READ),
    row('write', 'a file into the array, degraded too', WRITE),
    row('check', 'compare parity with data; 1 when they disagree', CHECK),
    row('repair', 'make parity agree with data', REPAIR),
    row('fail', 'declare a member faulty', FAIL),
    row('add', 'take an image in: a member that left, or a spare that is rebuilt', ADD),
  ],
  examples: [
    'adma md create array --level 6 --disks 5 --size 16MiB',
    'adma md read array --out contents.img',
    'adma md check array',
  ],
};
