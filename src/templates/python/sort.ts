/** Sorting as Python's `sorted()` does it: stable, by `<` alone. */
import { compare } from './compare.ts';
import type { Evaluation } from './evaluation.ts';
import { isPlain } from './text.ts';
import type { Value } from './values.ts';

interface Keyed<Item> {
  readonly item: Item;
  readonly key: Value;
}

/** The items in the order of their keys, which are given in the order of the items. */
export function sortedBy<Item>(
  items: readonly Item[],
  keys: readonly Value[],
  reverse: boolean,
  evaluation: Evaluation,
): Item[] {
  for (let count = items.length; count > 0; count--) evaluation.limits.tick();
  if (items.length <= mostInserted && keys.length === items.length && haveOwnOrder(keys))
    return inserted(items, keys, reverse);
  const keyed = items.map((item, index): Keyed<Item> => ({ item, key: keys[index] ?? null }));
  const order = haveOwnOrder(keys) ? ownOrder : pythonOrder(evaluation);
  // Reversed order keeps equal values in theirs.
  keyed.sort(reverse ? (left, right) => order(right.key, left.key) : (left, right) => order(left.key, right.key));
  return keyed.map(({ item }) => item);
}

type Order = (left: Value, right: Value) => number;

function pythonOrder(evaluation: Evaluation): Order {
  return (left, right) => {
    evaluation.limits.tick();
    if (compare('<', left, right, evaluation)) return -1;
    return compare('<', right, left, evaluation) ? 1 : 0;
  };
}

/** Whether JavaScript's own order is Python's: all keys are numbers, or all are short texts. */
function haveOwnOrder(keys: readonly Value[]): boolean {
  if (typeof keys[0] === 'number') return keys.every((key) => typeof key === 'number');
  return keys.every((key) => typeof key === 'string' && key.length < 1000 && isPlain(key));
}

function ownOrder(left: Value, right: Value): number {
  if (left === null || right === null) return 0;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Up to here, `inserted` takes less time than JavaScript's own sort, which has to call for each comparison. */
const mostInserted = 16;

/** Sorts few items by keys that have JavaScript's order. */
function inserted<Item>(items: readonly Item[], keys: readonly Value[], reverse: boolean): Item[] {
  const sorted = items.slice();
  const order = keys.slice();
  for (let index = 1; index < sorted.length; index++) {
    const item = sorted[index] as Item;
    const key = order[index] ?? null;
    let place = index;
    for (; place > 0; place--) {
      const before = order[place - 1] ?? null;
      if (key === null || before === null || !(reverse ? before < key : key < before)) break;
      sorted[place] = sorted[place - 1] as Item;
      order[place] = before;
    }
    sorted[place] = item;
    order[place] = key;
  }
  return sorted;
}
