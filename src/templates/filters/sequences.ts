/** Filters of lists and of other values that can be looped over. */
import {
  add,
  asIndex,
  Dict,
  DictView,
  describe,
  type Evaluation,
  equal,
  escapeHtml,
  floordiv,
  generator,
  getitem,
  ItemTaker,
  isText,
  iterate,
  length,
  listOf,
  Markup,
  mod,
  PythonIterator,
  Range,
  raise,
  slice,
  str,
  Tuple,
  Undefined,
  type Value,
} from '../python/index.ts';
import { attributeGetter } from './attributes.ts';
import { filter, type NamedFilter } from './filter.ts';

function* batch(value: Value, size: Value, fill: Value, evaluation: Evaluation): Generator<Value> {
  let row: Value[] = [];
  for (const item of iterate(value)) {
    evaluation.limits.tick();
    if (equal(row.length, size, evaluation)) {
      yield row;
      row = [];
    }
    row.push(item);
  }
  if (row.length === 0) return;
  if (fill !== null) {
    const wanted = asIndex(size, "the size of a 'batch'");
    evaluation.limits.grow(wanted);
    while (row.length < wanted) row.push(fill);
  }
  yield row;
}

function* sliced(value: Value, slices: Value, fill: Value, evaluation: Evaluation): Generator<Value> {
  const items = listOf(value, evaluation);
  const count = asIndex(slices, "the number of a 'slice'");
  const size = Number(floordiv(items.length, count, evaluation));
  const larger = Number(mod(items.length, count, evaluation));
  let offset = 0;
  for (let number = 0; number < count; number++) {
    evaluation.limits.tick();
    const start = offset + number * size;
    if (number < larger) offset++;
    const part = items.slice(start, offset + (number + 1) * size);
    if (fill !== null && number >= larger) part.push(fill);
    yield part;
  }
}

/** `reversed(value)` as a new list; `undefined` for what has no order to go back. */
function reversed(value: Value, evaluation: Evaluation): Value[] | undefined {
  if (value instanceof Undefined) value.failIfStrict();
  const ordered =
    Array.isArray(value) ||
    isText(value) ||
    value instanceof Tuple ||
    value instanceof Dict ||
    value instanceof DictView ||
    value instanceof Range ||
    value instanceof Undefined;
  return ordered ? listOf(value, evaluation).reverse() : undefined;
}

function reverse(value: Value, evaluation: Evaluation): Value {
  if (isText(value)) return slice(value, null, null, -1, evaluation);
  const items = reversed(value, evaluation);
  return items === undefined ? listOf(value, evaluation).reverse() : new PythonIterator('reversed iterator', items);
}

function first(value: Value, evaluation: Evaluation): Value {
  const next = iterate(value)[Symbol.iterator]().next();
  return next.done ? evaluation.undefinedOf('there is no first item, since nothing is there') : next.value;
}

function last(value: Value, evaluation: Evaluation): Value {
  // Python goes back over a text by its items, which of Markup are Markup.
  if (value instanceof Markup && value.text !== '') return getitem(value, -1, evaluation);
  const items =
    reversed(value, evaluation) ??
    raise(`${describe(value)} has no last item`, 'make a list of it first with the filter list');
  const [item] = items;
  return item === undefined ? evaluation.undefinedOf('there is no last item, since nothing is there') : item;
}

function join(value: Value, separator: Value, attribute: Value, evaluation: Evaluation): Value {
  const get = attribute === null ? undefined : attributeGetter(attribute, evaluation);
  const items = get === undefined ? iterate(value) : listOf(value, evaluation).map(get);
  if (evaluation.autoescape) return joinMarkup(Array.from(items), separator, evaluation);
  const by = str(separator, evaluation);
  const parts: string[] = [];
  let size = 0;
  const rest = new ItemTaker(items);
  for (let item = rest.take(); item !== undefined; item = rest.take()) {
    evaluation.limits.tick();
    const text = typeof item === 'string' ? item : str(item, evaluation);
    size += text.length + by.length;
    parts.push(text);
  }
  evaluation.limits.grow(size);
  return parts.join(by);
}

/** Escapes what is no Markup where the separator or an item is. */
function joinMarkup(items: readonly Value[], separator: Value, evaluation: Evaluation): Value {
  const escaping = separator instanceof Markup || items.some((item) => item instanceof Markup);
  const convert = (item: Value) => (escaping ? escapeHtml(item, evaluation).text : str(item, evaluation));
  const by = convert(separator);
  evaluation.limits.grow(items.length * by.length);
  const text = items.map(convert).join(by);
  evaluation.limits.grow(text.length);
  return escaping ? new Markup(text) : text;
}

function sum(value: Value, attribute: Value, start: Value, evaluation: Evaluation): Value {
  if (isText(start))
    return raise("the filter 'sum' adds no texts", "put them together with the filter join: |join('')");
  const get = attribute === null ? undefined : attributeGetter(attribute, evaluation);
  let total: Value = start;
  for (const item of iterate(value)) {
    evaluation.limits.tick();
    total = add(total, get === undefined ? item : get(item), evaluation);
  }
  return total;
}

function* items(value: Value): Generator<Value> {
  if (value instanceof Undefined) return;
  if (value instanceof Dict) yield* new DictView(value, 'items').iterate();
  else raise(`the filter 'items' needs a dict, not ${describe(value)}`);
}

export const sequenceFilters: readonly NamedFilter[] = [
  filter('batch', 'linecount ? fill_with', (value, [size = null, fill = null], evaluation) =>
    generator(batch(value, size, fill, evaluation)),
  ),
  filter('slice', 'slices ? fill_with', (value, [slices = null, fill = null], evaluation) =>
    generator(sliced(value, slices, fill, evaluation)),
  ),
  filter('first', '', (value, _, evaluation) => first(value, evaluation)),
  filter('last', '', (value, _, evaluation) => last(value, evaluation)),
  filter('reverse', '', (value, _, evaluation) => reverse(value, evaluation)),
  filter('length', '/', (value) => length(value)),
  filter('count', '/', (value) => length(value)),
  filter('list', '', (value, _, evaluation) => listOf(value, evaluation)),
  filter('items', '', (value) => generator(items(value))),
  filter('join', '? d attribute', (value, [separator = '', attribute = null], evaluation) =>
    join(value, separator, attribute, evaluation),
  ),
  filter('sum', '? attribute start', (value, [attribute = null, start = 0], evaluation) =>
    sum(value, attribute, start, evaluation),
  ),
];
