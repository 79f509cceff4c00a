/** Dicts and their views. */

import { raise } from './errors.ts';
import type { Evaluation } from './evaluation.ts';
import { type HashKey, hashKey } from './hash.ts';
import { PythonObject, type Value } from './object.ts';
import { enclosed, repr, reprs } from './print.ts';
import { Tuple } from './values.ts';

/** A Python dict: in the order of insertion, keys by Python's equality (`1`, `1.0` and `True` are one key). */
export class Dict extends PythonObject {
  readonly typeName = 'dict';
  private readonly map = new Map<HashKey, Value>();
  /** The keys that are not themselves what they are found by. */
  private written: Map<HashKey, Value> | undefined;

  static of(entries: Iterable<readonly [Value, Value]>): Dict {
    const dict = new Dict();
    for (const [key, value] of entries) dict.set(key, value);
    return dict;
  }

  get size(): number {
    return this.map.size;
  }

  /** @throws TemplateError where the key is unhashable */
  get(key: Value): Value | undefined {
    return this.map.get(hashKey(key));
  }

  has(key: Value): boolean {
    return this.map.has(hashKey(key));
  }

  set(key: Value, value: Value): void {
    const hash = hashKey(key);
    // A key that is there already stays as it was written first.
    if (hash !== key && !this.map.has(hash)) {
      this.written ??= new Map();
      this.written.set(hash, key);
    }
    this.map.set(hash, value);
  }

  delete(key: Value): boolean {
    const hash = hashKey(key);
    this.written?.delete(hash);
    return this.map.delete(hash);
  }

  clear(): void {
    this.map.clear();
    this.written = undefined;
  }

  copy(): Dict {
    return Dict.of(this.entries());
  }

  /** Pairs of key and value, as they are now. */
  entries(): [Value, Value][] {
    const entries: [Value, Value][] = [];
    this.map.forEach((value, hash) => {
      entries.push([this.keyOf(hash), value]);
    });
    return entries;
  }

  keys(): Value[] {
    // Without keys that are written otherwise, each is its own hash.
    if (this.written === undefined) return [...this.map.keys()] as Value[];
    return Array.from(this.map.keys(), (hash) => this.keyOf(hash));
  }

  values(): Value[] {
    return [...this.map.values()];
  }

  private keyOf(hash: HashKey): Value {
    const written = this.written?.get(hash);
    // What is not written otherwise is its own hash.
    return written === undefined ? (hash as Value) : written;
  }

  override repr(evaluation: Evaluation): string {
    return enclosed(this, '{...}', evaluation, () => {
      const parts: string[] = [];
      for (const [key, value] of this.entries()) {
        evaluation.limits.tick();
        parts.push(`${repr(key, evaluation)}: ${repr(value, evaluation)}`);
      }
      return `{${parts.join(', ')}}`;
    });
  }

  override truth(): boolean {
    return this.size > 0;
  }

  override length(): number {
    return this.size;
  }

  override iterate(): Iterable<Value> {
    return new DictView(this, 'keys').iterate();
  }
}

/** What `keys()`, `values()` and `items()` give: it follows the dict. */
export class DictView extends PythonObject {
  readonly typeName: string;
  readonly dict: Dict;
  readonly kind: 'keys' | 'values' | 'items';

  constructor(dict: Dict, kind: 'keys' | 'values' | 'items') {
    super();
    this.typeName = `dict_${kind}`;
    this.dict = dict;
    this.kind = kind;
  }

  /** The values of the moment. */
  list(): Value[] {
    if (this.kind === 'keys') return this.dict.keys();
    if (this.kind === 'values') return this.dict.values();
    return this.dict.entries().map((entry) => new Tuple(entry));
  }

  override repr(evaluation: Evaluation): string {
    return enclosed(this, '...', evaluation, () => `${this.typeName}([${reprs(this.list(), evaluation)}])`);
  }

  override truth(): boolean {
    return this.dict.size > 0;
  }

  override length(): number {
    return this.dict.size;
  }

  override iterate(): Iterable<Value> {
    return new ViewIterator(this);
  }
}

/** Goes through a view as long as its dict stays of the same size. */
class ViewIterator implements IterableIterator<Value> {
  private readonly dict: Dict;
  private readonly size: number;
  private readonly items: readonly Value[];
  private position = 0;

  constructor(view: DictView) {
    this.dict = view.dict;
    this.size = view.dict.size;
    this.items = view.list();
  }

  next(): IteratorResult<Value> {
    if (this.dict.size !== this.size)
      raise('the dict was changed while a loop went through it', 'loop over a copy: …|list');
    const value = this.items[this.position++];
    return value === undefined ? { done: true, value } : { done: false, value };
  }

  [Symbol.iterator](): this {
    return this;
  }
}
