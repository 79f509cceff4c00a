/** Names, numbers and texts as Jinja2 reads them: jinja2/lexer.py, `float_re` and those that follow. */
import { Float } from '../python/index.ts';

const asciiName = /[A-Za-z_]\w*/y;
/**
 * `jinja2._identifier`: letters, digits and marks of all scripts, of which not all make a name. Made when such a name
 * comes: these classes are tables that take a millisecond to put together.
 */
const namePatterns = () => ({
  any: /[\p{L}\p{N}\p{M}\p{Pc}\p{XID_Continue}]+/uy,
  valid: /^[\p{XID_Start}_]\p{XID_Continue}*$/u,
});
const float = /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const integer = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const text = /'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*"/sy;

export function identifierAt(source: string, position: number): { text: string; valid: boolean } | undefined {
  asciiName.lastIndex = position;
  const [ascii] = asciiName.exec(source) ?? [];
  const next = source.charCodeAt(position + (ascii?.length ?? 0));
  if (!(next >= 0x80)) return ascii === undefined ? undefined : { text: ascii, valid: true };
  const { any, valid } = namePatterns();
  any.lastIndex = position;
  const [found] = any.exec(source) ?? [];
  return found === undefined ? undefined : { text: found, valid: valid.test(found) };
}

export interface NumberToken {
  readonly value: number | bigint | Float;
  readonly isFloat: boolean;
  readonly end: number;
}

export function numberAt(source: string, position: number): NumberToken | undefined {
  const first = source.charCodeAt(position);
  if (first < 48 || first > 57) return undefined;
  float.lastIndex = position;
  // `1.0.0` and `a.1.5`: what follows a point is no float.
  if (source[position - 1] !== '.' && float.test(source)) {
    const value = Number(source.slice(position, float.lastIndex).replaceAll('_', ''));
    return { value: new Float(value), isFloat: true, end: float.lastIndex };
  }
  integer.lastIndex = position;
  if (!integer.test(source)) return undefined;
  const exact = BigInt(source.slice(position, integer.lastIndex).replaceAll('_', '').toLowerCase());
  const value = exact <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(exact) : exact;
  return { value, isFloat: false, end: integer.lastIndex };
}

export interface StringToken {
  readonly value: string;
  readonly end: number;
  readonly problem?: string;
}

export function stringAt(source: string, position: number): StringToken | undefined {
  text.lastIndex = position;
  if (!text.test(source)) return undefined;
  const end = text.lastIndex;
  const written = source.slice(position + 1, end - 1);
  if (!written.includes('\\')) return { value: written, end };
  return { ...withoutEscapes(written), end };
}

const simpleEscapes: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const escapes = /\\(?:([0-7]{1,3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|(.))/gsu;
const digitsOf: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * As Python's `.encode('ascii', 'backslashreplace').decode('unicode-escape')`: what is not ASCII is escaped first, so
 * a backslash in front of it escapes that escape's backslash.
 */
function withoutEscapes(written: string): { value: string; problem?: string } {
  const problems: string[] = [];
  const value = written.replace(escapes, (all, octal?: string, x?: string, u?: string, long?: string, other = '') => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    const digits = x ?? u ?? long;
    if (digits !== undefined) {
      const code = Number.parseInt(digits, 16);
      if (code <= 0x10ffff) return String.fromCodePoint(code);
      problems.push(`there is no character ${all}`);
    } else if (digitsOf[other] !== undefined)
      problems.push(`\\${other} needs ${digitsOf[other]} hexadecimal digits behind it`);
    else if (other === 'N') problems.push('characters by name (\\N{…}) are not known here: write the character itself');
    return simpleEscapes[other] ?? (other > '\x7f' ? `\\${hex(other)}` : all);
  });
  const [problem] = problems;
  return problem === undefined ? { value } : { value, problem };
}

function hex(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  if (code.length <= 2) return `x${code.padStart(2, '0')}`;
  return code.length <= 4 ? `u${code.padStart(4, '0')}` : `U${code.padStart(8, '0')}`;
}
