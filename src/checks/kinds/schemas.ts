/** Parts that the schemas of several kinds of check share. */
import * as v from 'valibot';
import { map } from '../../documents/index.ts';
import type { TextRule } from '../check.ts';

export const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535));
/** `80`, or `80/tcp` with one of these protocols. */
export function isPort(text: string, protocols: readonly string[]): boolean {
  const [number = '', protocol, ...more] = text.split('/');
  const known = protocol === undefined || (protocols.includes(protocol) && more.length === 0);
  return known && /^\d{1,5}$/.test(number) && Number(number) >= 1 && Number(number) <= 65535;
}
export const seconds = v.pipe(v.number(), v.minValue(0.1), v.maxValue(3600));
/** One text or a list of texts. */
export const words = v.union([v.string(), v.array(v.string())]);
export const path = v.pipe(
  v.string(),
  v.check((text) => text.startsWith('/'), "does not begin with '/'; write the path from the root"),
);

export const regex = v.pipe(
  v.string(),
  v.check(
    isRegex,
    'is no regular expression; see https://developer.mozilla.org/docs/Web/JavaScript/Reference/Regular_expressions',
  ),
);

function isRegex(text: string): boolean {
  try {
    new RegExp(text, 'mu');
    return true;
  } catch {
    return false;
  }
}

/** A text alone has to be contained. Of several, all have to be. */
export const textShape = {
  equals: v.optional(v.string()),
  contains: v.optional(words),
  matches: v.optional(v.union([regex, v.array(regex)])),
  'not-contains': v.optional(words),
  'not-matches': v.optional(v.union([regex, v.array(regex)])),
};
export const text = v.union([v.string(), map(textShape)]);

export function textRule(written: v.InferOutput<typeof text> | undefined): TextRule {
  if (typeof written === 'string') return { ...anyText, contains: [written] };
  const {
    equals,
    contains = [],
    matches = [],
    'not-contains': lacks = [],
    'not-matches': differs = [],
  } = written ?? {};
  return {
    ...(equals === undefined ? {} : { equals }),
    contains: [contains].flat(),
    matches: [matches].flat(),
    lacks: [lacks].flat(),
    differs: [differs].flat(),
  };
}

export const anyText: TextRule = { contains: [], matches: [], lacks: [], differs: [] };

/** A command written as one text is for the container's shell. */
export function argumentsOf(command: string | readonly string[]): readonly string[] {
  return typeof command === 'string' ? ['sh', '-c', command] : command;
}
