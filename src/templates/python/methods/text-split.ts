/** Methods of `str` that split, strip and join. */
import { raise } from '../errors.ts';
import type { Evaluation, Limits } from '../evaluation.ts';
import { asIndex } from '../integers.ts';
import { iterate } from '../iteration.ts';
import { indexOf, lastIndexOf, splitAt } from '../search.ts';
import { characters, isPlain, lineEnds, trimSpace, whitespace } from '../text.ts';
import { describe, isText, textOf } from '../types.ts';
import { Tuple, Undefined, type Value } from '../values.ts';
import { type Bound, type Methods, method } from './method.ts';
import { asText } from './text-search.ts';

const space = new RegExp(`[${whitespace}]+`);
const spaceCharacter = new RegExp(`^[${whitespace}]$`);

type Sides = 'left' | 'right' | 'both';

/** `text.strip(chars)`, without `chars` of white space. */
export function strip(text: string, chars: Value, sides: Sides): string {
  const [left, right] = [sides !== 'right', sides !== 'left'];
  if (chars === null) return trimSpace(text, left, right);
  const stripped = new Set(characters(asText(chars, 'the characters to strip')));
  const units = isPlain(text) ? text : characters(text);
  let start = 0;
  let end = units.length;
  if (left) while (start < end && stripped.has(units[start] ?? '')) start++;
  if (right) while (end > start && stripped.has(units[end - 1] ?? '')) end--;
  return typeof units === 'string' ? units.slice(start, end) : units.slice(start, end).join('');
}

function splitArguments([sep = null, maxsplit = -1]: Bound): { by: string | undefined; most: number } {
  const most = asIndex(maxsplit, 'the most splits');
  const by = sep === null ? undefined : asText(sep, 'what separates');
  if (by === '') raise('a text can not be split at the empty text', 'to get its characters use the filter list');
  return { by, most: most < 0 ? Number.POSITIVE_INFINITY : most };
}

export function split(text: string, args: Bound, { limits }: Pick<Evaluation, 'limits'>): string[] {
  const { by, most } = splitArguments(args);
  if (by === undefined) return splitSpace(text, most);
  const parts = splitAt(text, by, limits);
  return parts.length <= most + 1 ? parts : [...parts.slice(0, most), parts.slice(most).join(by)];
}

/** The parts between white space. */
export function splitSpace(text: string, most = Number.POSITIVE_INFINITY): string[] {
  const trimmed = trimSpace(text, true, false);
  if (most === Number.POSITIVE_INFINITY) {
    const parts = trimmed.split(space);
    if (parts.at(-1) === '') parts.pop();
    return parts;
  }
  const parts: string[] = [];
  let rest = trimmed;
  while (rest !== '' && parts.length < most) {
    const end = rest.search(space);
    parts.push(end === -1 ? rest : rest.slice(0, end));
    rest = end === -1 ? '' : trimSpace(rest.slice(end), true, false);
  }
  return rest === '' ? parts : [...parts, rest];
}

export function rsplit(text: string, args: Bound, { limits }: Pick<Evaluation, 'limits'>): string[] {
  const { by, most } = splitArguments(args);
  if (by === undefined) return most === Number.POSITIVE_INFINITY ? splitSpace(text, most) : rsplitSpace(text, most);
  const parts = splitAt(text, by, limits);
  if (parts.length <= most + 1) return parts;
  const from = parts.length - most;
  return [parts.slice(0, from).join(by), ...parts.slice(from)];
}

function rsplitSpace(text: string, most: number): string[] {
  const parts: string[] = [];
  let rest = trimSpace(text, false);
  while (rest !== '' && parts.length < most) {
    let start = rest.length;
    while (start > 0 && !spaceCharacter.test(rest.charAt(start - 1))) start--;
    parts.push(rest.slice(start));
    rest = trimSpace(rest.slice(0, start), false);
  }
  if (rest !== '') parts.push(rest);
  return parts.reverse();
}

const line = new RegExp(`[^${lineEnds}]*(?:\\r\\n|[${lineEnds}])|[^${lineEnds}]+$`, 'g');
const otherLineEnd = new RegExp(`[${lineEnds.replace('\\n', '')}]`);
const lineEnd = new RegExp(`(?:\\r\\n|[${lineEnds}])$`);

export function splitLines(text: string, keepEnds: boolean): string[] {
  if (!keepEnds && !otherLineEnd.test(text)) {
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    return lines;
  }
  const lines = text.match(line) ?? [];
  return keepEnds ? lines : lines.map((each) => each.replace(lineEnd, ''));
}

export function partition(text: string, sep: string, limits: Limits): [string, string, string] {
  if (sep === '') raise('a text can not be parted at the empty text');
  const at = indexOf(text, sep, limits);
  return at === -1 ? [text, '', ''] : [text.slice(0, at), sep, text.slice(at + sep.length)];
}

export function rpartition(text: string, sep: string, limits: Limits): [string, string, string] {
  if (sep === '') raise('a text can not be parted at the empty text');
  const at = lastIndexOf(text, sep, limits);
  return at === -1 ? ['', '', text] : [text.slice(0, at), sep, text.slice(at + sep.length)];
}

/** `separator.join(values)`: of texts only. */
function join(separator: string, values: Value, evaluation: Evaluation): string {
  const parts: string[] = [];
  let size = 0;
  for (const value of iterate(values)) {
    evaluation.limits.tick();
    if (value instanceof Undefined) value.fail();
    if (!isText(value))
      return raise(
        `'join' puts texts together, but item ${parts.length} is ${describe(value)}`,
        "the filter join converts its items: …|join(', ')",
      );
    const text = textOf(value);
    size += text.length + separator.length;
    parts.push(text);
  }
  evaluation.limits.grow(size);
  return parts.join(separator);
}

export const splitMethods: Methods<string> = new Map([
  method<string>('strip', '? chars /', (text, [chars = null]) => strip(text, chars, 'both')),
  method<string>('lstrip', '? chars /', (text, [chars = null]) => strip(text, chars, 'left')),
  method<string>('rstrip', '? chars /', (text, [chars = null]) => strip(text, chars, 'right')),
  method<string>('split', '? sep maxsplit', split),
  method<string>('rsplit', '? sep maxsplit', rsplit),
  method<string>('splitlines', '? keepends', (text, [keepEnds = false]) =>
    // CPython takes an integer here, not anything that is true or false.
    splitLines(text, asIndex(keepEnds, "'keepends'") !== 0),
  ),
  method<string>(
    'partition',
    'sep /',
    (text, [sep], { limits }) => new Tuple(partition(text, asText(sep, 'what separates'), limits)),
  ),
  method<string>(
    'rpartition',
    'sep /',
    (text, [sep], { limits }) => new Tuple(rpartition(text, asText(sep, 'what separates'), limits)),
  ),
  method<string>('join', 'iterable /', (text, [values = null], evaluation) => join(text, values, evaluation)),
]);
