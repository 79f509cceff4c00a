/** Problems: what is wrong, where, and what the person who reads it can do. The one error shape of every folder. */

/** A place in a file of the workspace. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
}

export type Severity = 'error' | 'warning' | 'notice';

/** One thing that is wrong. `message` is a sentence without a final stop; `hint` says what to do. */
export interface Problem {
  readonly message: string;
  readonly hint?: string;
  readonly place?: Place;
  /** Lines that show more of it below the one line: an excerpt of the file, the way that led there. */
  readonly details?: readonly string[];
  /** What was wrong further down, kept for the debug log. */
  readonly cause?: unknown;
}

/** Thrown with all problems of a step, never with the first only. */
export class ProblemsError extends Error {
  override readonly name = 'ProblemsError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'), { cause: problems.find((problem) => problem.cause)?.cause });
    this.problems = problems;
  }
}

/** Throws one problem. */
export function fail(message: string, rest: Omit<Problem, 'message'> = {}): never {
  throw new ProblemsError([{ message, ...rest }]);
}

/** `file:line:column`, as editors and terminals link it. */
export function formatPlace(place: Place): string {
  return [place.file, place.line, place.column].filter((part) => part !== undefined).join(':');
}

/** `file:line:column: what is wrong; what to do` in one line. */
export function formatProblem(problem: Problem): string {
  const { place } = problem;
  return `${place === undefined ? '' : `${formatPlace(place)}: `}${sentenceOf(problem)}`;
}

/** `what is wrong; what to do`, where the place is told otherwise. */
export function sentenceOf({ message, hint }: Problem): string {
  return `${message}${hint === undefined ? '' : `; ${hint}`}`;
}

/** `a, b or c` */
export function alternatives(texts: readonly string[]): string {
  return texts.join(', ').replace(/, ([^,]*)$/, ' or $1');
}

/** Any thrown value as problems: a `ProblemsError`'s own, else one made of the error's message. */
export function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof ProblemsError) return error.problems;
  if (error instanceof Error) return [{ message: error.message || error.name, cause: error }];
  return [{ message: String(error) }];
}
