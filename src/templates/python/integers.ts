/** Python's ints: numbers within the safe range, bigints beyond it. */
import { LimitError, raise } from './errors.ts';
import { asciiDigits } from './text.ts';
import { describe, isInt } from './types.ts';
import { Float, Undefined, type Value } from './values.ts';

export type Int = number | bigint;

/** Larger ints are refused: nothing that is written in a template needs them, and they take time and memory. */
const maxBits = 1 << 20;
/** Python converts no longer ints to or from text. */
const maxDigits = 4300;

/** A bigint as the value it stands for. */
export function normalise(value: bigint): Int {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

/** The int of a `bool` or int. */
export function toInt(value: number | bigint | boolean): Int {
  return typeof value === 'boolean' ? Number(value) : value;
}

export function bitLength(value: Int): number {
  const magnitude = value < 0 ? -BigInt(value) : BigInt(value);
  return magnitude === 0n ? 0 : magnitude.toString(2).length;
}

/** @throws LimitError for an int that would get too long */
export function checkBits(bits: number): void {
  if (bits > maxBits) throw new LimitError(`an integer of more than ${maxBits} bits is too large`);
}

export function addInts(left: Int, right: Int): Int {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return normalise(BigInt(left) + BigInt(right));
}

export function subInts(left: Int, right: Int): Int {
  return addInts(left, negInt(right));
}

export function negInt(value: Int): Int {
  return typeof value === 'number' ? 0 - value : normalise(-value);
}

export function mulInts(left: Int, right: Int): Int {
  if (typeof left === 'number' && typeof right === 'number') {
    const product = left * right;
    // Adding zero makes -0 an ordinary zero.
    if (Number.isSafeInteger(product)) return product + 0;
  }
  checkBits(bitLength(left) + bitLength(right));
  return normalise(BigInt(left) * BigInt(right));
}

/** `left % right`, with the sign of the right side. */
export function modInts(left: Int, right: Int): Int {
  if (right === 0) raise('an integer is divided by zero');
  if (typeof left === 'number' && typeof right === 'number') {
    const rest = left % right;
    return rest !== 0 && rest < 0 !== right < 0 ? rest + right : rest + 0;
  }
  const divisor = BigInt(right);
  const rest = BigInt(left) % divisor;
  return normalise(rest !== 0n && rest < 0n !== divisor < 0n ? rest + divisor : rest);
}

/** `left // right`, rounded down. */
export function floordivInts(left: Int, right: Int): Int {
  if (right === 0) raise('an integer is divided by zero');
  const rest = modInts(left, right);
  if (typeof left === 'number' && typeof right === 'number' && typeof rest === 'number') {
    const multiple = left - rest;
    if (Number.isSafeInteger(multiple)) return multiple / right + 0;
  }
  return normalise((BigInt(left) - BigInt(rest)) / BigInt(right));
}

/** `left / right`, correctly rounded. */
export function divInts(left: Int, right: Int): number {
  if (right === 0) raise('an integer is divided by zero');
  if (typeof left === 'number' && typeof right === 'number') return left / right;
  const negative = left < 0 !== right < 0;
  const dividend = left < 0 ? -BigInt(left) : BigInt(left);
  const divisor = right < 0 ? -BigInt(right) : BigInt(right);
  // A quotient of at least 66 bits, with a sticky bit, rounds as the exact one.
  const shift = BigInt(Math.max(0, bitLength(divisor) - bitLength(dividend) + 66));
  const scaled = dividend << shift;
  const quotient = scaled / divisor;
  const exact = quotient * divisor === scaled;
  const result = Number(exact ? quotient : quotient | 1n) / 2 ** Number(shift);
  if (!Number.isFinite(result)) raise('the result of this division is too large for a float');
  return negative ? -result : result;
}

/** `base ** exponent` for an exponent that is not negative. */
export function powInts(base: Int, exponent: Int): Int {
  if (base === 0 || base === 1) return exponent === 0 ? 1 : base;
  if (base === -1) return modInts(exponent, 2) === 0 ? 1 : -1;
  checkBits((bitLength(base) - 1) * Number(exponent));
  const power = Number(base) ** Number(exponent);
  return Number.isSafeInteger(power) ? power : normalise(BigInt(base) ** BigInt(exponent));
}

/** As a float. @throws TemplateError where it is too large for one */
export function intToFloat(value: Int): number {
  const number = Number(value);
  return Number.isFinite(number) ? number : raise('this integer is too large for a float');
}

/** The decimal digits of an int, as `str()` gives them. */
export function intText(value: Int): string {
  const text = String(value);
  return typeof value === 'number' ? text : checkDigits(text);
}

function checkDigits(text: string): string {
  return text.length > maxDigits + 1
    ? raise(`an integer of more than ${maxDigits} digits can't be converted to or from text`)
    : text;
}

/**
 * What `int(text, base)` gives; `undefined` where the text is no integer.
 * @param base 2 to 36, or 0 for the one that the prefix says
 */
export function parseInteger(text: string, base: number): Int | undefined {
  const match = /^([+-]?)(0[xXoObB]_?)?([0-9a-zA-Z_]+)$/.exec(asciiDigits(text));
  if (match === null) return undefined;
  const [, sign = '', prefix, rest = ''] = match;
  const prefixBase = { x: 16, o: 8, b: 2 }[prefix?.charAt(1).toLowerCase() ?? ''];
  const prefixed = prefixBase !== undefined && (base === 0 || base === prefixBase);
  const digits = prefixed || prefix === undefined ? rest : `${prefix}${rest}`;
  const radix = base === 0 ? (prefixBase ?? 10) : base;
  if (digits.startsWith('_') || digits.endsWith('_') || digits.includes('__')) return undefined;
  const plain = digits.replaceAll('_', '');
  if (base === 0 && !prefixed && /^0+[1-9]/.test(plain)) return undefined;
  for (const digit of plain) if (!(Number.parseInt(digit, 36) < radix)) return undefined;
  if (plain.length > 15) checkDigits(plain);
  const magnitude = plain.length <= 10 ? Number.parseInt(plain, radix) : readDigits(plain, radix);
  return sign === '-' ? negInt(magnitude) : magnitude;
}

function readDigits(digits: string, radix: number): Int {
  if (radix === 10) return normalise(BigInt(digits));
  let value = 0n;
  for (const digit of digits) value = value * BigInt(radix) + BigInt(Number.parseInt(digit, 36));
  return normalise(value);
}

/**
 * An int that is used as an index, a count or a width, cut to the safe range.
 * @param what it is for, for the message
 */
export function asIndex(value: Value, what: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'bigint') return value < 0n ? -Number.MAX_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
  if (value instanceof Undefined) value.fail();
  return raise(`${what} has to be an integer, not ${describe(value)}`);
}

/** The digits of an int without its sign. */
export function intDigits(value: Int, base: number): string {
  if (base === 10) return intText(value < 0 ? negInt(value) : value);
  return (value < 0 ? -BigInt(value) : value).toString(base);
}

/** A float, its fraction cut off. */
export function truncate(value: number): Int {
  if (!Number.isFinite(value)) return raise(`${value} can't be converted to an integer`);
  const whole = Math.trunc(value);
  return Number.isSafeInteger(whole) ? whole + 0 : BigInt(whole);
}

/** The int of a number. @param what it is for, for the message */
export function intArgument(value: Value, what: string): Int {
  if (value instanceof Float) return truncate(value.value);
  if (isInt(value)) return toInt(value);
  if (value instanceof Undefined) value.fail();
  return raise(`${what} needs a number, not ${describe(value)}`);
}

/** The float of a number. @param what it is for, for the message */
export function floatArgument(value: Value, what: string): number {
  if (value instanceof Float) return value.value;
  if (isInt(value)) return intToFloat(toInt(value));
  if (value instanceof Undefined) value.fail();
  return raise(`${what} needs a number, not ${describe(value)}`);
}

/** An int rounded to a multiple of 10 ** -decimals, half to even. */
export function roundInt(value: Int, decimals: number): Int {
  if (decimals >= 0) return value;
  if (-decimals > maxDigits) return 0;
  const unit = 10n ** BigInt(-decimals);
  const rest = BigInt(modInts(value, normalise(unit)));
  const down = BigInt(value) - rest;
  const up = rest * 2n > unit || (rest * 2n === unit && (down / unit) % 2n !== 0n);
  return normalise(up ? down + unit : down);
}
