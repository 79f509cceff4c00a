/** URLs in text as links, as Jinja2's `urlize` finds them. */
import { type Evaluation, lazily, subtext, textLength, whitespace } from '../python/index.ts';

export interface LinkStyle {
  /** Most characters of a link's text. */
  readonly limit: number | undefined;
  /** Escaped values of the attributes of links. */
  readonly rel: string;
  readonly target: string | undefined;
  /** Starts of further URLs that become links. */
  readonly extraSchemes: readonly string[];
}

const word = '\\p{L}\\p{N}_';
const url = lazily(
  () =>
    new RegExp(
      `^(?:(?:https?://|www\\.)(?:(?:[${word}%-]+\\.)+)?(?:[a-z]{2,63}|xn--[${word}%]{2,59})` +
        `|(?:[${word}%-]{2,63}\\.)+(?:com|net|int|edu|gov|org|info|mil)` +
        `|https?://(?:\\p{Nd}{1,3}(?:\\.\\p{Nd}{1,3}){3}|\\[(?:[\\p{Nd}a-f]{0,4}:){2}(?:[\\p{Nd}a-f]{0,4}:?){1,6}\\]))` +
        `(?::\\p{Nd}{1,5})?(?:[/?#][^${whitespace}]*)?$`,
      'iu',
    ),
);
const email = lazily(() => new RegExp(`^[^${whitespace}]+@[${word}][${word}.-]*\\.[${word}]+$`, 'u'));
/** Longer words are no addresses; looking for one in them takes time that grows with the square of their length. */
const longestEmail = 1000;

/** @param text escaped for HTML */
export function urlize(text: string, style: LinkStyle, { limits }: Evaluation): string {
  const words = text.split(new RegExp(`([${whitespace}]+)`)).map((each) => {
    limits.tick();
    return linkWord(each, style);
  });
  const linked = words.join('');
  limits.grow(linked.length);
  return linked;
}

const brackets = [
  ['(', ')'],
  ['<', '>'],
  ['&lt;', '&gt;'],
] as const;
const closing = ['&gt;', ')', '>', '.', ',', '\n'] as const;

function linkWord(text: string, style: LinkStyle): string {
  const head = /^(?:[(<]|&lt;)+/.exec(text)?.[0] ?? '';
  const body = text.slice(head.length);
  const end = endOfMiddle(body);
  let middle = body.slice(0, end);
  let tail = body.slice(end);
  // Brackets that are balanced within the URL belong to it.
  for (const [open, close] of brackets) {
    const opened = count(middle, open);
    if (opened <= count(middle, close)) continue;
    for (let left = Math.min(opened, count(tail, close)); left > 0; left--) {
      const at = tail.indexOf(close) + close.length;
      middle += tail.slice(0, at);
      tail = tail.slice(at);
    }
  }
  return head + link(middle, style) + tail;
}

/** Where the punctuation at the end begins. */
function endOfMiddle(text: string): number {
  let end = text.length;
  for (;;) {
    const mark = closing.find((each) => text.endsWith(each, end));
    if (mark === undefined) return end;
    end -= mark.length;
  }
}

function count(text: string, mark: string): number {
  return text.split(mark).length - 1;
}

function link(text: string, { limit, rel, target, extraSchemes }: LinkStyle): string {
  const attributes = (rel === '' ? '' : ` rel="${rel}"`) + (target === undefined ? '' : ` target="${target}"`);
  if (url().test(text)) {
    const shown = limit !== undefined && textLength(text) > limit ? `${cut(text, limit)}...` : text;
    const address = /^https?:\/\//.test(text) ? text : `https://${text}`;
    return `<a href="${address}"${attributes}>${shown}</a>`;
  }
  if (text.startsWith('mailto:') && isEmail(text.slice(7))) return `<a href="${text}">${text.slice(7)}</a>`;
  if (text.includes('@') && !text.startsWith('www.') && !text.includes(':') && isEmail(text))
    return `<a href="mailto:${text}">${text}</a>`;
  let linked = text;
  for (const scheme of extraSchemes)
    if (linked !== scheme && linked.startsWith(scheme)) linked = `<a href="${linked}"${attributes}>${linked}</a>`;
  return linked;
}

/** The text up to a limit, which counts from the end where it is negative. */
function cut(text: string, limit: number): string {
  return subtext(text, 0, limit < 0 ? Math.max(0, textLength(text) + limit) : limit);
}

function isEmail(text: string): boolean {
  return text.length <= longestEmail && email().test(text);
}
