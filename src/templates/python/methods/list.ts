/** Methods of lists, tuples and ranges. */
import { call } from '../call.ts';
import { contains, equal } from '../compare.ts';
import { raise } from '../errors.ts';
import { countItem, type Evaluation, noKwargs } from '../evaluation.ts';
import { asIndex } from '../integers.ts';
import { listOf } from '../iteration.ts';
import type { Range } from '../range.ts';
import { sortedBy } from '../sort.ts';
import { truth } from '../types.ts';
import type { Tuple, Value } from '../values.ts';
import { type Bound, type Methods, method } from './method.ts';

export const listMethods: Methods<Value[]> = new Map([
  method<Value[]>('append', 'object /', (self, [item = null], { limits }) => {
    self.push(item);
    countItem(limits, self.length);
    return null;
  }),
  method<Value[]>('extend', 'iterable /', (self, [items = null], evaluation) => {
    const added = listOf(items, evaluation);
    evaluation.limits.grow(self.length + added.length);
    for (const item of added) self.push(item);
    return null;
  }),
  method<Value[]>('insert', 'index object /', (self, [index = null, item = null], { limits }) => {
    self.splice(asIndex(index, 'the index'), 0, item);
    countItem(limits, self.length);
    return null;
  }),
  method<Value[]>('pop', '? index /', (self, [index = -1]) => {
    if (self.length === 0) raise('nothing can be popped from an empty list');
    const asked = asIndex(index, 'the index');
    const place = asked < 0 ? asked + self.length : asked;
    if (place < 0 || place >= self.length) raise(`there is no item ${asked} to pop from the list`);
    const [item = null] = self.splice(place, 1);
    return item;
  }),
  method<Value[]>('remove', 'value /', (self, args, evaluation) => {
    self.splice(indexOf(self, args, evaluation), 1);
    return null;
  }),
  method<Value[]>('reverse', '/', (self) => {
    self.reverse();
    return null;
  }),
  ['sort', (self, args, kwargs, evaluation) => sort(self, args, kwargs, evaluation)],
  method<Value[]>('index', 'value ? start stop /', indexOf),
  method<Value[]>('count', 'value /', countOf),
  method<Value[]>('copy', '/', (self) => self.slice()),
  method<Value[]>('clear', '/', (self) => {
    self.length = 0;
    return null;
  }),
]);

export const tupleMethods: Methods<Tuple> = new Map([
  method<Tuple>('index', 'value ? start stop /', (self, args, evaluation) => indexOf(self.items, args, evaluation)),
  method<Tuple>('count', 'value /', (self, args, evaluation) => countOf(self.items, args, evaluation)),
]);

export const rangeMethods: Methods<Range> = new Map([
  method<Range>('index', 'value /', (self, args, evaluation) => indexOf([...self.iterate()], args, evaluation)),
  method<Range>('count', 'value /', (self, [value = null], evaluation) => Number(contains(self, value, evaluation))),
]);

function indexOf(items: readonly Value[], [value = null, start = 0, stop]: Bound, evaluation: Evaluation): number {
  const place = (bound: Value) => {
    const index = asIndex(bound, 'a bound');
    return index < 0 ? Math.max(0, index + items.length) : index;
  };
  const end = stop === undefined ? items.length : Math.min(place(stop), items.length);
  for (let index = place(start); index < end; index++)
    if (sameOrEqual(items[index] ?? null, value, evaluation)) return index;
  return raise('the value is not in the list');
}

function countOf(items: readonly Value[], [value = null]: Bound, evaluation: Evaluation): number {
  let count = 0;
  for (const item of items) {
    evaluation.limits.tick();
    if (sameOrEqual(item, value, evaluation)) count++;
  }
  return count;
}

function sameOrEqual(item: Value, value: Value, evaluation: Evaluation): boolean {
  evaluation.limits.tick();
  return (item === value && typeof item === 'object') || equal(item, value, evaluation);
}

function sort(self: Value[], args: readonly Value[], kwargs: ReadonlyMap<string, Value>, evaluation: Evaluation): null {
  if (args.length > 0) raise("the method 'sort' takes its arguments by name only: key, reverse");
  for (const name of kwargs.keys())
    if (name !== 'key' && name !== 'reverse')
      raise(`the method 'sort' has no argument '${name}'`, 'it has key, reverse');
  const key = kwargs.get('key') ?? null;
  const items = self.slice();
  const keys = key === null ? items : items.map((item) => call(key, [item], noKwargs, evaluation));
  const sorted = sortedBy(items, keys, truth(kwargs.get('reverse') ?? false), evaluation);
  for (const [place, item] of sorted.entries()) self[place] = item;
  return null;
}
