/**
 * Where rendered text comes from. Nothing is put into the text: what a macro, an include or a block gave is known again
 * by what it says when it is output, whatever way it took.
 */
import type { Place } from '../../problems.ts';

/**
 * Parts of a text, four numbers each: where it begins, its file, its line, and 1 for text of a template, whose line
 * feeds are also the file's. Parts in which no line begins are left out, but for the first one.
 */
export type Marks = number[];

/** `file` and `line`. */
export type Source = Required<Pick<Place, 'file' | 'line'>>;

/** A text that is known again. */
interface Kept {
  readonly text: string;
  readonly marks: Marks;
  readonly hasFeed: boolean;
  readonly endsLine: boolean;
}

/** Text that is being gathered. */
export class TracedText {
  private readonly trace: Trace;
  private readonly file: number;
  private readonly marks: Marks = [];
  private text = '';
  private hasFeed = false;
  /** Whether what is added begins a line, or the text. */
  private atStart = true;

  constructor(trace: Trace, path: string) {
    this.trace = trace;
    this.file = trace.fileOf(path);
  }

  get length(): number {
    return this.text.length;
  }

  /** Adds text of the template without line feeds. @param line of the template, from 1 */
  addText(text: string, line: number): void {
    if (this.atStart) this.marks.push(this.text.length, this.file, line, 1);
    this.atStart = false;
    this.text += text;
  }

  /** Adds text of the template with line feeds. */
  addLines(text: string, line: number): void {
    this.marks.push(this.text.length, this.file, line, 1);
    this.hasFeed = true;
    this.atStart = text.endsWith('\n');
    this.text += text;
  }

  addValue(value: string, line: number): void {
    if (value === '') return;
    const kept = this.trace.find(value);
    const hasFeed = kept === undefined ? value.includes('\n') : kept.hasFeed;
    if (this.atStart || hasFeed) {
      const offset = this.text.length;
      if (kept === undefined) this.marks.push(offset, this.file, line, 0);
      else addMarks(this.marks, kept.marks, offset);
    }
    this.hasFeed ||= hasFeed;
    this.atStart = kept === undefined ? hasFeed && value.endsWith('\n') : kept.endsLine;
    this.text += value;
  }

  done(): string {
    const { text, marks, hasFeed, atStart } = this;
    if (text !== '') this.trace.keep({ text, marks, hasFeed, endsLine: atStart });
    return text;
  }
}

/** Adds the marks of a text to those of the text that it is added to. */
function addMarks(marks: Marks, added: Marks, offset: number): void {
  for (let index = 0; index < added.length; index += 4)
    marks.push(offset + at(added, index), at(added, index + 1), at(added, index + 2), at(added, index + 3));
}

export class Trace {
  private readonly files: string[] = [];
  /** By length, so that most other texts are told apart without a look at what they say. */
  private readonly known = new Map<number, KeptTexts>();

  fileOf(path: string): number {
    const index = this.files.indexOf(path);
    return index >= 0 ? index : this.files.push(path) - 1;
  }

  /** Remembers where a text comes from. */
  keep(kept: Kept): void {
    const known = this.known.get(kept.text.length);
    if (known === undefined) this.known.set(kept.text.length, new KeptTexts(kept));
    else known.add(kept);
  }

  find(text: string): Kept | undefined {
    return this.known.get(text.length)?.find(text);
  }

  /** The source of each line of a text that was kept. */
  sourcesOf(text: string): Source[] {
    const marks = this.find(text)?.marks ?? [];
    const sources: Source[] = [];
    let index = -4;
    let line = 0;
    for (let start = 0; ; ) {
      const before = index;
      while (index + 4 < marks.length && at(marks, index + 4) <= start) index += 4;
      const isText = at(marks, index + 3) === 1;
      // A part that goes on here, or began in the line before, holds the one line feed between the two lines.
      if (index === before) line += isText ? 1 : 0;
      else line = at(marks, index + 2) + (isText && at(marks, index) < start ? 1 : 0);
      sources.push({ file: this.files[at(marks, index + 1)] ?? '', line });
      const end = text.indexOf('\n', start);
      if (end < 0) return sources;
      start = end + 1;
    }
  }
}

/** Texts of one length. */
class KeptTexts {
  /** The latest ones. Most are output at once, and then the very same text is looked for. */
  private recent: Kept[];
  private earlier: Map<string, Kept> | undefined;

  constructor(first: Kept) {
    this.recent = [first];
  }

  add(kept: Kept): void {
    if (this.recent.length === mostRecent) {
      this.earlier ??= new Map();
      for (const each of this.recent) this.earlier.set(each.text, each);
      this.recent = [];
    }
    this.recent.push(kept);
  }

  /** The latest one that says the same. */
  find(text: string): Kept | undefined {
    for (let index = this.recent.length - 1; index >= 0; index--)
      if (this.recent[index]?.text === text) return this.recent[index];
    return this.earlier?.get(text);
  }
}

const mostRecent = 16;

function at(marks: Marks, index: number): number {
  return marks[index] ?? 0;
}
