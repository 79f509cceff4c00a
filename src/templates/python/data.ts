/** The border between JavaScript's data and templates' values. */
import type { Value } from './values.ts';

/** Data (from YAML, JSON or code) as a value: no object of JavaScript's reaches a template. */
export function fromData(data: unknown): Value {
  throw new Error(`not there yet: ${typeof data}`);
}

/** A value as plain data: dicts as objects, tuples as arrays, floats as numbers. */
export function toData(value: Value): unknown {
  throw new Error(`not there yet: ${typeof value}`);
}
