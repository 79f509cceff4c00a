/** goss's patterns, for texts that are looked at line by line: https://goss.rocks/gossfile#ioreaders */
import { goRegExp } from '../go-regexp.ts';

interface Pattern {
  readonly written: string;
  /** No line may match. */
  readonly inverse: boolean;
  matches(line: string): boolean;
}

/** `foo`, `!foo`, `/regex/`, `!/regex/`, `\!foo`. Throws where the regular expression is none. */
export function readPattern(written: string): Pattern {
  const inverse = written.startsWith('!');
  if (/^!?\/(?:.*\/)?$/s.test(written)) {
    const expression = goRegExp(
      written
        .slice(inverse ? 1 : 0)
        .replace(/^\//, '')
        .replace(/\/$/, ''),
    );
    return { written, inverse, matches: (line) => expression.test(line) };
  }
  const part = written.replace(/^[\\/!]+/, '');
  return { written, inverse, matches: (line) => line.includes(part) };
}

/** What is wanted and not in the text, or in it and not wanted. Pure. */
export function missingPatterns(text: string, patterns: readonly Pattern[]): string[] {
  const lines = linesOf(text);
  return patterns
    .filter(({ written, inverse, matches }) => {
      const found = lines.some(matches);
      return inverse ? found : !found && written !== '';
    })
    .map(({ written }) => written);
}

function linesOf(text: string): string[] {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
