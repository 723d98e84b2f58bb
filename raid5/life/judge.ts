/** Whether what md answers is right, or wrong with a reason that has a name. */
import type { ThreadBody } from '../../emulator/kernel/scheduler';
import { SECTOR, STRIPE_SECTORS } from '../geometry';
import type { LifeBench } from './bench';
import { sectorsOf } from './bench';
import type { Losses } from './losses';
import type { Answer, Request } from './request';
import { submitVersioned } from './request';

/** Longest read of a comparison. */
const LONGEST = 64;

export class Judge {
  /** What is wrong and has no excuse. */
  readonly defects: string[] = [];
  bytesCompared = 0;

  /** @param dead media whose drives are dead, whether md knows or not */
  constructor(
    private readonly bench: LifeBench,
    private readonly losses: Losses,
    private readonly dead: ReadonlySet<number>,
  ) {}

  /** Looks at the answer to one request. */
  judge(request: Request, { failed, wrong }: Answer): void {
    const { losses, bench } = this;
    const { write, sector, sectors } = request;
    if (!write && !failed) this.bytesCompared += sectors * SECTOR;
    for (const at of wrong) {
      const name = losses.suspicion(at);
      if (name === undefined) this.defects.push(`array sector ${at} does not hold what was written`);
      else {
        losses.note(name, [at]);
        bench.versions.lose(at);
      }
    }
    if (!failed) return;
    const gone = sectorsOf(request).filter((at) => this.isBeyond(at));
    if (gone.length === 0) this.defects.push(`a ${write ? 'write' : 'read'} of array sector ${sector} fails`);
    // A write that failed leaves old or new; only what cannot be read is lost.
    else losses.note('too many failures', write ? [] : gone);
  }

  /** Finds out what writes left that the power cut off: from then on it is what is there. */
  *decide(): ThreadBody {
    const { versions } = this.bench;
    for (const { sector, sectors } of versions.undecided()) {
      for (let at = 0; at < sectors; at += LONGEST) {
        yield* this.read(sector + at, Math.min(LONGEST, sectors - at), true);
      }
    }
    versions.decide();
  }

  /** Reads every sector ever written through the array, from the disks and not from the cache. @param progress sectors done */
  *readBack(progress: (sectors: number) => void): ThreadBody {
    const { versions, md } = this.bench;
    md.array.cache.dropCached();
    for (const { sector, sectors } of versions.written(LONGEST)) {
      yield* this.read(sector, sectors, false);
      progress(sectors);
    }
  }

  /** One read, waited for; one that fails is tried again block by block. */
  private *read(sector: number, sectors: number, adopt: boolean): ThreadBody {
    const { kernel, md, versions } = this.bench;
    const ended = kernel.waitQueue();
    const request = { write: false, sector, sectors };
    let answer: Answer | undefined;
    yield* submitVersioned(kernel, md, versions, request, adopt, (given) => {
      answer = given;
      ended.wake();
    });
    yield* ended.wait(() => answer !== undefined);
    if (!answer!.failed || sectors <= STRIPE_SECTORS - (sector % STRIPE_SECTORS)) {
      this.judge(request, answer!);
      return;
    }
    for (let at = sector; at < sector + sectors;) {
      const end = Math.min(sector + sectors, at - (at % STRIPE_SECTORS) + STRIPE_SECTORS);
      yield* this.read(at, end - at, adopt);
      at = end;
    }
  }

  /** Whether more blocks of a sector's stripe are gone than the level survives. */
  private isBeyond(arraySector: number): boolean {
    const { geometry, members } = this.bench.md.array;
    const { sector } = geometry.place(arraySector);
    const block = this.bench.dataSector(sector - (sector % STRIPE_SECTORS));
    const gone = members.filter(
      ({ faulty, inSync, recoveryOffset, disk }) =>
        faulty || this.dead.has(disk.index) || disk.unreadable.has(block) || (!inSync && sector >= recoveryOffset),
    );
    return gone.length > geometry.maxDegraded;
  }
}
