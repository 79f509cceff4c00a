/** What GitHub does with events: latency, concurrency groups, runners, limits, and the faults of all of these. */
import { attemptsOf } from '../../src/cascade/attempts.ts';
import type { Attempts } from '../../src/fleet/types.ts';
import type { Clock } from './clock.ts';
import type { Random } from './random.ts';
import { type Commit, headOf, type Repository } from './world.ts';

/** How often something goes wrong, while it does; all probabilities. */
export interface Faults {
  /** Seconds after which everything goes right. */
  readonly until: number;
  readonly lost: number;
  readonly doubled: number;
  readonly delayed: number;
  /** That a job is killed, at any of its steps. */
  readonly killed: number;
  /** That a job reads from a registry what was there some time before. */
  readonly stale: number;
}

export const noFaults: Faults = { until: 0, lost: 0, doubled: 0, delayed: 0, killed: 0, stale: 0 };

export interface Run {
  readonly id: string;
  readonly event: 'push' | 'repository_dispatch';
  readonly repository: Repository;
  readonly commit: Commit;
}

export type Conclusion = 'success' | 'failure' | 'cancelled';

export interface GitHub {
  /** Sends a `repository_dispatch`. @returns false when a limit is reached that does not pass soon */
  readonly dispatch: (repository: Repository) => Promise<boolean>;
  readonly push: (repository: Repository, commit: Commit) => void;
  /** What the runs of a repository tell. @param own run that asks */
  readonly attempts: (repository: Repository, own?: string) => Attempts | undefined;
  /** Whether any run is queued or in progress, or any event on its way. */
  readonly isBusy: () => boolean;
  readonly runCount: () => number;
}

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api: content-creating requests */
const limits = [
  { seconds: 60, requests: 80 },
  { seconds: 3600, requests: 500 },
] as const;
/** Seconds that a client waits for a limit to pass. */
const patience = 60;

interface Group {
  active?: Run;
  pending?: Run;
  /** The last ones, as a list of runs shows them. */
  readonly ended: { id: string; conclusion: Conclusion; startedAt: number; endedAt: number; revision: string }[];
}

/** @param perform does what a job does; resolves with how it ended */
export function createGitHub(
  { clock, random, faults, runners }: { clock: Clock; random: Random; faults: Faults; runners: number },
  perform: (run: Run) => Promise<Conclusion>,
): GitHub {
  const groups = new Map<Repository, Group>();
  const queue: Run[] = [];
  const sent: number[] = [];
  let [idle, events, started] = [runners, 0, 0];
  const goesWrong = (probability: number): boolean => clock.now() < faults.until && random.chance(probability);

  const groupOf = (repository: Repository): Group => {
    const group = groups.get(repository) ?? { ended: [] };
    groups.set(repository, group);
    return group;
  };
  const fillRunners = (): void => {
    while (idle > 0) {
      const run = queue.shift();
      if (run === undefined) return;
      idle -= 1;
      clock.start(() => performOne(run));
    }
  };
  const performOne = async (run: Run): Promise<void> => {
    const startedAt = clock.now() * 1000;
    const conclusion = await perform(run);
    const group = groupOf(run.repository);
    const { id, commit } = run;
    group.ended.push({ id, conclusion, startedAt, endedAt: clock.now() * 1000, revision: commit.revision });
    const next = group.pending;
    delete group.active;
    delete group.pending;
    if (next !== undefined) {
      group.active = next;
      queue.push(next);
    }
    idle += 1;
    fillRunners();
  };
  /** One run of a group at a time; of those that wait for it, the newest replaces the others. */
  const arrive = (run: Run): void => {
    const group = groupOf(run.repository);
    if (group.active !== undefined) {
      group.pending = run;
      return;
    }
    group.active = run;
    queue.push(run);
    fillRunners();
  };
  const send = (event: Run['event'], repository: Repository, commit: Commit | undefined): void => {
    const copies = goesWrong(faults.lost) ? 0 : goesWrong(faults.doubled) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const latency = random.between(2, 6) + (goesWrong(faults.delayed) ? random.between(60, 7200) : 0);
      events += 1;
      clock.at(clock.now() + latency, () => {
        events -= 1;
        started += 1;
        // An event is for the head of the branch at the time at which it arrives, a push for its own commit.
        arrive({ id: `${started}`, event, repository, commit: commit ?? headOf(repository) });
      });
    }
  };
  /** Seconds until another request is allowed. */
  const waitingTime = (): number => {
    const now = clock.now();
    let wait = 0;
    for (const { seconds, requests } of limits) {
      const oldest = sent.at(-requests);
      if (oldest !== undefined) wait = Math.max(wait, oldest + seconds - now);
    }
    return wait;
  };
  return {
    dispatch: async (repository) => {
      // The client leaves a second between writes.
      await clock.sleep(1);
      for (let wait = waitingTime(); wait > 0; wait = waitingTime()) {
        if (wait > patience) return false;
        await clock.sleep(wait);
      }
      sent.push(clock.now());
      send('repository_dispatch', repository, undefined);
      return true;
    },
    push: (repository, commit) => send('push', repository, commit),
    attempts: (repository, own = '') => {
      const group = groups.get(repository);
      if (group === undefined) return undefined;
      const ended = group.ended.slice(-30).map((run) => ({ ...run, event: '', running: false }));
      const going = [group.active, group.pending].flatMap((run) =>
        run === undefined
          ? []
          : [{ id: run.id, event: run.event, revision: '', running: true, startedAt: 0, endedAt: 0 }],
      );
      return attemptsOf([...ended, ...going], own);
    },
    isBusy: () => events > 0 || [...groups.values()].some(({ active }) => active !== undefined),
    runCount: () => started,
  };
}
