/** One logical line as an instruction: keyword, flags, words. */
import { isStringArray, type LogicalLine } from './lines.ts';
import { positionAt, type SourceText, sliceSource, trimSource } from './source.ts';
import type { Flag, Instruction, Word } from './types.ts';

/** Words of these may be quoted, space included. */
const quoted: ReadonlySet<string> = new Set(['ARG', 'ENV', 'LABEL']);

type Around = Pick<LogicalLine, 'endLine' | 'lastLine' | 'heredocs' | 'description' | 'emptyContinuation'>;

export function readInstruction({ source, line: _, ...around }: LogicalLine, escapeToken: string): Instruction {
  return read(trimSource(source), around, escapeToken);
}

function read(source: SourceText, around: Around, escapeToken: string): Instruction {
  const [written = ''] = /^\S*/.exec(source.text) ?? [];
  const keyword = written.toUpperCase();
  const afterKeyword = trimSource(sliceSource(source, written.length));
  const { flags, end } = readFlags(afterKeyword, escapeToken);
  const body = trimSource(sliceSource(afterKeyword, end));
  // HEALTHCHECK and ONBUILD have a word before what may be JSON.
  const array = keyword === 'HEALTHCHECK' ? trimSource(sliceSource(body, body.text.search(/\s|$/))) : body;
  const json = array.text.startsWith('[') && isStringArray(array.text);
  return {
    keyword,
    written,
    ...positionAt(source, 0),
    ...around,
    flags,
    body,
    words: json ? [...leading(body, array), ...readStrings(array)] : readWords(body, quoted.has(keyword), escapeToken),
    json,
    ...(keyword === 'ONBUILD' && body.text !== ''
      ? { trigger: read(body, { ...around, description: [] }, escapeToken) }
      : {}),
  };
}

function leading(body: SourceText, array: SourceText): readonly Word[] {
  if (body === array) return [];
  return [{ text: body.text.split(/\s/, 1)[0] ?? '', ...positionAt(body, 0) }];
}

/** Words that begin with `--`, up to the first that doesn't, or a lone `--`; quotes and escapes are removed. */
function readFlags(source: SourceText, escapeToken: string): { flags: readonly Flag[]; end: number } {
  const { text } = source;
  const flags: Flag[] = [];
  let at = 0;
  for (;;) {
    at += (/^\s*/.exec(text.slice(at)) ?? [''])[0].length;
    if (!text.startsWith('--', at)) return { flags, end: at };
    const start = at;
    let word = '';
    let quote = '';
    for (; at < text.length; at += 1) {
      const char = text.charAt(at);
      if (quote === '' && /\s/.test(char)) break;
      if (char === escapeToken) {
        at += 1;
        word += text.charAt(at);
      } else if (quote === '' && (char === '"' || char === "'")) quote = char;
      else if (char === quote) quote = '';
      else word += char;
    }
    if (word === '--') return { flags, end: at };
    const equals = word.indexOf('=');
    flags.push({
      ...positionAt(source, start),
      name: word.slice(2, equals < 0 ? undefined : equals),
      ...(equals < 0 ? {} : { value: word.slice(equals + 1) }),
    });
  }
}

function readStrings(source: SourceText): readonly Word[] {
  return [...source.text.matchAll(/"(?:[^"\\]|\\.)*"/g)].map((match) => ({
    text: String(JSON.parse(match[0])),
    ...positionAt(source, match.index + 1),
  }));
}

function readWords(source: SourceText, withQuotes: boolean, escapeToken: string): readonly Word[] {
  const token = escapeToken === '\\' ? '\\\\' : '`';
  const pattern = withQuotes
    ? new RegExp(`(?:${token}[^]|"(?:${token}[^]|[^"])*(?:"|$)|'[^']*(?:'|$)|[^\\s])+`, 'g')
    : /\S+/g;
  return [...source.text.matchAll(pattern)].map((match) => ({ text: match[0], ...positionAt(source, match.index) }));
}
