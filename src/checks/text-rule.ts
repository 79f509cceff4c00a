/** Whether a text is as a check wants it: pure. */
import type { TextRule } from './check.ts';

const shownCharacters = 300;

/**
 * What is wrong with a text, as sentences; empty when nothing is.
 * @param what names the text: `standard output`
 */
export function breaches(text: string, rule: TextRule, what: string): string[] {
  const matches = (pattern: string): boolean => new RegExp(pattern, 'mu').test(text);
  const found = [
    ...(rule.equals === undefined || rule.equals === text ? [] : [`${what} is not '${rule.equals}'`]),
    ...rule.contains.filter((part) => !text.includes(part)).map((part) => `${what} does not contain '${part}'`),
    ...rule.matches.filter((pattern) => !matches(pattern)).map((pattern) => `${what} does not match /${pattern}/`),
    ...rule.lacks.filter((part) => text.includes(part)).map((part) => `${what} contains '${part}'`),
    ...rule.differs.filter(matches).map((pattern) => `${what} matches /${pattern}/`),
  ];
  return found.length === 0 ? [] : [...found, `${what} is ${shown(text)}`];
}

export function wantsAnything({ equals, contains, matches, lacks, differs }: TextRule): boolean {
  return equals !== undefined || contains.length + matches.length + lacks.length + differs.length > 0;
}

/** A text shortened to what a message can hold. */
export function shown(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return 'empty';
  return `'${trimmed.length > shownCharacters ? `${trimmed.slice(0, shownCharacters)}…` : trimmed}'`;
}
