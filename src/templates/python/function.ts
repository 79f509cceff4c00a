/** Functions written in TypeScript that templates can call. */
import { raise } from './errors.ts';
import type { Evaluation, Kwargs } from './evaluation.ts';
import { type Callable, PythonObject, type Value } from './object.ts';

export type NativeCall = (args: readonly Value[], kwargs: Kwargs, evaluation: Evaluation) => Value;

/** A function by a name. Printing it is an error that says to call it. */
export class NativeFunction extends PythonObject implements Callable {
  readonly typeName: string = 'function';
  readonly name: string;
  private readonly body: NativeCall;

  constructor(name: string, body: NativeCall) {
    super();
    this.name = name;
    this.body = body;
  }

  override call(args: readonly Value[], kwargs: Kwargs, evaluation: Evaluation): Value {
    return this.body(args, kwargs, evaluation);
  }

  override repr(): string {
    return raise(`'${this.name}' is a function, which can't be printed`, `call it: ${this.name}()`);
  }
}
