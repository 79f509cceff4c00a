/** What is wrong with the text of a template. */

/** Lines and columns count from 0, as those of nunjucks's nodes. */
export class SyntaxProblem extends Error {
  override readonly name = 'SyntaxProblem';
  readonly lineno: number;
  readonly colno: number;
  readonly hint: string | undefined;

  constructor(message: string, lineno: number, colno: number, hint?: string) {
    super(message);
    this.lineno = lineno;
    this.colno = colno;
    this.hint = hint;
  }
}
