/** What evaluating an expression needs to know of the rendering it is part of. */
import type { Undefined, Value } from './values.ts';

export type UndefinedMode = 'strict' | 'lenient';

/** Keyword arguments of a call, in the order they were written. */
export type Kwargs = ReadonlyMap<string, Value>;

export const noKwargs: Kwargs = new Map();

/** Bounds of one rendering. Each method throws a `LimitError` where its bound is reached. */
export interface Limits {
  /** Most items that `range()` may give. */
  readonly maxRange: number;
  /** Called before a text (in characters) or a list (in items) of this size is made. */
  grow(size: number): void;
  /** Called once for each step of a loop inside of an operation, so that long ones stop at the deadline. */
  tick(): void;
}

/**
 * For a collection that grows item by item to this size: asks at powers of two, so that all asking together counts no
 * more than twice the whole.
 */
export function countItem(limits: Limits, size: number): void {
  limits.tick();
  if (size >= 1024 && (size & (size - 1)) === 0) limits.grow(size);
}

/** For one step that takes as long as its operand is large, so that few of them are made after the deadline. */
export function work(limits: Limits, size: number): void {
  for (let steps = size >> 12; steps > 0; steps--) limits.tick();
}

export interface Evaluation {
  readonly undefined: UndefinedMode;
  /** Whether printed text is escaped for HTML (`{% autoescape %}`); off for Dockerfiles. */
  readonly autoescape: boolean;
  readonly limits: Limits;
  /**
   * @param message what is undefined, in words
   * @param name the name or key that was looked for
   * @param known the names that are there, asked for only where the value is used
   */
  undefinedOf(message: string, name?: string, known?: () => readonly string[]): Undefined;
  filter(name: string): Filter | undefined;
  test(name: string): Test | undefined;
}

/** `value|name(*args, **kwargs)`. */
export type Filter = (evaluation: Evaluation, value: Value, args: readonly Value[], kwargs: Kwargs) => Value;

/** `value is name(*args, **kwargs)`. */
export type Test = (evaluation: Evaluation, value: Value, args: readonly Value[], kwargs: Kwargs) => boolean;
