/** Methods of `str` that change or ask for the case and kind of characters. */

import { characters, whitespace } from '../text.ts';
import type { Value } from '../values.ts';
import { type Methods, method } from './method.ts';

// In functions, since loading the classes of Unicode takes time and few templates ask for them.
const isCased = (text: string) => /\p{Cased}/u.test(text);
const hasUpperOrTitle = (text: string) => /[\p{Uppercase}\p{Lt}]/u.test(text);
const hasLower = (text: string) => /\p{Lowercase}/u.test(text);

/** The title case of a character, where it is not its upper case: digraphs, and Georgian, which has none. */
function titleOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return character.toUpperCase();
  if (code >= 0x1c4 && code <= 0x1cc) return String.fromCodePoint(code - ((code - 0x1c4) % 3) + 1);
  if (code >= 0x1f1 && code <= 0x1f3) return 'ǲ';
  if (code >= 0x10d0 && code <= 0x10ff) return character;
  if (character === 'ŉ') return 'ʼN';
  const [first = '', ...rest] = character.toUpperCase();
  return first + rest.join('').toLowerCase();
}

export function capitalize(text: string): string {
  const [first = ''] = text;
  return titleOf(first) + lowerRest(text, first.length);
}

/** A sigma at the end of a word depends on what is before it, so the whole text is lowered. */
function lowerRest(text: string, from: number): string {
  const lowered = text.toLowerCase();
  return lowered.length === text.length ? lowered.slice(from) : text.slice(from).toLowerCase();
}

function title(text: string): string {
  let result = '';
  let start = 0;
  // Each run of cased characters is a word.
  for (const { 0: word, index } of text.matchAll(/[\p{Cased}]+/gu)) {
    result += text.slice(start, index) + capitalize(word);
    start = index + word.length;
  }
  return result + text.slice(start);
}

function swapcase(text: string): string {
  return text.replace(/\p{Cased}/gu, (character, index: number) => {
    if (/\p{Lt}/u.test(character)) return character;
    if (/\p{Uppercase}/u.test(character) && character.toLowerCase() !== character)
      return character === 'Σ' ? text.toLowerCase().charAt(index) : character.toLowerCase();
    return character.toUpperCase();
  });
}

/** Full case folding: the lower case of the upper case, but for letters that have no such way back. */
function casefold(text: string): string {
  if (/^\p{ASCII}*$/u.test(text)) return text.toLowerCase();
  let folded = '';
  for (const character of text) folded += foldCharacter(character);
  return folded;
}

function foldCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === 'ı' || (code >= 0x10d0 && code <= 0x10ff)) return character;
  if (character === 'İ') return 'i̇';
  if (code === 0x1e9e) return 'ss';
  // Cherokee folds to its upper case.
  if (code >= 0x13a0 && code <= 0x13f5) return character;
  if ((code >= 0xab70 && code <= 0xabbf) || (code >= 0x13f8 && code <= 0x13fd)) return character.toUpperCase();
  return Array.from(character.toUpperCase(), (upper) => (upper === 'Σ' ? 'σ' : upper.toLowerCase())).join('');
}

function isLower(text: string): boolean {
  return hasLower(text) && !hasUpperOrTitle(text);
}

function isUpper(text: string): boolean {
  return /\p{Uppercase}/u.test(text) && !/[\p{Lowercase}\p{Lt}]/u.test(text);
}

/** Upper case only at the beginning of words, lower case only within them. */
function isTitle(text: string): boolean {
  let inside = false;
  let found = false;
  for (const character of text) {
    if (hasUpperOrTitle(character)) {
      if (inside) return false;
      inside = true;
      found = true;
    } else if (hasLower(character)) {
      if (!inside) return false;
      found = true;
    } else inside = isCased(character) && inside;
  }
  return found;
}

/** Unicode's characters of the numeric type "digit" that are no decimal digits. */
const isDigits = (text: string) =>
  /^[\p{Nd}²³¹\u1369-\u1371\u19da⁰⁴-⁹₀-₉①-⑨⑴-⑼⒈-⒐⓪⓵-⓽⓿❶-❾➀-➈➊-➒\u{10a40}-\u{10a43}\u{10e60}-\u{10e68}\u{11052}-\u{1105a}\u{1f100}-\u{1f10a}]+$/u.test(
    text,
  );
/** Ideographs that stand for numbers. */
const isNumeric = (text: string) =>
  /^[\p{N}\u3405\u3483\u382a\u3b4d\u4e00\u4e03\u4e07\u4e09\u4e5d\u4e8c\u4e94\u4e96\u4ebf-\u4ec0\u4edf\u4ee8\u4f0d\u4f70\u5104\u5146\u5169\u516b\u516d\u5341\u5343-\u5345\u534c\u53c1-\u53c4\u56db\u58f1\u58f9\u5e7a\u5efe-\u5eff\u5f0c-\u5f0e\u5f10\u62fe\u634c\u67d2\u6f06\u7396\u767e\u8086\u842c\u8cae\u8cb3\u8d30\u9621\u9646\u964c\u9678\u96f6\uf96b\uf973\uf978\uf9b2\uf9d1\uf9d3\uf9fd\u{20001}\u{20064}\u{200e2}\u{20121}\u{2092a}\u{20983}\u{2098c}\u{2099c}\u{20aea}\u{20afd}\u{20b19}\u{22390}\u{22998}\u{23b1b}\u{2626d}\u{2f890}]+$/u.test(
    text,
  );

function every(text: string, kind: (character: string) => boolean): boolean {
  return text !== '' && characters(text).every(kind);
}

const isAlpha = (text: string) => /^\p{L}+$/u.test(text);
const asks: readonly (readonly [string, (text: string) => boolean])[] = [
  ['islower', isLower],
  ['isupper', isUpper],
  ['istitle', isTitle],
  ['isalpha', isAlpha],
  ['isdecimal', (text) => /^\p{Nd}+$/u.test(text)],
  ['isdigit', isDigits],
  ['isnumeric', isNumeric],
  ['isalnum', (text) => every(text, (character) => isAlpha(character) || isNumeric(character))],
  ['isspace', (text) => new RegExp(`^[${whitespace}]+$`).test(text)],
  ['isascii', (text) => /^\p{ASCII}*$/u.test(text)],
  ['isprintable', (text) => !/[\p{C}\p{Z}]/u.test(text.replaceAll(' ', ''))],
  ['isidentifier', (text) => /^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(text)],
];

const changes: readonly (readonly [string, (text: string) => Value])[] = [
  ['upper', (text) => text.toUpperCase()],
  ['lower', (text) => text.toLowerCase()],
  ['capitalize', capitalize],
  ['title', title],
  ['swapcase', swapcase],
  ['casefold', casefold],
];

export const caseMethods: Methods<string> = new Map(
  [...changes, ...asks].map(([name, body]) => method<string>(name, '/', body)),
);
/** Tests of Jinja2 that ask the same. */
export { isLower, isUpper };
