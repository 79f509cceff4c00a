/** The names that every template has. */
import type { Value } from '../python/index.ts';
import { PythonObject } from '../python/index.ts';

/** `namespace()`: what `{% set ns.name = … %}` can write to. */
export class Namespace extends PythonObject {
  readonly typeName = 'Namespace';
  readonly values = new Map<string, Value>();

  override attribute(name: string): Value | undefined {
    return this.values.get(name);
  }

  set(name: string, value: Value): void {
    this.values.set(name, value);
  }
}

/** Global names: range, dict, lipsum, cycler, joiner, namespace. */
export const globals: ReadonlyMap<string, Value> = new Map();
