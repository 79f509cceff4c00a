/**
 * The builder's own idea of words, quotes and variables, which is not a shell's:
 * https://github.com/moby/buildkit/blob/master/frontend/dockerfile/shell/lex.go
 */

export interface Lexer {
  readonly escape: string;
  /** Value of a variable; `undefined` when it is not set. */
  readonly value: (name: string) => string | undefined;
  /** Keeps quotes and escapes as they are. */
  readonly raw?: boolean;
  /** Leaves variables that are not set as they are written, instead of dropping them. */
  readonly keepUnset?: boolean;
  /** Takes quotes for plain characters, as in the content of a heredoc. */
  readonly plainQuotes?: boolean;
}

export interface Expanded {
  readonly text: string;
  readonly words: readonly string[];
  /** Variables that were looked up and not set, in order of appearance. */
  readonly unset: readonly string[];
  /** As `unset`, with those that are written with a default or an alternative. */
  readonly unmatched: readonly string[];
  /** Variables that are set. */
  readonly matched: readonly string[];
  /** What is wrong with the text, when it can't be expanded. */
  readonly error?: string;
}

class LexError extends Error {}

interface State {
  readonly chars: readonly string[];
  readonly lexer: Lexer;
  readonly unset: Set<string>;
  readonly unmatched: Set<string>;
  readonly matched: Set<string>;
  at: number;
}

/** Expands variables, removes quotes and escapes, and splits at space outside of quotes. */
export function expandWords(source: string, lexer: Lexer): Expanded {
  const state: State = {
    chars: [...source],
    lexer,
    unset: new Set(),
    unmatched: new Set(),
    matched: new Set(),
    at: 0,
  };
  const looked = (): Pick<Expanded, 'unset' | 'unmatched' | 'matched'> => ({
    unset: [...state.unset],
    unmatched: [...state.unmatched],
    matched: [...state.matched],
  });
  try {
    return { ...readUntil(state, undefined, lexer.raw === true), ...looked() };
  } catch (error) {
    if (!(error instanceof LexError)) throw error;
    return { text: source, words: [], error: error.message, ...looked() };
  }
}

const space = /\s/;

function readUntil(state: State, stop: string | undefined, raw: boolean): { text: string; words: string[] } {
  const { lexer } = state;
  const words: string[] = [];
  let text = '';
  let word = '';
  const add = (part: string, breaks: boolean): void => {
    text += part;
    for (const char of part) {
      if (!breaks || !space.test(char)) word += char;
      else if (word !== '') {
        words.push(word);
        word = '';
      }
    }
  };
  for (;;) {
    const char = state.chars[state.at];
    if (char === undefined) break;
    if (char === stop) {
      state.at += 1;
      return { text, words: word === '' ? words : [...words, word] };
    }
    if (char === "'" && !lexer.plainQuotes) add(singleQuoted(state), false);
    else if (char === '"' && !lexer.plainQuotes) add(doubleQuoted(state), false);
    else if (char === '$') add(dollar(state), true);
    else if (char === '<') add(heredocStart(state), false);
    else if (char === lexer.escape) {
      const next = state.chars[state.at + 1];
      state.at += 2;
      if (raw) add(char, false);
      if (next !== undefined) add(next, false);
    } else {
      state.at += 1;
      add(char, true);
    }
  }
  if (stop !== undefined) throw new LexError(`'${stop}' is missing`);
  return { text, words: word === '' ? words : [...words, word] };
}

/** Keeps the space between `<<` and its name in one word. */
function heredocStart(state: State): string {
  state.at += 1;
  if (state.chars[state.at] !== '<') return '<';
  state.at += 1;
  let result = '<<';
  for (let char = state.chars[state.at]; char === ' ' || char === '\t'; char = state.chars[state.at]) {
    result += char;
    state.at += 1;
  }
  return result;
}

function singleQuoted(state: State): string {
  const end = state.chars.indexOf("'", state.at + 1);
  if (end < 0) throw new LexError('a single quote is not closed');
  const inner = state.chars.slice(state.at + 1, end).join('');
  state.at = end + 1;
  return state.lexer.raw ? `'${inner}'` : inner;
}

function doubleQuoted(state: State): string {
  const { escape: token, raw } = state.lexer;
  let result = '';
  state.at += 1;
  for (;;) {
    const char = state.chars[state.at];
    if (char === undefined) throw new LexError('a double quote is not closed');
    if (char === '"') {
      state.at += 1;
      return raw ? `"${result}"` : result;
    }
    if (char === '$') {
      result += dollar(state);
      continue;
    }
    const next = state.chars[state.at + 1];
    if (char === token && (next === '"' || next === '$' || next === token)) {
      result += raw ? char + next : next;
      state.at += 2;
      continue;
    }
    // An escape at the very end says nothing; before any other character it stands for itself.
    if (char !== token || next !== undefined) result += char;
    state.at += 1;
  }
}

function dollar(state: State): string {
  const { lexer } = state;
  state.at += 1;
  if (state.chars[state.at] !== '{') {
    const name = readName(state);
    if (name === '') return '$';
    const value = look(state, name);
    return value ?? (lexer.keepUnset ? `$${name}` : '');
  }
  state.at += 1;
  const name = readName(state);
  const first = state.chars[state.at];
  if (first === undefined) throw new LexError("'}' is missing");
  if (name === '') throw new LexError(`'\${${first}' is no substitution`);
  state.at += 1;
  if (first === '}') {
    const value = look(state, name);
    return value ?? (lexer.keepUnset ? `\${${name}}` : '');
  }
  return first === '/' ? replacement(state, name) : modified(state, name, first);
}

/** `${name-word}`, `${name:-word}`, and likewise `+`, `?`, `#`, `##`, `%`, `%%`. */
function modified(state: State, name: string, first: string): string {
  const colon = first === ':';
  const operator = colon ? (state.chars[state.at++] ?? '') : first;
  const pattern = operator === '#' || operator === '%';
  if (!'+-?#%'.includes(operator) || operator === '' || (colon && pattern))
    throw new LexError(`'${colon ? ':' : ''}${operator}' is no modifier of a variable`);
  const { text: word } = readUntil(state, '}', pattern);
  const value = look(state, name, operator !== '-' && operator !== '+');
  if (value === undefined && state.lexer.keepUnset) return `\${${name}${colon ? ':' : ''}${operator}${word}}`;
  const empty = value === undefined || (colon && value === '');
  if (operator === '-') return empty ? word : value;
  if (operator === '+') return empty ? '' : word;
  if (operator === '?') {
    if (empty) throw new LexError(`${name}: ${word || `is not allowed to be ${value === '' ? 'empty' : 'unset'}`}`);
    return value;
  }
  const greedy = word.startsWith(operator);
  return trimPattern(value ?? '', greedy ? word.slice(1) : word, operator === '#', greedy);
}

/** `${name/pattern/text}` and `${name//pattern/text}`. */
function replacement(state: State, name: string): string {
  const all = state.chars[state.at] === '/';
  if (all) state.at += 1;
  const { text: pattern } = readUntil(state, '/', true);
  const { text } = readUntil(state, '}', true);
  const value = look(state, name);
  if (value === undefined && state.lexer.keepUnset) return `\${${name}/${pattern}/${text}}`;
  return (value ?? '').replace(new RegExp(patternSource(pattern, true), all ? 'gs' : 's'), () => text);
}

function trimPattern(value: string, pattern: string, prefix: boolean, greedy: boolean): string {
  const chars = [...value];
  const whole = new RegExp(`^(?:${patternSource(pattern, true)})$`, 's');
  const lengths = Array.from({ length: chars.length + 1 }, (_, length) => length);
  for (const length of greedy ? lengths.toReversed() : lengths) {
    const cut = prefix ? length : chars.length - length;
    const candidate = (prefix ? chars.slice(0, cut) : chars.slice(cut)).join('');
    if (whole.test(candidate)) return (prefix ? chars.slice(cut) : chars.slice(0, cut)).join('');
  }
  return value;
}

function patternSource(pattern: string, greedy: boolean): string {
  return pattern.replace(/\\(.)|\*|\?|[[\]{}.+()|^$/\\]/gs, (part, escaped?: string) => {
    if (escaped !== undefined) return escaped.replace(/[[\]{}.+()|^$*?/\\]/, '\\$&');
    if (part === '*') return greedy ? '.*' : '.*?';
    return part === '?' ? '.' : `\\${part}`;
  });
}

function look({ lexer, unset, unmatched, matched }: State, name: string, needed = true): string | undefined {
  const value = lexer.value(name);
  if (value === undefined && needed) unset.add(name);
  (value === undefined ? unmatched : matched).add(name);
  return value;
}

/** A name, a number, or one of the shell's special parameters. */
function readName(state: State): string {
  const rest = state.chars.slice(state.at, state.at + 256).join('');
  const name = /^(?:\d+|[@*#?\-$!]|[\p{L}_][\p{L}\d_]*)/u.exec(rest)?.[0] ?? '';
  state.at += [...name].length;
  return name;
}
