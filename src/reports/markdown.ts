/** Pieces of GitHub's Markdown: https://github.github.com/gfm/. Text from outside shows as it is and does nothing. */

/** Markdown that is safe to show; all other text is escaped on its way into a report. */
export interface Markdown {
  readonly markdown: string;
}

export type Cell = string | number | Markdown;

/** What a job summary may hold at most is 1 MiB a step; a longer one is dropped as a whole. */
export const summaryLimit = 1000 * 1024;

/** Text without any meaning as Markdown, HTML, formula, emoji, link or mention, on one line. */
export function escapeText(text: string): string {
  return (
    withoutControls(text)
      .replace(/[&<>`*_[\]|\\~$"']/g, (char) => `&#${char.charCodeAt(0)};`)
      // Links made of bare addresses, and emoji; a colon in a reference stays readable.
      .replace(/:(?=\/\/)|:(?=[\w+-]+:)/g, '&#58;')
      .replace(/\b(mailto|xmpp):/gi, '$1&#58;')
      .replace(/\bwww\./gi, (match) => `${match.slice(0, 3)}&#46;`)
      // Mentions, mail addresses and numbers of issues are looked for after entities are decoded: a tag parts them.
      .replace(/@|(?<!&)#(?=\d)/g, '<span>$&</span>')
  );
}

/** Text in fixed width. */
export function code(text: string): Markdown {
  const line = withoutControls(text);
  if (line.trim() === '') return { markdown: '' };
  if (line.includes('|')) return { markdown: `<code>${escapeText(line)}</code>` };
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = /^[` ]|[` ]$/.test(line) ? ' ' : '';
  return { markdown: `${fence}${pad}${line}${pad}${fence}` };
}

/** A link, or the text alone when the address is none of the web. */
export function link(text: string, address: string): Markdown {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) return { markdown: escapeText(text) };
  const target = url.href.replace(/[()<>|\\`*_~[\]]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  return { markdown: `[${escapeText(text)}](${target})` };
}

/** Cells next to each other in one cell, parted by line breaks. */
export function stack(cells: readonly Cell[]): Markdown {
  return { markdown: cells.map(cellText).join('<br>') };
}

/** In a sentence, too, twelve digits tell digests apart, and sixty-four would hide the sentence. */
export function cellText(cell: Cell): string {
  if (typeof cell === 'object') return cell.markdown;
  return escapeText(String(cell).replace(/\b(sha256:[0-9a-f]{12})[0-9a-f]{52}\b/g, '$1'));
}

/** A table; short rows are filled up, and text that isn't `Markdown` is escaped. */
export function table(headers: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]): string =>
    `| ${headers.map((_, at) => cellText(cells[at] ?? '')).join(' | ')} |`;
  return [line(headers), `|${headers.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n');
}

/** What is shown on a click. */
export function details(summary: string, markdown: string): string {
  return `<details><summary>${escapeText(summary)}</summary>\n\n${markdown}\n\n</details>`;
}

/** Several lines of text as they are. */
export function codeBlock(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const clean = text
    .split(/\r\n|\r|\n/)
    .map(withoutControls)
    .join('\n');
  return `${fence}text\n${clean}\n${fence}`;
}

/** Parts parted by empty lines; empty parts are left out, and what is too long ends with a note. */
export function document(parts: readonly string[], limit = summaryLimit): string {
  const whole = parts.filter((part) => part !== '');
  let text = '';
  for (const [index, part] of whole.entries()) {
    const next = text === '' ? part : `${text}\n\n${part}`;
    if (Buffer.byteLength(next) <= limit) {
      text = next;
      continue;
    }
    const left = whole.length - index;
    const note = `_This summary is too long to be shown as a whole: ${left === 1 ? 'one part ends' : `${left} parts end`} here. The log and the outputs have everything._`;
    return [text, cutLines(part, limit - Buffer.byteLength(text) - Buffer.byteLength(note) - 64), note]
      .filter((piece) => piece !== '')
      .join('\n\n');
  }
  return text;
}

/** The first lines of a table that fit; other parts are taken whole or not at all, since half of one may not be valid. */
function cutLines(part: string, bytes: number): string {
  const lines = part.split('\n');
  if (!part.startsWith('| ')) return '';
  let size = 0;
  const kept = lines.filter((line) => {
    size += Buffer.byteLength(line) + 1;
    return size <= bytes;
  });
  return kept.length < 3 ? '' : kept.join('\n');
}

/** One line: line breaks become spaces, other control and direction characters go. */
function withoutControls(text: string): string {
  return text
    .replace(/[\r\n\t\v\f\u2028\u2029]+/g, ' ')
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '');
}
