/** Python's format specifications, i.e. what follows the colon in `'{:>8}'.format(value)`. */
import { raise } from './errors.ts';
import type { Evaluation } from './evaluation.ts';
import { type FloatStyle, signOf, unsignedFloatText } from './float-text.ts';
import { type Int, intDigits, intToFloat, toInt } from './integers.ts';
import { str } from './print.ts';
import { subtext, textLength } from './text.ts';
import { describe, isInt, isText, textOf } from './types.ts';
import { Float, type Value } from './values.ts';

interface Spec {
  readonly fill: string;
  readonly align: string | undefined;
  readonly sign: string;
  /** Whether a zero has no sign. */
  readonly plainZero: boolean;
  readonly alternate: boolean;
  readonly width: number;
  readonly grouping: string;
  readonly precision: number | undefined;
  readonly type: string;
}

const pattern = /^(?:([\s\S])?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([\s\S])?$/u;

/** `format(value, spec)`. */
export function formatValue(value: Value, spec: string, evaluation: Evaluation): string {
  if (spec === '') return str(value, evaluation);
  if (!isText(value) && !isInt(value) && !(value instanceof Float))
    return raise(`${describe(value)} can't be formatted by '${spec}'`, 'convert it with the filter string first');
  const read = readSpec(spec, isText(value) ? '<' : '>');
  evaluation.limits.grow(Math.max(read.width, read.precision ?? 0));
  if (isText(value)) return formatText(textOf(value), read);
  if (value instanceof Float) return formatFloat(value.value, read);
  const int = toInt(value);
  if (read.type === '') return formatInt(int, { ...read, type: 'd' });
  return 'eEfFgG%'.includes(read.type) ? formatFloat(intToFloat(int), read) : formatInt(int, read);
}

function readSpec(spec: string, preset: string): Spec {
  const match = pattern.exec(spec);
  if (match === null) return raise(`'${spec}' is no format that there is`);
  const [, fill, align, sign = '', zero, alternate, padded, width, grouping = '', precision, type = ''] = match;
  const zeros = padded !== undefined && fill === undefined;
  return {
    fill: fill ?? (zeros ? '0' : ' '),
    align: align ?? (padded !== undefined && preset === '>' ? '=' : undefined),
    sign,
    plainZero: zero !== undefined,
    alternate: alternate !== undefined,
    width: Number(width ?? 0),
    grouping,
    precision: precision === undefined ? undefined : Number(precision),
    type,
  };
}

function refuse(type: string, what: string): never {
  return raise(`the format '${type}' is not there for ${what}`);
}

function formatText(text: string, spec: Spec): string {
  if (spec.type !== '' && spec.type !== 's') refuse(spec.type, 'a text');
  if (spec.sign !== '' || spec.plainZero) raise('a sign is not there in the format of a text');
  if (spec.alternate) raise("'#' is not there in the format of a text");
  if (spec.align === '=') raise("'=' is not there in the format of a text");
  if (spec.grouping !== '') refuse(spec.grouping, 'a text');
  return align(spec.precision === undefined ? text : subtext(text, 0, spec.precision), spec, '<');
}

function align(text: string, spec: Spec, preset: string): string {
  const missing = spec.width - textLength(text);
  if (missing <= 0) return text;
  const side = spec.align ?? preset;
  const left = side === '<' ? 0 : side === '^' ? Math.floor(missing / 2) : missing;
  return spec.fill.repeat(left) + text + spec.fill.repeat(missing - left);
}

const bases: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16, X: 16, d: 10, n: 10 };

function formatInt(value: Int, spec: Spec): string {
  const { type } = spec;
  if (spec.precision !== undefined) raise('a precision is not there in the format of an integer');
  if (spec.plainZero) raise("'z' is not there in the format of an integer");
  if (type === 'c') return formatCharacter(value, spec);
  const base = bases[type] ?? refuse(type, 'an integer');
  if (spec.grouping !== '' && (type === 'n' || (spec.grouping === ',' && base !== 10)))
    raise(`'${spec.grouping}' can't be used with the format '${type}'`);
  const digits = intDigits(value, base);
  return layOut(
    {
      sign: value < 0 ? '-' : spec.sign.replace('-', ''),
      prefix: spec.alternate && base !== 10 ? `0${type}` : '',
      whole: type === 'X' ? digits.toUpperCase() : digits,
      rest: '',
    },
    spec,
    base === 10 ? 3 : 4,
  );
}

function formatCharacter(value: Int, spec: Spec): string {
  if (spec.sign !== '' || spec.alternate || spec.grouping !== '')
    raise("a sign, '#' or a separator can't be used with the format 'c'");
  const code = Number(value);
  if (!(code >= 0 && code <= 0x10ffff)) raise("the format 'c' needs a code up to 0x10ffff");
  const parts = { sign: '', prefix: '', whole: '', rest: String.fromCodePoint(code) };
  return layOut(parts, spec, 3, '<');
}

function formatFloat(value: number, spec: Spec): string {
  const { type, precision, alternate } = spec;
  if (type !== '' && !'eEfFgGn%'.includes(type)) refuse(type, 'a float');
  if (type === 'n' && spec.grouping !== '') raise(`'${spec.grouping}' can't be used with the format 'n'`);
  const scaled = Math.abs(type === '%' ? value * 100 : value);
  const lower = unsignedFloatText(scaled, { ...styleOf(type, precision), alternate });
  const text = type === 'E' || type === 'F' || type === 'G' ? lower.toUpperCase() : lower;
  const whole = /^\d*/.exec(text)?.[0] ?? '';
  const negative = signOf(value) === '-' && !(spec.plainZero && /^[0.]*(e|$)/i.test(text));
  return layOut(
    {
      sign: negative ? '-' : spec.sign.replace('-', ''),
      prefix: '',
      whole,
      rest: text.slice(whole.length) + (type === '%' ? '%' : ''),
    },
    spec,
    3,
  );
}

function styleOf(type: string, precision: number | undefined): FloatStyle {
  if (type === '')
    return precision === undefined
      ? { kind: 'r', precision: 0, pointZero: true }
      : { kind: 'g', precision, pointZero: true };
  const kind = type === '%' ? 'f' : type === 'n' ? 'g' : (type.toLowerCase() as FloatStyle['kind']);
  return { kind, precision: precision ?? 6 };
}

interface NumberParts {
  readonly sign: string;
  readonly prefix: string;
  /** The digits before the point, where separators go. */
  readonly whole: string;
  readonly rest: string;
}

function layOut({ sign, prefix, whole, rest }: NumberParts, spec: Spec, group: number, preset = '>'): string {
  const zeros = spec.fill === '0' && spec.align === '=';
  const least = zeros ? spec.width - sign.length - prefix.length - textLength(rest) : 0;
  const digits = grouped(whole, spec.grouping, group, least);
  const before = sign + prefix;
  if (spec.align !== '=') return align(before + digits + rest, spec, preset);
  const missing = spec.width - before.length - digits.length - textLength(rest);
  return before + (missing > 0 ? spec.fill.repeat(missing) : '') + digits + rest;
}

/** Digits with separators, filled up with zeros to at least this length. */
function grouped(digits: string, separator: string, group: number, least: number): string {
  // Without digits (inf, nan) there is nothing to group.
  if (separator === '' || digits === '') return digits.padStart(least, '0');
  const separators = (count: number) => Math.max(0, Math.ceil(count / group) - 1);
  let count = digits.length;
  while (count + separators(count) < least) count++;
  const padded = digits.padStart(count, '0');
  const first = padded.length % group || group;
  let result = padded.slice(0, first);
  for (let at = first; at < padded.length; at += group) result += separator + padded.slice(at, at + group);
  return result;
}
