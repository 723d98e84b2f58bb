import { BoundedSearch } from './bounded';
import { formatChoices } from './choices';
import { ExhaustiveSearch } from './exhaustive';
import type { Explorable, ExploreFailure, ExploreOptions, ExploreReport } from './explorer';
import { departures, minimise } from './minimise';
import { LeaningSearch, PriorityChangeSearch } from './random';
import type { Search } from './run';
import { runOnce } from './run';

/** Most preemptions where every order is more than the budget allows. */
const DEFAULT_BOUND = 3;

/** What one search has come to. */
interface Outcome {
  /** Nothing is left to do. */
  readonly ended: boolean;
  readonly failure?: ExploreFailure;
}

/**
 * Explores a case. `exhaustive` without a bound spends up to half of its budget on all orders; where that is not
 * enough, the rest goes to those with at most 0, 1, 2, 3 preemptions, and the report says how far that came.
 */
export function explore(subject: Explorable, options: ExploreOptions): ExploreReport {
  return new Explorer(subject, options).report();
}

class Explorer {
  private explored = 0;
  /** Left out by searches that are over, and runs that repeated an explored order. */
  private pruned = 0;
  private runs = 0;
  /** The orders of the runs so far. */
  private readonly orders = new Set<number>();
  /** Numbers of the actors, by name. */
  private readonly actors = new Map<string, number>();

  constructor(
    private readonly subject: Explorable,
    private readonly options: ExploreOptions,
  ) {}

  report(): ExploreReport {
    const { strategy, seed, preemptions, budget } = this.options;
    if (strategy === 'random') return this.summary(this.search(new LeaningSearch(this.actors, seed), budget), false);
    if (strategy === 'pct') {
      return this.summary(
        this.search(new PriorityChangeSearch(this.actors, seed, preemptions ?? DEFAULT_BOUND), budget),
        false,
      );
    }
    if (preemptions !== undefined) return this.bounded(preemptions);
    const { prune = true } = this.options;
    const whole = this.search(new ExhaustiveSearch(this.actors, prune), prune ? Math.ceil(budget / 2) : budget);
    if (whole.ended || whole.failure !== undefined || !prune) return this.summary(whole, whole.ended);
    return this.bounded(DEFAULT_BOUND);
  }

  private bounded(bound: number): ExploreReport {
    const { budget } = this.options;
    const search = new BoundedSearch(this.actors, bound, budget);
    const outcome = this.search(search, budget);
    return { ...this.summary(outcome, outcome.ended && search.complete === bound), bound: search.complete };
  }

  /** @param budget most runs of this exploration when the search is over */
  private search(search: Search, budget: number): Outcome {
    const { subject, options } = this;
    const { onProgress, prune = true } = options;
    let ended = false;
    let failure: ExploreFailure | undefined;
    while (!ended && failure === undefined && this.runs < budget) {
      this.runs++;
      const verdict = runOnce(subject, search);
      if (verdict?.ok === false) {
        const { answers } = search;
        const least = minimise(subject, { answers, verdict });
        failure = {
          choices: formatChoices(least.answers),
          verdict: least.verdict,
          minimisedFrom: departures(answers),
        };
      }
      if (verdict !== undefined) this.count(search.key, prune);
      ended = !search.next();
      onProgress?.(this.explored, this.pruned + search.pruned);
    }
    this.pruned += search.pruned;
    return failure === undefined ? { ended } : { ended, failure };
  }

  /** Counts a run that came to its end. */
  private count(key: number, prune: boolean): void {
    if (prune && this.orders.has(key)) this.pruned++;
    else this.explored++;
    this.orders.add(key);
  }

  private summary({ failure }: Outcome, exhausted: boolean): ExploreReport {
    const { explored, pruned, options } = this;
    const counts = { strategy: options.strategy, explored, pruned, exhausted: exhausted && failure === undefined };
    return failure === undefined ? counts : { ...counts, failure };
  }
}
