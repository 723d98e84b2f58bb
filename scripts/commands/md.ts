/** `adma md`: arrays in image files, in the format of Linux. */
import type { Command } from 'commander';
import { PLATFORM_NAMES } from '../../emulator/platforms';
import { LAYOUTS } from '../../raid5/layouts';
import type { ExitCode } from '../console/exit-code';
import type { MdCreateOptions } from './md-create';
import { mdCreate } from './md-create';
import { mdDetail } from './md-detail';
import { mdExamine } from './md-examine';
import type { SessionOptions } from './md-session';
import type { CheckOptions } from './md-sync';
import { mdAdd, mdAssemble, mdCheck, mdFail, mdStop } from './md-sync';
import type { TransferOptions } from './md-transfer';
import { mdRead, mdWrite } from './md-transfer';

function onArray(command: Command): Command {
  return command
    .option('--platform <name>', `whose engines do the parity: ${PLATFORM_NAMES.join(', ')} (default iop342)`)
    .option('--run', 'start also when a member that was there is not here')
    .option('--force', 'start also when dirty and degraded: what was being written may be lost');
}

/** Adds the commands to the program. */
export function addMd(adma: Command, finish: (code: ExitCode) => void): void {
  const md = adma.command('md').description('arrays in image files (disk0.img …), md metadata 1.2 as Linux has it');
  md.command('create')
    .description('write the metadata of a new array, on new images with --size, or on those that are there')
    .argument('<dir>', 'folder of the images')
    .option('--level <n>', '4, 5 or 6 (default 5)')
    .option('--disks <n>', 'members (default 3, RAID-6 4)')
    .option('--chunk <size>', 'chunk size, a power of two (default 512KiB)')
    .option('--layout <name>', `${Object.keys(LAYOUTS[6]).join(', ')} (default left-symmetric)`)
    .option('--size <size>', 'make the images, sparse and zero, of this size each, like 64MiB')
    .option('--bitmap <kind>', 'internal or none (default none)')
    .option('--assume-clean', 'parity of the images that are there is right already')
    .option('--name <name>', 'of the array (default: the folder’s)')
    .option('--uuid <uuid>', 'of the array (default: a random one)')
    .option('--seed <n>', 'decides all UUIDs, with a fixed creation time')
    .addHelpText('after', '\nExample:\n  adma md create /tmp/array --level 6 --disks 5 --size 64MiB --bitmap internal')
    .action(async (dir: string, options: MdCreateOptions) => finish(await mdCreate(dir, options)));
  md.command('examine')
    .description('say what superblocks say, in the words of mdadm --examine; times are UTC')
    .argument('<path...>', 'images, or folders of them')
    .addHelpText('after', '\nExample:\n  adma md examine /tmp/array/disk0.img')
    .action((paths: string[]) => finish(mdExamine(paths)));
  md.command('detail')
    .description('say which array the images of a folder make, and what keeps it from starting')
    .argument('<dir>', 'folder of the images')
    .addHelpText('after', '\nExample:\n  adma md detail /tmp/array')
    .action((dir: string) => finish(mdDetail(dir)));
  onArray(md.command('assemble'))
    .description('start the array, resync and rebuild what is due, stop it')
    .argument('<dir>', 'folder of the images')
    .addHelpText('after', '\nExample:\n  adma md assemble /tmp/array')
    .action(async (dir: string, options: SessionOptions) => finish(await mdAssemble(dir, options)));
  onArray(md.command('stop'))
    .description('start the array and stop it: superblocks say so, what is due stays due')
    .argument('<dir>', 'folder of the images')
    .addHelpText('after', '\nExample:\n  adma md stop /tmp/array')
    .action(async (dir: string, options: SessionOptions) => finish(await mdStop(dir, options)));
  onArray(md.command('read'))
    .description('contents of the array into a file, degraded too; no image changes')
    .argument('<dir>', 'folder of the images')
    .option('--out <file>', 'where to')
    .option('--offset <size>', 'first byte (default 0)')
    .option('--length <size>', 'how much (default: to the end)')
    .addHelpText('after', '\nExample:\n  adma md read /tmp/array --out contents.img')
    .action(async (dir: string, options: TransferOptions) => finish(await mdRead(dir, options)));
  onArray(md.command('write'))
    .description('a file into the array, degraded too')
    .argument('<dir>', 'folder of the images')
    .option('--in <file>', 'where from')
    .option('--offset <size>', 'first byte of the array (default 0)')
    .option('--length <size>', 'how much of the file (default: all)')
    .addHelpText('after', '\nExample:\n  adma md write /tmp/array --in contents.img')
    .action(async (dir: string, options: TransferOptions) => finish(await mdWrite(dir, options)));
  onArray(md.command('check'))
    .description('compare parity with data; 1 when they disagree')
    .argument('<dir>', 'folder of the images')
    .option('--locate', 'name the member that lies, as raid6check does')
    .addHelpText('after', '\nExample:\n  adma md check /tmp/array --locate')
    .action(async (dir: string, options: CheckOptions) => finish(await mdCheck(dir, 'check', options)));
  onArray(md.command('repair'))
    .description('make parity agree with data')
    .argument('<dir>', 'folder of the images')
    .addHelpText('after', '\nExample:\n  adma md repair /tmp/array')
    .action(async (dir: string, options: SessionOptions) => finish(await mdCheck(dir, 'repair', options)));
  onArray(md.command('fail'))
    .description('declare a member faulty')
    .argument('<dir>', 'folder of the images')
    .argument('<member>', 'its image, or its place')
    .addHelpText('after', '\nExample:\n  adma md fail /tmp/array disk2.img')
    .action(async (dir: string, member: string, options: SessionOptions) => finish(await mdFail(dir, member, options)));
  onArray(md.command('add'))
    .description('take an image in: a member that left, or a spare that is rebuilt')
    .argument('<dir>', 'folder of the images')
    .argument('<image>', 'its name in the folder; made if it is not there')
    .addHelpText('after', '\nExample:\n  adma md add /tmp/array spare0.img')
    .action(async (dir: string, image: string, options: SessionOptions) => finish(await mdAdd(dir, image, options)));
}
