/** Random numbers that a seed repeats. */

export interface Random {
  /** From 0 (included) to 1 (excluded). */
  readonly next: () => number;
  /** A whole number from `least` to `most`, both included. */
  readonly between: (least: number, most: number) => number;
  readonly chance: (probability: number) => boolean;
  /** @throws RangeError for an empty list */
  readonly pick: <T>(list: readonly T[]) => T;
}

export function createRandom(seed: number): Random {
  const next = randomNumbers(seed);
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    between,
    chance: (probability) => next() < probability,
    pick: (list) => {
      const [found] = list.slice(between(0, list.length - 1)).slice(0, 1);
      if (found === undefined) throw new RangeError('there is nothing to pick from');
      return found;
    },
  };
}

/** Numbers from 0 (included) to 1 (excluded), by mulberry32: https://github.com/bryc/code/blob/master/jshash/PRNGs.md */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
