/**
 * goss's matchers: https://goss.rocks/gossfile#matchers. What each says of a value is what goss 0.4.9 says, with its
 * conversions. A matcher that throws has failed, whatever stands around it.
 */
import { FloatNumber } from '../../../documents/index.ts';
import { shown } from '../../text-rule.ts';
import { goRegExp } from '../go-regexp.ts';
import { gjsonValue, parseGjsonPath } from './gjson.ts';
import { missingPatterns, readPattern } from './patterns.ts';
import { parseRange, parseVersion } from './semver.ts';
import { elementsOf, fromJson, type GoValue, isGoMap, isList, printed, sameValue, TextList } from './values.ts';

export interface Matcher {
  /** What is expected, to follow `expected`. */
  readonly words: string;
  /** @throws Error where the value can't be compared at all */
  matches(value: GoValue): boolean;
}

/** Where something is wrong, and what. */
export type OnWrong = (path: readonly (string | number)[], message: string, at?: 'key') => void;

type Path = readonly (string | number)[];

const never: Matcher = { words: '', matches: () => false };

/** Of an attribute that is read line by line, whose lists are patterns. */
export function readTextMatcher(written: GoValue, path: Path, wrong: OnWrong): Matcher {
  return isList(written) ? havePatterns(written, path, wrong) : readMatcher(written, path, wrong);
}

export function readMatcher(written: GoValue, path: Path, wrong: OnWrong): Matcher {
  const refuse = (message: string, at: Path = path): Matcher => {
    wrong(at, message);
    return never;
  };
  if (written === null) return refuse('is empty; write what is expected');
  if (typeof written === 'string') return { words: `'${written}'`, matches: (value) => asText(value) === written };
  if (typeof written === 'boolean') return { words: String(written), matches: (value) => value === written };
  if (typeof written === 'number' || written instanceof FloatNumber) return compared('==', written);
  if (isList(written)) return containElements(readAll(written, path, wrong));
  if (!isGoMap(written)) return refuse('is no matcher');
  const [only, ...more] = [...written];
  if (only === undefined) return refuse(`is an empty map; write one of ${Object.keys(readers).join(', ')}`);
  if (more.length > 0)
    return refuse(`has ${written.size} matchers; write one, or put them into a list under 'and' or 'or'`);
  const [name, argument] = only;
  const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
  if (reader === undefined)
    return refuse(`is no matcher; known are ${Object.keys(readers).join(', ')}`, [...path, name]);
  return reader(argument, [...path, name], wrong);
}

type Reader = (argument: GoValue, path: Path, wrong: OnWrong) => Matcher;

const readers: Readonly<Record<string, Reader>> = {
  equal: (argument) => ({
    words: printed(argument),
    matches(value) {
      if (value === null && argument === null) throw new Error('there is nothing to compare');
      return sameValue(value, argument);
    },
  }),
  'have-prefix': textual('a text that begins with', (text, part) => text.startsWith(part)),
  'have-suffix': textual('a text that ends with', (text, part) => text.endsWith(part)),
  'contain-substring': textual('a text that contains', (text, part) => text.includes(part)),
  'match-regexp': (argument, path, wrong) => {
    if (typeof argument !== 'string') return wanted('a text', path, wrong);
    try {
      const expression = goRegExp(argument);
      return { words: `a match of /${argument}/`, matches: (value) => expression.test(asText(value)) };
    } catch (error) {
      wrong(path, `${message(error)}; see https://pkg.go.dev/regexp/syntax`);
      return never;
    }
  },
  'have-len': (argument, path, wrong) => {
    const count = argument instanceof FloatNumber ? Math.trunc(argument.value) : argument;
    if (typeof count !== 'number') return wanted('a number', path, wrong);
    return { words: `a length of ${count}`, matches: (value) => lengthOf(value) === count };
  },
  'have-patterns': (argument, path, wrong) =>
    isList(argument) ? havePatterns(argument, path, wrong) : wanted('a list', path, wrong),
  'have-key': (argument, path, wrong) => {
    const key = readMatcher(argument, path, wrong);
    return {
      words: `a key that is ${key.words}`,
      matches(value) {
        if (!isGoMap(value)) throw new Error(`${printed(value)} is no map`);
        return [...value.keys()].some(key.matches);
      },
    };
  },
  'contain-element': (argument, path, wrong) => {
    if (isList(argument) || typeof argument === 'boolean' || argument === null)
      return wanted('a matcher, a text or a number', path, wrong);
    const element = readMatcher(argument, path, wrong);
    return {
      words: `an element that is ${element.words}`,
      matches: (value) => containsElement(asList(value), element),
    };
  },
  'contain-elements': (argument, path, wrong) => {
    if (!isList(argument)) return wanted('a list', path, wrong);
    const inner = containElements(readAll(argument, path, wrong));
    return { ...inner, matches: (value) => inner.matches(asList(value)) };
  },
  'consist-of': (argument, path, wrong) => {
    if (!isList(argument)) return wanted('a list', path, wrong);
    const elements = readAll(argument, path, wrong);
    return {
      words: `exactly the elements ${listed(elements)}`,
      matches(value) {
        const found = elementsIn(value);
        return found.length === elements.length && pairsOf(found, elements) === elements.length;
      },
    };
  },
  not: (argument, path, wrong) => {
    const inner = readMatcher(argument, path, wrong);
    return { words: `not ${inner.words}`, matches: (value) => !inner.matches(value) };
  },
  and: (argument, path, wrong) => {
    if (!isList(argument)) return wanted('a list', path, wrong);
    const all = readAll(argument, path, wrong);
    return { words: listed(all, ' and '), matches: (value) => all.every((one) => one.matches(value)) };
  },
  or: (argument, path, wrong) => {
    if (!isList(argument)) return wanted('a list', path, wrong);
    const any = readAll(argument, path, wrong);
    return { words: listed(any, ' or '), matches: (value) => any.some((one) => one.matches(value)) };
  },
  gt: numeric('>'),
  ge: numeric('>='),
  lt: numeric('<'),
  le: numeric('<='),
  'semver-constraint': (argument, path, wrong) => {
    if (typeof argument !== 'string') return wanted('a text', path, wrong);
    const range = parseRange(argument);
    if (range === undefined) {
      wrong(path, 'is no range of versions; write e.g. ">=1.2.0 <2.0.0"');
      return never;
    }
    return {
      words: `versions within ${argument}`,
      matches(value) {
        const texts = typeof value === 'string' ? [value] : isGoMap(value) ? [] : (elementsOf(value) ?? []);
        if (texts.length === 0) throw new Error(`${printed(value)} is no version`);
        return texts.map(versionOf).every(range);
      },
    };
  },
  gjson: (argument, path, wrong) => {
    if (!isGoMap(argument)) return wanted('a map', path, wrong);
    const parts = [...argument].map(([key, inner]) => gjson(key, inner, [...path, key], wrong));
    return { words: listed(parts, ' and '), matches: (value) => parts.every((part) => part.matches(value)) };
  },
};

function wanted(what: string, path: Path, wrong: OnWrong): Matcher {
  wrong(path, `needs ${what}`);
  return never;
}

function readAll(written: readonly GoValue[], path: Path, wrong: OnWrong): Matcher[] {
  return written.map((one, index) => readMatcher(one, [...path, index], wrong));
}

function textual(words: string, fits: (text: string, part: string) => boolean): Reader {
  return (argument, path, wrong) =>
    typeof argument === 'string'
      ? { words: `${words} '${argument}'`, matches: (value) => fits(asText(value), argument) }
      : wanted('a text', path, wrong);
}

function numeric(sign: '>' | '>=' | '<' | '<='): Reader {
  return (argument, path, wrong) =>
    typeof argument === 'number' || argument instanceof FloatNumber
      ? compared(sign, argument)
      : wanted('a number', path, wrong);
}

function compared(sign: '==' | '>' | '>=' | '<' | '<=', written: number | FloatNumber): Matcher {
  const limit = numberOf(written);
  return {
    words: sign === '==' ? String(limit) : `a number ${sign} ${limit}`,
    matches(value) {
      const number = numberOf(value);
      switch (sign) {
        case '==':
          return number === limit;
        case '>':
          return number > limit;
        case '>=':
          return number >= limit;
        case '<':
          return number < limit;
        case '<=':
          return number <= limit;
      }
    },
  };
}

function havePatterns(written: readonly GoValue[], path: Path, wrong: OnWrong): Matcher {
  const patterns = written.flatMap((one, index) => {
    if (typeof one !== 'string') {
      wrong([...path, index], 'is a pattern and has to be text; put it in quotes');
      return [];
    }
    try {
      return [readPattern(one)];
    } catch (error) {
      wrong([...path, index], `${message(error)}; see https://pkg.go.dev/regexp/syntax`);
      return [];
    }
  });
  return {
    words: `lines that fit ${patterns.map((pattern) => `'${pattern.written}'`).join(', ')}`,
    matches: (value) => missingPatterns(asText(value), patterns).length === 0,
  };
}

function gjson(key: string, written: GoValue, path: Path, wrong: OnWrong): Matcher {
  const inner = readMatcher(written, path, wrong);
  try {
    const steps = parseGjsonPath(key);
    return {
      words: `at ${key} ${inner.words}`,
      matches(value) {
        if (typeof value !== 'string') throw new Error(`${printed(value)} is no text`);
        const found = gjsonValue(parsedJson(value), steps);
        if (found === undefined) throw new Error(`there is nothing at ${key}`);
        return inner.matches(found);
      },
    };
  } catch (error) {
    wrong(path, message(error));
    return never;
  }
}

function parsedJson(text: string): GoValue {
  try {
    return fromJson(JSON.parse(text));
  } catch {
    throw new Error(`${shown(text)} is no JSON`);
  }
}

function containElements(elements: readonly Matcher[]): Matcher {
  return {
    words: `the elements ${listed(elements)}`,
    matches: (value) => pairsOf(elementsIn(value), elements) === elements.length,
  };
}

function containsElement(value: GoValue, element: Matcher): boolean {
  let failure: unknown;
  for (const one of elementsIn(value)) {
    try {
      if (element.matches(one)) return true;
    } catch (error) {
      failure = error;
    }
  }
  if (failure !== undefined) throw failure;
  return false;
}

/** How many matchers get a value of their own. */
function pairsOf(values: readonly GoValue[], matchers: readonly Matcher[]): number {
  const fits = matchers.map((matcher) => values.map((value) => fitsQuietly(matcher, value)));
  const takenBy = new Map<number, number>();
  const place = (matcher: number, tried: Set<number>): boolean =>
    values.some((_, index) => {
      if (fits[matcher]?.[index] !== true || tried.has(index)) return false;
      tried.add(index);
      const other = takenBy.get(index);
      if (other !== undefined && !place(other, tried)) return false;
      takenBy.set(index, matcher);
      return true;
    });
  return matchers.filter((_, index) => place(index, new Set())).length;
}

function fitsQuietly({ matches }: Matcher, value: GoValue): boolean {
  try {
    return matches(value);
  } catch {
    return false;
  }
}

function elementsIn(value: GoValue): readonly GoValue[] {
  const found = elementsOf(value);
  if (found === undefined) throw new Error(`${printed(value)} is no list`);
  return found;
}

function asText(value: GoValue): string {
  if (value instanceof TextList) return value.items.join('\n');
  return isList(value) ? value.map(printed).join('\n') : printed(value);
}

function asList(value: GoValue): GoValue {
  return typeof value === 'string' ? new TextList(value.split('\n')) : value;
}

function numberOf(value: GoValue): number {
  if (typeof value === 'number') return value;
  if (value instanceof FloatNumber) return value.value;
  const text = value instanceof TextList ? asText(value) : value;
  if (typeof text !== 'string' || !/^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text.trim()))
    throw new Error(`${shown(asText(value))} is no number`);
  return Number(text.trim());
}

function lengthOf(value: GoValue): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  const found = elementsOf(value);
  if (found === undefined) throw new Error(`${printed(value)} has no length`);
  return found.length;
}

function versionOf(value: GoValue) {
  const version = typeof value === 'string' ? parseVersion(value) : undefined;
  if (version === undefined) throw new Error(`${printed(value)} is no version`);
  return version;
}

function listed(matchers: readonly Matcher[], between = ', '): string {
  return matchers.map(({ words }) => words).join(between);
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
