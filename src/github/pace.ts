/**
 * GitHub's limit on what may be asked within a minute, in points: 1 for a GET, 5 for a request that changes something.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#calculating-points-for-the-secondary-rate-limit
 */

/** Waits until so many points may be spent. */
export type Pace = (points: number) => Promise<void>;

export interface PaceOptions {
  /** Default 900. */
  readonly pointsPerMinute?: number;
  readonly now?: () => number;
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

const minuteMs = 60_000;

/** No minute, wherever it begins, sees more points than allowed. */
export function createPace(options: PaceOptions = {}): Pace {
  const { pointsPerMinute = 900, now = Date.now, sleep = sleepAwake } = options;
  const spent: { at: number; points: number }[] = [];
  let sum = 0;
  let queue: Promise<void> = Promise.resolve();
  const spend = async (points: number): Promise<void> => {
    for (;;) {
      const time = now();
      while (spent[0] !== undefined && spent[0].at <= time - minuteMs) sum -= spent.shift()?.points ?? 0;
      const [oldest] = spent;
      if (oldest === undefined || sum + points <= pointsPerMinute) {
        spent.push({ at: time, points });
        sum += points;
        return;
      }
      await sleep(oldest.at + minuteMs - time);
    }
  };
  return (points) => {
    // One after the other: who asked first goes first.
    queue = queue.then(() => spend(points));
    return queue;
  };
}

function sleepAwake(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
