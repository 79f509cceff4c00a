/** Methods of `str` that split, strip and join. */
import { raise } from '../errors.ts';
import type { Evaluation } from '../evaluation.ts';
import { asIndex } from '../integers.ts';
import { iterate } from '../iteration.ts';
import { characters, isPlain, lineEnds, whitespace } from '../text.ts';
import { describe, isText, textOf } from '../types.ts';
import { Tuple, Undefined, type Value } from '../values.ts';
import { type Bound, type Methods, method } from './method.ts';
import { asText } from './text-search.ts';

const startSpace = new RegExp(`^[${whitespace}]+`);
const space = new RegExp(`[${whitespace}]+`);
const spaceCharacter = new RegExp(`^[${whitespace}]$`);

type Sides = 'left' | 'right' | 'both';

/** `text.strip(chars)`, without `chars` of white space. */
export function strip(text: string, chars: Value, sides: Sides): string {
  const stripped = chars === null ? undefined : new Set(characters(asText(chars, 'the characters to strip')));
  const isStripped = (character: string) =>
    stripped === undefined ? spaceCharacter.test(character) : stripped.has(character);
  // White space is never half of a character.
  const units = stripped === undefined || isPlain(text) ? text : characters(text);
  let start = 0;
  let end = units.length;
  if (sides !== 'right') while (start < end && isStripped(units[start] ?? '')) start++;
  if (sides !== 'left') while (end > start && isStripped(units[end - 1] ?? '')) end--;
  return typeof units === 'string' ? units.slice(start, end) : units.slice(start, end).join('');
}

function splitArguments([sep = null, maxsplit = -1]: Bound): { by: string | undefined; most: number } {
  const most = asIndex(maxsplit, 'the most splits');
  const by = sep === null ? undefined : asText(sep, 'what separates');
  if (by === '') raise('a text can not be split at the empty text', 'to get its characters use the filter list');
  return { by, most: most < 0 ? Number.POSITIVE_INFINITY : most };
}

export function split(text: string, args: Bound): string[] {
  const { by, most } = splitArguments(args);
  if (by === undefined) return splitSpace(text, most);
  const parts = text.split(by);
  return parts.length <= most + 1 ? parts : [...parts.slice(0, most), parts.slice(most).join(by)];
}

function splitSpace(text: string, most: number): string[] {
  const trimmed = text.replace(startSpace, '');
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
    rest = end === -1 ? '' : rest.slice(end).replace(startSpace, '');
  }
  return rest === '' ? parts : [...parts, rest];
}

export function rsplit(text: string, args: Bound): string[] {
  const { by, most } = splitArguments(args);
  if (by === undefined) return most === Number.POSITIVE_INFINITY ? splitSpace(text, most) : rsplitSpace(text, most);
  const parts = text.split(by);
  if (parts.length <= most + 1) return parts;
  const from = parts.length - most;
  return [parts.slice(0, from).join(by), ...parts.slice(from)];
}

function rsplitSpace(text: string, most: number): string[] {
  const parts: string[] = [];
  let rest = strip(text, null, 'right');
  while (rest !== '' && parts.length < most) {
    let start = rest.length;
    while (start > 0 && !spaceCharacter.test(rest.charAt(start - 1))) start--;
    parts.unshift(rest.slice(start));
    rest = strip(rest.slice(0, start), null, 'right');
  }
  return rest === '' ? parts : [rest, ...parts];
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

export function partition(text: string, sep: string): [string, string, string] {
  if (sep === '') raise('a text can not be parted at the empty text');
  const at = text.indexOf(sep);
  return at === -1 ? [text, '', ''] : [text.slice(0, at), sep, text.slice(at + sep.length)];
}

export function rpartition(text: string, sep: string): [string, string, string] {
  if (sep === '') raise('a text can not be parted at the empty text');
  const at = text.lastIndexOf(sep);
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
  method<string>('partition', 'sep /', (text, [sep]) => new Tuple(partition(text, asText(sep, 'what separates')))),
  method<string>('rpartition', 'sep /', (text, [sep]) => new Tuple(rpartition(text, asText(sep, 'what separates')))),
  method<string>('join', 'iterable /', (text, [values = null], evaluation) => join(text, values, evaluation)),
]);
