/** The border between JavaScript's data and templates' values. */
import { Dict } from './dict.ts';
import { raise } from './errors.ts';
import { NativeFunction } from './function.ts';
import { normalise } from './integers.ts';
import { isIterable, iterate } from './iteration.ts';
import { Markup } from './markup.ts';
import { describe } from './types.ts';
import { Float, PythonObject, Tuple, Undefined, type Value } from './values.ts';

/**
 * Data (from YAML, JSON or code) as a value: no object of JavaScript's reaches a template. Maps and plain objects become
 * dicts, numbers with a fraction or beyond the safe range floats, functions something to call with plain data.
 * Data that is shared or holds itself stays so.
 */
export function fromData(data: unknown): Value {
  return convert(data, new Map());
}

function convert(data: unknown, known: Map<object, Value>): Value {
  if (data === null || data === undefined) return null;
  if (typeof data === 'string' || typeof data === 'boolean') return data;
  if (typeof data === 'number') return Number.isSafeInteger(data) ? data + 0 : new Float(data);
  if (typeof data === 'bigint') return normalise(data);
  if (data instanceof PythonObject) return data;
  if (typeof data === 'function') return fromFunction(data.name, data as (...args: readonly unknown[]) => unknown);
  if (typeof data !== 'object') return raise(`${typeof data} is nothing that a template can use`);
  const seen = known.get(data);
  if (seen !== undefined) return seen;
  if (Array.isArray(data) || data instanceof Set) {
    const list: Value[] = [];
    known.set(data, list);
    for (const item of data) list.push(convert(item, known));
    return list;
  }
  const dict = new Dict();
  known.set(data, dict);
  if (data instanceof Map)
    for (const [key, value] of data) dict.set(frozen(convert(key, known)), convert(value, known));
  else for (const [key, value] of Object.entries(data)) dict.set(key, convert(value, known));
  return dict;
}

/** A list as the key of a map is a tuple, since lists can't be keys. */
function frozen(key: Value): Value {
  return Array.isArray(key) ? new Tuple(key.map(frozen)) : key;
}

/** Keyword arguments, if any, come as one object after the others. */
function fromFunction(name: string, body: (...args: readonly unknown[]) => unknown): NativeFunction {
  return new NativeFunction(name, (args, kwargs) => {
    const plain = args.map(toData);
    if (kwargs.size > 0) plain.push(Object.fromEntries(Array.from(kwargs, ([key, value]) => [key, toData(value)])));
    return fromData(body(...plain));
  });
}

/**
 * A value as plain data: dicts as objects, tuples and generators as arrays, floats as numbers, Markup as text.
 * @throws TemplateError for what is no data: functions, something undefined
 */
export function toData(value: Value): unknown {
  return plain(value, new Map());
}

/** Taken for what is being converted: a value that holds it holds itself. */
const unfinished = Symbol('unfinished');

function plain(value: Value, known: Map<object, unknown>): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Float) return value.value;
  if (value instanceof Markup) return value.text;
  if (value instanceof Undefined) value.fail();
  const seen = known.get(value);
  if (seen === unfinished) raise(`${describe(value)} holds itself`);
  if (seen !== undefined) return seen;
  known.set(value, unfinished);
  const data = collection(value, known);
  known.set(value, data);
  return data;
}

function collection(value: Value[] | PythonObject, known: Map<object, unknown>): unknown {
  if (value instanceof Dict) {
    const entries = Array.from(value.entries(), ([key, item]) => [String(plain(key, known)), plain(item, known)]);
    return Object.fromEntries(entries);
  }
  if (Array.isArray(value) || isIterable(value)) return Array.from(iterate(value), (item) => plain(item, known));
  return raise(`${describe(value)} is no data`);
}
