/** Methods of Markup: those of `str`, but what comes in is escaped and what comes out is Markup. */
import { raise } from '../errors.ts';
import type { Evaluation, Kwargs } from '../evaluation.ts';
import { stripTags, unescapeHtml } from '../html.ts';
import { iterate } from '../iteration.ts';
import { lazily } from '../lazily.ts';
import { escapeHtml, escapeText, Markup } from '../markup.ts';
import { formatText } from '../text-format.ts';
import { isText } from '../types.ts';
import { Tuple, type Value } from '../values.ts';
import { type Method, type Methods, method } from './method.ts';
import { textMethods } from './text.ts';

/** Methods of `str` with escaped arguments and Markup as result. */
const escaping = new Set(
  'capitalize title lower upper replace ljust rjust lstrip rstrip center strip translate expandtabs swapcase zfill'.split(
    ' ',
  ),
);
/** Methods of `str` with arguments as they are and Markup as result. */
const splitting = new Set(['split', 'rsplit', 'splitlines']);

function markedUp(value: Value): Value {
  if (typeof value === 'string') return new Markup(value);
  if (Array.isArray(value)) return value.map(markedUp);
  return value instanceof Tuple ? new Tuple(value.items.map(markedUp)) : value;
}

function escapeArgument(value: Value): Value {
  return typeof value === 'string' ? escapeText(value) : value;
}

function escapeKwargs(kwargs: Kwargs): Kwargs {
  return new Map(Array.from(kwargs, ([name, value]) => [name, escapeArgument(value)]));
}

function ofText(name: string, body: Method<string>): [string, Method<Markup>] {
  if (escaping.has(name))
    return [
      name,
      (self, args, kwargs, evaluation) =>
        markedUp(body(self.text, args.map(escapeArgument), escapeKwargs(kwargs), evaluation)),
    ];
  if (name === 'partition' || name === 'rpartition')
    return [
      name,
      (self, args, kwargs, evaluation) => {
        const texts = args.map((value) => escapeHtml(value, evaluation));
        return markedUp(body(self.text, texts, kwargs, evaluation));
      },
    ];
  if (splitting.has(name))
    return [name, (self, args, kwargs, evaluation) => markedUp(body(self.text, args, kwargs, evaluation))];
  return [name, (self, args, kwargs, evaluation) => body(self.text, args, kwargs, evaluation)];
}

/** Few templates have Markup. */
export const markupMethods = lazily(
  (): Methods<Markup> =>
    new Map([
      ...Array.from(textMethods, ([name, body]) => ofText(name, body)),
      method<Markup>('join', 'iterable /', (self, [values = null], evaluation) => {
        const parts: string[] = [];
        for (const value of iterate(values)) {
          evaluation.limits.tick();
          parts.push(escapeHtml(value, evaluation).text);
        }
        evaluation.limits.grow(parts.length * self.text.length);
        return new Markup(parts.join(self.text));
      }),
      [
        'format',
        (self, args, kwargs, evaluation) =>
          new Markup(formatText(self.text, { args, named: (name) => kwargs.get(name) }, evaluation, true)),
      ],
      method<Markup>('escape', 's', (_self, [value = null], evaluation) => escapeHtml(value, evaluation)),
      method<Markup>('unescape', '', (self) => unescapeHtml(self.text)),
      method<Markup>('striptags', '', (self) => stripTags(self.text)),
    ]),
);

/** The result of a method of `str` or Markup. */
export function callTextMethod(
  text: Value,
  name: string,
  args: readonly Value[],
  kwargs: Kwargs,
  evaluation: Evaluation,
): Value {
  if (typeof text === 'string') return textMethods.get(name)?.(text, args, kwargs, evaluation) ?? null;
  if (text instanceof Markup) return markupMethods().get(name)?.(text, args, kwargs, evaluation) ?? null;
  return raise(isText(text) ? `a text has no method '${name}'` : `only a text has the method '${name}'`);
}
