/**
 * Calls `work` for each item, for at most `limit` of them at the same time; items are taken as there is room for them.
 * The first error ends it: no further items are taken, and those begun are waited for.
 */
export async function forEach<T>(
  items: AsyncIterable<T> | Iterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  let ended = false;
  let failure: { readonly error: unknown } | undefined;
  // One question at a time: a generator that is asked for several items at once queues them itself, but not every
  // iterator does.
  let turn: Promise<unknown> = Promise.resolve();
  const take = async (): Promise<IteratorResult<T>> => {
    const mine = turn.then(() => (ended ? { done: true as const, value: undefined } : iterator.next()));
    turn = mine.catch(() => {});
    return mine;
  };
  const worker = async (): Promise<void> => {
    try {
      for (let item = await take(); item.done !== true; item = await take()) await work(item.value);
      ended = true;
    } catch (error) {
      ended = true;
      failure ??= { error };
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  if (failure !== undefined) throw failure.error;
}
