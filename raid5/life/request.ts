/** One request to an array with metadata, its data filled from and compared with the model of versions. */
import type { Kernel } from '../../emulator/kernel/kernel';
import { PAGE_SIZE } from '../../emulator/kernel/pages';
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import { Bio } from '../bio';
import { SECTOR } from '../geometry';
import type { Mddev } from '../md/mddev';
import type { Versions } from './versions';

/** A request to the array. */
export interface Request {
  readonly write: boolean;
  readonly sector: number;
  readonly sectors: number;
}

/** How a request ended. */
export interface Answer {
  readonly failed: boolean;
  /** Sectors that were read and hold what they must not. */
  readonly wrong: readonly number[];
  /** Sectors that were read and are lost indeed. */
  readonly lost: readonly number[];
}

/**
 * Hands a request to md; `ended` may be called long after this returns.
 * @param adopt takes what a read finds for what is there from now on
 */
export function* submitVersioned(
  kernel: Kernel,
  md: Mddev,
  versions: Versions,
  { write, sector, sectors }: Request,
  adopt: boolean,
  ended: (answer: Answer) => void,
): ThreadBody {
  const { dram } = kernel.machine;
  const pages = Array.from({ length: Math.ceil((sectors * SECTOR) / PAGE_SIZE) }, () => kernel.pages.alloc());
  const words = (i: number): Uint32Array => {
    const page = pages[Math.floor((i * SECTOR) / PAGE_SIZE)];
    return new Uint32Array(dram.bytes.buffer, page.address - dram.base + ((i * SECTOR) % PAGE_SIZE), SECTOR / 4);
  };
  const each = Array.from({ length: sectors }, (_, i) => i);
  const version = write ? versions.begin(sector, sectors) : 0;
  const floors = write ? [] : each.map((i) => versions.floor(sector + i));
  if (write) for (const i of each) versions.fill(words(i), sector + i, version);
  const bio = new Bio(write, sector, sectors, pages, (failed) => {
    if (write && !failed) versions.settle(version);
    const wrong: number[] = [];
    const lost: number[] = [];
    for (const i of write || failed ? [] : each) {
      const verdict = versions.judge(words(i), sector + i, floors[i]);
      if (verdict !== 'right') (verdict === 'lost' ? lost : wrong).push(sector + i);
      if (adopt) versions.adopt(words(i), sector + i);
    }
    for (const page of pages) kernel.pages.free(page);
    ended({ failed, wrong, lost });
  });
  yield* md.makeRequest(bio);
}
