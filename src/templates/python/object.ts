/**
 * The values of templates: what Python has, in JavaScript's terms.
 *
 * | Python | here |
 * |---|---|
 * | None, bool, str | null, boolean, string |
 * | int | number where it is a safe integer, else bigint |
 * | float | Float |
 * | list | Array |
 * | everything else | a subclass of PythonObject: Tuple, Dict, Markup, Range, Undefined, callables, … |
 */
import { raise } from './errors.ts';
import type { Evaluation, Kwargs } from './evaluation.ts';

export type Value = null | boolean | number | bigint | string | Value[] | PythonObject;

/**
 * A value with behaviour of its own. What a subclass does not define, Python's object would not have either: it is true,
 * equal to itself only, has no attribute, no item and no length, can't be looped over or called.
 */
export abstract class PythonObject {
  /** Name of the type, as Python has it: `tuple`, `dict_keys`, `Namespace`. */
  abstract readonly typeName: string;

  /** What `repr()` gives. Objects that Python prints with an address in memory refuse it. */
  repr(_evaluation: Evaluation): string {
    return raise(`a value of type ${this.typeName} can't be printed`);
  }

  /** What `str()` gives. */
  str(evaluation: Evaluation): string {
    return this.repr(evaluation);
  }

  truth(): boolean {
    return true;
  }

  /** An attribute that this object has, or `undefined`. Only data and what templates may call. */
  attribute?(name: string, evaluation: Evaluation): Value | undefined;
  /** `object[key]`, or `undefined` where there is no such item. */
  item?(key: Value, evaluation: Evaluation): Value | undefined;
  /** The values that a loop goes through. */
  iterate?(): Iterable<Value>;
  length?(): number;
  contains?(item: Value, evaluation: Evaluation): boolean;
  call?(args: readonly Value[], kwargs: Kwargs, evaluation: Evaluation): Value;
}

/** What can be called: macros, functions, bound methods, `joiner()`. */
export interface Callable extends PythonObject {
  call(args: readonly Value[], kwargs: Kwargs, evaluation: Evaluation): Value;
}

export function isCallable(value: Value): value is Callable {
  return value instanceof PythonObject && value.call !== undefined;
}
