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
  const keyed = items.map((item, index): Keyed<Item> => {
    evaluation.limits.tick();
    return { item, key: keys[index] ?? null };
  });
  const order = quickOrder(keys) ?? pythonOrder(evaluation);
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

/** JavaScript's own order, where all keys are numbers or all are short texts; `undefined` where Python's rules decide. */
function quickOrder(keys: readonly Value[]): Order | undefined {
  const numbers = keys.every((key) => typeof key === 'number');
  if (!numbers && !keys.every((key) => typeof key === 'string' && key.length < 1000 && isPlain(key))) return undefined;
  return (left, right) => {
    if (left === null || right === null) return 0;
    return left < right ? -1 : left > right ? 1 : 0;
  };
}
