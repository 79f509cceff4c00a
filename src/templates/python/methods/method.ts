/** What methods are. */
import { bindArguments, type Parameters } from '../arguments.ts';
import { raise } from '../errors.ts';
import type { Evaluation, Kwargs } from '../evaluation.ts';
import { workOn } from '../iteration.ts';
import { type Callable, PythonObject, type Value } from '../object.ts';

export type Method<Self extends Value = Value> = (
  self: Self,
  args: readonly Value[],
  kwargs: Kwargs,
  evaluation: Evaluation,
) => Value;

export type Methods<Self extends Value> = ReadonlyMap<string, Method<Self>>;

/** Arguments in the order of the parameters; `undefined` where one was left out. */
export type Bound = readonly (Value | undefined)[];

/**
 * A method with its parameters bound.
 * @param parameters names separated by spaces, those after a `?` optional: `old new ? count`; with `/` at the end they
 * can't be given by name
 */
export function method<Self extends Value>(
  name: string,
  parameters: string,
  body: (self: Self, args: Bound, evaluation: Evaluation) => Value,
): [string, Method<Self>] {
  const bound = parametersOf(`the method '${name}'`, parameters);
  return [name, (self, args, kwargs, evaluation) => body(self, bindArguments(bound, args, kwargs), evaluation)];
}

/** Parameters as `method` has them. */
export function parametersOf(name: string, parameters: string): Parameters {
  const words = parameters.split(' ').filter((word) => word !== '' && word !== '/');
  const optional = words.indexOf('?');
  const names = words.filter((word) => word !== '?');
  return { name, names, required: optional === -1 ? names.length : optional, positional: parameters.endsWith('/') };
}

/** A method of a value, to be called. Printing it is an error that says to call it. */
export class BoundMethod extends PythonObject implements Callable {
  readonly typeName = 'method';
  readonly name: string;
  private readonly self: Value;
  private readonly body: Method;

  constructor(name: string, self: Value, body: Method) {
    super();
    this.name = name;
    this.self = self;
    this.body = body;
  }

  override call(args: readonly Value[], kwargs: Kwargs, evaluation: Evaluation): Value {
    workOn(this.self, evaluation.limits);
    return this.body(this.self, args, kwargs, evaluation);
  }

  override repr(): string {
    return raise(
      `'${this.name}' is a method here, which can't be printed`,
      `call it: .${this.name}(); an item of this name is written ['${this.name}']`,
    );
  }
}
