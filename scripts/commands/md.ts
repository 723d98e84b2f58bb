/** `adma md`: arrays in image files, in the format of Linux. */
import type { Command } from 'commander';
import { LAYOUTS } from '../../raid5/layouts';
import type { ExitCode } from '../console/exit-code';
import type { MdCreateOptions } from './md-create';
import { mdCreate } from './md-create';
import { mdDetail } from './md-detail';
import { mdExamine } from './md-examine';

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
}
