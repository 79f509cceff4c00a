/** Random choices that a seed repeats. */
export interface Random {
  /** From 0 to below `limit`. */
  below(limit: number): number;
  chance(probability: number): boolean;
  /** @param choices at least one */
  pick<T>(choices: readonly T[]): T;
}

/** Mulberry32, by Tommy Ettinger, in the public domain. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    chance: (probability) => next() < probability,
    pick: (choices) => {
      const index = below(choices.length);
      for (const choice of choices.slice(index, index + 1)) return choice;
      throw new Error('there is nothing to pick from');
    },
  };
}
