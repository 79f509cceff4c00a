/**
 * Where rendered text comes from. Nothing is put into the text: what a macro, an include or a block gave is known again
 * by what it says when it is output, whatever way it took.
 */
import type { Place } from '../../problems.ts';

/**
 * Parts of a text, four numbers each: where it begins, its file, its line, and 1 for text of a template, whose line
 * feeds are also the file's.
 */
export type Marks = number[];

/** `file` and `line`. */
export type Source = Required<Pick<Place, 'file' | 'line'>>;

/** Text that is being gathered. */
export class TracedText {
  private readonly trace: Trace;
  private readonly file: number;
  private readonly marks: Marks = [];
  private text = '';

  constructor(trace: Trace, path: string) {
    this.trace = trace;
    this.file = trace.fileOf(path);
  }

  get length(): number {
    return this.text.length;
  }

  /** @param line of the template, from 1 */
  addText(text: string, line: number): void {
    this.marks.push(this.text.length, this.file, line, 1);
    this.text += text;
  }

  addValue(value: string, line: number): void {
    if (value === '') return;
    this.trace.add(this.marks, this.text.length, this.file, line, value);
    this.text += value;
  }

  done(): string {
    return this.trace.keep(this.text, this.marks);
  }
}

export class Trace {
  private readonly files: string[] = [];
  private readonly known = new Map<string, Marks>();

  fileOf(path: string): number {
    const index = this.files.indexOf(path);
    return index >= 0 ? index : this.files.push(path) - 1;
  }

  /** Remembers where a text comes from. */
  keep(text: string, marks: Marks): string {
    if (text !== '') this.known.set(text, marks);
    return text;
  }

  /** Adds a value to the marks of the text that it is added to, at an offset. */
  add(marks: Marks, offset: number, file: number, line: number, value: string): void {
    const inner = this.known.get(value);
    if (inner === undefined) {
      marks.push(offset, file, line, 0);
      return;
    }
    for (let index = 0; index < inner.length; index += 4)
      marks.push(offset + at(inner, index), at(inner, index + 1), at(inner, index + 2), at(inner, index + 3));
  }

  /** The source of each line of a text that was kept. */
  sourcesOf(text: string): Source[] {
    const marks = this.known.get(text) ?? [];
    const sources: Source[] = [];
    let [index, line] = [0, at(marks, 2)];
    /** Offset up to which the line feeds are counted. */
    let counted = 0;
    for (let start = 0; ; ) {
      const move = (to: number): void => {
        if (at(marks, index + 3) === 1) line += feeds(text, counted, to);
        counted = to;
      };
      while (index + 4 < marks.length && at(marks, index + 4) <= start) {
        index += 4;
        line = at(marks, index + 2);
        counted = at(marks, index);
      }
      move(start);
      sources.push({ file: this.files[at(marks, index + 1)] ?? '', line });
      const end = text.indexOf('\n', start);
      if (end < 0) return sources;
      start = end + 1;
    }
  }
}

function at(marks: Marks, index: number): number {
  return marks[index] ?? 0;
}

function feeds(text: string, from: number, to: number): number {
  let count = 0;
  for (let index = text.indexOf('\n', from); index >= 0 && index < to; index = text.indexOf('\n', index + 1))
    count += 1;
  return count;
}
