/** Text by code points, as Python counts it. */

const surrogate = /[\ud800-\udfff]/;

/** The characters that Python takes for white space, for use in a class of a regular expression. */
export const whitespace = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

/** The characters that end a line for `splitlines`, besides a carriage return with a line feed. */
export const lineEnds = '\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029';

/** Whether each UTF-16 unit is a character, so that JavaScript's indexes are Python's. */
export function isPlain(text: string): boolean {
  return !surrogate.test(text);
}

export function textLength(text: string): number {
  if (isPlain(text)) return text.length;
  let length = 0;
  for (const _ of text) length++;
  return length;
}

export function characters(text: string): string[] {
  return isPlain(text) ? text.split('') : Array.from(text);
}

/** The characters from `start` to before `end`, both from 0 to the length. */
export function subtext(text: string, start: number, end: number): string {
  return isPlain(text) ? text.slice(start, end) : Array.from(text).slice(start, end).join('');
}

/** The index in characters of an index in UTF-16 units. */
export function characterIndex(text: string, unit: number): number {
  return unit < 0 ? unit : textLength(text.slice(0, unit));
}

/** Before, equal, after: by code points, where JavaScript compares UTF-16 units. */
export function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  if (isPlain(left) && isPlain(right)) return left < right ? -1 : 1;
  const others = right[Symbol.iterator]();
  for (const character of left) {
    const other = others.next();
    if (other.done) return 1;
    const difference = (character.codePointAt(0) ?? 0) - (other.value.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return -1;
}

const space = new RegExp(`^[${whitespace}]$`);

/** Without white space on these sides. */
export function trimSpace(text: string, left = true, right = true): string {
  let start = 0;
  let end = text.length;
  if (left) while (start < end && space.test(text.charAt(start))) start++;
  if (right) while (end > start && space.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** Without the space around it, and the decimal digits of all scripts as ASCII digits. */
export function asciiDigits(text: string): string {
  const trimmed = trimSpace(text);
  return trimmed.replace(/\P{ASCII}/gu, (character) => (/\p{Nd}/u.test(character) ? digitOf(character) : character));
}

/** Decimal digits come in runs of ten, each beginning with its zero. */
function digitOf(character: string): string {
  let value = 0;
  const code = character.codePointAt(0) ?? 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value++;
  return String(value);
}
