/** Whether a text is as a check wants it: pure. */
import type { TextRule } from './check.ts';

const shownCharacters = 300;

/**
 * What is wrong with a text, as sentences; empty when nothing is.
 * @param what names the text: `standard output`
 */
export function breaches(text: string, { contains, matches }: TextRule, what: string): string[] {
  const missing = contains.filter((part) => !text.includes(part)).map((part) => `${what} does not contain '${part}'`);
  const unmatched = matches
    .filter((pattern) => !new RegExp(pattern, 'mu').test(text))
    .map((pattern) => `${what} does not match /${pattern}/`);
  const found = [...missing, ...unmatched];
  return found.length === 0 ? [] : [...found, `${what} is ${shown(text)}`];
}

/** A text shortened to what a message can hold. */
export function shown(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return 'empty';
  return `'${trimmed.length > shownCharacters ? `${trimmed.slice(0, shownCharacters)}…` : trimmed}'`;
}
