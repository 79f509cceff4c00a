/** `loop`: `LoopContext` of jinja2/runtime.py (3.1). */
import {
  type Callable,
  type Evaluation,
  equal,
  ItemTaker,
  iterate,
  type Kwargs,
  length,
  NativeFunction,
  PythonObject,
  raise,
  Tuple,
  type Value,
} from '../python/index.ts';
import type { TemplateEvaluation } from './evaluation.ts';

/** Renders the loop's body with other items. */
export type Recurse = (items: Value, depth: number) => Value;

export class LoopContext extends PythonObject implements Callable {
  readonly typeName = 'LoopContext';
  readonly name = 'loop';
  private readonly evaluation: TemplateEvaluation;
  private readonly items: Iterable<Value> | Value;
  private readonly recurse: Recurse | null;
  private readonly depth0: number;
  private taker: ItemTaker;
  private index0 = -1;
  private size: number | undefined;
  private after: Value | undefined;
  private before: Value | undefined;
  private current: Value | undefined;
  private lastChanged: Tuple | undefined;

  /** @param items a value, or the items of one that fulfil the loop's condition */
  constructor(items: Value | Iterable<Value>, recurse: Recurse | null, depth: number, evaluation: TemplateEvaluation) {
    super();
    this.evaluation = evaluation;
    this.items = items;
    this.recurse = recurse;
    this.depth0 = depth;
    this.taker = new ItemTaker(isValue(items) ? iterate(items) : items);
  }

  /** Goes to the next item; `undefined` behind the last one. */
  take(): Value | undefined {
    const item = this.after === undefined ? this.taker.take() : this.after;
    if (item === undefined) return undefined;
    this.after = undefined;
    this.index0 += 1;
    this.before = this.current;
    this.current = item;
    return item;
  }

  override length(): number {
    this.size ??= isValue(this.items) && hasLength(this.items) ? length(this.items) : this.readAll();
    return this.size;
  }

  /** What has no length is read to its end. */
  private readAll(): number {
    const rest: Value[] = [];
    for (let item = this.taker.take(); item !== undefined; item = this.taker.take()) {
      this.evaluation.limits.tick();
      rest.push(item);
    }
    this.taker = new ItemTaker(rest);
    return rest.length + this.index0 + 1 + (this.after === undefined ? 0 : 1);
  }

  private peek(): Value | undefined {
    // None is an item like any other, so `??` has no place here.
    if (this.after === undefined) this.after = this.taker.take();
    return this.after;
  }

  override attribute(name: string, evaluation: Evaluation): Value | undefined {
    switch (name) {
      case 'index':
        return this.index0 + 1;
      case 'index0':
        return this.index0;
      case 'revindex':
        return this.length() - this.index0;
      case 'revindex0':
        return this.length() - this.index0 - 1;
      case 'first':
        return this.index0 === 0;
      case 'last':
        return this.peek() === undefined;
      case 'length':
        return this.length();
      case 'depth':
        return this.depth0 + 1;
      case 'depth0':
        return this.depth0;
      case 'previtem':
        return this.index0 === 0 ? evaluation.undefinedOf('there is no previous item') : this.before;
      case 'nextitem': {
        const item = this.peek();
        return item === undefined ? evaluation.undefinedOf('there is no next item') : item;
      }
      case 'cycle':
        return new NativeFunction('loop.cycle', (args, kwargs) => {
          const item = args[this.index0 % args.length];
          if (kwargs.size > 0) raise('loop.cycle() takes no arguments with names');
          return item === undefined ? raise('loop.cycle() needs the items to choose from') : item;
        });
      case 'changed':
        return new NativeFunction('loop.changed', (args, kwargs) => {
          if (kwargs.size > 0) raise('loop.changed() takes no arguments with names');
          const value = new Tuple([...args]);
          if (this.lastChanged !== undefined && equal(this.lastChanged, value, evaluation)) return false;
          this.lastChanged = value;
          return true;
        });
      default:
        return undefined;
    }
  }

  override call(args: readonly Value[], kwargs: Kwargs): Value {
    const { recurse } = this;
    const items = args.length === 1 ? args[0] : kwargs.get('iterable');
    if (items === undefined || args.length + kwargs.size !== 1)
      return raise('loop() takes one argument: the items to go through');
    if (recurse === null) return raise("this loop can't be called", "write 'recursive' at the end of its for tag");
    return this.evaluation.limits.nested(() => recurse(items, this.depth0 + 1));
  }

  override repr(): string {
    return `<LoopContext ${this.index0 + 1}/${this.length()}>`;
  }

  override str(): string {
    return this.repr();
  }
}

function isValue(items: Value | Iterable<Value>): items is Value {
  return typeof items !== 'object' || items === null || Array.isArray(items) || items instanceof PythonObject;
}

function hasLength(value: Value): boolean {
  return (
    typeof value === 'string' || Array.isArray(value) || (value instanceof PythonObject && value.length !== undefined)
  );
}
