/** What the runs of a repository's workflow tell: pure. */
import type { Attempts } from '../fleet/types.ts';
import type { WorkflowRun } from '../github/index.ts';

const failing: readonly (string | undefined)[] = ['failure', 'timed_out', 'startup_failure'];

/**
 * The runs since the last one that succeeded. One that was cancelled or skipped says nothing. Attempts at an earlier
 * commit don't count, but what they left stale has been so since then.
 *
 * @param runs in any order
 * @param own id of the run that asks, which is no news
 */
export function attemptsOf(runs: readonly WorkflowRun[], own: string): Attempts {
  const others = runs.filter(({ id }) => id !== own);
  const ended = others.filter(({ running }) => !running).toSorted((a, b) => b.startedAt - a.startedAt);
  const success = ended.findIndex(({ conclusion }) => conclusion === 'success');
  const failures = ended
    .slice(0, success < 0 ? ended.length : success)
    .filter(({ conclusion }) => failing.includes(conclusion));
  const [last] = failures;
  return {
    failures: failures.filter(({ revision }) => revision === last?.revision).length,
    firstFailure: failures.at(-1)?.endedAt ?? 0,
    lastFailure: last?.endedAt ?? 0,
    ...(last === undefined ? {} : { revision: last.revision }),
    running: others.some(({ running }) => running),
  };
}

/**
 * Seconds that a run takes in which something is built: the median of the successful ones that took at least half as
 * long as the longest. The others found nothing to do. `undefined` when none succeeded.
 */
export function secondsOfBuild(runs: readonly WorkflowRun[]): number | undefined {
  const took = runs
    .filter(({ conclusion }) => conclusion === 'success')
    .map(({ startedAt, endedAt }) => (endedAt - startedAt) / 1000)
    .filter((seconds) => seconds >= 0)
    .toSorted((a, b) => a - b);
  const longest = took.at(-1) ?? 0;
  const building = took.filter((seconds) => seconds >= longest / 2);
  return building[Math.floor(building.length / 2)];
}
