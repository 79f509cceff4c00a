/** At most `count` of the given tasks run at the same time; the others wait in the order they came. */
export type Limit = <T>(task: () => Promise<T>) => Promise<T>;

export function createLimit(count: number): Limit {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= count) await new Promise<void>((start) => waiting.push(start));
    else running += 1;
    try {
      return await task();
    } finally {
      // A slot is handed on without being given back, so that nobody overtakes.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
