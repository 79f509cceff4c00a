/** Work on many things, a few at a time. */

/** Results in the order of the items. At most `limit` run at once; the first rejection rejects, after all have ended. */
export async function parallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const errors: unknown[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      try {
        // The index is within the array, so the item is there.
        results[index] = await work(items[index] as Item);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(Math.max(limit, 1), items.length) }, worker));
  if (errors.length > 0) throw errors[0];
  return results;
}
