/** Calls. */
import { getattr } from './access.ts';
import { raise } from './errors.ts';
import type { Evaluation, Kwargs } from './evaluation.ts';
import { workOn } from './iteration.ts';
import { methodOf } from './methods/index.ts';
import { describe } from './types.ts';
import { isCallable, type Value } from './values.ts';

/** `callee(*args, **kwargs)`. */
export function call(callee: Value, args: readonly Value[], kwargs: Kwargs, evaluation: Evaluation): Value {
  if (!isCallable(callee)) return raise(`${describe(callee)} can't be called`);
  return callee.call(args, kwargs, evaluation);
}

/** `target.name(*args, **kwargs)`, without making a bound method where the target's type has one of this name. */
export function callMethod(
  target: Value,
  name: string,
  args: readonly Value[],
  kwargs: Kwargs,
  evaluation: Evaluation,
): Value {
  const method = methodOf(target, name);
  if (method !== undefined) {
    workOn(target, evaluation.limits);
    return method(target, args, kwargs, evaluation);
  }
  return call(getattr(target, name, evaluation), args, kwargs, evaluation);
}
