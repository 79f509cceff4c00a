/** What is wrong with a template, found by going on behind each error. */

import { closest } from '../../documents/suggestion.ts';
import { formatPlace, type Place, type Problem, ProblemsError } from '../../problems.ts';
import { unpackPlace } from '../compile/code.ts';
import { LimitError, TemplateError, UndefinedError } from '../python/index.ts';

/** How a template came to be rendered. */
export type Step = 'included' | 'imported' | 'extended' | 'called' | 'rendered';

export interface Origin {
  readonly place: Place;
  /** From the inside to the outside. */
  readonly chain: readonly string[];
}

/** Thrown where rendering can't go on; what is wrong is known. */
export class Stop extends Error {}

/** Thrown by the use of what could not be had, which is reported already. */
export class AlreadyReported extends TemplateError {}

/** Thrown by `raise_exception`. */
export class RaisedError extends TemplateError {}

export interface ReportSource {
  text(path: string): string | undefined;
  /** The place in the file that it was written in. */
  original(place: Place): Place;
}

export class Report {
  readonly problems: Problem[] = [];
  private readonly source: ReportSource;
  private readonly originOf: (error: object) => Origin | undefined;
  private readonly steps: string[] = [];
  private path: string;
  private place = 0;

  constructor(path: string, source: ReportSource, originOf: (error: object) => Origin | undefined) {
    this.path = path;
    this.source = source;
    this.originOf = originOf;
  }

  moveTo(path: string, place: number): void {
    this.path = path;
    this.place = place;
  }

  origin(): Origin {
    return { place: { file: this.path, ...unpackPlace(this.place) }, chain: [...this.steps].reverse() };
  }

  /** Adds the way that led there to what is wrong with a file that `body` reads. */
  reading<T>(step: Step, body: () => T): T {
    try {
      return body();
    } catch (error) {
      if (!(error instanceof ProblemsError)) throw error;
      const chain = this.within(step, () => this.origin().chain);
      throw new ProblemsError(
        error.problems.map((problem) => ({ ...problem, details: [...(problem.details ?? []), ...chain] })),
      );
    }
  }

  /** Remembers, while `body` runs, from where that is done. */
  within<T>(step: Step, body: () => T): T {
    const { path, place } = this;
    this.steps.push(`${step} at ${formatPlace(this.source.original({ file: path, ...unpackPlace(place) }))}`);
    try {
      return body();
    } finally {
      this.steps.pop();
    }
  }

  /**
   * Takes note of an error.
   * @throws Stop where what comes next could only follow from it
   */
  note(error: unknown): void {
    if (error instanceof Stop) throw error;
    if (error instanceof AlreadyReported) return;
    const origin = (typeof error === 'object' && error !== null ? this.originOf(error) : undefined) ?? this.origin();
    if (error instanceof ProblemsError)
      for (const problem of error.problems) this.add({ ...this.described(origin), ...problem });
    else
      this.add({
        ...this.described(origin),
        ...explain(error),
        ...(error instanceof TemplateError ? {} : { cause: error }),
      });
    const goesOn =
      error instanceof ProblemsError ||
      (error instanceof TemplateError && !(error instanceof LimitError) && !(error instanceof RaisedError));
    if (!goesOn) throw new Stop();
  }

  private add(problem: Problem): void {
    const isKnown = this.problems.some(
      ({ message, place }) =>
        message === problem.message &&
        place?.file === problem.place?.file &&
        place?.line === problem.place?.line &&
        place?.column === problem.place?.column,
    );
    if (!isKnown) this.problems.push(problem);
  }

  private described({ place, chain }: Origin): Pick<Problem, 'place' | 'details'> {
    const details = [...excerpt(this.source.text(place.file), place), ...chain];
    return { place: this.source.original(place), ...(details.length === 0 ? {} : { details }) };
  }
}

/** The line of a place, and a caret below its column. */
export function excerpt(text: string | undefined, { line, column }: Place): string[] {
  const written = line === undefined ? undefined : text?.split('\n')[line - 1];
  if (written === undefined || column === undefined) return [];
  const number = String(line);
  const indent = written.slice(0, column - 1).replace(/[^\t]/g, ' ');
  return [`${number} | ${written}`, `${' '.repeat(number.length)} | ${indent}^`];
}

/** An error in words for the person who wrote the template. */
export function explain(error: unknown): Pick<Problem, 'message' | 'hint'> {
  if (error instanceof UndefinedError) {
    const near = error.missing === undefined ? undefined : closest(error.missing, error.known);
    if (near !== undefined) return { message: `${error.message} (did you mean '${near}'?)` };
    return { message: error.message, ...hintFor(error) };
  }
  if (error instanceof TemplateError)
    return { message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  const message = (error instanceof Error ? error.message : String(error)).trim();
  if (/call stack/i.test(message))
    return { message: 'this is nested too deeply', hint: 'look for a macro or include that leads to itself' };
  if (/string length/i.test(message)) return { message: 'this makes a text that is too long' };
  return { message: message.replace(/\.$/, '') };
}

function hintFor({ message, missing, known }: UndefinedError): { hint?: string } {
  if (message === `'${missing}' is undefined`) return { hint: "set it under 'vars' in images.yaml" };
  const shown = known.slice(0, 12).join(', ');
  return known.length === 0 ? {} : { hint: `there is ${shown}${known.length > 12 ? ', …' : ''}` };
}
