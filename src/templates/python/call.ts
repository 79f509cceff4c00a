/** Calls. */
import { getattr } from './access.ts';
import { raise } from './errors.ts';
import type { Evaluation, Kwargs } from './evaluation.ts';
import { isCallable, Undefined, type Value } from './values.ts';

/** `callee(*args, **kwargs)`. */
export function call(callee: Value, args: readonly Value[], kwargs: Kwargs, evaluation: Evaluation): Value {
  if (callee instanceof Undefined) callee.fail();
  if (!isCallable(callee)) return raise('this value is no function and can not be called');
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
  return call(getattr(target, name, evaluation), args, kwargs, evaluation);
}
