/** Types and truth of values. */
import { PythonObject, type Value } from './values.ts';

/** The name of the value's type, as Python has it. */
export function typeName(value: Value): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number' || typeof value === 'bigint') return 'int';
  return value instanceof PythonObject ? value.typeName : 'list';
}

/** `bool(value)`. */
export function truth(value: Value): boolean {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'string':
      return value !== '';
    case 'number':
      return value !== 0;
    case 'bigint':
      return true;
    default:
      if (value === null) return false;
      return Array.isArray(value) ? value.length > 0 : value.truth();
  }
}
