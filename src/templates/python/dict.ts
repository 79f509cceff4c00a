/** Dicts. */
import { PythonObject, type Value } from './values.ts';

/** A Python dict: in the order of insertion, keys by Python's equality (`1`, `1.0` and `True` are one key). */
export class Dict extends PythonObject {
  readonly typeName = 'dict';
  private readonly map = new Map<Value, Value>();

  /** Of entries whose keys are text. */
  static ofStrings(entries: Iterable<readonly [string, Value]>): Dict {
    const dict = new Dict();
    for (const [key, value] of entries) dict.map.set(key, value);
    return dict;
  }

  get size(): number {
    return this.map.size;
  }

  /** @throws TemplateError where the key is unhashable */
  get(key: Value): Value | undefined {
    return this.map.get(key);
  }

  has(key: Value): boolean {
    return this.map.has(key);
  }

  set(key: Value, value: Value): void {
    this.map.set(key, value);
  }

  delete(key: Value): boolean {
    return this.map.delete(key);
  }

  keys(): Value[] {
    return [...this.map.keys()];
  }

  values(): Value[] {
    return [...this.map.values()];
  }

  entries(): [Value, Value][] {
    return [...this.map.entries()];
  }
}
