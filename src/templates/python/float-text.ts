/** Floats as text. */
import { fixedDigits, shortestDigits, significantDigits } from './decimal.ts';
import { asciiDigits } from './text.ts';

export interface FloatStyle {
  /** As in `printf`: exponent, fixed point, general; `r` for the shortest that reads back the same. */
  readonly kind: 'e' | 'f' | 'g' | 'r';
  /** Decimals for `e` and `f`, significant digits for `g`. */
  readonly precision: number;
  /** Keeps the point and, for `g`, zeros at the end. */
  readonly alternate?: boolean;
  /** Ends an integer value with `.0`. */
  readonly pointZero?: boolean;
}

/** What `repr()` gives. */
export function floatText(value: number): string {
  return signOf(value) + unsignedFloatText(Math.abs(value), { kind: 'r', precision: 0, pointZero: true });
}

export function signOf(value: number): '-' | '' {
  return value < 0 || Object.is(value, -0) ? '-' : '';
}

/** A float that is not negative, in lower case. */
export function unsignedFloatText(value: number, style: FloatStyle): string {
  if (Number.isNaN(value)) return 'nan';
  if (value === Number.POSITIVE_INFINITY) return 'inf';
  const { kind, precision, alternate = false, pointZero = false } = style;
  if (kind === 'f') return withPoint(fixedDigits(value, precision), alternate);
  if (kind === 'e') {
    const { digits, exponent } = significantDigits(value, precision + 1);
    return withExponent(digits, exponent, alternate);
  }
  const count = kind === 'g' ? Math.max(precision, 1) : 17;
  const { digits, exponent } = kind === 'g' ? significantDigits(value, count) : shortestDigits(value);
  const kept = alternate ? digits : digits.replace(/0+$/, '') || '0';
  const least = kind === 'r' ? 16 : count - (pointZero ? 1 : 0);
  if (exponent < -4 || exponent >= least) return withExponent(kept, exponent, alternate);
  const text = placePoint(kept, exponent, alternate);
  if (!pointZero) return text;
  return text.endsWith('.') ? `${text}0` : text.includes('.') ? text : `${text}.0`;
}

function withPoint(text: string, always: boolean): string {
  return always && !text.includes('.') ? `${text}.` : text;
}

function withExponent(digits: string, exponent: number, point: boolean): string {
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : withPoint(digits, point);
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function placePoint(digits: string, exponent: number, point: boolean): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return withPoint(digits.padEnd(exponent + 1, '0'), point);
  return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

/** What `float(text)` gives; `undefined` where the text is no number. */
export function parseFloatText(text: string): number | undefined {
  const trimmed = asciiDigits(text);
  const special = /^([+-]?)(?:(inf(?:inity)?)|nan)$/i.exec(trimmed);
  if (special !== null) {
    const value = special[2] === undefined ? Number.NaN : Number.POSITIVE_INFINITY;
    return special[1] === '-' ? -value : value;
  }
  const number = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/i;
  return number.test(trimmed) ? Number(trimmed.replaceAll('_', '')) : undefined;
}
