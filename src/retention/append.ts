/**
 * A list with one more item. Most lists of a manifest stay short, and both `push` and a spread make room for 16 more:
 * that is too much for each of a hundred thousand manifests. Long lists grow in place; an empty one is never touched, so
 * that all that is empty may be the same list.
 */
export function append<T>(list: T[], item: T): T[] {
  if (list.length < 8) return list.concat([item]);
  list.push(item);
  return list;
}
