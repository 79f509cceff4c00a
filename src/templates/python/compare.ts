/** Equality, order and membership. */
import { Dict, DictView } from './dict.ts';
import { raise } from './errors.ts';
import { type Evaluation, work } from './evaluation.ts';
import type { Int } from './integers.ts';
import { iterate } from './iteration.ts';
import { Range } from './range.ts';
import { indexOf } from './search.ts';
import { compareTexts } from './text.ts';
import { describe, isText, textOf } from './types.ts';
import { Float, PythonObject, Tuple, Undefined, type Value } from './values.ts';

export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** `left == right`: by value. */
export function equal(left: Value, right: Value, evaluation: Evaluation): boolean {
  if (typeof left === 'string' && typeof right === 'string') {
    if (left.length === right.length) work(evaluation.limits, left.length);
    return left === right;
  }
  if (left instanceof Undefined || right instanceof Undefined) return equalUndefined(left, right);
  const number = numeric(left);
  if (number !== undefined) {
    const other = numeric(right);
    // Ints and floats are compared exactly, whatever their size.
    // biome-ignore lint/suspicious/noDoubleEquals: only == compares a bigint with a number
    return other !== undefined && number == other;
  }
  if (isText(left)) return isText(right) && textOf(left) === textOf(right);
  if (left === right || left === null || right === null) return left === right;
  evaluation.limits.tick();
  if (Array.isArray(left)) return Array.isArray(right) && equalItems(left, right, evaluation);
  if (left instanceof Tuple) return right instanceof Tuple && equalItems(left.items, right.items, evaluation);
  if (left instanceof Dict) return right instanceof Dict && equalDicts(left, right, evaluation);
  if (left instanceof Range) return right instanceof Range && String(left.identity()) === String(right.identity());
  return left instanceof DictView && right instanceof DictView && equalViews(left, right, evaluation);
}

function equalUndefined(left: Value, right: Value): boolean {
  if (left instanceof Undefined) left.failIfStrict();
  if (right instanceof Undefined) right.failIfStrict();
  return left instanceof Undefined && right instanceof Undefined;
}

/** The same object is equal to itself inside of a collection, even one that is not outside of it (nan). */
function same(left: Value, right: Value, evaluation: Evaluation): boolean {
  return (left === right && typeof left === 'object') || equal(left, right, evaluation);
}

function equalItems(left: readonly Value[], right: readonly Value[], evaluation: Evaluation): boolean {
  return left.length === right.length && firstDifference(left, right, evaluation) === -1;
}

function firstDifference(left: readonly Value[], right: readonly Value[], evaluation: Evaluation): number {
  const length = Math.min(left.length, right.length);
  work(evaluation.limits, length);
  for (let index = 0; index < length; index++)
    if (!same(left[index] ?? null, right[index] ?? null, evaluation)) return index;
  return -1;
}

function equalDicts(left: Dict, right: Dict, evaluation: Evaluation): boolean {
  if (left.size !== right.size) return false;
  for (const [key, value] of left.entries()) {
    const other = right.get(key);
    if (other === undefined || !same(value, other, evaluation)) return false;
  }
  return true;
}

/** Views of keys and items compare as sets. */
function equalViews(left: DictView, right: DictView, evaluation: Evaluation): boolean {
  if (left.kind === 'values' || right.kind === 'values' || left.dict.size !== right.dict.size) return false;
  return left.list().every((item) => contains(right, item, evaluation));
}

/** The number to compare of a bool, int or float; `undefined` for other values. */
function numeric(value: Value): Int | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return Number(value);
  return value instanceof Float ? value.value : undefined;
}

/** `left operator right`. */
export function compare(operator: ComparisonOperator, left: Value, right: Value, evaluation: Evaluation): boolean {
  if (operator === '==') return equal(left, right, evaluation);
  if (operator === '!=') return !equal(left, right, evaluation);
  return inOrder(operator, left, right, evaluation);
}

type OrderOperator = Exclude<ComparisonOperator, '==' | '!='>;

function inOrder(operator: OrderOperator, left: Value, right: Value, evaluation: Evaluation): boolean {
  if (left instanceof Undefined) left.fail();
  if (right instanceof Undefined) right.fail();
  const number = numeric(left);
  const other = number === undefined ? undefined : numeric(right);
  if (number !== undefined && other !== undefined) return holds(operator, number, other);
  if (isText(left) && isText(right)) {
    work(evaluation.limits, Math.min(textOf(left).length, textOf(right).length));
    return holds(operator, compareTexts(textOf(left), textOf(right)), 0);
  }
  if (Array.isArray(left) && Array.isArray(right)) return itemsInOrder(operator, left, right, evaluation);
  if (left instanceof Tuple && right instanceof Tuple)
    return itemsInOrder(operator, left.items, right.items, evaluation);
  return raise(
    `${describe(left)} and ${describe(right)} have no order, so '${operator}' can't compare them`,
    isText(left) || isText(right) ? 'convert both to numbers (filter int) or both to text (filter string)' : undefined,
  );
}

function holds(operator: OrderOperator, left: Int, right: Int): boolean {
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}

function itemsInOrder(
  operator: OrderOperator,
  left: readonly Value[],
  right: readonly Value[],
  evaluation: Evaluation,
): boolean {
  evaluation.limits.tick();
  const index = firstDifference(left, right, evaluation);
  if (index === -1) return holds(operator, left.length, right.length);
  return inOrder(operator, left[index] ?? null, right[index] ?? null, evaluation);
}

/** `item in container`. */
export function contains(container: Value, item: Value, evaluation: Evaluation): boolean {
  if (isText(container)) {
    if (isText(item)) return indexOf(textOf(container), textOf(item), evaluation.limits) !== -1;
    if (item instanceof Undefined) item.failIfStrict();
    return raise(`only a text can be in a text, not ${describe(item)}`, 'convert it with the filter string');
  }
  // What is the very same is equal, but for what is undefined.
  if (Array.isArray(container)) return hasText(container, item, evaluation) || includes(container, item, evaluation);
  if (container instanceof PythonObject) {
    if (container.contains !== undefined) return container.contains(item, evaluation);
    if (container instanceof Dict) return container.has(item);
    if (container instanceof Tuple) return includes(container.items, item, evaluation);
    if (container instanceof DictView) return viewContains(container, item, evaluation);
    if (container instanceof Range) return rangeContains(container, item, evaluation);
    if (container.iterate !== undefined) return includes(iterate(container), item, evaluation);
  }
  return raise(`nothing can be in ${describe(container)}, so 'in' can't be asked of it`);
}

/** Whether a short text is among the items, which JavaScript finds sooner. */
function hasText(items: readonly Value[], item: Value, { limits }: Evaluation): boolean {
  if (typeof item !== 'string' || item.length > 1000) return false;
  work(limits, items.length);
  return items.includes(item);
}

function includes(items: Iterable<Value>, item: Value, evaluation: Evaluation): boolean {
  for (const candidate of items) {
    evaluation.limits.tick();
    if (same(candidate, item, evaluation)) return true;
  }
  return false;
}

function viewContains(view: DictView, item: Value, evaluation: Evaluation): boolean {
  if (view.kind === 'keys') return view.dict.has(item);
  if (view.kind === 'values') return includes(view.list(), item, evaluation);
  if (!(item instanceof Tuple) || item.items.length !== 2) return false;
  const [key = null, value = null] = item.items;
  const found = view.dict.get(key);
  return found !== undefined && same(found, value, evaluation);
}

function rangeContains(range: Range, item: Value, evaluation: Evaluation): boolean {
  if (typeof item === 'number') return range.indexOf(item) !== -1;
  return includes(range.iterate(), item, evaluation);
}
