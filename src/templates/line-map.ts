/** Which template line each line of a rendered text comes from. */
import { marks } from './compiler.ts';

const pattern = new RegExp(`${marks.text}(\\d+)${marks.text}|${marks.expression}(\\d+)${marks.expression}`, 'g');

/** Takes the marks out of a text, and reads them: `lines` has the template line, from 1, of each line of the text. */
export function readMarks(marked: string): { text: string; lines: number[] } {
  let text = '';
  let line = 1;
  let advancing = true;
  let next = 0;
  const lines: number[] = [];
  let fresh = true;
  const take = (part: string): void => {
    for (const character of part) {
      if (fresh) lines.push(line);
      fresh = character === '\n';
      if (fresh && advancing) line += 1;
    }
    text += part;
  };
  for (const found of marked.matchAll(pattern)) {
    take(marked.slice(next, found.index));
    next = found.index + found[0].length;
    advancing = found[1] !== undefined;
    line = Number(found[1] ?? found[2]);
  }
  take(marked.slice(next));
  if (fresh) lines.push(line);
  return { text, lines };
}
