/** Filters that matter for HTML, JSON in HTML, and URLs. */
import {
  asIndex,
  compareTexts,
  Dict,
  describe,
  type Evaluation,
  escapeHtml,
  escapeText,
  isIterable,
  isText,
  iterate,
  listOf,
  Markup,
  quote,
  raise,
  str,
  stripTags,
  textOf,
  truth,
  Undefined,
  type Value,
  whitespace,
} from '../python/index.ts';
import { filter, type NamedFilter } from './filter.ts';
import { toJson } from './json.ts';
import { type LinkStyle, urlize } from './urlize.ts';

/** As Python's `quote`: UTF-8, with everything escaped but letters, digits and `safe`. */
function quoteUrl(value: Value, safe: RegExp, evaluation: Evaluation): string {
  const text = str(value, evaluation);
  if (!text.isWellFormed()) raise('half of a surrogate pair has no place in a URL');
  let quoted = '';
  for (const byte of new TextEncoder().encode(text)) {
    const character = String.fromCharCode(byte);
    quoted += safe.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  evaluation.limits.grow(quoted.length);
  return quoted;
}

const safeInPath = /[A-Za-z0-9_.~/-]/;
const safeInQuery = /[A-Za-z0-9_.~-]/;

function urlEncode(value: Value, evaluation: Evaluation): string {
  if (isText(value) || !isIterable(value)) return quoteUrl(value, safeInPath, evaluation);
  const pairs =
    value instanceof Dict ? value.entries() : listOf(value, evaluation).map((item) => pair(item, evaluation));
  const part = (each: Value) => quoteUrl(each, safeInQuery, evaluation).replaceAll('%20', '+');
  return pairs.map(([key, content]) => `${part(key)}=${part(content)}`).join('&');
}

function pair(item: Value, evaluation: Evaluation): [Value, Value] {
  const [key, value, ...others] = isIterable(item) ? listOf(item, evaluation) : [];
  if (key === undefined || value === undefined || others.length > 0)
    return raise(`the filter 'urlencode' needs pairs of key and value, not ${describe(item)}`);
  return [key, value];
}

const attributeBreak = /[\t-\r />=]/;

function xmlAttributes(value: Value, autospace: Value, evaluation: Evaluation): Value {
  if (value instanceof Undefined) value.fail();
  if (!(value instanceof Dict)) return raise(`the filter 'xmlattr' needs a dict, not ${describe(value)}`);
  const parts: string[] = [];
  for (const [key, content] of value.entries()) {
    if (content === null || content instanceof Undefined) continue;
    if (!isText(key)) return raise(`the name of an attribute has to be a text, not ${describe(key)}`);
    if (attributeBreak.test(textOf(key))) raise(`${quote(textOf(key))} can't be the name of an attribute`);
    parts.push(`${escapeHtml(key, evaluation).text}="${escapeHtml(content, evaluation).text}"`);
  }
  const text = (parts.length > 0 && truth(autospace) ? ' ' : '') + parts.join(' ');
  return evaluation.autoescape ? new Markup(text) : text;
}

function linkStyle(
  [limit = null, nofollow = false, target = null, rel = null, schemes = null]: readonly (Value | undefined)[],
  evaluation: Evaluation,
): LinkStyle {
  const words = new Set(rel === null ? [] : wordsOf(rel));
  if (truth(nofollow)) words.add('nofollow');
  words.add('noopener');
  const extraSchemes = schemes === null ? [] : Array.from(iterate(schemes), (scheme) => schemeOf(scheme));
  return {
    limit: limit === null ? undefined : asIndex(limit, 'the limit'),
    rel: escapeText([...words].sort(compareTexts).join(' ')),
    target: target === null || !truth(target) ? undefined : escapeHtml(target, evaluation).text,
    extraSchemes,
  };
}

function wordsOf(rel: Value): string[] {
  if (!isText(rel)) return truth(rel) ? raise(`'rel' has to be a text, not ${describe(rel)}`) : [];
  return textOf(rel)
    .split(new RegExp(`[${whitespace}]+`))
    .filter((word) => word !== '');
}

function schemeOf(scheme: Value): string {
  const text = isText(scheme) ? textOf(scheme) : '';
  return /^[\p{L}\p{N}_.+-]{2,}:\/{0,2}$/u.test(text)
    ? text
    : raise(`${describe(scheme)} among the schemes is not the start of a URL`, "write it like 'ftp://'");
}

function json(value: Value, indent: Value, evaluation: Evaluation): Markup {
  const by =
    indent === null
      ? undefined
      : isText(indent)
        ? textOf(indent)
        : ' '.repeat(Math.min(Math.max(0, asIndex(indent, 'the indent')), 1000));
  const text = toJson(value, by, evaluation);
  return new Markup(inHtml.test(text) ? text.replace(/[<>&']/g, (character) => escapes[character] ?? character) : text);
}

const inHtml = /[<>&']/;
const escapes: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026', "'": '\\u0027' };

export const htmlFilters: readonly NamedFilter[] = [
  filter('escape', '/', (value, _, evaluation) => escapeHtml(value, evaluation)),
  filter('e', '/', (value, _, evaluation) => escapeHtml(value, evaluation)),
  filter('forceescape', '', (value, _, evaluation) => new Markup(escapeText(str(value, evaluation)))),
  filter('safe', '', (value, _, evaluation) => (value instanceof Markup ? value : new Markup(str(value, evaluation)))),
  filter('striptags', '', (value, _, evaluation) => stripTags(str(value, evaluation))),
  filter('tojson', '? indent', (value, [indent = null], evaluation) => json(value, indent, evaluation)),
  filter('urlencode', '', (value, _, evaluation) => urlEncode(value, evaluation)),
  filter('urlize', '? trim_url_limit nofollow target rel extra_schemes', (value, args, evaluation) => {
    const linked = urlize(escapeHtml(value, evaluation).text, linkStyle(args, evaluation), evaluation);
    return evaluation.autoescape ? new Markup(linked) : linked;
  }),
  filter('xmlattr', '? autospace', (value, [autospace = true], evaluation) =>
    xmlAttributes(value, autospace, evaluation),
  ),
];
