import type { Page } from '../emulator/kernel/pages';
import { PAGE_SIZE } from '../emulator/kernel/pages';
import type { Trace } from '../emulator/trace/trace';
import { SECTOR } from './geometry';

/** A request to the array: a run of sectors and the pages its data are in, from the first byte of the first page. */
export class Bio {
  /** Pieces of the array that still have to answer, plus one for the submitter. */
  private remaining = 1;
  private failed = false;
  /** Its number in the trace, and who records its end; undefined while nobody records. */
  private traced: { readonly number: number; readonly trace: Trace } | undefined;

  /**
   * @param sector first array sector
   * @param sectors how many
   * @param pages enough for all of it
   * @param endIo called once, when every piece has answered
   * @param sync `REQ_SYNC`: somebody waits for the write, and it is not to be delayed (SC-07)
   */
  constructor(
    readonly write: boolean,
    readonly sector: number,
    readonly sectors: number,
    readonly pages: readonly Page[],
    private readonly endIo: (failed: boolean) => void,
    readonly sync = false,
  ) {}

  /** The sector behind the last one. */
  get end(): number {
    return this.sector + this.sectors;
  }

  /** `bio_inc_remaining`: one more piece is under way. */
  take(): void {
    this.remaining++;
  }

  /** `bio_endio`: one piece is done; the last one ends the request. */
  done(failed = false): void {
    this.failed ||= failed;
    if (--this.remaining > 0) return;
    this.traced?.trace.emit('request.end', { request: this.traced.number, failed: this.failed });
    this.endIo(this.failed);
  }

  /** The request enters the array, and has this number there. */
  record(trace: Trace, number: number): void {
    const { write, sector, sectors } = this;
    this.traced = { number, trace };
    trace.emit('request.start', { request: number, write, sector, sectors });
  }

  /** Its number in the trace. */
  get number(): number {
    return this.traced?.number ?? 0;
  }

  /** The page that holds byte `offset` of the data, and the offset in it. */
  at(offset: number): { readonly page: Page; readonly offset: number } {
    return { page: this.pages[Math.floor(offset / PAGE_SIZE)], offset: offset % PAGE_SIZE };
  }

  /** Bytes of the request. */
  get bytes(): number {
    return this.sectors * SECTOR;
  }
}
