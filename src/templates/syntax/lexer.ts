/**
 * Jinja2's tokens, in the shape that nunjucks's parser reads: jinja2/lexer.py (3.1), rule by rule. White space control
 * is done here, so the parser sees neither comments nor signs at tags.
 */
import lexer, { type Token } from 'nunjucks/src/lexer.js';
import { identifierAt, numberAt, stringAt } from './literals.ts';
import { SyntaxProblem } from './problem.ts';

export interface SyntaxOptions {
  /** Keep the line feed at a file's end, of which one is dropped otherwise. */
  readonly keepTrailingNewline?: boolean;
  /** Drop the line feed behind a tag. */
  readonly trimBlocks?: boolean;
  /** Drop the white space between the beginning of a line and a tag. */
  readonly lstripBlocks?: boolean;
}

/** What Python's `str` takes for white space. */
const space = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const spaces = new RegExp(`[${space}]+`, 'y');
const onlySpaces = new RegExp(`^[${space}]+$`);
const trailingSpaces = new RegExp(`[${space}]+$`);
const tagStart = /\{[{%#]/g;
const rawStart = new RegExp(`\\{%([-+]?)[${space}]*raw[${space}]*(?:-%\\}[${space}]*|%\\})`, 'y');
const rawEnd = (trim: string) =>
  new RegExp(`\\{%([-+]?)[${space}]*endraw[${space}]*(?:\\+%\\}|-%\\}[${space}]*|%\\}${trim})`, 'g');
const commentEnd = (trim: string) => new RegExp(`\\+#\\}|-#\\}[${space}]*|#\\}${trim}`, 'g');
const blockEnd = (trim: string) => new RegExp(`\\+%\\}|-%\\}[${space}]*|%\\}${trim}`, 'y');
const variableEnd = new RegExp(`-\\}\\}[${space}]*|\\}\\}`, 'y');
const operator = /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}<>=.:|,;]/y;

const punctuation: Readonly<Record<string, string>> = {
  '(': lexer.TOKEN_LEFT_PAREN,
  ')': lexer.TOKEN_RIGHT_PAREN,
  '[': lexer.TOKEN_LEFT_BRACKET,
  ']': lexer.TOKEN_RIGHT_BRACKET,
  '{': lexer.TOKEN_LEFT_CURLY,
  '}': lexer.TOKEN_RIGHT_CURLY,
  ',': lexer.TOKEN_COMMA,
  ':': lexer.TOKEN_COLON,
  '~': lexer.TOKEN_TILDE,
  '|': lexer.TOKEN_PIPE,
};
const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Line feeds only, and without the one at the end that is not kept: what tokens' lines and columns count in. */
export function normalise(text: string, { keepTrailingNewline = false }: SyntaxOptions): string {
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  return !keepTrailingNewline && lines.endsWith('\n') ? lines.slice(0, -1) : lines;
}

/**
 * All tokens of a text.
 * @param source normalised
 * @throws SyntaxProblem
 */
export function tokenize(source: string, { trimBlocks = false, lstripBlocks = false }: SyntaxOptions): Token[] {
  const trim = trimBlocks ? '\\n?' : '';
  const ends = { block: blockEnd(trim), comment: commentEnd(trim), raw: rawEnd(trim) };
  const tokens: Token[] = [];
  let position = 0;
  /** Whether what was read last ended a line. */
  let lineStarting = true;
  let [line, lineStart, counted] = [0, 0, 0];
  /** Offsets are asked for in their order. */
  const placeOf = (offset: number): { lineno: number; colno: number } => {
    for (let at = source.indexOf('\n', counted); at >= 0 && at < offset; at = source.indexOf('\n', at + 1)) {
      line += 1;
      lineStart = at + 1;
    }
    counted = Math.max(lineStart, offset);
    return { lineno: line, colno: offset - lineStart };
  };
  const push = (type: string, value: unknown, offset: number): void => {
    tokens.push({ type, value, ...placeOf(offset) });
  };
  const fail = (message: string, offset: number, hint?: string): never => {
    const before = source.slice(0, offset);
    throw new SyntaxProblem(message, before.split('\n').length - 1, offset - (before.lastIndexOf('\n') + 1), hint);
  };
  const moveTo = (end: number): void => {
    lineStarting = end > 0 && source.charCodeAt(end - 1) === 10;
    position = end;
  };
  /** The text before a tag: what of it is left depends on the tag's sign. */
  const pushData = (end: number, sign: string, isVariable: boolean): void => {
    let text = source.slice(position, end);
    if (sign === '-') text = text.replace(trailingSpaces, '');
    else if (sign !== '+' && lstripBlocks && !isVariable) {
      const start = text.lastIndexOf('\n') + 1;
      if ((start > 0 || lineStarting) && onlySpaces.test(text.slice(start))) text = text.slice(0, start);
    }
    if (text !== '') push(lexer.TOKEN_DATA, text, position);
  };

  const readComment = (start: number): void => {
    // As in Jinja2, what begins at the very end needs no end.
    if (position === source.length) return;
    ends.comment.lastIndex = position;
    if (ends.comment.exec(source) === null) fail('this comment has no end', start, 'end it with #}');
    moveTo(ends.comment.lastIndex);
  };
  const readRaw = (start: number): void => {
    if (position === source.length) return;
    ends.raw.lastIndex = position;
    const found = ends.raw.exec(source);
    if (found === null) {
      fail("'raw' has no end", start, 'end it with {% endraw %}');
      return;
    }
    pushData(found.index, found[1] ?? '', false);
    moveTo(ends.raw.lastIndex);
  };
  const readCode = (start: number, end: RegExp, endType: string): void => {
    const open: string[] = [];
    while (position < source.length) {
      end.lastIndex = position;
      if (open.length === 0 && end.test(source)) {
        push(endType, source.slice(position, end.lastIndex), position);
        moveTo(end.lastIndex);
        return;
      }
      position = readToken(open);
    }
    const closer = endType === lexer.TOKEN_BLOCK_END ? '%}' : '}}';
    const inner = open.at(-1);
    fail(
      inner === undefined ? 'this tag has no end' : `'${inner}' is missing before the end of the template`,
      start,
      `end it with ${inner === undefined ? '' : `${inner} and `}${closer}`,
    );
  };
  const readToken = (open: string[]): number => {
    spaces.lastIndex = position;
    if (spaces.test(source)) return spaces.lastIndex;
    const number = numberAt(source, position);
    if (number !== undefined) {
      push(number.isFloat ? lexer.TOKEN_FLOAT : lexer.TOKEN_INT, number.value, position);
      return number.end;
    }
    const name = identifierAt(source, position);
    if (name !== undefined) {
      if (!name.valid) fail(`'${name.text}' is not a name`, position, 'names have letters, digits and _');
      push(lexer.TOKEN_SYMBOL, name.text, position);
      return position + name.text.length;
    }
    const string = stringAt(source, position);
    if (string !== undefined) {
      if (string.problem !== undefined) fail(string.problem, position);
      push(lexer.TOKEN_STRING, string.value, position);
      return string.end;
    }
    operator.lastIndex = position;
    const [sign] = operator.exec(source) ?? [];
    if (sign === undefined) {
      const character = String.fromCodePoint(source.codePointAt(position) ?? 0);
      const quote = character === "'" || character === '"';
      return fail(
        quote ? `the text that begins with ${character} has no end` : `'${character}' means nothing here`,
        position,
        quote ? `end it with ${character}` : undefined,
      );
    }
    const closer = closers[sign];
    if (closer !== undefined) open.push(closer);
    else if (sign === ')' || sign === ']' || sign === '}') {
      const expected = open.pop();
      if (expected === undefined) fail(`'${sign}' closes nothing`, position);
      if (expected !== sign) fail(`'${sign}' does not close what is open`, position, `'${expected}' is expected`);
    }
    push(punctuation[sign] ?? lexer.TOKEN_OPERATOR, sign, position);
    return position + sign.length;
  };

  while (position < source.length) {
    tagStart.lastIndex = position;
    const found = tagStart.exec(source);
    if (found === null) {
      push(lexer.TOKEN_DATA, source.slice(position), position);
      break;
    }
    const start = found.index;
    rawStart.lastIndex = start;
    const raw = rawStart.exec(source);
    const next = source[start + 2];
    const sign = raw?.[1] ?? (next === '-' || next === '+' ? next : '');
    pushData(start, sign, found[0] === '{{');
    if (raw !== null) {
      moveTo(rawStart.lastIndex);
      readRaw(start);
      continue;
    }
    moveTo(start + 2 + sign.length);
    if (found[0] === '{#') readComment(start);
    else if (found[0] === '{%') {
      push(lexer.TOKEN_BLOCK_START, '{%', start);
      readCode(start, ends.block, lexer.TOKEN_BLOCK_END);
    } else {
      push(lexer.TOKEN_VARIABLE_START, '{{', start);
      readCode(start, variableEnd, lexer.TOKEN_VARIABLE_END);
    }
  }
  return tokens;
}
