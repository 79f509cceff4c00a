/** Equality, order and membership. */
import type { Evaluation } from './evaluation.ts';
import type { Value } from './values.ts';

export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';

export function equal(left: Value, right: Value, evaluation: Evaluation): boolean {
  throw new Error(`not there yet: ${left === right} ${evaluation.undefined}`);
}

/** `left operator right`. */
export function compare(operator: ComparisonOperator, left: Value, right: Value, evaluation: Evaluation): boolean {
  throw new Error(`not there yet: ${operator} ${left === right} ${evaluation.undefined}`);
}

/** `item in container`. */
export function contains(container: Value, item: Value, evaluation: Evaluation): boolean {
  throw new Error(`not there yet: ${container === item} ${evaluation.undefined}`);
}
