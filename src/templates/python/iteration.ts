/** Loops over values, and their lengths. */
import { raise } from './errors.ts';
import { countItem, type Evaluation, type Limits, work } from './evaluation.ts';
import { Markup } from './markup.ts';
import { PythonObject, type Value } from './object.ts';
import { textLength } from './text.ts';
import { describe } from './types.ts';
import { Tuple } from './values.ts';

/** What Python calls an iterator or generator: gone through once, without a length. */
export class PythonIterator extends PythonObject implements IterableIterator<Value> {
  readonly typeName: string;
  private readonly iterator: Iterator<Value>;

  /** @param iterable what a generator function gives does not begin before the first value is asked for */
  constructor(typeName: string, iterable: Iterable<Value>) {
    super();
    this.typeName = typeName;
    this.iterator = iterable[Symbol.iterator]();
  }

  override repr(): string {
    return raise(`${describe(this)} can't be printed`, 'make a list of it with the filter list, or a text with join');
  }

  next(): IteratorResult<Value> {
    return this.iterator.next();
  }

  /** A loop goes on where the last one ended; one that is left early closes nothing. */
  [Symbol.iterator](): this {
    return this;
  }

  override iterate(): Iterable<Value> {
    return this;
  }
}

export function generator(values: Generator<Value>): PythonIterator {
  return new PythonIterator('generator', values);
}

/**
 * The values that a loop over this one goes through; a list gives itself, so that a loop sees what is appended to it.
 * @throws TemplateError for what can't be looped over
 */
export function iterate(value: Value): Iterable<Value> {
  if (Array.isArray(value)) return value;
  // JavaScript, too, goes through a text by code points.
  if (typeof value === 'string') return value;
  if (value instanceof PythonObject) {
    if (value instanceof Tuple) return value.items;
    if (value instanceof Markup) return value.text;
    if (value.iterate !== undefined) return value.iterate();
  }
  return raise(`${describe(value)} can't be looped over`);
}

export function isIterable(value: Value): boolean {
  if (typeof value === 'string' || Array.isArray(value)) return true;
  if (!(value instanceof PythonObject)) return false;
  return value instanceof Tuple || value instanceof Markup || value.iterate !== undefined;
}

/** All values of a loop as a new list. */
export function listOf(value: Value, evaluation: Evaluation): Value[] {
  if (Array.isArray(value)) {
    evaluation.limits.grow(value.length);
    return value.slice();
  }
  const list: Value[] = [];
  for (const item of iterate(value)) {
    list.push(item);
    countItem(evaluation.limits, list.length);
  }
  return list;
}

/** `len(value)`; `undefined` for what has none. */
export function lengthOf(value: Value): number | undefined {
  if (Array.isArray(value)) return value.length;
  if (typeof value === 'string') return textLength(value);
  if (!(value instanceof PythonObject)) return undefined;
  if (value instanceof Tuple) return value.items.length;
  if (value instanceof Markup) return textLength(value.text);
  return value.length?.();
}

/** `len(value)`. */
export function length(value: Value): number {
  return lengthOf(value) ?? raise(`${describe(value)} has no length`);
}

/** For a step that may go through all of a value: see `work`. */
export function workOn(value: Value, limits: Limits): void {
  if (typeof value === 'string' || Array.isArray(value)) work(limits, value.length);
  else if (value instanceof Markup) work(limits, value.text.length);
  else if (value instanceof PythonObject && value.typeName === 'dict') work(limits, value.length?.() ?? 0);
}
