/** Types of values: their names in Python, in words, and what is true of them. */
import { Markup } from './markup.ts';
import { Float, PythonObject, Tuple, Undefined, type Value } from './values.ts';

/** The name of the value's type, as Python has it. */
export function typeName(value: Value): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number' || typeof value === 'bigint') return 'int';
  return value instanceof PythonObject ? value.typeName : 'list';
}

/** What a value is, in words for messages. */
export function describe(value: Value): string {
  if (value === null) return 'none';
  if (typeof value === 'string' || value instanceof Markup) return 'a text';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint') return 'an integer';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Float) return 'a float';
  if (value instanceof Tuple) return 'a tuple';
  if (value instanceof Undefined) return 'something undefined';
  if (value.typeName === 'dict') return 'a dict';
  if (value.typeName.includes('iterator') || value.typeName === 'generator') return 'a generator';
  if (/function|method|type/.test(value.typeName)) return 'a function';
  return `a ${value.typeName}`;
}

/** `bool(value)`. */
export function truth(value: Value): boolean {
  // Not a switch, for which JavaScript would make the name of the type.
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return value !== '';
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'bigint') return true;
  if (value === null) return false;
  return Array.isArray(value) ? value.length > 0 : value.truth();
}

/** Whether Python's `isinstance(value, str)` holds. */
export function isText(value: Value): value is string | Markup {
  return typeof value === 'string' || value instanceof Markup;
}

/** The characters of a `str`. */
export function textOf(value: string | Markup): string {
  return typeof value === 'string' ? value : value.text;
}

/** Whether Python's `isinstance(value, int)` holds. */
export function isInt(value: Value | undefined): value is number | bigint | boolean {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean';
}
