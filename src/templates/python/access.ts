/** Attributes and items: the only way from a value to what it holds. */
import type { Evaluation } from './evaluation.ts';
import type { Undefined, Value } from './values.ts';

/** `target.name`: the attribute, else the item. */
export function getattr(target: Value, name: string, evaluation: Evaluation): Value | Undefined {
  throw new Error(`not there yet: ${typeof target} ${name} ${evaluation.undefined}`);
}

/** `target[key]`: the item, else the attribute where the key is a text. */
export function getitem(target: Value, key: Value, evaluation: Evaluation): Value | Undefined {
  throw new Error(`not there yet: ${typeof target} ${typeof key} ${evaluation.undefined}`);
}
