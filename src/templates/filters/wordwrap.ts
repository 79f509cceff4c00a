/** Wrapping of text as Python's `textwrap` does it. */
import { type Limits, lazily, raise, splitLines, textLength, whitespace } from '../python/index.ts';

export interface WrapStyle {
  /** Most characters of a line. */
  readonly width: number;
  readonly breakLongWords: boolean;
  readonly breakOnHyphens: boolean;
  /** What comes between lines. */
  readonly newline: string;
}

const space = '[\\t\\n\\v\\f\\r ]';
const noSpace = '[^\\t\\n\\v\\f\\r ]';
const word = '[\\p{L}\\p{N}_]';
const letter = '[\\p{L}\\p{No}\\p{Nl}_]';
const punctuated = '[\\p{L}\\p{N}_!"\'&.,?]';

/** White space, dashes between words, and words, broken after hyphens. Same alternatives as `wordsep_re`. */
const chunkPattern = lazily(
  () =>
    new RegExp(
      `(${space}+|(?<=${punctuated})-{2,}(?=${word})|${noSpace}+?(?:-(?:(?<=${letter}{2}-)|(?<=${letter}-${letter}-))` +
        `(?=${letter}-?${letter})|(?=${space}|$)|(?<=${punctuated})(?=-{2,}${word})))`,
      'u',
    ),
);
const spacePattern = new RegExp(`(${space}+)`);
const blank = new RegExp(`^[${whitespace}]*$`);

/** Lines of the text are wrapped each for itself. @throws TemplateError for a width below 1 */
export function wordWrap(text: string, style: WrapStyle, limits: Limits): string {
  const lines = splitLines(text, false).map((line) => wrapLine(line, style, limits).join(style.newline));
  limits.grow(lines.reduce((size, line) => size + line.length + style.newline.length, 0));
  return lines.join(style.newline);
}

function wrapLine(text: string, style: WrapStyle, limits: Limits): string[] {
  const { width } = style;
  if (width <= 0) raise('the width of a wrapped text has to be at least 1');
  const pattern = style.breakOnHyphens ? chunkPattern() : spacePattern;
  const chunks = text
    .split(pattern)
    .filter((chunk) => chunk !== '')
    .reverse();
  const lines: string[] = [];
  while (chunks.length > 0) {
    limits.tick();
    if (lines.length > 0 && blank.test(chunks.at(-1) ?? '')) chunks.pop();
    const line = takeLine(chunks, style);
    if (blank.test(line.at(-1) ?? 'x')) line.pop();
    if (line.length > 0) lines.push(line.join(''));
  }
  return lines;
}

/** As many chunks as fit, taken from the end of the list; of a word that fits no line, a part. */
function takeLine(chunks: string[], style: WrapStyle): string[] {
  const line: string[] = [];
  let size = 0;
  for (let next = chunks.at(-1); next !== undefined; next = chunks.at(-1)) {
    const length = textLength(next);
    if (size + length > style.width) {
      if (length > style.width) breakWord(next, chunks, line, style.width - size, style);
      break;
    }
    line.push(next);
    size += length;
    chunks.pop();
  }
  return line;
}

function breakWord(chunk: string, chunks: string[], line: string[], room: number, style: WrapStyle): void {
  if (!style.breakLongWords) {
    if (line.length === 0) line.push(chunks.pop() ?? '');
    return;
  }
  const characters = Array.from(chunk);
  const hyphen = style.breakOnHyphens ? characters.lastIndexOf('-', room - 1) : -1;
  const atHyphen = room > 0 && hyphen > 0 && characters.slice(0, hyphen).some((character) => character !== '-');
  const end = atHyphen ? hyphen + 1 : room;
  line.push(characters.slice(0, end).join(''));
  chunks[chunks.length - 1] = characters.slice(end).join('');
}
