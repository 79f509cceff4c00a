/** Filters that apply other filters and tests to each item: map, select, reject. */
import {
  type Evaluation,
  type Filter,
  isText,
  itemGenerator,
  type Kwargs,
  raise,
  repr,
  textOf,
  truth,
  Undefined,
  type Value,
} from '../python/index.ts';
import { attributeGetter } from './attributes.ts';
import type { NamedFilter } from './filter.ts';

/** A filter or test by a name that is known only now. It is looked up where the first item needs it. */
function lookUp<Found>(
  kind: 'filter' | 'test',
  name: Value,
  find: (name: string) => Found | undefined,
  evaluation: Evaluation,
): () => Found {
  let found: Found | undefined;
  return () => {
    if (name instanceof Undefined) name.fail();
    found ??= isText(name) ? find(textOf(name)) : undefined;
    return found ?? raise(`there is no ${kind} named ${repr(name, evaluation)}`);
  };
}

function mapping(args: readonly Value[], kwargs: Kwargs, evaluation: Evaluation): (item: Value) => Value {
  const attribute = kwargs.get('attribute');
  if (args.length === 0 && attribute !== undefined) {
    for (const name of kwargs.keys())
      if (name !== 'attribute' && name !== 'default')
        raise(`the filter 'map' has no argument '${name}'`, 'with an attribute it has default');
    return attributeGetter(attribute, evaluation, kwargs.get('default') ?? null);
  }
  const [name] = args;
  const rest = args.slice(1);
  if (name === undefined) return raise("the filter 'map' needs the name of a filter, or attribute=");
  const filter = lookUp('filter', name, (wanted) => evaluation.filter(wanted), evaluation);
  return (item) => filter()(evaluation, item, rest, kwargs);
}

/** Whether an item passes: the test that is named, else its truth. */
function passing(
  args: readonly Value[],
  kwargs: Kwargs,
  byAttribute: boolean,
  evaluation: Evaluation,
): (item: Value) => boolean {
  const [attribute] = args;
  if (byAttribute && attribute === undefined) raise('the name of an attribute is missing');
  const get = byAttribute ? attributeGetter(attribute ?? null, evaluation) : (item: Value) => item;
  const [name, ...rest] = byAttribute ? args.slice(1) : args;
  if (name === undefined) return (item) => truth(get(item));
  const test = lookUp('test', name, (wanted) => evaluation.test(wanted), evaluation);
  return (item) => test()(evaluation, get(item), rest, kwargs);
}

function selecting(wanted: boolean, byAttribute: boolean): Filter {
  return (evaluation, value, args, kwargs) =>
    itemGenerator(
      value,
      () => {
        if (!truth(value)) return undefined;
        const passes = passing(args, kwargs, byAttribute, evaluation);
        return (item) => (passes(item) === wanted ? item : undefined);
      },
      evaluation,
    );
}

const map: Filter = (evaluation, value, args, kwargs) =>
  itemGenerator(value, () => (truth(value) ? mapping(args, kwargs, evaluation) : undefined), evaluation);

export const selectionFilters: readonly NamedFilter[] = [
  ['map', map],
  ['select', selecting(true, false)],
  ['reject', selecting(false, false)],
  ['selectattr', selecting(true, true)],
  ['rejectattr', selecting(false, true)],
];
