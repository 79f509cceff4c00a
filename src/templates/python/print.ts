/** Values as text. */
import type { Evaluation } from './evaluation.ts';
import type { Value } from './values.ts';

/** `str(value)`. */
export function str(value: Value, evaluation: Evaluation): string {
  throw new Error(`not there yet: ${typeof value} ${evaluation.undefined}`);
}

/** `repr(value)`. */
export function repr(value: Value, evaluation: Evaluation): string {
  throw new Error(`not there yet: ${typeof value} ${evaluation.undefined}`);
}
