/** Attribute paths, as `map(attribute='a.b.0')` and others take them. */
import { type Evaluation, getitem, isText, textOf, Undefined, type Value } from '../python/index.ts';

type Getter = (item: Value) => Value;

function partsOf(path: Value): readonly Value[] {
  if (path === null) return [];
  if (!isText(path)) return [path];
  return textOf(path)
    .split('.')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** A text in lower case; other values as they are. */
export function ignoreCase(value: Value): Value {
  if (typeof value === 'string') return value.toLowerCase();
  return isText(value) ? textOf(value).toLowerCase() : value;
}

/**
 * Looks up an item by a path with dots; the item itself where the path is none.
 * @param preset taken for each part that is undefined, unless none
 */
export function attributeGetter(path: Value, evaluation: Evaluation, preset: Value = null): Getter {
  const parts = partsOf(path);
  return (item) => {
    let value = item;
    for (const part of parts) {
      value = getitem(value, part, evaluation);
      if (preset !== null && value instanceof Undefined) value = preset;
    }
    return value;
  };
}

/** Looks up the items of several paths, separated by commas. */
export function attributesGetter(paths: Value, evaluation: Evaluation): (item: Value) => Value[] {
  const each = isText(paths) ? textOf(paths).split(',') : [paths];
  const getters = each.map((path) => attributeGetter(path, evaluation));
  return (item) => getters.map((getter) => getter(item));
}
