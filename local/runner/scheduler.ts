import { type Artifacts, createArtifacts } from './artifact.ts';
import { type Caches, createCaches } from './cache.ts';

/** What runs share that may meet: run numbers, concurrency groups, and how many jobs run at once. */
export interface Scheduler {
  nextRunId(): number;
  /** Counts the runs of one workflow of one repository from 1. */
  nextRunNumber(workflow: string): number;
  /**
   * Waits for a place in a concurrency group, where one runs and one is pending: the newest pending wins.
   * @returns undefined when a newer one took the place, or `signal` fired first
   */
  enterGroup(group: string, cancelInProgress: boolean, signal: AbortSignal): Promise<Place | undefined>;
  /** What actions/cache keeps between runs. */
  readonly caches: Caches;
  /** What actions/upload-artifact keeps of them. */
  readonly artifacts: Artifacts;
  /** Waits until a machine is free, then runs the job on it. */
  onMachine<T>(job: () => Promise<T>): Promise<T>;
}

/** The right to run in a concurrency group. */
export interface Place {
  /** Fires when a newer run with `cancel-in-progress` wants the place. */
  signal: AbortSignal;
  release(): void;
}

interface Group {
  running: AbortController;
  pending?: (place: Place | undefined) => void;
}

/** @param machines how many jobs run at the same time */
export function createScheduler({ machines = 20 }: { machines?: number } = {}): Scheduler {
  const groups = new Map<string, Group>();
  const numbers = new Map<string, number>();
  const waiting: (() => void)[] = [];
  let lastId = 1000;
  let free = machines;

  function place(key: string, group: Group): Place {
    const controller = new AbortController();
    group.running = controller;
    let released = false;
    return {
      signal: controller.signal,
      release() {
        if (released) return;
        released = true;
        const next = group.pending;
        if (next === undefined) groups.delete(key);
        else {
          delete group.pending;
          next(place(key, group));
        }
      },
    };
  }

  return {
    caches: createCaches(),
    artifacts: createArtifacts(),
    nextRunId: () => ++lastId,
    nextRunNumber(workflow) {
      const number = (numbers.get(workflow) ?? 0) + 1;
      numbers.set(workflow, number);
      return number;
    },
    async enterGroup(name, cancelInProgress, signal) {
      if (signal.aborted) return undefined;
      const key = name.toLowerCase();
      const group = groups.get(key);
      if (group === undefined) {
        const created: Group = { running: new AbortController() };
        groups.set(key, created);
        return place(key, created);
      }
      group.pending?.(undefined);
      if (cancelInProgress) group.running.abort();
      return new Promise((resolve) => {
        const settle = (result: Place | undefined): void => {
          signal.removeEventListener('abort', leave);
          resolve(result);
        };
        const leave = (): void => {
          if (group.pending === settle) delete group.pending;
          settle(undefined);
        };
        group.pending = settle;
        signal.addEventListener('abort', leave);
      });
    },
    async onMachine(job) {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await job();
      } finally {
        const next = waiting.shift();
        if (next === undefined) free++;
        else next();
      }
    },
  };
}
