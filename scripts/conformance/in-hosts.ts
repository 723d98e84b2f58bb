/** Many jobs for a few hosts of cases, with a bar that shows how far they are. */
import { ProgressBar } from '../console/progress';
import { CaseHost } from './case-host';

/** Workers at a time, where there is much to do. */
export const WORKERS = 2;

/** Has each of them done in one of so many hosts; results in the order of the items, whoever was done first. */
export async function inHosts<Item extends { readonly id: string }, Result>(
  items: readonly Item[],
  hosts: number,
  work: (item: Item, host: CaseHost) => Promise<Result>,
): Promise<Result[]> {
  const bar = new ProgressBar(process.stderr, () => performance.now());
  const results: Result[] = [];
  const queue = items.map((item, place) => ({ item, place }));
  let done = 0;
  const inOne = async (): Promise<void> => {
    const host = new CaseHost();
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        bar.update(next.item.id, done, items.length);
        results[next.place] = await work(next.item, host);
        done++;
      }
    } finally {
      await host.close();
    }
  };
  try {
    await Promise.all(Array.from({ length: hosts }, inOne));
  } finally {
    bar.clear();
  }
  return results;
}
