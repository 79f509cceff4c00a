/** A simulated clock: things happen at their time, in seconds, and between two of them no time passes. */

export interface Clock {
  readonly now: () => number;
  /** Does something at a time, after what was asked for before for the same time. */
  readonly at: (time: number, action: () => void) => void;
  /** Begins a process, which lets time pass with `sleep` and waits for nothing else that takes time. */
  readonly start: (process: () => Promise<void>) => void;
  readonly sleep: (seconds: number) => Promise<void>;
  /** Goes from event to event until there is none, or `isOver` says so. */
  readonly run: (isOver: () => boolean) => Promise<void>;
}

interface Entry {
  readonly time: number;
  readonly order: number;
  readonly action: () => void;
}

export function createClock(): Clock {
  const entries = createHeap();
  let now = 0;
  let order = 0;
  /** Processes that neither sleep nor have ended. */
  let awake = 0;
  let whenAsleep: (() => void) | undefined;
  let failure: unknown;

  const at = (time: number, action: () => void): void => {
    order += 1;
    entries.push({ time: Math.max(time, now), order, action });
  };
  const fallAsleep = (): void => {
    awake -= 1;
    if (awake === 0) whenAsleep?.();
  };
  return {
    now: () => now,
    at,
    start: (process) => {
      awake += 1;
      process()
        .catch((error: unknown) => {
          failure ??= error;
        })
        .finally(fallAsleep);
    },
    sleep: (seconds) =>
      new Promise((resolve) => {
        at(now + seconds, () => {
          awake += 1;
          resolve();
        });
        fallAsleep();
      }),
    run: async (isOver) => {
      while (!isOver()) {
        const next = entries.pop();
        if (next === undefined) return;
        now = next.time;
        next.action();
        if (awake > 0)
          await new Promise<void>((resolve) => {
            whenAsleep = resolve;
          });
        if (failure !== undefined) throw failure;
      }
    },
  };
}

/** A binary heap, the earliest entry on top. */
function createHeap(): { push(entry: Entry): void; pop(): Entry | undefined } {
  const entries: Entry[] = [];
  const isBefore = (one: Entry | undefined, other: Entry | undefined): boolean =>
    one !== undefined &&
    (other === undefined || one.time < other.time || (one.time === other.time && one.order < other.order));
  const swap = (one: number, other: number): void => {
    const [a, b] = [entries[one], entries[other]];
    if (a !== undefined && b !== undefined) [entries[one], entries[other]] = [b, a];
  };
  return {
    push: (entry) => {
      entries.push(entry);
      for (let at = entries.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (!isBefore(entries[at], entries[parent])) return;
        swap(at, parent);
        at = parent;
      }
    },
    pop: () => {
      const [top] = entries;
      const last = entries.pop();
      if (last === undefined || entries.length === 0) return top;
      entries[0] = last;
      for (let at = 0; ; ) {
        const [left, right] = [2 * at + 1, 2 * at + 2];
        const child = isBefore(entries[right], entries[left]) ? right : left;
        if (!isBefore(entries[child], entries[at])) return top;
        swap(at, child);
        at = child;
      }
    },
  };
}
