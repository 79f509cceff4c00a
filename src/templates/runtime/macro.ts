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
  /** Its code takes its arguments and nothing else. */
  private readonly isPlain: boolean;

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
    this.isPlain = !(catchKwargs || catchVarargs || caller);
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
    const rest = named.size === 0 ? named : new Map(named);
    const take = (name: string): Value | undefined => {
      const value = rest.get(name);
      if (value !== undefined && rest instanceof Map) rest.delete(name);
      return value;
    };
    const explicit = this.args.includes('caller');
    let foundCaller = args.length === count && explicit;
    for (const name of this.args.slice(args.length)) {
      args.push(take(name));
      if (name === 'caller') foundCaller = true;
    }
    if (this.caller && !foundCaller)
      args.push(
        take('caller') ??
          this.context.evaluation.undefinedOf(`nothing calls '${this.name}' with a call block`, 'caller'),
      );
    if (this.catchKwargs) args.push(Dict.of(rest));
    else if (rest.size > 0) this.refuse(rest);
    if (this.catchVarargs) args.push(new Tuple(given.slice(count)));
    else if (given.length > count)
      raise(
        `${this.described} takes ${count === 0 ? 'no arguments' : `at most ${count} argument${count === 1 ? '' : 's'}`}, not ${given.length}`,
      );
    return args;
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
        return this.args.includes('caller');
      default:
        return undefined;
    }
  }

  override repr(): string {
    return raise(`'${this.name}' is a macro, which can't be printed`, `call it: ${this.name}()`);
  }
}
