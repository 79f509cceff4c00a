/** Attributes and items: the only way from a value to what it holds. Nothing of JavaScript's objects is in reach. */
import { Dict } from './dict.ts';
import { LimitError } from './errors.ts';
import type { Evaluation } from './evaluation.ts';
import { hashKey } from './hash.ts';
import { asIndex } from './integers.ts';
import { Markup } from './markup.ts';
import { boundMethod, dataAttribute } from './methods/index.ts';
import { quote } from './print.ts';
import { Range } from './range.ts';
import { characters, isPlain } from './text.ts';
import { describe, isInt } from './types.ts';
import { PythonObject, Tuple, Undefined, type Value } from './values.ts';

/** `target.name`: the attribute, else the item. */
export function getattr(target: Value, name: string, evaluation: Evaluation): Value {
  if (name.charCodeAt(0) === underscore && isInternal(name)) return internal(target, name, evaluation);
  // None is a value like any other, so `??` has no place here.
  const attribute = attributeOf(target, name, evaluation);
  if (attribute !== undefined) return attribute;
  const item = itemOf(target, name, evaluation);
  return item === undefined ? missing(target, name, evaluation) : item;
}

/** `target[key]`: the item, else the attribute where the key is a text. */
export function getitem(target: Value, key: Value, evaluation: Evaluation): Value {
  const item = itemOf(target, key, evaluation);
  if (item !== undefined) return item;
  if (typeof key === 'string' || key instanceof Markup) {
    const name = typeof key === 'string' ? key : key.text;
    if (isInternal(name)) return internal(target, name, evaluation);
    const attribute = attributeOf(target, name, evaluation);
    if (attribute !== undefined) return attribute;
  }
  return missing(target, key, evaluation);
}

/** An attribute (data or a method), never an item; `undefined` where there is none. */
export function attributeOf(target: Value, name: string, evaluation: Evaluation): Value | undefined {
  if (target instanceof PythonObject && target.attribute !== undefined) {
    const own = target.attribute(name, evaluation);
    if (own !== undefined) return own;
  }
  return boundMethod(target, name) ?? dataAttribute(target, name);
}

/** The item, `undefined` where there is none or the key is of a type that the target has no items of. */
function itemOf(target: Value, key: Value, evaluation: Evaluation): Value | undefined {
  if (target instanceof Dict) return isHashable(key) ? target.get(key) : undefined;
  if (Array.isArray(target)) return isInt(key) ? target.at(asIndex(key, 'an index')) : undefined;
  if (target === null || typeof target === 'number' || typeof target === 'boolean' || typeof target === 'bigint')
    return undefined;
  if (target instanceof PythonObject && target.item !== undefined) return target.item(key, evaluation);
  if (!isInt(key)) return undefined;
  const index = asIndex(key, 'an index');
  if (typeof target === 'string') return characterAt(target, index);
  if (target instanceof Tuple) return target.items.at(index);
  if (target instanceof Range) {
    const length = target.length();
    const place = index < 0 ? index + length : index;
    return place >= 0 && place < length ? target.at(place) : undefined;
  }
  if (!(target instanceof Markup)) return undefined;
  const character = characterAt(target.text, index);
  return character === undefined ? undefined : new Markup(character);
}

function characterAt(text: string, index: number): string | undefined {
  return isPlain(text) ? text.at(index) : characters(text).at(index);
}

/** @throws UndefinedError for a strict undefined, which refuses to be a key */
export function isHashable(key: Value): boolean {
  if (typeof key === 'string') return true;
  if (key instanceof Undefined) key.failIfStrict();
  try {
    hashKey(key);
    return true;
  } catch (error) {
    if (error instanceof LimitError) throw error;
    return false;
  }
}

const underscore = 95;

/** Names of Python's own, like `__class__`: as attributes they lead to its insides. */
function isInternal(name: string): boolean {
  return name.startsWith('__') && name.endsWith('__') && name.length > 4;
}

/** A dict may have such a key; nothing else has anything of such a name. */
function internal(target: Value, name: string, evaluation: Evaluation): Value {
  if (target instanceof Undefined) target.fail();
  const item = target instanceof Dict && !dictInternals.has(name) ? target.get(name) : undefined;
  if (item !== undefined) return item;
  const message = `the attribute ${quote(name)} of ${describe(target)} is out of reach for templates`;
  return evaluation.undefinedOf(message, name);
}

/** What every dict has in Python, where such an attribute wins over an item. */
const dictInternals: ReadonlySet<string> = new Set(
  (
    'class class_getitem contains delattr delitem dir doc eq format ge getattribute getitem getstate gt hash init ' +
    'init_subclass ior iter le len lt ne new or reduce reduce_ex repr reversed ror setattr setitem sizeof str ' +
    'subclasshook'
  )
    .split(' ')
    .map((name) => `__${name}__`),
);

function missing(target: Value, key: Value, evaluation: Evaluation): Undefined {
  if (target instanceof Undefined) target.fail();
  const name = typeof key === 'string' ? key : key instanceof Markup ? key.text : undefined;
  const place = describe(target).replace(/^an? /, 'this ');
  if (name !== undefined) {
    const known = target instanceof Dict ? () => target.keys().filter((each) => typeof each === 'string') : undefined;
    return evaluation.undefinedOf(`there is no ${quote(name)} in ${place}`, name, known);
  }
  if (isInt(key)) return evaluation.undefinedOf(`there is no item ${String(key)} in ${place}`);
  return evaluation.undefinedOf(`${describe(key)} is no key or index of ${place}`);
}
