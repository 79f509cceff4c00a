/** Filters that sort, group, or choose by order. */
import {
  compare,
  Dict,
  describe,
  type Evaluation,
  equal,
  hashKey,
  type ItemStep,
  isText,
  itemGenerator,
  iterate,
  listOf,
  raise,
  sortedBy,
  Tuple,
  textOf,
  truth,
  Undefined,
  type Value,
} from '../python/index.ts';
import { attributeGetter, attributesGetter, ignoreCase } from './attributes.ts';
import { filter, type NamedFilter } from './filter.ts';

function sort(value: Value, reverse: Value, caseSensitive: Value, attribute: Value, evaluation: Evaluation): Value[] {
  const items = listOf(value, evaluation);
  const fold = truth(caseSensitive) ? (key: Value) => key : ignoreCase;
  if (attribute === null && items.every((item) => typeof item === 'string'))
    return sortedBy(items, items.map(fold), truth(reverse), evaluation);
  // Keys are lists, so that equal values need no order.
  const get = attributesGetter(attribute, evaluation);
  const keys = items.map((item) => get(item).map(fold));
  return sortedBy(items, keys, truth(reverse), evaluation);
}

function dictSort(value: Value, caseSensitive: Value, by: Value, reverse: Value, evaluation: Evaluation): Value[] {
  const kind = isText(by) ? textOf(by) : '';
  if (kind !== 'key' && kind !== 'value') raise(`the filter 'dictsort' sorts by 'key' or 'value' only`);
  if (value instanceof Undefined) value.fail();
  if (!(value instanceof Dict)) return raise(`the filter 'dictsort' needs a dict, not ${describe(value)}`);
  const entries = value.entries();
  const folded = !truth(caseSensitive);
  const keys = entries.map(([key, item]) => {
    const compared = kind === 'key' ? key : item;
    return folded ? ignoreCase(compared) : compared;
  });
  return sortedBy(entries, keys, truth(reverse), evaluation).map((entry) => new Tuple(entry));
}

/** Lets each item through that has a key of its own. */
function unique(caseSensitive: Value, attribute: Value, evaluation: Evaluation): ItemStep {
  const get =
    attribute === null && !truth(caseSensitive) ? ignoreCase : keyGetter(caseSensitive, attribute, evaluation);
  const seen = new Set<unknown>();
  return (item) => {
    const key = hashKey(get(item));
    if (seen.has(key)) return undefined;
    seen.add(key);
    return item;
  };
}

function keyGetter(
  caseSensitive: Value,
  attribute: Value,
  evaluation: Evaluation,
  preset: Value = null,
): (item: Value) => Value {
  const get = attributeGetter(attribute, evaluation, preset);
  return truth(caseSensitive) ? get : (item) => ignoreCase(get(item));
}

function extreme(
  operator: '<' | '>',
  value: Value,
  caseSensitive: Value,
  attribute: Value,
  evaluation: Evaluation,
): Value {
  const items = iterate(value)[Symbol.iterator]();
  const first = items.next();
  if (first.done) return evaluation.undefinedOf('there is no smallest or largest item, since nothing is there');
  const get = keyGetter(caseSensitive, attribute, evaluation);
  let best = { item: first.value, key: get(first.value) };
  for (let next = items.next(); !next.done; next = items.next()) {
    evaluation.limits.tick();
    const key = get(next.value);
    if (compare(operator, key, best.key, evaluation)) best = { item: next.value, key };
  }
  return best.item;
}

/** A pair whose parts have names. */
class Group extends Tuple {
  override attribute(name: string): Value | undefined {
    if (name === 'grouper') return this.items[0];
    return name === 'list' ? this.items[1] : undefined;
  }
}

function groupBy(value: Value, attribute: Value, preset: Value, caseSensitive: Value, evaluation: Evaluation): Value[] {
  const get = keyGetter(caseSensitive, attribute, evaluation, preset);
  const items = listOf(value, evaluation);
  const keyed = items.map((item) => ({ item, key: get(item) }));
  const keys = keyed.map(({ key }) => key);
  const groups: { key: Value; items: Value[] }[] = [];
  for (const { item, key } of sortedBy(keyed, keys, false, evaluation)) {
    const group = groups.at(-1);
    if (group !== undefined && equal(group.key, key, evaluation)) group.items.push(item);
    else groups.push({ key, items: [item] });
  }
  // The key as the first item of the group has it, not in lower case.
  const written = attributeGetter(attribute, evaluation, preset);
  return groups.map(({ key, items: [first = null, ...rest] }) => {
    const shown = truth(caseSensitive) ? key : written(first);
    return new Group([shown, [first, ...rest]]);
  });
}

export const orderingFilters: readonly NamedFilter[] = [
  filter(
    'sort',
    '? reverse case_sensitive attribute',
    (value, [reverse = false, caseSensitive = false, attribute = null], evaluation) =>
      sort(value, reverse, caseSensitive, attribute, evaluation),
  ),
  filter(
    'dictsort',
    '? case_sensitive by reverse',
    (value, [caseSensitive = false, by = 'key', reverse = false], evaluation) =>
      dictSort(value, caseSensitive, by, reverse, evaluation),
  ),
  filter('unique', '? case_sensitive attribute', (value, [caseSensitive = false, attribute = null], evaluation) =>
    itemGenerator(value, () => unique(caseSensitive, attribute, evaluation), evaluation),
  ),
  filter('min', '? case_sensitive attribute', (value, [caseSensitive = false, attribute = null], evaluation) =>
    extreme('<', value, caseSensitive, attribute, evaluation),
  ),
  filter('max', '? case_sensitive attribute', (value, [caseSensitive = false, attribute = null], evaluation) =>
    extreme('>', value, caseSensitive, attribute, evaluation),
  ),
  filter(
    'groupby',
    'attribute ? default case_sensitive',
    (value, [attribute = null, preset = null, caseSensitive = false], evaluation) =>
      groupBy(value, attribute, preset, caseSensitive, evaluation),
  ),
];
