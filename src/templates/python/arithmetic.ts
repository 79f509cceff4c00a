/** Arithmetic operators. */
import type { Evaluation } from './evaluation.ts';
import type { Value } from './values.ts';

function later(...parts: readonly unknown[]): never {
  throw new Error(`not there yet: ${parts.length}`);
}

export function add(left: Value, right: Value, evaluation: Evaluation): Value {
  return later(left, right, evaluation);
}
export function sub(left: Value, right: Value, evaluation: Evaluation): Value {
  return later(left, right, evaluation);
}
export function mul(left: Value, right: Value, evaluation: Evaluation): Value {
  return later(left, right, evaluation);
}
export function div(left: Value, right: Value, evaluation: Evaluation): Value {
  return later(left, right, evaluation);
}
export function floordiv(left: Value, right: Value, evaluation: Evaluation): Value {
  return later(left, right, evaluation);
}
export function mod(left: Value, right: Value, evaluation: Evaluation): Value {
  return later(left, right, evaluation);
}
export function pow(left: Value, right: Value, evaluation: Evaluation): Value {
  return later(left, right, evaluation);
}
export function neg(value: Value, evaluation: Evaluation): Value {
  return later(value, evaluation);
}
export function pos(value: Value, evaluation: Evaluation): Value {
  return later(value, evaluation);
}
/** The operator `~`: its operands as one text. */
export function concat(parts: readonly Value[], evaluation: Evaluation): Value {
  return later(parts, evaluation);
}
