/** Does everything that can be done before it reports what could not. */
import { type Problem, ProblemsError, problemsOf } from '../problems.ts';

/**
 * Runs `work` on all items at the same time.
 * @throws ProblemsError with the problems of all of them, in the items' order
 */
export async function collect<T, R>(items: readonly T[], work: (item: T) => R | Promise<R>): Promise<R[]> {
  const outcomes = await Promise.allSettled(items.map(async (item) => work(item)));
  const results: R[] = [];
  const problems: Problem[] = [];
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') results.push(outcome.value);
    else problems.push(...known(outcome.reason));
  }
  if (problems.length > 0) throw new ProblemsError(problems.filter(isFirst));
  return results;
}

/** Lets so many things be done at a time; the others wait, in the order they came. */
export function limited(most: number): <R>(work: () => Promise<R>) => Promise<R> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running < most) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}

/** As `collect`, for two different things. */
export async function both<A, B>(first: () => A | Promise<A>, second: () => B | Promise<B>): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([(async () => first())(), (async () => second())()]);
  if (a.status === 'fulfilled' && b.status === 'fulfilled') return [a.value, b.value];
  const problems = [a, b].flatMap((outcome) => (outcome.status === 'rejected' ? known(outcome.reason) : []));
  throw new ProblemsError(problems);
}

/** Anything else is an error of the suite's own, which keeps its trace. */
function known(error: unknown): readonly Problem[] {
  if (error instanceof ProblemsError) return error.problems;
  if (error instanceof Error && !('code' in error)) throw error;
  return problemsOf(error);
}

/** A file that several images include is broken once. */
function isFirst(problem: Problem, index: number, all: readonly Problem[]): boolean {
  const text = ({ message, place }: Problem): string => JSON.stringify([message, place]);
  return all.findIndex((other) => text(other) === text(problem)) === index;
}
