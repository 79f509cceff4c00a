/** Text of one instruction with its way back to the file: continuation lines are joined, comment lines left out. */

/** Line and column from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface SourceText {
  readonly text: string;
  /** Where each stretch of `text` begins in the file, by rising offset; the first offset is 0. */
  readonly marks: readonly Mark[];
}

export interface Mark extends Position {
  readonly offset: number;
}

/** Where the character at `offset` stands in the file. */
export function positionAt({ marks }: SourceText, offset: number): Position {
  const mark = marks.findLast((candidate) => candidate.offset <= offset) ?? marks[0];
  if (mark === undefined) return { line: 1, column: 1 };
  return { line: mark.line, column: mark.column + Math.max(0, offset - mark.offset) };
}

/** The part from `start` to before `end`, with its positions. */
export function sliceSource(source: SourceText, start: number, end = source.text.length): SourceText {
  const later = source.marks.filter(({ offset }) => offset > start && offset < end);
  return {
    text: source.text.slice(start, end),
    marks: [
      { offset: 0, ...positionAt(source, start) },
      ...later.map((mark) => ({ ...mark, offset: mark.offset - start })),
    ],
  };
}

/** Without surrounding white space. */
export function trimSource(source: SourceText): SourceText {
  const trimmed = source.text.trim();
  const start = trimmed === '' ? 0 : source.text.indexOf(trimmed);
  return sliceSource(source, start, start + trimmed.length);
}
