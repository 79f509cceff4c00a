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

  /** The next value; `undefined` behind the last one. */
  take(): Value | undefined {
    const { iterator } = this;
    if (iterator instanceof ItemSteps) return iterator.take();
    const next = iterator.next();
    return next.done === true ? undefined : next.value;
  }
}

export function generator(values: Generator<Value>): PythonIterator {
  return new PythonIterator('generator', values);
}

/** What a generator gives for an item; `undefined` where it leaves the item out. */
export type ItemStep = (item: Value) => Value | undefined;

/**
 * A generator that goes through a value item by item.
 * @param begin called where the first value is asked for; `undefined` where there is nothing to go through
 */
export function itemGenerator(value: Value, begin: () => ItemStep | undefined, { limits }: Evaluation): PythonIterator {
  return new PythonIterator('generator', new ItemSteps(value, begin, limits));
}

/** As a generator function with one loop, which would take longer to suspend and resume than most steps. */
class ItemSteps implements IterableIterator<Value> {
  private readonly value: Value;
  private readonly begin: () => ItemStep | undefined;
  private readonly limits: Limits;
  private state: 'new' | 'suspended' | 'running' | 'done' = 'new';
  private step: ItemStep | undefined;
  private items: ItemTaker | undefined;

  constructor(value: Value, begin: () => ItemStep | undefined, limits: Limits) {
    this.value = value;
    this.begin = begin;
    this.limits = limits;
  }

  take(): Value | undefined {
    if (this.state === 'running') return raise('this generator goes through itself');
    if (this.state === 'done') return undefined;
    const isNew = this.state === 'new';
    this.state = 'running';
    try {
      if (isNew) {
        this.step = this.begin();
        if (this.step !== undefined) this.items = new ItemTaker(iterate(this.value));
      }
      const given = this.advance();
      this.state = given === undefined ? 'done' : 'suspended';
      return given;
    } finally {
      if (this.state === 'running') this.state = 'done';
    }
  }

  private advance(): Value | undefined {
    const { items, step, limits } = this;
    if (items === undefined || step === undefined) return undefined;
    for (let item = items.take(); item !== undefined; item = items.take()) {
      limits.tick();
      const given = step(item);
      if (given !== undefined) return given;
    }
    return undefined;
  }

  next(): IteratorResult<Value> {
    const value = this.take();
    return value === undefined ? { done: true, value } : { done: false, value };
  }

  [Symbol.iterator](): this {
    return this;
  }
}

/** Takes the items that a loop goes through one by one. */
export class ItemTaker {
  /** A list that is gone through, or else what gives the items. */
  private list: readonly Value[] | undefined;
  private readonly iterator: Iterator<Value> | undefined;
  private position = 0;

  constructor(items: Iterable<Value>) {
    this.list = Array.isArray(items) ? items : undefined;
    this.iterator = this.list === undefined ? items[Symbol.iterator]() : undefined;
  }

  /** The next item; `undefined` behind the last one. */
  take(): Value | undefined {
    const { iterator } = this;
    if (iterator === undefined) {
      const item = this.list?.[this.position++];
      // What is appended after the end was seen comes too late.
      if (item === undefined) this.list = undefined;
      return item;
    }
    if (iterator instanceof PythonIterator) return iterator.take();
    const next = iterator.next();
    return next.done === true ? undefined : next.value;
  }
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
  const items = new ItemTaker(iterate(value));
  for (let item = items.take(); item !== undefined; item = items.take()) {
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
