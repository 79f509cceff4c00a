/** Parts that the schemas of several kinds of check share. */
import * as z from 'zod/mini';
import type { TextRule } from '../check.ts';

export const port = z.int().check(z.minimum(1), z.maximum(65535));
/** `80`, or `80/tcp` with one of these protocols. */
export function isPort(text: string, protocols: readonly string[]): boolean {
  const [number = '', protocol, ...more] = text.split('/');
  const known = protocol === undefined || (protocols.includes(protocol) && more.length === 0);
  return known && /^\d{1,5}$/.test(number) && Number(number) >= 1 && Number(number) <= 65535;
}
export const seconds = z.number().check(z.minimum(0.1), z.maximum(3600));
/** One text or a list of texts. */
export const words = z.union([z.string(), z.array(z.string())]);
export const path = z
  .string()
  .check(z.refine((text) => text.startsWith('/'), "does not begin with '/'; write the path from the root"));

export const regex = z
  .string()
  .check(
    z.refine(
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
  equals: z.optional(z.string()),
  contains: z.optional(words),
  matches: z.optional(z.union([regex, z.array(regex)])),
  'not-contains': z.optional(words),
  'not-matches': z.optional(z.union([regex, z.array(regex)])),
};
export const text = z.union([z.string(), z.strictObject(textShape)]);

export function textRule(written: z.output<typeof text> | undefined): TextRule {
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
