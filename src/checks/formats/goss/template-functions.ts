/** What a gossfile's template may call: Go's own functions, goss's, and those of https://masterminds.github.io/sprig/ that are in use. */
import { FloatNumber } from '../../../documents/index.ts';
import { goRegExp } from '../go-regexp.ts';
import {
  elementsOf,
  fromJson,
  type GoValue,
  isGoMap,
  isList,
  isTrue,
  printed,
  sameValue,
  TextList,
  toJson,
} from './values.ts';

type Fn = (args: readonly GoValue[]) => GoValue;

const text = (value: GoValue | undefined): string => (value === undefined || value === null ? '' : printed(value));

function number(value: GoValue | undefined): number {
  if (typeof value === 'number') return value;
  if (value instanceof FloatNumber) return value.value;
  const read = Number(text(value));
  return Number.isNaN(read) ? 0 : read;
}

function list(value: GoValue | undefined): readonly GoValue[] {
  if (value === undefined || value === null) return [];
  const found = isGoMap(value) ? undefined : elementsOf(value);
  if (found === undefined) throw new Error(`${printed(value)} is no list`);
  return found;
}

function map(value: GoValue | undefined): ReadonlyMap<string, GoValue> {
  if (value !== undefined && isGoMap(value)) return value;
  throw new Error(`${text(value)} is no map`);
}

/** Sprig's functions take the text that comes through a pipe last. */
const onText =
  (change: (text: string) => GoValue): Fn =>
  ([value]) =>
    change(text(value));
const onTexts =
  (change: (part: string, text: string) => GoValue): Fn =>
  ([part, value]) =>
    change(text(part), text(value));
const integers =
  (change: (a: number, b: number) => number): Fn =>
  ([first, ...rest]) =>
    Math.trunc(rest.reduce<number>((sum, value) => change(sum, Math.trunc(number(value))), Math.trunc(number(first))));

/** Kinds that can be compared with each other, as Go's templates have them. */
function order(a: GoValue | undefined, b: GoValue | undefined): number {
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (a instanceof FloatNumber && b instanceof FloatNumber) return a.value - b.value;
  throw new Error(`${text(a)} and ${text(b)} can't be compared: they are of different kinds`);
}

function equal(a: GoValue | undefined, b: GoValue | undefined): boolean {
  if (typeof a === 'boolean' && typeof b === 'boolean') return a === b;
  if (a === null || b === null) return a === b;
  return order(a, b) === 0;
}

function index([value, ...keys]: readonly GoValue[]): GoValue {
  return keys.reduce<GoValue>((inner, key) => {
    if (isGoMap(inner)) return inner.get(text(key)) ?? null;
    const items = list(inner);
    const found = typeof key === 'number' ? items[key] : undefined;
    if (found === undefined) throw new Error(`there is no element ${text(key)}`);
    return found;
  }, value ?? null);
}

function submatches([pattern, value]: readonly GoValue[]): GoValue {
  const found = goRegExp(text(pattern)).exec(text(value));
  if (found === null) return new Map();
  const named = Object.entries(found.groups ?? {});
  if (named.length > 0) return new Map(named.map(([name, part]) => [name, part ?? '']));
  return new Map([...found].map((part, position) => [String(position), part ?? '']));
}

/** https://pkg.go.dev/fmt: the verbs that texts are put together with. */
function format([pattern, ...values]: readonly GoValue[]): string {
  let next = 0;
  return text(pattern).replaceAll(
    /%(-?0?\d*)(?:\.(\d+))?([a-zA-Z%])/g,
    (whole, width: string, digits: string | undefined, verb: string) => {
      if (verb === '%') return '%';
      const value = values[next++] ?? null;
      const shape: Readonly<Record<string, () => string>> = {
        s: () => printed(value),
        v: () => printed(value),
        d: () => String(Math.trunc(number(value))),
        q: () => JSON.stringify(printed(value)),
        t: () => printed(value),
        x: () => Math.trunc(number(value)).toString(16),
        f: () => number(value).toFixed(Number(digits ?? 6)),
      };
      const shown = shape[verb]?.();
      if (shown === undefined) throw new Error(`'${whole}' is not known here`);
      const wide = Math.abs(Number(width));
      return width.startsWith('-') ? shown.padEnd(wide) : shown.padStart(wide, width.startsWith('0') ? '0' : ' ');
    },
  );
}

const indented = (width: number, value: string): string => value.replaceAll(/^/gm, ' '.repeat(width));

export const functions: Readonly<Record<string, Fn>> = {
  // Go's own.
  and: () => null,
  or: () => null,
  not: ([value]) => !isTrue(value ?? null),
  eq: ([first, ...others]) => others.some((other) => equal(first, other)),
  ne: ([a, b]) => !equal(a, b),
  lt: ([a, b]) => order(a, b) < 0,
  le: ([a, b]) => order(a, b) <= 0,
  gt: ([a, b]) => order(a, b) > 0,
  ge: ([a, b]) => order(a, b) >= 0,
  index,
  len: ([value]) => (typeof value === 'string' ? Buffer.byteLength(value) : (elementsOf(value ?? null)?.length ?? 0)),
  print: (values) => values.map(text).join(' '),
  println: (values) => `${values.map(text).join(' ')}\n`,
  printf: format,
  // goss's own.
  mkSlice: (values) => [...values],
  regexMatch: ([pattern, value]) => goRegExp(text(pattern)).test(text(value)),
  toUpper: onText((value) => value.toUpperCase()),
  toLower: onText((value) => value.toLowerCase()),
  findStringSubmatch: submatches,
  // Sprig's.
  upper: onText((value) => value.toUpperCase()),
  lower: onText((value) => value.toLowerCase()),
  title: onText((value) => value.replaceAll(/(?<!\S)\S/g, (letter) => letter.toUpperCase())),
  trim: onText((value) => value.trim()),
  trimSuffix: onTexts((part, value) => (part !== '' && value.endsWith(part) ? value.slice(0, -part.length) : value)),
  trimPrefix: onTexts((part, value) => (value.startsWith(part) ? value.slice(part.length) : value)),
  contains: onTexts((part, value) => value.includes(part)),
  hasPrefix: onTexts((part, value) => value.startsWith(part)),
  hasSuffix: onTexts((part, value) => value.endsWith(part)),
  replace: ([from, to, value]) => text(value).replaceAll(text(from), () => text(to)),
  repeat: ([count, value]) => text(value).repeat(Math.min(Math.max(number(count), 0), 10_000)),
  quote: (values) =>
    values
      .filter((value) => value !== null)
      .map((value) => JSON.stringify(text(value)))
      .join(' '),
  squote: (values) =>
    values
      .filter((value) => value !== null)
      .map((value) => `'${text(value)}'`)
      .join(' '),
  indent: ([width, value]) => indented(number(width), text(value)),
  nindent: ([width, value]) => `\n${indented(number(width), text(value))}`,
  toString: ([value]: readonly GoValue[]) => text(value),
  int: ([value]) => Math.trunc(number(value)),
  atoi: ([value]) => Math.trunc(number(value)),
  add: integers((a, b) => a + b),
  sub: integers((a, b) => a - b),
  mul: integers((a, b) => a * b),
  div: integers((a, b) => {
    if (b === 0) throw new Error('this divides by zero');
    return Math.trunc(a / b);
  }),
  mod: integers((a, b) => {
    if (b === 0) throw new Error('this divides by zero');
    return a % b;
  }),
  until: ([count]) => Array.from({ length: Math.min(Math.max(number(count), 0), 100_000) }, (_, position) => position),
  default: ([otherwise, value]) => (isTrue(value ?? null) ? (value ?? null) : (otherwise ?? null)),
  empty: ([value]) => !isTrue(value ?? null),
  coalesce: (values) => values.find(isTrue) ?? null,
  ternary: ([yes, no, test]) => (isTrue(test ?? null) ? (yes ?? null) : (no ?? null)),
  list: (values) => [...values],
  first: ([value]) => list(value)[0] ?? null,
  last: ([value]) => list(value).at(-1) ?? null,
  has: ([item, value]) => list(value).some((other) => sameValue(item ?? null, other)),
  join: ([between, value]) => list(value).map(text).join(text(between)),
  splitList: ([between, value]) => new TextList(text(value).split(text(between))),
  sortAlpha: ([value]) => new TextList(list(value).map(text).sort()),
  uniq: ([value]) =>
    list(value).filter((item, position, all) => all.findIndex((other) => sameValue(item, other)) === position),
  concat: (values) => values.flatMap(list),
  append: ([value, item]) => [...list(value), item ?? null],
  dict: (values) =>
    new Map(values.flatMap((key, position) => (position % 2 === 0 ? [[text(key), values[position + 1] ?? '']] : []))),
  get: ([value, key]) => map(value).get(text(key)) ?? '',
  hasKey: ([value, key]) => map(value).has(text(key)),
  keys: ([value]) => new TextList([...map(value).keys()]),
  toJson: ([value]) => JSON.stringify(toJson(value ?? null)),
  fromJson: ([value]) => fromJson(JSON.parse(text(value))),
  kindIs: ([kind, value]) =>
    kind ===
    (isGoMap(value)
      ? 'map'
      : isList(value) || value instanceof TextList
        ? 'slice'
        : typeof value === 'string'
          ? 'string'
          : typeof value === 'boolean'
            ? 'bool'
            : value instanceof FloatNumber
              ? 'float64'
              : value === null
                ? 'invalid'
                : 'int'),
};
