/** Filters of texts. */
import {
  add,
  asIndex,
  asText,
  callTextMethod,
  Dict,
  describe,
  type Evaluation,
  isText,
  length,
  Markup,
  mod,
  noKwargs,
  raise,
  repeatText,
  slice,
  splitLines,
  str,
  Tuple,
  textOf,
  truth,
  Undefined,
  type Value,
  whitespace,
} from '../python/index.ts';
import { filter, type NamedFilter, softText } from './filter.ts';
import { wordWrap } from './wordwrap.ts';

function method(value: Value, name: string, args: readonly Value[], evaluation: Evaluation): Value {
  return callTextMethod(softText(value, evaluation), name, args, noKwargs, evaluation);
}

/** What is needed as a text, where nothing is converted. */
function required(value: Value, name: string): string | Markup {
  if (value instanceof Undefined) value.fail();
  return isText(value)
    ? value
    : raise(`the filter '${name}' needs a text, not ${describe(value)}`, 'convert it with the filter string');
}

/** Jinja2's own rule: what follows white space, a hyphen or an opening bracket begins a word. */
const wordStart = new RegExp(`([-${whitespace}({[<]+)`);

function title(text: string): string {
  return text
    .split(wordStart)
    .map((part) => {
      const [first = ''] = part;
      return first.toUpperCase() + part.slice(first.length).toLowerCase();
    })
    .join('');
}

function indent(value: Value, width: Value, first: Value, blank: Value, evaluation: Evaluation): Value {
  const text = required(value, 'indent');
  const { limits } = evaluation;
  const before = isText(width) ? textOf(width) : repeatText(' ', asIndex(width, 'the width of an indent'), evaluation);
  const lines = splitLines(`${textOf(text)}\n`, false);
  limits.grow(textOf(text).length + lines.length * (before.length + 1));
  const indented = lines.map((line, index) => (index === 0 || (line === '' && !truth(blank)) ? line : before + line));
  const result = (truth(first) ? before : '') + indented.join('\n');
  return text instanceof Markup ? new Markup(result) : result;
}

function truncate(value: Value, [size, killwords, end, leeway]: readonly Value[], evaluation: Evaluation): Value {
  const most = asIndex(size ?? 255, 'the length');
  const tolerance = leeway === undefined || leeway === null ? 5 : asIndex(leeway, 'the leeway');
  const ending = end ?? '...';
  const kept = most - length(ending);
  if (kept < 0) raise(`the length of a truncated text has to be at least that of its end, ${length(ending)}`);
  if (tolerance < 0) raise('the leeway can not be negative');
  if (length(value) <= most + tolerance) return value;
  const cut = slice(required(value, 'truncate'), null, kept, null, evaluation);
  if (truth(killwords ?? false)) return add(cut, ending, evaluation);
  const words = callTextMethod(cut, 'rsplit', [' ', 1], noKwargs, evaluation);
  return add(Array.isArray(words) ? (words[0] ?? '') : cut, ending, evaluation);
}

function replace(value: Value, [old = null, by = null, count]: readonly (Value | undefined)[], evaluation: Evaluation) {
  const most = count ?? -1;
  if (!evaluation.autoescape) {
    const args = [str(old, evaluation), str(by, evaluation), most];
    return callTextMethod(str(value, evaluation), 'replace', args, noKwargs, evaluation);
  }
  const escaped = old instanceof Markup || (by instanceof Markup && !(value instanceof Markup));
  const text = softText(value, evaluation);
  const target =
    escaped && typeof text === 'string' ? callTextMethod(new Markup(''), 'escape', [text], noKwargs, evaluation) : text;
  const args = [softText(old, evaluation), softText(by, evaluation), most];
  return callTextMethod(target, 'replace', args, noKwargs, evaluation);
}

export const textFilters: readonly NamedFilter[] = [
  filter('capitalize', '', (value, _, evaluation) => method(value, 'capitalize', [], evaluation)),
  filter('center', '? width', (value, [width = 80], evaluation) => method(value, 'center', [width], evaluation)),
  [
    'format',
    (evaluation, value, args, kwargs) => {
      if (args.length > 0 && kwargs.size > 0)
        raise("the filter 'format' takes arguments either by position or by name, not both");
      const text = softText(value, evaluation);
      return mod(text, kwargs.size > 0 ? Dict.of(kwargs) : new Tuple(args), evaluation);
    },
  ],
  filter('indent', '? width first blank', (value, [width = 4, first = false, blank = false], evaluation) =>
    indent(value, width, first, blank, evaluation),
  ),
  filter('lower', '', (value, _, evaluation) =>
    typeof value === 'string' ? value.toLowerCase() : method(value, 'lower', [], evaluation),
  ),
  filter('replace', 'old new ? count', replace),
  filter('string', '/', (value, _, evaluation) => softText(value, evaluation)),
  filter('title', '', (value, _, evaluation) => title(textOf(softText(value, evaluation)))),
  filter('trim', '? chars', (value, [chars = null], evaluation) => method(value, 'strip', [chars], evaluation)),
  filter(
    'truncate',
    '? length killwords end leeway',
    (value, [size = 255, killwords = false, end = '...', leeway = null], evaluation) =>
      truncate(value, [size, killwords, end, leeway], evaluation),
  ),
  filter('upper', '', (value, _, evaluation) =>
    typeof value === 'string' ? value.toUpperCase() : method(value, 'upper', [], evaluation),
  ),
  filter(
    'wordcount',
    '',
    (value, _, evaluation) => textOf(softText(value, evaluation)).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0,
  ),
  filter(
    'wordwrap',
    '? width break_long_words wrapstring break_on_hyphens',
    (value, [width = 79, breakLongWords = true, wrapstring = null, breakOnHyphens = true], evaluation) => {
      const text = required(value, 'wordwrap');
      const newline = wrapstring === null ? '\n' : asText(wrapstring, 'the wrapstring');
      const style = {
        width: asIndex(width, 'the width'),
        breakLongWords: truth(breakLongWords),
        // Python asks for the very True.
        breakOnHyphens: breakOnHyphens === true,
        newline,
      };
      const wrapped = wordWrap(textOf(text), style, evaluation.limits);
      return wrapstring instanceof Markup ? new Markup(wrapped) : wrapped;
    },
  ),
];
