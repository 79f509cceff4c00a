/** Methods of `str` that look for something in it, and that replace. */
import { raise } from '../errors.ts';
import type { Evaluation } from '../evaluation.ts';
import { asIndex } from '../integers.ts';
import { allIndexes, indexOf, lastIndexOf } from '../search.ts';
import { characterIndex, characters, isPlain, subtext, textLength } from '../text.ts';
import { describe, isText, textOf } from '../types.ts';
import { Tuple, Undefined, type Value } from '../values.ts';
import { type Bound, type Methods, method } from './method.ts';

/** A text among the arguments. @param what it is for, for the message */
export function asText(value: Value | undefined, what: string): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return raise(`${what} is missing`);
  if (isText(value)) return textOf(value);
  if (value instanceof Undefined) value.fail();
  return raise(`${what} has to be a text, not ${describe(value)}`);
}

/** The part of the text that `start` and `end` leave, and where it begins; `undefined` where there is none. */
function window(text: string, start: Value, end: Value): { part: string; offset: number } | undefined {
  if (start === null && end === null) return { part: text, offset: 0 };
  const length = textLength(text);
  const place = (value: Value, preset: number) => {
    if (value === null) return preset;
    const index = asIndex(value, 'the start or end of a search');
    return index < 0 ? Math.max(0, index + length) : index;
  };
  const from = place(start, 0);
  const to = Math.min(place(end, length), length);
  return from > to ? undefined : { part: subtext(text, from, to), offset: from };
}

function find(
  text: string,
  [sub = null, start = null, end = null]: Bound,
  last: boolean,
  { limits }: Evaluation,
): number {
  const wanted = asText(sub, 'what is looked for');
  const within = window(text, start, end);
  if (within === undefined) return -1;
  const unit = last ? lastIndexOf(within.part, wanted, limits) : indexOf(within.part, wanted, limits);
  return unit === -1 ? -1 : within.offset + characterIndex(within.part, unit);
}

function index(text: string, args: Bound, last: boolean, evaluation: Evaluation): number {
  const found = find(text, args, last, evaluation);
  return found === -1 ? raise('what is looked for is not in the text') : found;
}

function count(text: string, [sub = null, start = null, end = null]: Bound, { limits }: Evaluation): number {
  const wanted = asText(sub, 'what is counted');
  const within = window(text, start, end);
  if (within === undefined) return 0;
  if (wanted === '') return textLength(within.part) + 1;
  return allIndexes(within.part, wanted, limits).length;
}

function affix(
  text: string,
  [wanted = null, start = null, end = null]: Bound,
  has: (part: string, affix: string) => boolean,
): boolean {
  if (typeof wanted === 'string' && start === null && end === null) return has(text, wanted);
  const within = window(text, start, end);
  const matches = (value: Value) => {
    const each = asText(value, 'what the text is to begin or end with');
    return within !== undefined && has(within.part, each);
  };
  return wanted instanceof Tuple ? wanted.items.some(matches) : matches(wanted);
}

/** `text.replace(old, new, count)`; a negative count is all. */
export function replace(text: string, old: string, by: string, most: number, { limits }: Evaluation): string {
  if (most === 0 || (text === '' && old !== '')) return text;
  if (old === '') return intersperse(text, by, most, { limits });
  const places = allIndexes(text, old, limits);
  if (most >= 0 && places.length > most) places.length = most;
  limits.grow(text.length + places.length * Math.max(0, by.length - old.length));
  if (places.length === 0) return text;
  let result = '';
  let start = 0;
  for (const place of places) {
    result += text.slice(start, place) + by;
    start = place + old.length;
  }
  return result + text.slice(start);
}

/** Python finds the empty text before each character and at the end. */
function intersperse(text: string, by: string, most: number, { limits }: Pick<Evaluation, 'limits'>): string {
  const units = isPlain(text) ? text.split('') : characters(text);
  const times = most < 0 ? units.length + 1 : Math.min(most, units.length + 1);
  limits.grow(text.length + times * by.length);
  const result = units.map((unit, place) => (place < times ? by + unit : unit)).join('');
  return times > units.length ? result + by : result;
}

export const searchMethods: Methods<string> = new Map([
  method<string>('find', 'sub ? start end /', (text, args, evaluation) => find(text, args, false, evaluation)),
  method<string>('rfind', 'sub ? start end /', (text, args, evaluation) => find(text, args, true, evaluation)),
  method<string>('index', 'sub ? start end /', (text, args, evaluation) => index(text, args, false, evaluation)),
  method<string>('rindex', 'sub ? start end /', (text, args, evaluation) => index(text, args, true, evaluation)),
  method<string>('count', 'sub ? start end /', count),
  method<string>('startswith', 'prefix ? start end /', (text, args) =>
    affix(text, args, (part, prefix) => part.startsWith(prefix)),
  ),
  method<string>('endswith', 'suffix ? start end /', (text, args) =>
    affix(text, args, (part, suffix) => part.endsWith(suffix)),
  ),
  method<string>('replace', 'old new ? count /', (text, [old, by, most = -1], evaluation) =>
    replace(
      text,
      asText(old, 'what is replaced'),
      asText(by, 'the replacement'),
      asIndex(most, 'the count'),
      evaluation,
    ),
  ),
  method<string>('removeprefix', 'prefix /', (text, [prefix]) => {
    const start = asText(prefix, 'the prefix');
    return text.startsWith(start) ? text.slice(start.length) : text;
  }),
  method<string>('removesuffix', 'suffix /', (text, [suffix]) => {
    const end = asText(suffix, 'the suffix');
    return end !== '' && text.endsWith(end) ? text.slice(0, -end.length) : text;
  }),
]);
