/** Tags and character references of HTML, for the filter `striptags` and the methods of Markup. */
import { references } from './html-entities.ts';
import { lazily } from './lazily.ts';
import { splitSpace } from './methods/text-split.ts';

/** Values by name; names that count without their semicolon are there without it, too. */
const namedReferences = lazily((): ReadonlyMap<string, string> => {
  const map = new Map<string, string>();
  for (const [, name = '', kind, codes = ''] of references.matchAll(/(\w+)([=*])([\da-f_]+)/g)) {
    const value = String.fromCodePoint(...codes.split('_').map((code) => Number.parseInt(code, 16)));
    map.set(`${name};`, value);
    if (kind === '*') map.set(name, value);
  }
  return map;
});

/** What the codes from 0x80 to 0x9f stand for in pages that say nothing else. */
const windows1252 =
  '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f' +
  '\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

function characterOf(code: number): string {
  if (code === 0 || (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) return '\ufffd';
  if (code >= 0x80 && code <= 0x9f) return windows1252.charAt(code - 0x80);
  if (code === 0x0d) return '\r';
  const control = code < 0x20 && code !== 9 && code !== 10 && code !== 12;
  const noCharacter = (code >= 0xfdd0 && code <= 0xfdef) || (code & 0xfffe) === 0xfffe;
  return control || code === 0x7f || noCharacter ? '' : String.fromCodePoint(code);
}

function namedCharacter(name: string): string {
  const map = namedReferences();
  for (let length = name.length; length > 1; length--) {
    const value = map.get(name.slice(0, length));
    if (value !== undefined) return value + name.slice(length);
  }
  return `&${name}`;
}

/** As Python's `html.unescape`. */
export function unescapeHtml(text: string): string {
  if (!text.includes('&')) return text;
  const pattern = /&(?:#(\d+);?|#[xX]([\da-fA-F]+);?|([^\t\n\f <&#;]{1,32};?))/gu;
  return text.replace(pattern, (_, decimal?: string, hex?: string, name?: string) => {
    if (decimal !== undefined) return characterOf(Number(decimal));
    return hex === undefined ? namedCharacter(name ?? '') : characterOf(Number.parseInt(hex, 16));
  });
}

/** Without comments and tags, white space as single spaces, references replaced. */
export function stripTags(text: string): string {
  const plain = without(without(text, '<!--', '-->'), '<', '>');
  return unescapeHtml(splitSpace(plain).join(' '));
}

/** Without what is between the nearest of these marks. */
function without(text: string, open: string, close: string): string {
  let result = '';
  let position = 0;
  for (;;) {
    const start = text.indexOf(open, position);
    const end = start === -1 ? -1 : text.indexOf(close, start + open.length);
    if (end === -1) return result + text.slice(position);
    result += text.slice(position, start);
    position = end + close.length;
  }
}
