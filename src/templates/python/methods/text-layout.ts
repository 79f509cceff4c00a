/** Methods of `str` that fill up to a width, and that translate characters. */
import { Dict } from '../dict.ts';
import { raise } from '../errors.ts';
import type { Evaluation } from '../evaluation.ts';
import { asIndex } from '../integers.ts';
import { characters, textLength } from '../text.ts';
import { describe } from '../types.ts';
import { Undefined, type Value } from '../values.ts';
import { type Bound, type Methods, method } from './method.ts';
import { asText } from './text-search.ts';

/** Fills up with `fill`, so many to the left, the others to the right. */
function pad(
  text: string,
  [width = null, fill = ' ']: Bound,
  { limits }: Evaluation,
  left: (missing: number, width: number) => number,
): string {
  const wide = asIndex(width, 'the width');
  const filling = asText(fill, 'what fills');
  if (textLength(filling) !== 1) raise('what fills has to be one character');
  const missing = wide - textLength(text);
  if (missing <= 0) return text;
  limits.grow(wide);
  const before = left(missing, wide);
  return filling.repeat(before) + text + filling.repeat(missing - before);
}

/** `text.center(width, fill)`: the odd one goes where CPython puts it. */
export function center(text: string, args: Bound, evaluation: Evaluation): string {
  return pad(text, args, evaluation, (missing, width) => Math.floor(missing / 2) + (missing & width & 1));
}

function zfill(text: string, [width = null]: Bound, { limits }: Evaluation): string {
  const wide = asIndex(width, 'the width');
  const missing = wide - textLength(text);
  if (missing <= 0) return text;
  limits.grow(wide);
  const sign = /^[+-]/.test(text) ? text.charAt(0) : '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}

function expandTabs(text: string, [tabsize = 8]: Bound, { limits }: Evaluation): string {
  const size = asIndex(tabsize, 'the size of tabs');
  limits.grow(text.length + Math.max(0, size) * (text.split('\t').length - 1));
  let column = 0;
  let result = '';
  for (const character of text) {
    if (character === '\t') {
      const spaces = size > 0 ? size - (column % size) : 0;
      result += ' '.repeat(spaces);
      column += spaces;
    } else {
      result += character;
      column = character === '\n' || character === '\r' ? 0 : column + 1;
    }
  }
  return result;
}

function translate(text: string, [table = null]: Bound, evaluation: Evaluation): string {
  if (table instanceof Undefined) table.fail();
  if (!(table instanceof Dict))
    return raise(`'translate' needs a dict, not ${describe(table)}`, "make one with ''.maketrans");
  let result = '';
  for (const character of text) {
    evaluation.limits.tick();
    result += translated(table.get(character.codePointAt(0) ?? 0), character);
  }
  evaluation.limits.grow(result.length);
  return result;
}

function translated(by: Value | undefined, character: string): string {
  if (by === undefined) return character;
  if (by === null) return '';
  if (typeof by === 'number' && by >= 0 && by <= 0x10ffff) return String.fromCodePoint(by);
  return asText(by, 'a translation');
}

function makeTable(_text: string, [from = null, to, removed]: Bound): Dict {
  if (to === undefined) {
    if (!(from instanceof Dict)) return raise(`'maketrans' needs a dict or two texts, not ${describe(from)}`);
    return Dict.of(Array.from(from.entries(), ([key, value]) => [codeOf(key), value] as const));
  }
  const keys = characters(asText(from, 'what is translated'));
  const values = characters(asText(to, 'the translation'));
  if (keys.length !== values.length) raise("the two texts of 'maketrans' have to be of the same length");
  const dict = Dict.of(keys.map((key, index) => [codeOf(key), codeOf(values[index] ?? '')] as const));
  for (const key of removed === undefined ? [] : characters(asText(removed, 'what is removed')))
    dict.set(codeOf(key), null);
  return dict;
}

function codeOf(key: Value): number {
  if (typeof key === 'number') return key;
  const [character = '', ...others] = asText(key, 'a key of the table');
  return others.length === 0 && character !== ''
    ? (character.codePointAt(0) ?? 0)
    : raise('a key of the table has to be one character');
}

export const layoutMethods: Methods<string> = new Map([
  method<string>('center', 'width ? fillchar /', center),
  method<string>('ljust', 'width ? fillchar /', (text, args, evaluation) => pad(text, args, evaluation, () => 0)),
  method<string>('rjust', 'width ? fillchar /', (text, args, evaluation) =>
    pad(text, args, evaluation, (missing) => missing),
  ),
  method<string>('zfill', 'width /', zfill),
  method<string>('expandtabs', '? tabsize', expandTabs),
  method<string>('translate', 'table /', translate),
  method<string>('maketrans', 'x ? y z /', makeTable),
]);
