/** What the keys of dicts are found by. */
import { LimitError, raise } from './errors.ts';
import { Markup } from './markup.ts';
import { Range } from './range.ts';
import { describe } from './types.ts';
import { Float, Tuple, Undefined, type Value } from './values.ts';

/** Two values that Python takes for the same key have the same one, as a Map compares. */
export type HashKey = string | number | bigint | null | object;

const undefinedKey = {};
const maxLength = 1_000_000;
const numbers = new WeakMap<object, number>();
let lastNumber = 0;

/** @throws TemplateError for lists, dicts and what else can change */
export function hashKey(value: Value): HashKey {
  if (typeof value === 'string') return textKey(value);
  if (value === null || typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return Number(value);
  if (Array.isArray(value)) return refuse(value);
  if (value instanceof Markup) return textKey(value.text);
  if (value instanceof Float) return floatKey(value);
  if (value instanceof Tuple) return `\0t${bounded(value.items.map(part).join(''))}`;
  if (value instanceof Undefined) {
    value.failIfStrict();
    return undefinedKey;
  }
  if (value instanceof Range) return `\0r${value.identity().join(' ')}`;
  return changeable.has(value.typeName) ? refuse(value) : value;
}

/** Types whose values are equal by what they hold, which can change. */
const changeable: ReadonlySet<string> = new Set(['dict', 'dict_keys', 'dict_items']);

function refuse(value: Value): never {
  return raise(`${describe(value)} can't be a key of a dict or be told apart by 'unique'`, 'use a tuple or a text');
}

/** Texts that begin like a composed key are told apart from one. */
function textKey(text: string): string {
  return text.charCodeAt(0) === 0 ? `\0s${text}` : text;
}

function floatKey(float: Float): HashKey {
  const { value } = float;
  if (Number.isNaN(value)) return float;
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? BigInt(value) : value;
}

/** One element of a tuple, such that no two different tuples give the same text. */
function part(value: Value): string {
  const key = hashKey(value);
  if (typeof key === 'string') return `s${key.length}:${key}`;
  if (typeof key === 'number' || typeof key === 'bigint') return `n${key};`;
  return key === null ? 'z' : `o${numberOf(key)};`;
}

function numberOf(object: object): number {
  const known = numbers.get(object);
  if (known !== undefined) return known;
  numbers.set(object, ++lastNumber);
  return lastNumber;
}

function bounded(text: string): string {
  if (text.length > maxLength) throw new LimitError('this tuple is too large for a key');
  return text;
}
