/** Methods of dicts. */
import { Dict, DictView } from '../dict.ts';
import { raise } from '../errors.ts';
import { countItem, type Evaluation, type Kwargs } from '../evaluation.ts';
import { isIterable, iterate, listOf } from '../iteration.ts';
import { repr } from '../print.ts';
import { describe } from '../types.ts';
import { Tuple, Undefined, type Value } from '../values.ts';
import { type Methods, method } from './method.ts';

export const dictMethods: Methods<Dict> = new Map([
  method<Dict>('keys', '/', (self) => new DictView(self, 'keys')),
  method<Dict>('values', '/', (self) => new DictView(self, 'values')),
  method<Dict>('items', '/', (self) => new DictView(self, 'items')),
  method<Dict>('get', 'key ? default /', (self, [key = null, preset = null]) => {
    const value = self.get(key);
    return value === undefined ? preset : value;
  }),
  [
    'update',
    (self, args, kwargs, evaluation) => {
      updateDict(self, "the method 'update'", args, kwargs, evaluation);
      return null;
    },
  ],
  method<Dict>('setdefault', 'key ? default /', (self, [key = null, preset = null], { limits }) => {
    const known = self.get(key);
    if (known !== undefined) return known;
    self.set(key, preset);
    countItem(limits, self.size);
    return preset;
  }),
  method<Dict>('pop', 'key ? default /', (self, [key = null, preset], evaluation) => {
    const value = self.get(key);
    self.delete(key);
    if (value !== undefined) return value;
    return preset === undefined ? raise(`there is no key ${repr(key, evaluation)} to pop from the dict`) : preset;
  }),
  method<Dict>('popitem', '/', (self) => {
    const key = self.keys().at(-1);
    if (key === undefined) return raise('nothing can be popped from an empty dict');
    const item = new Tuple([key, self.get(key) ?? null]);
    self.delete(key);
    return item;
  }),
  method<Dict>('copy', '/', (self) => self.copy()),
  method<Dict>('clear', '/', (self) => {
    self.clear();
    return null;
  }),
  method<Dict>('fromkeys', 'iterable ? value /', (_self, [keys = null, value = null], evaluation) =>
    dictFromKeys(keys, value, evaluation),
  ),
]);

export function dictFromKeys(keys: Value, value: Value, evaluation: Evaluation): Dict {
  return Dict.of(listOf(keys, evaluation).map((key) => [key, value] as const));
}

/** What `dict.update()` and `dict()` do: a dict or pairs, then keyword arguments. */
export function updateDict(
  dict: Dict,
  name: string,
  args: readonly Value[],
  kwargs: Kwargs,
  evaluation: Evaluation,
): void {
  const [other] = args;
  // Python looks for an attribute `keys`, which nothing undefined has.
  if (other instanceof Undefined) other.fail();
  if (args.length > 1) raise(`${name} takes at most 1 argument without a name, not ${args.length}`);
  const entries =
    other === undefined ? [] : other instanceof Dict ? [...other.entries()] : pairs(other, name, evaluation);
  for (const [key, value] of [...entries, ...kwargs]) {
    const { size } = dict;
    dict.set(key, value);
    if (dict.size > size) countItem(evaluation.limits, dict.size);
  }
}

function* pairs(value: Value, name: string, evaluation: Evaluation): Generator<[Value, Value]> {
  for (const item of iterate(value)) {
    evaluation.limits.tick();
    const pair = isIterable(item) ? listOf(item, evaluation) : [];
    const [key, content] = pair;
    if (pair.length !== 2 || key === undefined || content === undefined)
      raise(`${name} needs a dict or pairs of key and value, but got ${describe(item)} among them`);
    else yield [key, content];
  }
}
