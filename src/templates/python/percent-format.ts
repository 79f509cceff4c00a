/** The operator `%` on a text: printf's formatting. */
import { Dict } from './dict.ts';
import { raise, TemplateError } from './errors.ts';
import type { Evaluation } from './evaluation.ts';
import { type FloatStyle, signOf, unsignedFloatText } from './float-text.ts';
import { floatArgument, type Int, intArgument, intDigits, toInt } from './integers.ts';
import { escapeText, Markup } from './markup.ts';
import { ascii, repr, str } from './print.ts';
import { Range } from './range.ts';
import { subtext, textLength } from './text.ts';
import { describe, isInt, isText, textOf } from './types.ts';
import { PythonObject, Tuple, type Value } from './values.ts';

/** One `%` of the text. */
interface Conversion {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly type: string;
}

/** A number in its parts, so that zeros can come between. */
interface NumberText {
  readonly sign: string;
  readonly prefix: string;
  readonly digits: string;
}

/** The values that are filled in: one after the other, or by name. */
class Arguments {
  private values: readonly Value[];
  private used = 0;
  /** What is on the right side, if it has items and need not be used as a whole. */
  private readonly mapping: Value | undefined;

  constructor(right: Value) {
    this.values = right instanceof Tuple ? right.items : [right];
    this.mapping = !(right instanceof Tuple) && hasItems(right) ? right : undefined;
  }

  next(): Value {
    const value = this.values[this.used++];
    return value === undefined ? raise('there are fewer values than the text has places for') : value;
  }

  /** Makes the value of this name the next one, and the only one. */
  select(name: string, evaluation: Evaluation): void {
    if (!(this.mapping instanceof Dict)) throw new TemplateError(`'%(${name})' needs a dict on the right side of '%'`);
    const value = this.mapping.get(name);
    if (value === undefined)
      throw new TemplateError(`the dict on the right side of '%' has no key ${repr(name, evaluation)}`);
    this.values = [value];
    this.used = 0;
  }

  finish(): void {
    if (this.used < this.values.length && this.mapping === undefined)
      raise('there are more values than the text has places for');
  }
}

function hasItems(value: Value): boolean {
  if (Array.isArray(value)) return true;
  if (!(value instanceof PythonObject) || value instanceof Markup) return false;
  return value instanceof Dict || value instanceof Range || value.item !== undefined;
}

/** `text % right`; what is filled into Markup gets escaped. */
export function percentFormat(text: string | Markup, right: Value, evaluation: Evaluation): Value {
  const formatted = format(textOf(text), right, text instanceof Markup, evaluation);
  return text instanceof Markup ? new Markup(formatted) : formatted;
}

const conversionPattern = /([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]?([\s\S])?/y;

function format(text: string, right: Value, escaping: boolean, evaluation: Evaluation): string {
  const args = new Arguments(right);
  let result = '';
  let position = 0;
  for (let at = text.indexOf('%'); at !== -1; at = text.indexOf('%', position)) {
    evaluation.limits.tick();
    result += text.slice(position, at);
    if (text.charAt(at + 1) === '%') {
      result += '%';
      position = at + 2;
      continue;
    }
    if (text.charAt(at + 1) === 's' && !escaping) {
      result += str(args.next(), evaluation);
      position = at + 2;
      continue;
    }
    const name = nameAt(text, at + 1);
    if (name !== undefined) args.select(name, evaluation);
    conversionPattern.lastIndex = at + 1 + (name === undefined ? 0 : name.length + 2);
    const [, flags = '', width, precision, type] = conversionPattern.exec(text) ?? [];
    position = conversionPattern.lastIndex;
    if (type === undefined)
      return raise("the '%' at the end of the text is not complete", "write '%%' for a percent sign");
    const conversion = readConversion(flags, width, precision, type, args);
    result += convert(conversion, args.next(), escaping, evaluation);
  }
  args.finish();
  const formatted = result + text.slice(position);
  evaluation.limits.grow(formatted.length);
  return formatted;
}

/** The name in parentheses, which may hold further ones. */
function nameAt(text: string, start: number): string | undefined {
  if (text.charAt(start) !== '(') return undefined;
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '(') depth++;
    if (character === ')') depth--;
    if (depth === 0) return text.slice(start + 1, index);
  }
  return raise("the name after '%(' has no end");
}

function readConversion(
  flags: string,
  width: string | undefined,
  precision: string | undefined,
  type: string,
  args: Arguments,
): Conversion {
  const number = (written: string, what: string) => {
    if (written !== '*') return Number(written);
    const value = args.next();
    return isInt(value) ? Number(toInt(value)) : raise(`${what} has to be an integer, not ${describe(value)}`);
  };
  const wide = width === undefined ? 0 : number(width, 'a width');
  return {
    flags: wide < 0 ? `${flags}-` : flags,
    width: Math.abs(wide),
    precision: precision === undefined ? undefined : Math.max(0, number(precision, 'a precision')),
    type,
  };
}

function convert(conversion: Conversion, value: Value, escaping: boolean, evaluation: Evaluation): string {
  const { type, precision } = conversion;
  evaluation.limits.grow(Math.max(conversion.width, precision ?? 0));
  const escaped = (text: string) => (escaping && !(value instanceof Markup) ? escapeText(text) : text);
  const text = (whole: string) => pad(conversion, precision === undefined ? whole : subtext(whole, 0, precision));
  if (type === 's') return text(escaped(str(value, evaluation)));
  if (type === 'r') return text(escaped(repr(value, evaluation)));
  if (type === 'a') return text(escaped(ascii(value, evaluation)));
  if (type === 'c') return pad(conversion, characterOf(value));
  if ('diu'.includes(type)) return padNumber(conversion, integer(intArgument(value, `'%${type}'`), conversion));
  if ('oxX'.includes(type)) return padNumber(conversion, based(value, conversion));
  if ('eEfFgG'.includes(type)) return padNumber(conversion, float(floatArgument(value, `'%${type}'`), conversion));
  return raise(`'%${type}' is no conversion that there is`, "write '%%' for a percent sign");
}

function signed(negative: boolean, flags: string): string {
  if (negative) return '-';
  return flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
}

function integer(value: Int, { flags, precision = 0 }: Conversion): NumberText {
  return { sign: signed(value < 0, flags), prefix: '', digits: intDigits(value, 10).padStart(precision, '0') };
}

function based(value: Value, { flags, precision = 0, type }: Conversion): NumberText {
  if (!isInt(value)) return raise(`'%${type}' needs an integer, not ${describe(value)}`);
  const int = toInt(value);
  const digits = intDigits(int, type === 'o' ? 8 : 16).padStart(precision, '0');
  return {
    sign: signed(int < 0, flags),
    prefix: flags.includes('#') ? `0${type}` : '',
    digits: type === 'X' ? digits.toUpperCase() : digits,
  };
}

function float(value: number, { flags, precision = 6, type }: Conversion): NumberText {
  const kind = type.toLowerCase() as FloatStyle['kind'];
  const digits = unsignedFloatText(Math.abs(value), { kind, precision, alternate: flags.includes('#') });
  const upper = type !== kind;
  return {
    sign: signed(signOf(value) === '-', flags),
    prefix: '',
    digits: upper ? digits.toUpperCase() : digits,
  };
}

function characterOf(value: Value): string {
  if (isText(value) && textLength(textOf(value)) === 1) return textOf(value);
  if (!isInt(value)) return raise(`'%c' needs one character or its code, not ${describe(value)}`);
  const code = Number(toInt(value));
  return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : raise(`'%c' needs a code up to 0x10ffff`);
}

function pad({ flags, width }: Conversion, text: string): string {
  const missing = width - textLength(text);
  if (missing <= 0) return text;
  return flags.includes('-') ? text + ' '.repeat(missing) : ' '.repeat(missing) + text;
}

function padNumber(conversion: Conversion, { sign, prefix, digits }: NumberText): string {
  const { flags, width } = conversion;
  const missing = width - sign.length - prefix.length - digits.length;
  if (missing > 0 && flags.includes('0') && !flags.includes('-')) return sign + prefix + '0'.repeat(missing) + digits;
  return pad(conversion, sign + prefix + digits);
}
