/** Macros: `Macro` of jinja2/runtime.py (3.1). */
import {
  type Callable,
  Dict,
  type Evaluation,
  type Kwargs,
  Markup,
  PythonObject,
  raise,
  Tuple,
  type Value,
} from '../python/index.ts';
import type { Context } from './context.ts';

/** A macro's code. What is `undefined` was not given. */
export type MacroBody = (...args: readonly (Value | undefined)[]) => string;

export class Macro extends PythonObject implements Callable {
  readonly typeName = 'Macro';
  /** Without one, it is the body of a call block. */
  private readonly macroName: string | null;
  private readonly body: MacroBody;
  private readonly args: readonly string[];
  private readonly catchKwargs: boolean;
  private readonly catchVarargs: boolean;
  private readonly caller: boolean;
  private readonly context: Context;

  constructor(
    name: string | null,
    body: MacroBody,
    args: readonly string[],
    catchKwargs: boolean,
    catchVarargs: boolean,
    caller: boolean,
    context: Context,
  ) {
    super();
    this.macroName = name;
    this.body = body;
    this.args = args;
    this.catchKwargs = catchKwargs;
    this.catchVarargs = catchVarargs;
    this.caller = caller;
    this.context = context;
  }

  private get explicitCaller(): boolean {
    return this.args.includes('caller');
  }

  /** Its code takes its arguments and nothing else. */
  private get isPlain(): boolean {
    return !(this.catchKwargs || this.catchVarargs || this.caller);
  }

  get name(): string {
    return this.macroName ?? 'caller';
  }

  override call(args: readonly Value[], kwargs: Kwargs, evaluation: Evaluation): Value {
    const text = this.run(args, kwargs);
    return evaluation.autoescape ? new Markup(text) : text;
  }

  private run(args: readonly Value[], kwargs: Kwargs): string {
    const { rendering } = this.context.evaluation;
    if (rendering.report !== undefined) return rendering.nested('called', () => this.body(...this.bind(args, kwargs)));
    const { limits } = rendering;
    limits.enter();
    try {
      // What is left out at the end is undefined in any case.
      if (this.isPlain && kwargs.size === 0 && args.length <= this.args.length) return this.body(...args);
      return this.body(...this.bind(args, kwargs));
    } finally {
      limits.leave();
    }
  }

  /** The arguments of the code, in its order: those of the macro, then `caller`, `kwargs` and `varargs` where it uses them. */
  private bind(given: readonly Value[], named: Kwargs): (Value | undefined)[] {
    const count = this.args.length;
    const args: (Value | undefined)[] = given.slice(0, count);
    let taken = 0;
    for (let index = args.length; index < count; index++) {
      const value = named.get(this.args[index] ?? '');
      if (value !== undefined) taken += 1;
      args.push(value);
    }
    if (this.caller && !this.findsCaller(given)) {
      const caller = named.get('caller');
      if (caller !== undefined) taken += 1;
      args.push(
        caller ?? this.context.evaluation.undefinedOf(`nothing calls '${this.name}' with a call block`, 'caller'),
      );
    }
    if (this.catchKwargs) args.push(Dict.of(this.rest(given, named)));
    else if (taken < named.size) this.refuse(this.rest(given, named));
    if (this.catchVarargs) args.push(new Tuple(given.slice(count)));
    else if (given.length > count)
      raise(
        `${this.described} takes ${count === 0 ? 'no arguments' : `at most ${count} argument${count === 1 ? '' : 's'}`}, not ${given.length}`,
      );
    return args;
  }

  /** Whether `caller` is bound with the macro's own arguments. */
  private findsCaller(given: readonly Value[]): boolean {
    return this.explicitCaller && (given.length >= this.args.length || this.args.indexOf('caller') >= given.length);
  }

  /** What of the named arguments is not bound. */
  private rest(given: readonly Value[], named: Kwargs): Kwargs {
    const rest = new Map(named);
    for (const name of this.args.slice(given.length)) rest.delete(name);
    if (this.caller && !this.findsCaller(given)) rest.delete('caller');
    return rest;
  }

  private refuse(rest: Kwargs): never {
    const [name = ''] = rest.keys();
    if (name === 'caller') return raise(`${this.described} does not use caller(), so no call block can call it`);
    const known = this.args.length === 0 ? 'it has none' : `it has ${this.args.join(', ')}`;
    return raise(`${this.described} has no argument '${name}', or got it twice`, known);
  }

  private get described(): string {
    return this.macroName === null ? 'caller()' : `macro '${this.macroName}'`;
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case 'name':
        return this.macroName;
      case 'arguments':
        return new Tuple([...this.args]);
      case 'catch_kwargs':
        return this.catchKwargs;
      case 'catch_varargs':
        return this.catchVarargs;
      case 'caller':
        return this.caller;
      case 'explicit_caller':
        return this.explicitCaller;
      default:
        return undefined;
    }
  }

  override repr(): string {
    return raise(`'${this.name}' is a macro, which can't be printed`, `call it: ${this.name}()`);
  }
}
