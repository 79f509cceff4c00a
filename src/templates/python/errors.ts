/** What goes wrong while a template is evaluated. */

/** An error in the words of the person who wrote the template; whoever evaluates adds file, line and column. */
export class TemplateError extends Error {
  override readonly name: string = 'TemplateError';
  /** What to do about it. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** Use of something undefined. */
export class UndefinedError extends TemplateError {
  override readonly name = 'UndefinedError';
  /** The name that was looked for, where it is a name. */
  readonly missing: string | undefined;
  /** Names that were there to choose from, for a "did you mean". */
  readonly known: readonly string[];

  constructor(message: string, missing?: string, known: readonly string[] = []) {
    super(message);
    this.missing = missing;
    this.known = known;
  }
}

/** A limit of the sandbox was reached. */
export class LimitError extends TemplateError {
  override readonly name = 'LimitError';
}

/** Throws a `TemplateError`. */
export function raise(message: string, hint?: string): never {
  throw new TemplateError(message, hint);
}
