/** Slices. */
import type { Evaluation } from './evaluation.ts';
import type { Value } from './values.ts';

/** `value[start:stop:step]`; what is left out is `null`. */
export function slice(value: Value, start: Value, stop: Value, step: Value, evaluation: Evaluation): Value {
  throw new Error(`not there yet: ${typeof value} ${start === stop} ${step === null} ${evaluation.undefined}`);
}
