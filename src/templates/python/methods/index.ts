/** Methods and attributes that Python's own types have. */
import { Dict } from '../dict.ts';
import { Markup } from '../markup.ts';
import { Range } from '../range.ts';
import { Float, Tuple, type Value } from '../values.ts';
import { dictMethods } from './dict.ts';
import { listMethods, rangeMethods, tupleMethods } from './list.ts';
import { markupMethods } from './markup.ts';
import { BoundMethod, type Method } from './method.ts';
import { floatMethods, intMethods, numberAttribute } from './number.ts';
import { textMethods } from './text.ts';

/** The method of a value of one of Python's types. */
export function methodOf(target: Value, name: string): Method | undefined {
  // Each table is only asked for the methods of its own type.
  return tableOf(target)?.get(name) as Method | undefined;
}

function tableOf(target: Value): ReadonlyMap<string, unknown> | undefined {
  if (typeof target === 'string') return textMethods;
  if (target instanceof Dict) return dictMethods;
  if (Array.isArray(target)) return listMethods;
  if (target === null) return undefined;
  if (typeof target !== 'object') return intMethods;
  if (target instanceof Tuple) return tupleMethods;
  if (target instanceof Float) return floatMethods;
  if (target instanceof Markup) return markupMethods();
  return target instanceof Range ? rangeMethods : undefined;
}

export function boundMethod(target: Value, name: string): BoundMethod | undefined {
  const method = methodOf(target, name);
  return method === undefined ? undefined : new BoundMethod(name, target, method);
}

/** Attributes of Python's own types that are no methods. */
export function dataAttribute(target: Value, name: string): Value | undefined {
  if (target instanceof Range) return name === 'start' || name === 'stop' || name === 'step' ? target[name] : undefined;
  return numberAttribute(target, name);
}
