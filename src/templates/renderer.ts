/** Renders templates. */
import { fail, type Problem, ProblemsError } from '../problems.ts';
import type { Variant } from './compile/code.ts';
import { globals } from './globals/index.ts';
import type { TemplateLoader } from './loader.ts';
import { fromData, NativeFunction, raise, toData, type UndefinedMode, type Value } from './python/index.ts';
import type { Names } from './runtime/context.ts';
import { Finder } from './runtime/finder.ts';
import type { LimitOptions } from './runtime/limits.ts';
import { Rendering, type TemplateSource } from './runtime/rendering.ts';
import { excerpt, explain, RaisedError, Stop } from './runtime/report.ts';
import type { Source } from './runtime/trace.ts';
import { openStore } from './store.ts';

export interface Rendered {
  readonly text: string;
  /** Where each line of the text comes from; empty unless it was asked for. */
  readonly sources: readonly Source[];
}

/** What templates can call, with plain data. An error that it throws is reported with the place of the call. */
export type TemplateFunction = (...args: readonly unknown[]) => unknown;

export interface RenderOptions {
  /** Find out where each line comes from. */
  readonly sources?: boolean;
  /** Paths of templates to render instead, put together; they extend `parent_template`. */
  readonly override?: readonly string[];
}

/**
 * @param path repository path of the template, in one of the folders
 * @param variables plain data
 * @throws ProblemsError with file, line and column
 */
export type Render = (
  path: string,
  variables: Readonly<Record<string, unknown>>,
  functions?: Readonly<Record<string, TemplateFunction>>,
  options?: RenderOptions,
) => Rendered;

export interface RendererOptions {
  /** Repository folders that templates may include from, in the order they are searched. */
  readonly folders: readonly string[];
  /** What the use of undefined names leads to. Default: `strict`, an error. */
  readonly undefined?: UndefinedMode;
  readonly limits?: LimitOptions;
  /** Paths of templates whose macros and variables every template sees without importing them. */
  readonly macros?: readonly string[];
}

/** @param templates a loader, or a store that several renderers share */
export function createRenderer(
  templates: TemplateLoader | TemplateSource,
  { folders, undefined: mode = 'strict', limits = {}, macros = [] }: RendererOptions,
): Render {
  const source = 'compiled' in templates ? templates : openStore(templates);
  const finder = new Finder(source, folders);
  return (path, variables, functions = {}, { sources = false, override = [] } = {}) => {
    const globals = new Functions(functions);
    const start = (variant: Variant): Rendering =>
      new Rendering(source, { finder, undefined: mode, limits, globals }, path, variant);
    const run = (rendering: Rendering): string => rendering.render(path, variablesOf(variables), macros, override);
    try {
      const rendering = start(sources ? 'mapped' : 'plain');
      const text = run(rendering);
      return { text, sources: rendering.trace?.sourcesOf(text).map((line) => source.original(line)) ?? [] };
    } catch (error) {
      if (source.text(path) === undefined)
        fail('this template does not exist', { hint: 'create it', place: { file: path, line: 1 } });
      throw new ProblemsError(problemsOf(start('checked'), run, error, path, source));
    }
  };
}

/** Renders once more, and goes on behind what fails, to find all that is wrong. */
function problemsOf(
  rendering: Rendering,
  run: (rendering: Rendering) => string,
  error: unknown,
  path: string,
  source: TemplateSource,
): readonly Problem[] {
  const { report } = rendering;
  if (report === undefined) return [];
  try {
    run(rendering);
  } catch (again) {
    try {
      report.note(again);
    } catch (stop) {
      if (!(stop instanceof Stop)) throw stop;
    }
  }
  if (report.problems.length > 0) return report.problems;
  if (error instanceof ProblemsError) return error.problems;
  const place = { file: path, line: 1 };
  return [{ ...explain(error), place, details: excerpt(source.text(path), place), cause: error }];
}

const builtIn: ReadonlyMap<string, Value> = new Map([...globals, ['raise_exception', raiseException()]]);

/** Functions in front of what every template has. */
class Functions implements Names {
  private readonly functions: Readonly<Record<string, TemplateFunction>>;
  private made: Map<string, Value> | undefined;

  constructor(functions: Readonly<Record<string, TemplateFunction>>) {
    this.functions = functions;
  }

  get(name: string): Value | undefined {
    const body = Object.hasOwn(this.functions, name) ? this.functions[name] : undefined;
    if (body === undefined) return builtIn.get(name);
    this.made ??= new Map();
    const value = this.made.get(name) ?? wrapped(name, body);
    this.made.set(name, value);
    return value;
  }

  *all(): Iterable<string> {
    yield* Object.keys(this.functions);
    yield* builtIn.keys();
  }
}

/** What makes the variables of one rendering, in front of other names. */
function variablesOf(data: Readonly<Record<string, unknown>>): (below: Names) => Names {
  const values = new Map<string, Value>();
  return (below) => new Variables(data, below, values);
}

/** Variables in front of other names. Each rendering has values of its own, since it may change lists and dicts. */
class Variables implements Names {
  private readonly data: Readonly<Record<string, unknown>>;
  private readonly below: Names;
  private readonly values: Map<string, Value>;

  constructor(data: Readonly<Record<string, unknown>>, below: Names, values: Map<string, Value>) {
    this.data = data;
    this.below = below;
    this.values = values;
  }

  get(name: string): Value | undefined {
    if (!Object.hasOwn(this.data, name)) return this.below.get(name);
    const data = this.data[name];
    if (typeof data === 'string' || typeof data === 'boolean') return data;
    const known = this.values.get(name);
    if (known !== undefined) return known;
    const value = fromData(data);
    this.values.set(name, value);
    return value;
  }

  *all(): Iterable<string> {
    yield* Object.keys(this.data);
    yield* this.below.all();
  }
}

function raiseException(): Value {
  return new NativeFunction('raise_exception', (args, kwargs) => {
    const message = args[0] ?? kwargs.get('message');
    if (typeof message !== 'string') return raise('raise_exception needs a text that says what is wrong');
    throw new RaisedError(message);
  });
}

function wrapped(name: string, body: TemplateFunction): Value {
  return new NativeFunction(name, (args, kwargs) => {
    if (kwargs.size > 0) raise(`${name}() takes its arguments without names`);
    return fromData(body(...args.map(toData)));
  });
}
