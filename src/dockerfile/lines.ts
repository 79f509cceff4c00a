/**
 * A Dockerfile as logical lines: continuation lines joined, comments and empty lines left out, heredocs taken along.
 * Follows https://github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/parser.go. The library dockerfile-ast
 * was tried first: it takes the lines of `cat 3<<EOF` for instructions, swallows the rest of the file after a quoted
 * "<<", and joins a line that ends with an escaped backslash with the next.
 */
import { type Mark, type SourceText, sliceSource } from './source.ts';
import type { Comment, Directive, Heredoc, ParseProblem } from './types.ts';
import { expandWords } from './words.ts';

export interface LogicalLine {
  readonly source: SourceText;
  readonly line: number;
  readonly endLine: number;
  readonly lastLine: number;
  readonly heredocs: readonly Heredoc[];
  readonly description: readonly string[];
  readonly emptyContinuation: boolean;
}

export interface SplitFile {
  readonly escape: '\\' | '`';
  readonly directives: readonly Directive[];
  readonly comments: readonly Comment[];
  readonly lines: readonly LogicalLine[];
  readonly problems: readonly ParseProblem[];
}

export function splitLines(file: string): SplitFile {
  const physical = file
    .replace(/^\ufeff/, '')
    .split('\n')
    .map((line) => line.replace(/\r+$/, ''));
  if (physical.at(-1) === '') physical.pop();
  const { directives, escapeToken, problems } = readDirectives(physical);
  const comments: Comment[] = [];
  const lines: LogicalLine[] = [];
  const token = escapeToken === '\\' ? '\\\\' : '`';
  const continued = new RegExp(`(?:^|(?<=[^${token}]))${token}[ \\t]*$`);
  const comment = (text: string, line: number): boolean => {
    const start = text.search(/\S/);
    if (text[start] !== '#') return false;
    comments.push({ text: text.slice(start + 1).trim(), line, column: start + 1 });
    return true;
  };
  let description: string[] = [];
  for (let index = directives.length; index < physical.length; index += 1) {
    const first = index + 1;
    const start = physical[index] ?? '';
    if (start.trim() === '') continue;
    if (comment(start, first)) {
      // Of an indented comment the builder cuts off the first character of the line, whatever it is.
      const told = start.slice(1).trim();
      if (told === '') description = [];
      else description.push(told);
      continue;
    }
    let emptyContinuation = false;
    let text = '';
    const marks: Mark[] = [];
    for (;;) {
      const current = physical[index] ?? '';
      const isFirst = index + 1 === first;
      const isComment = !isFirst && comment(current, index + 1);
      if (!isComment && !isFirst && current.trim() === '') emptyContinuation = true;
      else if (!isComment) {
        // Only the first line loses its indentation; later ones keep theirs, which separates words.
        const indent = isFirst ? Math.max(0, current.search(/\S/)) : 0;
        marks.push({ offset: text.length, line: index + 1, column: indent + 1 });
        text += current.slice(indent).replace(continued, '');
        if (!continued.test(current.slice(indent))) break;
      }
      if (index + 1 >= physical.length) break;
      index += 1;
    }
    const source: SourceText = { text, marks };
    const lastLine = index + 1;
    const opened = mayHaveHeredoc(text) ? heredocsOf(text) : [];
    const heredocs: Heredoc[] = [];
    for (const { name, expand, chomp, at } of opened) {
      const position = sliceSource(source, Math.max(0, at)).marks[0] ?? { line: first, column: 1 };
      const begin = index + 1;
      let end = begin;
      while (end < physical.length && (chomp ? physical[end]?.replace(/^\t+/, '') : physical[end]) !== name) end += 1;
      if (end >= physical.length) {
        problems.push({
          line: position.line,
          column: position.column,
          message: `the heredoc '${name}' is not closed`,
          hint: `add a line that holds ${name} alone${chomp ? '' : ', without indentation'}`,
        });
      }
      heredocs.push({
        name,
        expand,
        chomp,
        line: position.line,
        column: position.column,
        content: bodyOf(physical.slice(begin, end), begin + 1, chomp),
      });
      index = Math.min(end, physical.length - 1);
    }
    lines.push({ source, line: first, endLine: index + 1, lastLine, heredocs, description, emptyContinuation });
    description = [];
  }
  return { escape: escapeToken, directives, comments, lines, problems };
}

/** Only at the very top, each once: the first line that is none ends them. */
function readDirectives(physical: readonly string[]): {
  directives: Directive[];
  escapeToken: '\\' | '`';
  problems: ParseProblem[];
} {
  const directives: Directive[] = [];
  const problems: ParseProblem[] = [];
  let escapeToken: '\\' | '`' = '\\';
  for (const [index, text] of physical.entries()) {
    const [, name = '', value = ''] = /^\s*#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/.exec(text) ?? [];
    const key = name.toLowerCase();
    if (!['syntax', 'escape', 'check'].includes(key)) break;
    const place = { line: index + 1, column: text.indexOf('#') + 1 };
    if (directives.some((other) => other.name === key))
      problems.push({ ...place, message: `the directive '${key}' is given twice`, hint: 'keep one' });
    if (key === 'escape') {
      if (value === '\\' || value === '`') escapeToken = value;
      else problems.push({ ...place, message: `'${value}' can't be the escape character`, hint: 'use \\ or `' });
    }
    directives.push({ name: key, value, line: index + 1 });
  }
  return { directives, escapeToken, problems };
}

/** `ADD`, `COPY` and `RUN` take heredocs unless in JSON form, also after `ONBUILD`. */
function mayHaveHeredoc(text: string): boolean {
  const [, rest] = /^(?:ONBUILD\s+)?(?:ADD|COPY|RUN)\s+(.*)$/is.exec(text) ?? [];
  if (rest === undefined || !rest.includes('<<')) return false;
  return !isStringArray(rest.replace(/^(?:--\S+\s+)*/, ''));
}

export function isStringArray(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === 'string');
  } catch {
    return false;
  }
}

interface HeredocStart {
  readonly name: string;
  readonly expand: boolean;
  readonly chomp: boolean;
  readonly at: number;
}

const unset = (): undefined => undefined;

function heredocsOf(text: string): readonly HeredocStart[] {
  const { words } = expandWords(text, { escape: '\\', value: unset, raw: true, keepUnset: true });
  let from = 0;
  return words.flatMap((word) => {
    const at = text.indexOf(word, from);
    if (at >= 0) from = at + word.length;
    const heredoc = readHeredoc(word);
    return heredoc === undefined ? [] : [{ ...heredoc, at }];
  });
}

/** The word that opens a heredoc: `<<EOF`, `<<-EOF`, `3<<"EOF"`. */
export function readHeredoc(word: string): Omit<HeredocStart, 'at'> | undefined {
  const [, chomp = '', rest = ''] = /^\d*<<(-?)\s*([^<]*)$/.exec(word) ?? [];
  if (rest === '') return undefined;
  const { words } = expandWords(rest, { escape: '\\', value: unset, keepUnset: true });
  const [name] = words;
  if (name === undefined || words.length > 1) return undefined;
  const quotes = (candidate: string): number => candidate.replace(/[^'"]/g, '').length;
  return { name, expand: quotes(rest) === quotes(name), chomp: chomp === '-' };
}

function bodyOf(lines: readonly string[], firstLine: number, chomp: boolean): SourceText {
  let text = '';
  const marks: Mark[] = [];
  for (const [index, line] of lines.entries()) {
    const kept = chomp ? line.replace(/^\t+/, '') : line;
    marks.push({ offset: text.length, line: firstLine + index, column: line.length - kept.length + 1 });
    text += `${kept}\n`;
  }
  return { text, marks: marks.length > 0 ? marks : [{ offset: 0, line: firstLine, column: 1 }] };
}
