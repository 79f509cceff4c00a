/** Arithmetic operators. */
import { powFloat } from './decimal.ts';
import { raise } from './errors.ts';
import type { Evaluation } from './evaluation.ts';
import {
  addInts,
  asIndex,
  divInts,
  floordivInts,
  type Int,
  intToFloat,
  modInts,
  mulInts,
  negInt,
  powInts,
  subInts,
  toInt,
} from './integers.ts';
import { escapeHtml, Markup } from './markup.ts';
import { percentFormat } from './percent-format.ts';
import { str } from './print.ts';
import { textLength } from './text.ts';
import { describe, isInt, isText, textOf } from './types.ts';
import { Float, Tuple, Undefined, type Value } from './values.ts';

/** `left + right`: of numbers, texts, lists or tuples. */
export function add(left: Value, right: Value, evaluation: Evaluation): Value {
  if (typeof left === 'number' && typeof right === 'number') return addInts(left, right);
  if (typeof left === 'string' && typeof right === 'string') {
    evaluation.limits.grow(left.length + right.length);
    return left + right;
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    evaluation.limits.grow(left.length + right.length);
    return joined(left, right);
  }
  if (left instanceof Tuple && right instanceof Tuple) {
    evaluation.limits.grow(left.items.length + right.items.length);
    return new Tuple(joined(left.items, right.items));
  }
  if (isText(left) && isText(right)) return concatMarkup([left, right], evaluation);
  return numbers(left, right, '+', addInts, (a, b) => a + b);
}

/** As `left.concat(right)`, which for short lists takes longer. */
function joined(left: readonly Value[], right: readonly Value[]): Value[] {
  const all = left.slice();
  for (const item of right) all.push(item);
  return all;
}

export function sub(left: Value, right: Value, _evaluation: Evaluation): Value {
  return numbers(left, right, '-', subInts, (a, b) => a - b);
}

/** `left * right`: of numbers, or a text, list or tuple repeated. */
export function mul(left: Value, right: Value, evaluation: Evaluation): Value {
  if (isInt(right) && isRepeatable(left)) return repeat(left, right, evaluation);
  if (isInt(left) && isRepeatable(right)) return repeat(right, left, evaluation);
  return numbers(left, right, '*', mulInts, (a, b) => a * b);
}

/** `left / right`: always a float. */
export function div(left: Value, right: Value, _evaluation: Evaluation): Value {
  return numbers(
    left,
    right,
    '/',
    (a, b) => new Float(divInts(a, b)),
    (a, b) => a / notZero(b),
  );
}

/** `left // right`: rounded down. */
export function floordiv(left: Value, right: Value, _evaluation: Evaluation): Value {
  return numbers(left, right, '//', floordivInts, (a, b) => floordivFloats(a, notZero(b)));
}

/** `left % right`: the rest with the sign of the right side, or a text with values filled in. */
export function mod(left: Value, right: Value, evaluation: Evaluation): Value {
  if (isText(left)) return percentFormat(left, right, evaluation);
  return numbers(left, right, '%', modInts, (a, b) => modFloats(a, notZero(b)));
}

export function pow(left: Value, right: Value, _evaluation: Evaluation): Value {
  return numbers(
    left,
    right,
    '**',
    (base, exponent) =>
      exponent < 0 ? new Float(powFloats(intToFloat(base), intToFloat(exponent))) : powInts(base, exponent),
    powFloats,
  );
}

export function neg(value: Value, _evaluation: Evaluation): Value {
  if (isInt(value)) return negInt(toInt(value));
  if (value instanceof Float) return new Float(-value.value);
  if (value instanceof Undefined) value.fail();
  return raise(`${describe(value)} has no negative`);
}

export function pos(value: Value, _evaluation: Evaluation): Value {
  if (isInt(value)) return toInt(value);
  if (value instanceof Float) return value;
  if (value instanceof Undefined) value.fail();
  return raise(`${describe(value)} can't have a '+' before it`);
}

/** The operator `~`: its operands as one text. */
export function concat(parts: readonly Value[], evaluation: Evaluation): Value {
  if (evaluation.autoescape && parts.some((part) => part instanceof Markup)) return concatMarkup(parts, evaluation);
  let text = '';
  for (const part of parts) text += typeof part === 'string' ? part : str(part, evaluation);
  evaluation.limits.grow(text.length);
  return text;
}

/** Parts that are no Markup are escaped. */
function concatMarkup(parts: readonly Value[], evaluation: Evaluation): Markup {
  let text = '';
  for (const part of parts) text += escapeHtml(part, evaluation).text;
  evaluation.limits.grow(text.length);
  return new Markup(text);
}

function numbers(
  left: Value,
  right: Value,
  operator: string,
  ints: (left: Int, right: Int) => Value,
  floats: (left: number, right: number) => number,
): Value {
  if (isInt(left) && isInt(right)) return ints(toInt(left), toInt(right));
  const a = floatOf(left);
  const b = a === undefined ? undefined : floatOf(right);
  if (a !== undefined && b !== undefined) return new Float(floats(a, b));
  if (left instanceof Undefined) left.fail();
  if (right instanceof Undefined) right.fail();
  return raise(
    `'${operator}' can't be used with ${describe(left)} and ${describe(right)}`,
    operator === '+' && (isText(left) || isText(right)) ? "join texts and other values with '~'" : undefined,
  );
}

function floatOf(value: Value): number | undefined {
  if (value instanceof Float) return value.value;
  return isInt(value) ? intToFloat(toInt(value)) : undefined;
}

type Repeatable = string | Markup | Value[] | Tuple;

function isRepeatable(value: Value): value is Repeatable {
  return typeof value === 'string' || Array.isArray(value) || value instanceof Tuple || value instanceof Markup;
}

function repeat(value: Repeatable, times: number | bigint | boolean, evaluation: Evaluation): Value {
  if (typeof times === 'bigint' && BigInt.asIntN(64, times) !== times) raise('this count is too large');
  const count = Math.max(0, asIndex(times, 'the count'));
  if (isText(value)) {
    const text = textOf(value);
    const repeated = repeatText(text, count, evaluation);
    return typeof value === 'string' ? repeated : new Markup(repeated);
  }
  const items = Array.isArray(value) ? value : value.items;
  const length = items.length * count;
  evaluation.limits.grow(length);
  const repeated: Value[] = [];
  if (length > 0) for (let index = 0; index < count; index++) for (const item of items) repeated.push(item);
  return Array.isArray(value) ? repeated : new Tuple(repeated);
}

/** A text repeated, within the limits. */
export function repeatText(text: string, count: number, evaluation: Evaluation): string {
  if (text === '' || count <= 0) return '';
  evaluation.limits.grow(textLength(text) * count);
  return text.repeat(count);
}

function notZero(divisor: number): number {
  return divisor === 0 ? raise('a number is divided by zero') : divisor;
}

function modFloats(left: number, right: number): number {
  const rest = left % right;
  if (rest === 0) return right < 0 ? -0 : 0;
  return rest < 0 !== right < 0 ? rest + right : rest;
}

/** As CPython's float_divmod: the quotient that goes with the rest, not the rounded one. */
function floordivFloats(left: number, right: number): number {
  const rest = left % right;
  const adjusted = rest !== 0 && rest < 0 !== right < 0 ? 1 : 0;
  const quotient = (left - rest) / right - adjusted;
  if (quotient === 0) return left / right < 0 || Object.is(left / right, -0) ? -0 : 0;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

function powFloats(base: number, exponent: number): number {
  if (base === 1 || exponent === 0) return 1;
  if (base === 0 && exponent === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY;
  if (base === 0 && exponent < 0) raise('zero has no negative power');
  if (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent)) return 1;
  if (base < 0 && Number.isFinite(base) && Number.isFinite(exponent) && !Number.isInteger(exponent))
    raise('this power of a negative number is no real number');
  const exact = Number.isFinite(base) && base !== 0 && Number.isInteger(exponent) && Math.abs(exponent) <= 1100;
  const power = exact ? powFloat(base, exponent) : base ** exponent;
  if (!Number.isFinite(power) && Number.isFinite(base) && Number.isFinite(exponent))
    raise('the result of this power is too large for a float');
  return power;
}
