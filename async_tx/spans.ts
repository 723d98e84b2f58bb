import type { Page } from '../emulator/kernel/pages';
import type { PageSpan } from './sync/page-access';

/**
 * Pages, each with its own offset, some of them holes: what Linux passes as two arrays that must be kept in step
 * (X-19 is what happens when they are not).
 */
export type SpanList = readonly (PageSpan | undefined)[];

/** Pages, some of them holes. */
export type PageList = readonly (Page | undefined)[];

/** The same offset in every page; holes stay holes. */
export function spansOf(pages: PageList, offset: number): (PageSpan | undefined)[] {
  return pages.map((page) => (page === undefined ? undefined : { page, offset }));
}
